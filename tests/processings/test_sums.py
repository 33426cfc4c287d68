"""Sums of the same signals are computed once, and no others are taken for the same."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipyclam_core import Network
from ipyclam_core.dsp import offline
from ipyclam_core.dsp.planning.sums import first_of_each


def sines(number: int) -> Network:
    """So many sines, and a sink of three channels."""
    net = Network("clam")
    for k in range(number):
        net[f"sine{k}"] = net.types.Sine
        net[f"sine{k}"].Frequency = 100.0 + 17.0 * k
    net.sink = net.types.AudioSink
    net.sink.NSinks = 3
    return net


def render(net: Network) -> np.ndarray:
    return net.render(frames=300, block_size=64, sample_rate=48000)


@pytest.mark.parametrize("number", [2, 20, 70])
def test_the_same_signals_give_the_same_sum_on_every_channel(number: int) -> None:
    net, alone = sines(number), np.zeros(300)
    for k in range(number):
        net[f"sine{k}"]["Audio Output"] > net.sink._inports[:2]
        alone += np.sin(2.0 * np.pi * (100.0 + 17.0 * k) * np.arange(300) / 48000)
    sound = render(net)
    np.testing.assert_array_equal(sound[:, 0], sound[:, 1])
    np.testing.assert_allclose(sound[:, 0], alone, atol=1e-6 * number)
    assert not sound[:, 2].any()


def test_sums_that_differ_by_one_signal_differ_by_it() -> None:
    net = sines(20)
    for k in range(20):
        net[f"sine{k}"]["Audio Output"] > net.sink._inports[0]
        if k != 7:
            net[f"sine{k}"]["Audio Output"] > net.sink._inports[1]
    net.sine7["Audio Output"] > net.sink._inports[2]
    sound = render(net)
    np.testing.assert_allclose(sound[:, 0] - sound[:, 1], sound[:, 2], atol=1e-5)


def test_a_sum_that_is_used_at_two_depths_is_there_at_both() -> None:
    net = sines(3)
    net.early, net.late = net.types.Gain, net.types.AudioAdder
    for k in range(3):
        net[f"sine{k}"]["Audio Output"] > net.early._inports[0]
        net[f"sine{k}"]["Audio Output"] > net.late._inports[1]
    net.early > net.late._inports[0]
    net.early > net.sink._inports[0]
    net.late > net.sink._inports[1]
    sound = render(net)
    np.testing.assert_allclose(sound[:, 1], 2.0 * sound[:, 0], rtol=1e-6)


def test_a_sum_that_a_cycle_comes_back_to_is_the_same_bits_every_time() -> None:
    net = sines(1)
    net.saw, net.noise, net.loop, net.damp = net.types.Saw, net.types.WhiteNoise, net.types.Gain, net.types.Gain
    net.damp.InitialGain = 0.9
    for source in (net.sine0, net.saw, net.noise):
        source > net.loop
    net.loop > net.damp > net.loop
    net.damp > net.sink._inports[0]
    first = net.render(frames=1024, block_size=512)
    far, near = np.empty(64000, np.float32), np.empty(16000, np.float32)  # from the system, and from the heap
    again: list[np.ndarray] = []

    def render_over(memory: np.ndarray) -> None:
        for k in range(2):
            offline._arenas.give_back(memory[k * len(memory) // 2 + (-memory.ctypes.data % 64 // 4) :][: len(memory) // 2 - 16])
        again.append(net.render(frames=1024, block_size=512))

    render_over(far)
    thread = threading.Thread(target=render_over, args=(near,))  # a thread has a heap of its own, in which the cycle's block lies
    thread.start()
    thread.join()
    np.testing.assert_array_equal(again, [first, first])
    assert first.any()


rows = st.lists(st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=1, max_size=4), max_size=12)


@given(rows, st.data())
def test_the_same_sums_are_found_and_no_others(sums: list[list[tuple[int, ...]]], data: st.DataObject) -> None:
    depth = data.draw(st.lists(st.integers(0, 3), min_size=len(sums), max_size=len(sums)))
    able = data.draw(st.lists(st.booleans(), min_size=len(sums), max_size=len(sums)))
    end = np.cumsum([len(rows) for rows in sums], dtype=np.int64)
    terms = np.array([row for rows in sums for row in rows], np.int64).reshape(-1, 4)
    begin = end - np.array([len(rows) for rows in sums], np.int64)
    found = first_of_each(terms, begin, end, np.array(depth, np.int64), np.array(able, bool)).tolist()
    for k, instead in enumerate(found):
        assert sums[instead] == sums[k]
        assert depth[instead] <= depth[k]
        assert instead == k or (able[instead] and able[k])
    kept = [k for k in range(len(sums)) if able[k] and found[k] == k]
    assert len({tuple(sums[k]) for k in kept}) == len(kept)
