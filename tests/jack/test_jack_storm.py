"""Clients that appear and vanish while somebody looks and connects."""

from __future__ import annotations

from asking import graph, shown
from waiting import eventually

from ipyclam_core.errors import IpyclamError


def test_looking_and_connecting_in_a_storm_stays_true(net, tab, foreign):
    stormy = foreign("still", "out:a,in:b")
    eventually(lambda: "still" in net and len(net.still._inports) == 1)
    refused = 0
    while not refused:  # until somebody has left in the middle
        stormy.begin("storm", "60", "out:x,out:y,in:z")
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
    eventually(lambda: set(net), {"system", "still"})
