"""What JACK itself says of its graph, asked by another client, and what a network shows of it."""

from __future__ import annotations

import jack
from waiting import eventually

from ipyclam_core import Network


def connections(port: str) -> list[str]:
    """The peers of a port."""
    with jack.Client("asker") as asker:
        return [peer.name for peer in asker.get_all_connections(port)]


def assert_connected(port: str, *peers: str) -> None:
    """The port has these peers: it may be a cycle of the server later that others see so."""
    eventually(lambda: connections(port), list(peers))


def graph() -> tuple[set[str], set[tuple[str, str]]]:
    """All ports, and all wires."""
    with jack.Client("asker") as asker:
        ports = asker.get_ports()
        wires = {(port.name, peer.name) for port in ports if port.is_output for peer in asker.get_all_connections(port)}
        return {port.name for port in ports}, wires


def shown(net: Network) -> tuple[set[str], set[tuple[str, str]]]:
    """The same, as the network shows it."""
    ports = set()
    for name, state in net._proxy.processings().items():
        ports |= {f"{name}:{port.name}" for port in (*state.connectors.inports, *state.connectors.outports)}
    wires = {(f"{w.source}:{w.source_connector}", f"{w.target}:{w.target_connector}") for w in net._proxy.wires()}
    return ports, wires
