"""Processings as boxes: their size, and the positions of their connectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..proxy import ConnectorSpec, Direction, Kind, PortSpec, ProcessingState, Wire

HEAD: Final = 34
ROW: Final = 16
FOOT: Final = 6
SHOWN: Final = 12
"""Maximum rows on a side. If there are more connectors, some without a wire are hidden and only counted."""

LETTER: Final = 6.5
BOLD: Final = 7.8
"""Width of a letter in pixels, with a reserve, because fonts differ."""

Key = tuple[Kind, Direction, str]


@dataclass(slots=True)
class Box:
    """A processing in the picture.

    Attributes
    ----------
    left, right : the rows of its sides, from the top; None is the row with the number of hidden connectors.
    hidden : the numbers of hidden connectors, left and right.
    x, y : the upper left corner, after layout.
    """

    name: str
    type: str
    category: str
    placeholder: bool
    problem: str
    left: list[tuple[Kind, ConnectorSpec] | None]
    right: list[tuple[Kind, ConnectorSpec] | None]
    hidden: tuple[int, int]
    width: float
    height: float
    rows: dict[Key, int] = field(default_factory=dict)
    x: float = 0.0
    y: float = 0.0

    def spec(self, kind: Kind, direction: Direction, name: str) -> ConnectorSpec | None:
        """A connector that is shown."""
        side = self.left if direction == "In" else self.right
        place = self.rows.get((kind, direction, name))
        row = None if place is None else side[place]
        return None if row is None else row[1]

    def row(self, kind: Kind, direction: Direction, name: str) -> float:
        """The distance of a connector from the upper edge; a hidden one is on the row with their number."""
        side = self.left if direction == "In" else self.right
        place = self.rows.get((kind, direction, name), len(side) - 1)
        return HEAD + ROW * (place + 0.5)


def box(state: ProcessingState, wires: Iterable[Wire] = ()) -> Box:
    """The box of a processing; `wires` are its wires."""
    used = {(end.kind, end.direction, end.name) for wire in wires for end in (wire.out_end, wire.in_end) if end.processing == state.name}
    left, left_hidden = _side("In", state.connectors.inports, state.connectors.incontrols, used)
    right, right_hidden = _side("Out", state.connectors.outports, state.connectors.outcontrols, used)
    rows: dict[Key, int] = {}
    for direction, side in (("In", left), ("Out", right)):
        rows.update({(row[0], direction, row[1].name): k for k, row in enumerate(side) if row is not None})  # type: ignore[misc]
    inner = max(
        (
            _width(left[k] if k < len(left) else None) + _width(right[k] if k < len(right) else None)
            for k in range(max(len(left), len(right)))
        ),
        default=0.0,
    )
    head = max(BOLD * len(state.name), LETTER * len(state.spec.name)) + 20
    height = HEAD + ROW * max(len(left), len(right)) + FOOT
    return Box(
        state.name, state.spec.name, state.spec.category, state.placeholder, state.problem,
        left, right, (left_hidden, right_hidden), max(head, inner + 36, 70), height, rows,
    )  # fmt: skip


def _side(
    direction: Direction, ports: Sequence[ConnectorSpec], controls: Sequence[ConnectorSpec], used: set[Key]
) -> tuple[list[tuple[Kind, ConnectorSpec] | None], int]:
    every: list[tuple[Kind, ConnectorSpec]] = [("Port", port) for port in ports]
    every += [("Control", control) for control in controls]
    if len(every) <= SHOWN:
        return list(every), 0
    wired = [(row[0], direction, row[1].name) in used for row in every]
    free = max(0, SHOWN - 1 - sum(wired))
    shown: list[tuple[Kind, ConnectorSpec] | None] = []
    for row, is_wired in zip(every, wired, strict=True):
        if is_wired or free > 0:
            shown.append(row)
            free -= not is_wired
    return [*shown, None], len(every) - len(shown)


def _width(row: tuple[Kind, ConnectorSpec] | None) -> float:
    return 0.0 if row is None else LETTER * len(row[1].name) * 0.92


def carries(spec: ConnectorSpec) -> str:
    """The data type that a wire at this connector carries, which decides its colour."""
    return spec.type if isinstance(spec, PortSpec) else "control"
