"""The signals of a network that can be watched while it plays: audio ports, the inputs of sinks, and controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import NotSupported
from ..proxy import CanRender, CanShowFrames
from ..system.display import brief
from .connectors import Connector, Connectors, ControlledValue, Several
from .network import Network
from .processing import Processing

if TYPE_CHECKING:
    from ..proxy import Samples

MOST_WIRES: Final = 256
"""So many wires into one port are summed."""

_SIDES: Final = ("_outports", "_outcontrols", "_inports", "_incontrols")
"""The connectors of a processing that are watched: those of the first of these that it has."""


def signals(source: object) -> tuple[Connector, ...]:
    """The audio ports and controls that a handle stands for: a port, a processing, a group, or a list of them.

    Of a processing, its audio out ports; if it has none, its out controls, then its audio in ports, then its in controls.

    Raises
    ------
    TypeError
        The source is no handle, or a port carries no audio.
    """
    if isinstance(source, ControlledValue):
        source = source.control
    if isinstance(source, Connector):
        if not _is_watchable(source):
            remedy = f". To look at it: {source!r}.value" if isinstance(source._proxy.inner, CanShowFrames) else ""
            raise TypeError(f"{source!r} carries {source.type}. Only ports that carry Audio, and controls, can be shown{remedy}")
        return (source,)
    if isinstance(source, Processing):
        sides = ([each for each in getattr(source, side) if _is_watchable(each)] for side in _SIDES)
        found = next(filter(None, sides), None)
        if found is None:
            raise TypeError(f"{source!r} has no audio port and no control")
        return tuple(found)
    if isinstance(source, (Connectors, Several, list, tuple)):
        return tuple(dict.fromkeys(signal for each in source for signal in signals(each)))
    raise TypeError(f"a port, a control or a processing can be shown, such as net.osc, not {brief(source)} ({type(source).__name__})")


def sinks(network: Network) -> tuple[Connector, ...]:
    """The inputs of the sinks of a network, in the order of the channels."""
    inner = network.proxy.inner
    names = inner.sinks() if isinstance(inner, CanRender) else [each.name for each in network.values() if not each._outports]
    return tuple(port for name in names for port in network[name]._inports if _is_watchable(port))


def heard(port: Connector, frames: int) -> Samples:
    """The last frames of an audio out port; of an in port, the sum of the signals that arrive."""
    import numpy as np

    if port.direction == "Out":
        return np.asarray(port.samples(frames))
    total = np.zeros(frames, np.float32)
    peers = port.peers
    if len(peers) > MOST_WIRES:
        raise NotSupported(port.host._proxy.engine, f"show the sum of {len(peers)} wires", "Show a port that sends into one of them")
    for peer in peers:
        total += np.asarray(peer.samples(frames))
    inner = port.host._proxy.inner
    if isinstance(inner, CanRender) and port.host.name in inner.sinks():  # the volume is of what leaves the network
        total *= np.float32(10.0 ** (port.host._proxy.info().volume / 20.0))
    return total


def network_of(connector: Connector) -> Network:
    """The network of a connector."""
    return Network(connector._proxy)


def _is_watchable(connector: Connector) -> bool:
    return connector.kind == "Control" or connector.type.capitalize() == "Audio"
