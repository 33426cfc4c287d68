"""Measurements that are sent as controls."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network
from tests.waiting import eventually


@pytest.mark.parametrize("block", [64, 512, 700])
def test_the_statistics_of_a_signal_are_sent(block: int) -> None:
    net = Network("clam")
    net.osc, net.statistics = net.types.Oscillator, net.types.StatisticalProperties
    net.osc.Frequency, net.osc.Amplitude = 48000 / 512 * 8, 0.5
    net.osc > net.statistics
    net.play("clock", block_size=block)
    try:
        names = ("Mean", "Standard deviation (std)", "Min", "Max")

        def values() -> list[float]:
            return [net.statistics[name].value for name in names]

        eventually(lambda: np.allclose(values(), [0.0, 0.5 / np.sqrt(2), -0.5, 0.5], atol=2e-3))
    finally:
        net.close()
