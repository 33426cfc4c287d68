"""What is heard: noise through a chain of three plugins, measured by another program."""

from __future__ import annotations

import pytest
from waiting import eventually

AMP = "http://lv2plug.in/plugins/eg-amp"


def test_three_amplifiers_in_a_row_do_what_they_say(net, foreign):
    probe = foreign("probe", "out:send,in:receive")
    eventually(lambda: "probe" in net and len(net.probe._inports) == 1)
    net.one = net.two = net.three = AMP
    net.probe > net.one > net.two > net.three > net.probe

    def gain() -> float:
        return float(probe("gain", "probe"))

    eventually(lambda: gain() == pytest.approx(1.0, rel=0.01))
    net.one.gain = -6.0
    net.two.gain = -4.0
    net.three.gain = -2.0
    eventually(lambda: gain() == pytest.approx(10 ** (-12 / 20), rel=0.01))
    net.three / net.probe
    eventually(lambda: gain() == 0.0)
