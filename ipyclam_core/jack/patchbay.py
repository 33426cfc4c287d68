"""Wires that wait for a client: which of them can be made now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ..proxy import ConnectorId, ProcessingState, Wire


def makeable(waiting: Iterable[Wire], processings: Mapping[str, ProcessingState]) -> Iterator[Wire]:
    """Those of `waiting` whose two ports are there."""
    for wire in waiting:
        if _is_there(wire.out_end, processings) and _is_there(wire.in_end, processings):
            yield wire


def without(waiting: Iterable[Wire], made: Collection[Wire]) -> tuple[Wire, ...]:
    """`waiting` without those that have been made."""
    return tuple(wire for wire in waiting if wire not in made)


def _is_there(end: ConnectorId, processings: Mapping[str, ProcessingState]) -> bool:
    state = processings.get(end.processing)
    return state is not None and any(spec.name == end.name for spec in state.connectors.of(end.kind, end.direction))
