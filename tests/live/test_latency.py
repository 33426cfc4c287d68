"""How late signals are, and streams that are faster or slower than they are played."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest

from ipyclam_core import Network
from tests.live.test_frames import RATE, bend, chain, noise, recorded
from tests.waiting import eventually


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def test_a_network_without_frames_is_not_late(net):
    net.osc, net.out = net.types.Oscillator, net.types.AudioSink
    net.osc > net.out
    assert net.latency == net.out["1"].latency == 0
    net.play("clock")
    assert net.latency == net.status().latency == 0


def test_the_latency_is_that_of_the_sound(net):
    net.source = net.types.AudioSource
    chain(net, "source")
    given = np.zeros(8192, np.float32)
    given[2048] = 1.0
    heard = net.render(inputs=given, block_size=512, sample_rate=RATE)
    assert abs(int(np.abs(heard).argmax()) - 2048 - net.latency) <= 1
    assert net.latency == net.overlap["Audio Output"].latency == 1536
    assert net.analysis.Input.latency == 0


@pytest.mark.parametrize("block", [64, 512, 700, 4096])
def test_the_latency_while_it_plays_is_that_of_its_block_size(net, block):
    net.source, net.fft, net.ifft, net.out = net.types.AudioSource, net.types.FFT, net.types.IFFT, net.types.AudioSink
    net.source > net.fft > net.ifft > net.out
    given = noise()
    heard = net.render(inputs=given, block_size=block, sample_rate=RATE)[:, 0]
    late = int(np.flatnonzero(heard)[0]) - int(np.flatnonzero(given)[0])
    net.play("clock", block_size=block)
    assert net.latency == net.status().latency == late


def test_signals_that_meet_are_as_late_as_the_latest(net):
    net.source, net.fft, net.ifft, net.out = net.types.AudioSource, net.types.FFT, net.types.IFFT, net.types.AudioSink
    net.source > net.fft > net.ifft > net.out
    net.mixer = net.types.AudioMixer
    net.source > net.mixer["Input 0"]
    assert net.mixer["Output Audio"].latency == 0
    net.ifft > net.mixer["Input 1"]
    assert net.mixer["Output Audio"].latency == net.mixer["Input 1"].latency == net.ifft["Audio Output"].latency > 0


def test_the_page_of_a_port_tells_its_latency(net):
    net.source = net.types.AudioSource
    chain(net, "source")
    from ipyclam_core.frontend import pages

    assert "latency = 1536 frames" in pages.of_connector(net.overlap["Audio Output"])
    assert "latency" not in pages.of_connector(net.source["1"])


def test_the_longest_block_of_the_last_second_is_measured(net):
    net.osc, net.out = net.types.Oscillator, net.types.AudioSink
    net.osc > net.out
    net.play("clock")
    eventually(lambda: net.status().longest > 0)
    assert net.status().longest >= net.status().load / 2


def test_a_stream_that_is_too_fast_is_named_with_its_remedy(net):
    net.osc, net.analysis, net.synthesis, net.out = (
        net.types[name] for name in ("Sine", "SpectralAnalysis", "SpectralSynthesis", "AudioSink")
    )
    net.osc > net.analysis > net.synthesis > net.out
    told = r"synthesis\['Output'\] puts out 2 samples for each that is played.*with an OverlapAdd"
    with pytest.warns(UserWarning, match=told):
        net.render(0.1)
    net.play("clock")
    assert any(re.search(told, message) for message in net.status().messages)
    net.overlap = net.types.OverlapAdd
    net.synthesis.disconnect(net.out)
    net.synthesis > net.overlap > net.out
    eventually(lambda: not net.status().messages)


def test_a_stream_that_is_too_slow_is_named(net):
    net.osc, net.analysis, net.synthesis, net.out = (
        net.types[name] for name in ("Sine", "SpectralAnalysis", "SpectralSynthesis", "AudioSink")
    )
    net.analysis.prHopSize = 2048
    net.analysis.prWindowSize = 4097
    net.osc > net.analysis > net.synthesis > net.out
    with pytest.warns(UserWarning, match="puts out 0.5 samples for each that is played: there is silence between"):
        net.render(0.5)


def test_a_chain_without_fault_tells_nothing(net):
    net.source = net.types.AudioSource
    chain(net, "source")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net.render(0.2)


def test_another_hop_in_one_place_after_the_other_does_not_click(net, tmp_path):
    net.osc = net.types.Oscillator
    net.osc.Frequency = 440.0
    chain(net, "osc")
    edits = [lambda: setattr(net.analysis, "prHopSize", 256), lambda: setattr(net.synthesis, "prHopSize", 256)]
    heard = recorded(net, tmp_path / "hop.wav", [*edits, lambda: setattr(net.overlap, "FrameSize", 256)])
    assert bend(heard) < 0.03
