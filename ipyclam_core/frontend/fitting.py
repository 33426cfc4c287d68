"""Candidates for a connection: tab offers those that fit right of ``>``, and those that are connected right of ``/``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from itertools import islice
from typing import Final

from ..proxy import ConnectorId, Direction, Kind, Wire
from ..wires import SIDES
from .connectors import Several
from .exploring import MANY, Explorable, Selection, network_of, selections

Fits = Callable[[Iterable[Selection]], bool]
"""Whether any of these connectors will do."""

_OTHER: Final[Mapping[Direction, Direction]] = {"In": "Out", "Out": "In"}
_BOTH: Final[tuple[Direction, ...]] = ("Out", "In")
_LEFT: Final[Mapping[str, tuple[Direction, ...]]] = {">": ("Out",), "<": ("In",), "/": ("Out",), "connect": _BOTH, "disconnect": _BOTH}
"""The directions of the connectors left of each operator."""


class Peers:
    """The handles that can stand right of an operator.

    Parameters
    ----------
    left : what stands left of it.
    operator : ``>``, ``<``, ``/``, ``connect`` or ``disconnect``.
    """

    def __init__(self, left: Explorable, operator: str) -> None:
        self._left = left
        self._directions = _LEFT[operator]
        self._cutting = operator in ("/", "disconnect")

    def __bool__(self) -> bool:
        """Whether the left has any connector to be connected by."""
        return bool(self._all.sides)

    def among(self, owner: Explorable | None) -> Fits:
        """The test of what `owner` offers: groups are connected one to one, so that of each the first stands for all."""
        if isinstance(owner, Several) and isinstance(self._left, Several):
            return lambda found: self._first.fits(islice(found, 1))
        return self._all.fits

    def takes(self, right: Explorable) -> bool:
        """Whether a handle as a whole can stand there."""
        if isinstance(right, Several) and isinstance(self._left, Several) and len(right) != len(self._left):
            return False
        return self.among(right)(islice(selections(right), MANY))

    @cached_property
    def _all(self) -> _Connected | _Connectable:
        return self._of(MANY)

    @cached_property
    def _first(self) -> _Connected | _Connectable:
        return self._of(1)

    def _of(self, count: int) -> _Connected | _Connectable:
        proxy = network_of(self._left)
        ends: list[tuple[ConnectorId, str]] = []
        for selection in islice(selections(self._left), count):
            directions = (selection.direction,) if self._cutting and selection.direction else self._directions
            for kind, direction in SIDES:
                if direction in directions:
                    name = selection.state.name
                    ends += [(ConnectorId(name, kind, direction, spec.name), spec.type) for spec in selection.of(kind, direction)]
        wires = proxy.wires() if proxy is not None and ends else ()
        return (_Connected if self._cutting else _Connectable)(ends, wires)


class _Connectable:
    """The connectors that fit some connectors, and are not connected to them yet.

    Attributes
    ----------
    sides : the kinds and directions that it can be of.
    """

    def __init__(self, ends: Iterable[tuple[ConnectorId, str]], wires: Collection[Wire]) -> None:
        self._ends: dict[tuple[Kind, Direction, str], list[ConnectorId]] = {}
        for end, type_ in ends:
            self._ends.setdefault((end.kind, _OTHER[end.direction], type_), []).append(end)
        self.sides = dict.fromkeys((kind, direction) for kind, direction, _ in self._ends)
        own = {end.processing for each in self._ends.values() for end in each}
        self._wired: set[tuple[ConnectorId, ConnectorId]] = set()
        for wire in wires:
            if wire.source in own or wire.target in own:
                self._wired |= {(wire.out_end, wire.in_end), (wire.in_end, wire.out_end)}
        self._touched = {other.processing for _, other in self._wired}
        self._wires = wires

    def fits(self, found: Iterable[Selection]) -> bool:
        for selection in found:
            name = selection.state.name
            for kind, direction in self.sides:
                for spec in selection.of(kind, direction):
                    ends = self._ends.get((kind, direction, spec.type))
                    if ends and getattr(spec, "single", False) and ConnectorId(name, kind, direction, spec.name) in self._heard:
                        continue
                    if ends and (name not in self._touched or self._is_free(ends, ConnectorId(name, kind, direction, spec.name))):
                        return True
        return False

    @cached_property
    def _heard(self) -> set[ConnectorId]:
        """The in ports that have a wire."""
        return {wire.in_end for wire in self._wires}

    def _is_free(self, ends: Iterable[ConnectorId], other: ConnectorId) -> bool:
        return any((end, other) not in self._wired for end in ends)


class _Connected:
    """The peers of some connectors."""

    def __init__(self, ends: Iterable[tuple[ConnectorId, str]], wires: Collection[Wire]) -> None:
        own = {end for end, _ in ends}
        self.sides = dict.fromkeys((end.kind, _OTHER[end.direction]) for end in own)
        at = {end.processing for end in own}  # compared first: of most wires no ends are made at all
        self._peers = {wire.in_end for wire in wires if wire.source in at and wire.out_end in own}
        self._peers |= {wire.out_end for wire in wires if wire.target in at and wire.in_end in own}
        self._processings = {peer.processing for peer in self._peers}

    def fits(self, found: Iterable[Selection]) -> bool:
        for selection in found:
            name = selection.state.name
            for kind, direction in self.sides if name in self._processings else ():
                if any(ConnectorId(name, kind, direction, spec.name) in self._peers for spec in selection.of(kind, direction)):
                    return True
        return False
