"""200 clients with 2,000 ports, and clients that appear and vanish while somebody looks and connects."""

from __future__ import annotations

import jack
import pytest

from ipyclam_core import Network
from ipyclam_core.errors import IpyclamError

CLIENTS, EACH = 200, 10
PORTS = ",".join([f"out:o{k}" for k in range(5)] + [f"in:i{k}" for k in range(5)])


@pytest.fixture
def crowd(foreign):
    """Five programs with 40 clients each. JACK takes about 250 on a machine, on all its servers together."""
    return [foreign(*(word for k in range(40) for word in (f"c{program} {k}", PORTS))) for program in range(CLIENTS // 40)]


def graph():
    """The server's graph, as JACK itself tells it."""
    with jack.Client("asker") as asker:
        ports = asker.get_ports()
        wires = {(port.name, peer.name) for port in ports if port.is_output for peer in asker.get_all_connections(port)}
        return {port.name for port in ports}, wires


def shown(net):
    """The server's graph, as the network shows it."""
    ports = set()
    for name, state in net._proxy.processings().items():
        ports |= {f"{name}:{port.name}" for port in (*state.connectors.inports, *state.connectors.outports)}
    wires = {(f"{w.source}:{w.source_connector}", f"{w.target}:{w.target_connector}") for w in net._proxy.wires()}
    return ports, wires


def test_a_crowd_is_seen_whole_by_who_was_there_and_by_who_comes(net, crowd, eventually):
    eventually(lambda: len(net) == CLIENTS + 1 and len(shown(net)[0]) == CLIENTS * EACH + 4)
    net["c0 0"] > net["c1 1"] > net["c2 2"]
    assert shown(net) == graph()
    late = Network("jack", name="late")
    assert shown(late) == graph()
    late.close()


def test_tab_in_a_crowd_shows_who_is_there_and_what_can_be_connected(net, crowd, tab, eventually):
    eventually(lambda: len(net) == CLIENTS + 1 and len(shown(net)[0]) == CLIENTS * EACH + 4)
    assert {f"c{program}_{k}" for program in range(5) for k in range(40)} <= set(tab("net."))
    assert tab("net.c0_0.o3 > net.c4_39.")[: EACH // 2] == [f"i{k}" for k in range(EACH // 2)]


def test_looking_and_connecting_in_a_storm_stays_true(net, tab, foreign, eventually):
    stormy = foreign("still", "out:a,in:b")
    eventually(lambda: "still" in net and len(net.still._inports) == 1)
    stormy.begin("storm", "150", "out:x,out:y,in:z")
    refused = 0
    while stormy.silent:
        for name in net:
            tab("net.")
            tab(f"net[{name!r}] > net.still.")
            try:
                net[name] > net.still
                net[name].disconnect()
            except IpyclamError:
                refused += 1
    assert stormy.answer() == "done"
    eventually(lambda: shown(net) == graph())
    eventually(lambda: set(net) == {"system", "still"})
    assert refused
