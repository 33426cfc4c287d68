"""The wires of a processing, from the peers of its connectors: at the cost of these, however large the network is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from .proxy import ConnectorId, Connectors, Direction, Kind, ProcessingState, Wire

SIDES: Final[tuple[tuple[Kind, Direction], ...]] = (("Port", "In"), ("Port", "Out"), ("Control", "In"), ("Control", "Out"))
"""The kinds and directions of connectors, in the order of those of `Connectors`."""


def between(end: ConnectorId, peer: ConnectorId) -> Wire:
    """The wire between two connectors, one of which is an out."""
    out, into = (end, peer) if end.direction == "Out" else (peer, end)
    return Wire(end.kind, out.processing, out.name, into.processing, into.name)


def wires_at(
    state: ProcessingState, peers: Callable[[ConnectorId], Iterable[ConnectorId]], connectors: Connectors | None = None
) -> Iterator[Wire]:
    """The wires at a processing, or at some of its connectors, each once; `peers` gives those of a connector."""
    seen: set[Wire] = set()
    for kind, direction in SIDES:
        for spec in (connectors or state.connectors).of(kind, direction):
            end = ConnectorId(state.name, kind, direction, spec.name)
            for peer in peers(end):
                wire = between(end, peer)
                if wire not in seen:
                    seen.add(wire)
                    yield wire
