"""Many pieces in one block: all that comes in a burst has room until it is read."""

from __future__ import annotations

import time

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.dsp.devices.step import StepDevice
from ipyclam_core.dsp.planning.planner import Planner
from tests.live.test_frames import PAUSE, bend
from tests.waiting import eventually

NOISE = np.random.default_rng(5).uniform(-0.5, 0.5, (40_000, 1)).astype(np.float32)


@pytest.fixture
def net():
    network = Network("clam")
    network.source, network.sink = network.types.AudioSource, network.types.AudioSink
    yield network
    network.close()


def analysis(net, source, hop, letter):
    """A chain that changes nothing. Returns its end."""
    taken, made, overlap = f"taken{letter}", f"made{letter}", f"overlap{letter}"
    net[taken], net[made], net[overlap] = net.types.SpectralAnalysis, net.types.SpectralSynthesis, net.types.OverlapAdd
    net[taken].prHopSize = net[made].prHopSize = net[overlap].FrameSize = hop
    net[taken].prWindowSize = net[made].prAnalWindowSize = 2 * hop + 1
    net[source] > net[taken] > net[made] > net[overlap]
    return overlap


def is_whole(net, block, tolerance):
    """Whether what comes out is what went in, later, and nothing of it is missing."""
    heard = net.render(inputs=NOISE, block_size=block, sample_rate=48000)[:, 0]
    sent = NOISE[:, 0]
    size = 1 << 17
    late = int(np.argmax(np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sent, size)))[:30_000]))
    return np.abs(heard[late + 4000 :] - sent[4000 : len(sent) - late]).max() < tolerance


@pytest.mark.parametrize("block", [64, 3000, 8192])
@pytest.mark.parametrize("hop", [64, 512])
def test_a_block_of_many_hops_loses_nothing(net, hop, block):
    net[analysis(net, "source", hop, "a")] > net.sink
    assert is_whole(net, block, 0.02)


@pytest.mark.parametrize("block", [64, 512, 1000])
@pytest.mark.parametrize("hops", [(512, 64), (4096, 512), (64, 512)])
def test_long_pieces_in_front_of_short_ones_lose_nothing(net, hops, block):
    net[analysis(net, analysis(net, "source", hops[0], "a"), hops[1], "b")] > net.sink
    assert is_whole(net, block, 0.02)


@pytest.mark.parametrize("block", [64, 480])
@pytest.mark.parametrize("sizes", [(1000, 16), (16, 1000), (512, 384), (1000, 7)])
def test_transforms_of_different_sizes_lose_nothing(net, sizes, block):
    last = "source"
    for letter, size in zip("ab", sizes, strict=True):
        net[f"to{letter}"], net[f"from{letter}"] = net.types.FFT, net.types.IFFT
        net[f"to{letter}"].AudioSize = net[f"from{letter}"].AudioSize = size
        net[last] > net[f"to{letter}"] > net[f"from{letter}"]
        last = f"from{letter}"
    net[last] > net.sink
    assert is_whole(net, block, 1e-5)


def test_a_rendering_that_ends_within_a_block_is_the_beginning_of_a_longer_one(net, tmp_path):
    end = analysis(net, "source", 512, "a")
    net[end] > net.sink
    net.file = net.types.MonoAudioFileWriter
    net.file.SampleRate = 48000
    net.file.TargetFile = str(tmp_path / "whole.wav")
    net[end] > net.file
    whole = net.render(inputs=NOISE, block_size=512, sample_rate=48000)
    net.file.TargetFile = str(tmp_path / "part.wav")
    part = net.render(20_001 / 48000, inputs=NOISE, block_size=512, sample_rate=48000)
    np.testing.assert_array_equal(part, whole[: len(part)])
    written = soundfile.read(tmp_path / "part.wav", dtype="float32")[0]
    np.testing.assert_array_equal(written, part[:, 0])


@pytest.mark.parametrize("block", [441, 700])
def test_a_stream_that_is_connected_again_within_a_block_does_not_click(net, tmp_path, block):
    net.osc, net.fft, net.ifft = net.types.Oscillator, net.types.FFT, net.types.IFFT
    net.osc.Frequency = 200.0
    net.osc > net.fft > net.ifft > net.sink
    net.play("clock", block_size=block)
    eventually(lambda: np.abs(net.ifft["Audio Output"].samples(2048)).max() > 0.1)
    recording = net.record(str(tmp_path / "again.wav"))
    for _ in range(4):
        time.sleep(PAUSE)
        net.ifft / net.sink
        time.sleep(PAUSE)
        net.ifft > net.sink
    time.sleep(PAUSE)
    recording.stop()
    net.stop()
    assert bend(soundfile.read(tmp_path / "again.wav")[0]) < 0.02


@pytest.mark.parametrize("blocks", [0, 1, 3])
def test_blocks_that_are_played_while_an_edit_is_planned_leave_no_step(net, monkeypatch, blocks):
    """The reader that an edit brings begins with the first piece that its predecessor has not heard."""
    monkeypatch.setattr(StepDevice, "paced", True)
    net.osc, net.mix = net.types.Oscillator, net.types.AudioBufferMixer
    net.take, net.put = net.types.AudioStream2Buffer, net.types.AudioBuffer2Stream
    net.osc.Frequency, net.mix.NumberOfInPorts, net.mix["Gain 0"] = 200.0, 2, 2.0
    net.take.BufferSize = net.put.BufferSize = 512
    net.osc > net.take > net.mix["Input 0"]
    net.mix > net.put > net.sink
    net.play("step", sample_rate=48000, block_size=512)
    player = net.proxy.inner.player
    heard = []

    def play(count: int) -> None:
        for _ in range(count):
            heard.append(player.device.run()[:, 0])

    def serve(count: int) -> None:
        for _ in range(count):
            play(1)
            player.serve()

    plan = Planner.plan

    def plan_slowly(planner, *arguments):
        program = plan(planner, *arguments)
        play(blocks)
        return program

    serve(20)
    begin = len(heard)
    monkeypatch.setattr(Planner, "plan", plan_slowly)
    for number in (3, 2, 3):
        net.mix.NumberOfInPorts = number
        serve(20)
    assert bend(np.concatenate(heard[begin:])) < 0.02
