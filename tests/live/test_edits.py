"""Editing while it plays: what stays is untouched, what comes and goes fades."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest

from .conftest import Stage
from .vandal import Vandal, build_survivors


@pytest.mark.parametrize("seed", range(6))
def test_what_stays_is_bit_identical_to_an_undisturbed_run(stages: Callable[..., Stage], seed: int) -> None:
    calm, wild = stages(), stages()
    for each in (calm, wild):
        build_survivors(each.net)
        each.play()
    vandal = Vandal(wild.net, seed)
    vandal.floor = len(wild.net.history.done)
    heard = {calm: [], wild: []}
    for _ in range(150):
        for _ in range(vandal.random.randrange(0, 4)):
            vandal.act()
        if vandal.random.random() < 0.1:  # a control of a survivor, in both
            pitch = vandal.random.uniform(50.0, 500.0)
            calm.net.saw.Pitch = wild.net.saw.Pitch = pitch
            vandal.floor = len(wild.net.history.done)
        for each, samples in heard.items():
            samples.append(each.run()[:, :4])
    assert vandal.done > 100
    assert wild.player.trouble == ""
    assert np.array_equal(np.concatenate(heard[calm]), np.concatenate(heard[wild]))
    assert np.abs(np.concatenate(heard[calm])).max(axis=0).min() > 0.1


def test_a_render_is_of_the_network_at_one_moment_while_another_thread_edits(stage: Stage) -> None:
    net = stage.net
    net.sine = net.types.Sine
    net.sink = net.types.AudioSink
    net.sine > net.sink
    alone = net.render(frames=64)
    heard: list[np.ndarray] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        renderer = threading.Thread(target=lambda: heard.extend(net.render(frames=64) for _ in range(300)))
        renderer.start()
        while renderer.is_alive():
            with net._proxy.inner.batch():
                net.bank("more{}", net.types.AudioSink, 3)
                net.more2.NSinks = 2
            net.group("more*").remove()
        renderer.join()
    finally:
        sys.setswitchinterval(before)
    assert len(heard) == 300
    assert {each.shape[1] for each in heard} <= {1, 2, 3, 4, 5}
    assert all(np.array_equal(each[:, :1], alone) for each in heard)


def test_controls_that_another_configuration_brings_begin_with_their_own_values(stage: Stage) -> None:
    net = stage.net
    net.osc, net.bent, net.sink = net.types.SimpleOscillator, net.types.GuitarDistortion, net.types.AudioSink
    net.osc > net.bent > net.sink
    stage.play()
    assert np.abs(stage.run(60)[-256:]).max() == pytest.approx(1.0, abs=0.01)
    net.bent.DistortionType = "Factor"  # Param_1 is 9: the power of what comes out is 0.01
    assert np.abs(stage.run(60)[-256:]).max() == pytest.approx(np.sqrt(2.0) * 0.1, abs=0.01)
    net.bent.DistortionType = "Polynomial"  # Param_0 is 1, Param_1 is 0
    assert np.abs(stage.run(60)[-256:]).max() == pytest.approx(1.0, abs=0.01)
