"""However many processings of a type there are, each sounds as it does alone, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network

NUMBERS = (1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 33, 40, 63, 64, 65, 130)  # alone, by fours, across lanes, in tiles, more than one chunk


def strip(net: Network, k: int) -> None:
    """A saw, a filter, a gain and a panner of their own."""
    for name, type_name in (("saw", "Saw"), ("filter", "ResonantLowPass"), ("gain", "Gain")):
        net[f"{name}{k}"] = net.types[type_name]
    net[f"saw{k}"].Frequency = 50.0 + 7.3 * k
    net[f"filter{k}"].Cutoff = 200.0 + 31.0 * k
    net[f"gain{k}"].InitialGain = 0.5 + 0.001 * k
    _ = net[f"saw{k}"] > net[f"filter{k}"] > net[f"gain{k}"]


def render(strips: list[int], block_size: int) -> np.ndarray:
    net = Network("clam")
    net.sink = net.types.AudioSink
    net.sink.NSinks = len(strips)
    for row, k in enumerate(strips):
        strip(net, k)
        _ = net[f"gain{k}"]._outports[0] > net.sink._inports[row]
    return net.render(frames=1024, block_size=block_size, sample_rate=48000)


@pytest.fixture(scope="module")
def alone() -> np.ndarray:
    return np.concatenate([render([k], 256) for k in range(max(NUMBERS))], axis=1)


@pytest.mark.parametrize("number", NUMBERS)
def test_neighbours_change_nothing(number: int, alone: np.ndarray) -> None:
    assert np.array_equal(render(list(range(number)), 256), alone[:, :number])


def test_the_order_in_which_they_are_made_changes_nothing(alone: np.ndarray) -> None:
    order = np.random.default_rng(1).permutation(40).tolist()
    assert np.array_equal(render(order, 256), alone[:, order])


@pytest.mark.parametrize("block_size", [1, 16, 64, 512, 1000])
def test_the_size_of_the_blocks_changes_nothing(block_size: int, alone: np.ndarray) -> None:
    assert np.array_equal(render(list(range(9)), block_size), alone[:, :9])
