"""What may surprise about wires that were just made, in a line each: they are as asked for, and may not be as meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..proxy import ConnectorId, Direction, NetworkProxy, ProcessingState, Wire
from ..variables import variable_of
from . import names
from .history import RecordingProxy

MOST: Final = 64
"""Of more wires nothing is said."""


def notes(proxy: RecordingProxy, wires: Sequence[Wire], whole: tuple[bool, bool]) -> tuple[str, ...]:
    """What to say of wires between ports; `whole` tells of each side whether it was typed without naming ports."""
    ports = [wire for wire in wires if wire.kind == "Port"]
    if not ports or len(ports) > MOST:
        return ()
    said = [*_fan_outs(proxy, ports), *_crowded(proxy, ports)]
    if not said:
        said += _left_out(proxy, ports[0].out_end, "goes nowhere", "go nowhere") if whole[0] else ()
        said += _left_out(proxy, ports[0].in_end, "has no source", "have no source") if whole[1] else ()
    return tuple(dict.fromkeys(said))


def _fan_outs(proxy: NetworkProxy, wires: Sequence[Wire]) -> Iterator[str]:
    """A port that goes to several ports of one processing."""
    reached: dict[tuple[ConnectorId, str], list[str]] = {}
    for wire in wires:
        reached.setdefault((wire.out_end, wire.target), []).append(wire.target_connector)
    for (source, target), ports in reached.items():
        if len(ports) > 1:
            yield f"{_port(proxy, source)} goes to {len(ports)} inputs of {target}"


def _crowded(proxy: RecordingProxy, wires: Sequence[Wire]) -> Iterator[str]:
    """An input with several sources, while another one of its processing has none."""
    for end in dict.fromkeys(wire.in_end for wire in wires):
        sources, state = len(proxy.peers(end)), proxy.processings().get(end.processing)
        if sources < 2 or state is None:
            continue
        free = [other.name for other in _alike(state, end) if not proxy.peers(other)]
        if free:
            yield f"{end.processing}: {end.name} now has {sources} sources, {_listed(free)} none"


def _left_out(proxy: RecordingProxy, end: ConnectorId, one: str, several: str) -> Iterator[str]:
    """Channels beside those that a statement about a whole processing has reached."""
    state = proxy.processings().get(end.processing)
    idle = [] if state is None else [each.name for each in _alike(state, end) if not proxy.peers(each)]
    if idle:
        yield f"{end.processing}: {_listed(idle)} {one if len(idle) == 1 else several}"


def _alike(state: ProcessingState, end: ConnectorId) -> Iterable[ConnectorId]:
    """The ports on the same side of a processing that carry the same."""
    direction: Direction = end.direction
    specs = state.connectors.of("Port", direction)
    carried = next((spec.type for spec in specs if spec.name == end.name), None)
    return (ConnectorId(state.name, "Port", direction, spec.name) for spec in specs if spec.type == carried)


def _listed(ports: Sequence[str]) -> str:
    return ", ".join(ports[:3]) + (f" and {len(ports) - 3} more" if len(ports) > 3 else "")


def _port(proxy: NetworkProxy, end: ConnectorId) -> str:
    return f"{variable_of(proxy)}{names.access('Network', end.processing)}{names.access('Processing', end.name)}"
