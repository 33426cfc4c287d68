"""A large network as text: a row for each processing, with its type, its settings and where its wires go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ipyclam_core.frontend import names
from ipyclam_core.proxy import ConnectorId, NetworkProxy, ProcessingState, Wire

from .drawing import Line, Styled, settings, title, trouble

_LEAD: Final = 3
_LEAST: Final = 36
"""Characters of a row that settings and wires have at least: names and types are not aligned beyond that."""
_VALUE: Final = 36
"""Characters of a setting that are shown."""


def overview(engine: NetworkProxy, state: str, width: int) -> Iterator[Line]:
    """Every processing, in rows of `width` characters.

    A connector that is the only one of its kind and direction is not named.
    """
    states = dict(engine.processings())  # other threads may change it meanwhile
    wires = [wire for wire in tuple(engine.wires()) if wire.source in states and wire.target in states]
    leaving: dict[str, list[Wire]] = {}
    for wire in wires:
        leaving.setdefault(wire.source, []).append(wire)
    yield title(engine, state, len(states), len(wires))
    free = max(0, width - _LEAD - 4 - _LEAST)
    widest = min(max(map(len, states), default=0), free // 2)
    types = min(max((len(each.spec.name) for each in states.values()), default=0), free - widest)
    for place, (name, each) in enumerate(states.items()):
        lead, below = ("└─ ", "   ") if place == len(states) - 1 else ("├─ ", "│  ")
        pieces = [*_about(each), *_sent(states, leaving.get(name, ()))]
        head = [
            (name.ljust(widest), "bold cyan"),
            ("  " + each.spec.name.ljust(types if pieces else 0), "green"),
            ("  " if pieces else "", ""),
        ]
        indent = widest + types + 4
        first, *others = _rows(pieces, width - _LEAD - indent, _long(head) - indent)
        yield [(lead, "dim"), *head, *first]
        for row in others:
            yield [(below + " " * indent, "dim"), *row]


def _about(state: ProcessingState) -> Iterator[Line]:
    """The problem of a processing, and its values that differ from the defaults."""
    for text, style in trouble(state):
        yield from ([(f" {word}", style)] for word in text.split())
    for setting in settings(state):
        yield [("  ", ""), *((text if len(text) <= _VALUE else f"{text[: _VALUE - 1]}…", style) for text, style in setting)]


def _sent(states: Mapping[str, ProcessingState], wires: Sequence[Wire]) -> Iterator[Line]:
    """For each connector that something leaves by, the ends of its wires."""
    by_connector: dict[tuple[str, str], list[Wire]] = {}
    for wire in wires:
        by_connector.setdefault((wire.kind, wire.source_connector), []).append(wire)
    for (kind, connector), together in by_connector.items():
        said = f"{connector} " if _one_of_several(states[together[0].source], together[0].out_end) else ""
        begin: Line = [(f"  {said}", ""), ("──▶ " if kind == "Port" else "┄┄▶ ", "yellow")]
        for wire in together:
            comma = "" if wire is together[-1] else ","
            end = names.access("Connectors", wire.target_connector) if _one_of_several(states[wire.target], wire.in_end) else ""
            yield [*begin, (wire.target, "cyan"), (end + comma, "")]
            begin = [(" ", "")]


def _one_of_several(state: ProcessingState, which: ConnectorId) -> bool:
    return len(state.connectors.of(which.kind, which.direction)) > 1


def _rows(pieces: Iterable[Line], width: int, taken: int) -> list[Line]:
    """Pieces one after the other in as many rows as they take, the first of which is `taken` in part; each begins with its gap."""
    rows: list[list[Styled]] = [[]]
    for piece in pieces:
        long = _long(piece)
        if rows[-1] and taken + long > width:
            rows.append([])
            taken = 0
        if not rows[-1]:
            (gap, style), *rest = piece
            piece = [(gap.lstrip(), style), *rest]
        rows[-1] += piece
        taken += _long(piece)
    return [list(row) for row in rows]


def _long(line: Line) -> int:
    return sum(len(text) for text, _ in line)
