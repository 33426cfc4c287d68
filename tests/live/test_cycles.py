"""A cycle may be patched: it closes one block late, and the network says where."""

from __future__ import annotations

import numpy as np

from ipyclam_core import Network


def echo() -> Network:
    net = Network("clam")
    net.source, net.sum, net.half, net.sink = net.types.AudioSource, net.types.AudioAdder, net.types.Gain, net.types.AudioSink
    net.half.InitialGain = 0.5
    _ = net.source > net.sum["First Audio Input"]
    _ = net.sum > net.half > net.sum["Second Audio Input"]
    _ = net.sum > net.sink
    return net


def test_what_goes_round_comes_one_block_late() -> None:
    click = np.zeros(64, np.float32)
    click[3] = 1.0
    heard = echo().render(frames=256, inputs=[click], block_size=64)[:, 0]
    expected = np.zeros(256, np.float32)
    expected[[3, 67, 131, 195]] = 1.0, 0.5, 0.25, 0.125
    assert np.array_equal(heard, expected)


def test_status_says_where_a_cycle_closes() -> None:
    net = echo()
    try:
        net.play("step")
        assert "feedback loop at half > sum: the signal fed back is delayed by one block (512 frames, 10.7 ms)" in net.status().messages
        net.stop()
        _ = net.half / net.sum
        net.play("step")
        assert not any("feedback" in text for text in net.status().messages)
    finally:
        net.stop()
