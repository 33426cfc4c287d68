"""100 clients with 2,000 ports. JACK takes about 250 clients on a machine, on all its servers together."""

from __future__ import annotations

import pytest
from asking import graph, shown
from clients import Foreign
from jackd import Jackd
from waiting import eventually

from ipyclam_core import Network

CLIENTS, EACH = 100, 20
PORTS = ",".join([f"out:o{k}" for k in range(EACH // 2)] + [f"in:i{k}" for k in range(EACH // 2)])


@pytest.fixture(scope="module")
def server():
    """A server with room for it, and the crowd: five programs with twenty clients each."""
    with Jackd("crowd", room=4096) as started:
        programs = [Foreign(*(word for k in range(20) for word in (f"c{program} {k}", PORTS))) for program in range(CLIENTS // 20)]
        yield started
        for program in programs:
            program.end()


@pytest.fixture
def crowd(net):
    eventually(lambda: len(net) == CLIENTS + 1 and len(shown(net)[0]) == CLIENTS * EACH + 4)
    return net


def test_a_crowd_is_seen_whole_by_who_was_there_and_by_who_comes(crowd):
    crowd["c0 0"] > crowd["c1 1"] > crowd["c2 2"]
    eventually(lambda: shown(crowd) == graph())
    late = Network("jack", name="late")
    assert shown(late) == graph()
    late.close()


def test_tab_in_a_crowd_shows_who_is_there_and_what_can_be_connected(crowd, tab):
    everybody = {f"c{program}_{k}" for program in range(CLIENTS // 20) for k in range(20)}
    eventually(lambda: everybody <= set(tab("net.")))  # on a busy machine the first tab may be given up
    eventually(lambda: tab("net.c0_0.o3 > net.c4_19.")[: EACH // 2], [f"i{k}" for k in range(EACH // 2)])
