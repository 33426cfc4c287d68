"""The wires of a processing, found from the peers of its connectors. The cost does not depend on the size of the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from .proxy import ConnectorId, ConnectorSpecs, Direction, Kind, ProcessingState, Wire

SIDES: Final[tuple[tuple[Kind, Direction], ...]] = (("Port", "In"), ("Port", "Out"), ("Control", "In"), ("Control", "Out"))
"""All pairs of kind and direction, in the order of the fields of `ConnectorSpecs`."""


def between(end: ConnectorId, peer: ConnectorId) -> Wire:
    """The wire between an out connector and an in connector, given in either order."""
    out, into = (end, peer) if end.direction == "Out" else (peer, end)
    return Wire(end.kind, out.processing, out.name, into.processing, into.name)


def wires_at(
    state: ProcessingState, peers: Callable[[ConnectorId], Iterable[ConnectorId]], connectors: ConnectorSpecs | None = None
) -> Iterator[Wire]:
    """The wires of a processing, or of some of its connectors, each once; `peers(connector)` returns the connected connectors."""
    seen: set[Wire] = set()
    for kind, direction in SIDES:
        for spec in (connectors or state.connectors).of(kind, direction):
            end = ConnectorId(state.name, kind, direction, spec.name)
            for peer in peers(end):
                wire = between(end, peer)
                if wire not in seen:
                    seen.add(wire)
                    yield wire
