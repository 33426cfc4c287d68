"""Buffers of any length where blocks are computed: chains, signals beside them, sinks; at every block size and while it is edited."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.declare import Array, in_port, out_port, processing
from ipyclam_core.errors import NotSupported
from tests.waiting import eventually

RATE = 44100
PAUSE = 0.15
BLOCKS = (512, 64, 441, 700, 4096)


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def noise(frames: int = 16384, channels: int = 1) -> np.ndarray:
    return (0.2 * np.random.default_rng(1).standard_normal((frames, channels))).astype(np.float32)


def gain(net: Network, name: str, value: float) -> None:
    """A mixer of one input."""
    net[name] = net.types.AudioBufferMixer
    net[name].NumberOfInPorts = 1
    net[name]["Gain 0"] = value


def heard_from(samples: np.ndarray, given: np.ndarray) -> np.ndarray:
    """What is heard, from where it begins on."""
    late = int(np.flatnonzero(samples)[0]) - int(np.flatnonzero(given)[0])
    return samples[late:]


def rendered(net: Network, given: np.ndarray, block: int) -> np.ndarray:
    return heard_from(net.render(inputs=given, block_size=block, sample_rate=RATE)[:, 0], given[:, 0])


@pytest.mark.parametrize("size", [512, 1024])
def test_a_chain_is_the_same_at_every_block_size(net, size):
    net.source, net.buffer, net.stream, net.out = (
        net.types.AudioSource, net.types.AudioStream2Buffer, net.types.AudioBuffer2Stream, net.types.AudioSink,
    )  # fmt: skip
    net.buffer.BufferSize = net.stream.BufferSize = size
    gain(net, "one", 0.5)
    gain(net, "two", 3.0)
    net.delay = net.types.SampleAccurateBufferDelay
    net.source > net.buffer > net.one > net.delay > net.two > net.stream > net.out
    given = noise()
    for block in BLOCKS:
        heard = rendered(net, given, block)[:8000]
        np.testing.assert_allclose(heard, 1.5 * given[: len(heard), 0], atol=1e-6)


def test_a_signal_meets_buffers_where_it_belongs(net):
    """The signal comes in pieces as long as the buffers, so it is played twice where these overlap; it cancels what is delayed."""
    net.source, net.blocks = net.types.AudioSource, net.types.AudioBufferSource
    net.buffer, net.mixer, net.stream, net.out = (
        net.types.AudioStream2Buffer, net.types.AudioBufferMixer, net.types.AudioBuffer2Stream, net.types.AudioSink,
    )  # fmt: skip
    net.buffer.BufferSize = net.stream.BufferSize = 512
    net.source > net.buffer > net.mixer["Input 0"]
    net.blocks > net.mixer["Input 1"]
    net.mixer["Gain 1"] = -1.0
    net.mixer > net.stream > net.out
    given = noise()
    for block in BLOCKS:
        heard = net.render(inputs={"source": given, "blocks": given}, block_size=block, sample_rate=RATE)
        assert np.abs(heard).max() < 1e-6
    heard = net.render(inputs={"source": given, "blocks": 0.5 * given}, block_size=512, sample_rate=RATE)[:, 0]
    heard = heard_from(heard, given[:, 0])[:8000]
    np.testing.assert_allclose(heard, 0.25 * given[:8000, 0], atol=1e-6)


def test_buffers_of_several_wires_are_added(net):
    net.source = net.types.AudioSource
    net.source.NSources = 2
    net.short = net.long = net.types.AudioStream2Buffer
    net.short.BufferSize = 300
    gain(net, "mixer", 1.0)
    net.stream, net.out = net.types.AudioBuffer2Stream, net.types.AudioSink
    net.source["1"] > net.short > net.mixer["Input 0"]
    net.source["2"] > net.long > net.mixer["Input 0"]
    net.mixer > net.stream > net.out
    given = noise(channels=2)
    expected = given[:, 1].copy()
    expected.reshape(-1, 512)[:, :300] += given[:, 0].reshape(-1, 512)[:, :300]
    for block in BLOCKS:
        heard = rendered(net, given, block)[:8000]
        np.testing.assert_allclose(heard, expected[: len(heard)], atol=1e-6)


def test_a_sink_plays_of_each_buffer_the_samples_up_to_the_next(net):
    net.source, net.buffer, net.out = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.AudioBufferSink
    net.source > net.buffer > net.out
    given = noise()
    for block in BLOCKS:
        np.testing.assert_array_equal(rendered(net, given, block)[:8000], given[:8000, 0])
    gain(net, "half", 0.5)
    net.buffer.disconnect(net.out)
    net.buffer > net.half > net.out
    for block in BLOCKS:
        np.testing.assert_allclose(rendered(net, given, block)[:8000], 0.5 * given[:8000, 0], atol=1e-6)


@pytest.mark.parametrize("block", [64, 512, 700])
@pytest.mark.parametrize("sink", ["AudioBufferSink", "AudioSink"])
def test_the_latency_of_buffers_is_told(net, sink, block):
    net.source, net.buffer, net.out = net.types.AudioSource, net.types.AudioStream2Buffer, net.types[sink]
    gain(net, "one", 1.0)
    net.source > net.buffer > net.one
    if sink == "AudioSink":
        net.stream = net.types.AudioBuffer2Stream
        net.one > net.stream > net.out
    else:
        net.one > net.out
    given = noise()
    heard = net.render(inputs=given, block_size=block, sample_rate=RATE)[:, 0]
    late = int(np.flatnonzero(heard)[0]) - int(np.flatnonzero(given)[0])
    net.play("clock", block_size=block)
    assert net.latency == net.status().latency == late


def test_a_gap_between_buffers_is_silence(net):
    net.source, net.buffer, net.out = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.AudioBufferSink
    net.buffer.BufferSize = 200
    net.source > net.buffer > net.out
    given = noise()
    expected = given[:, 0].copy()
    expected.reshape(-1, 512)[:, 200:] = 0.0
    for block in BLOCKS:
        np.testing.assert_array_equal(rendered(net, given, block)[:8000], expected[:8000])


def test_a_stream_whose_pieces_are_shorter_than_its_hop_has_silence_between_them(net):
    net.source, net.buffer, net.stream, net.out = (
        net.types.AudioSource, net.types.AudioStream2Buffer, net.types.AudioBuffer2Stream, net.types.AudioSink,
    )  # fmt: skip
    net.stream.BufferSize = 200
    net.source > net.buffer > net.stream > net.out
    given = noise()
    expected = given[:, 0].copy()
    expected.reshape(-1, 512)[:, 200:] = 0.0
    for block in BLOCKS:
        np.testing.assert_array_equal(rendered(net, given, block)[:8000], expected[:8000])


def test_a_type_of_several_lanes_computes_buffers_beside_blocks(net):
    net.source, net.blocks = net.types.AudioSource, net.types.AudioBufferSource
    net.buffer, net.stream = net.types.AudioStream2Buffer, net.types.AudioBuffer2Stream
    net.buffer.BufferSize = net.stream.BufferSize = 512
    net.before = net.air = net.after = net.types.AirAbsortion
    net.out, net.beside = net.types.AudioSink, net.types.AudioBufferSink
    net.beside.NSinks = 2
    net.source > net.buffer > net.air > net.stream > net.out
    net.blocks > net.before > net.beside["1"]
    net.blocks > net.after > net.beside["2"]
    given = noise()
    heard = net.render(inputs={"source": given, "blocks": given}, block_size=512, sample_rate=RATE)
    np.testing.assert_array_equal(heard[:, 1], heard[:, 2])
    np.testing.assert_allclose(heard_from(heard[:, 0], given[:, 0])[:8000], heard[:8000, 1], atol=1e-6)


def test_what_is_not_finite_in_a_buffer_is_named_and_does_not_stay(net):
    @processing
    class Breaks:
        """Divides by zero."""

        audio = in_port("In", "AudioBuffer")
        output = out_port("Out", "AudioBuffer")

        def process(audio, output):  # noqa: N805 -- no method: there is no self
            for k in range(len(audio)):
                output[k] = audio[k]
            output[3] = audio[3] / 0.0 - audio[3] / 0.0

    net.source, net.buffer, net.breaks = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.Breaks
    net.stream, net.out = net.types.AudioBuffer2Stream, net.types.AudioSink
    net.source > net.buffer > net.breaks > net.stream > net.out
    with pytest.warns(UserWarning, match=r"breaks .*NaN or infinity"):
        heard = net.render(inputs=noise(), block_size=512, sample_rate=RATE)
    assert np.isfinite(heard).all()


def test_memory_as_long_as_a_block_is_as_long_as_a_buffer(net):
    @processing
    class Backwards:
        """Turns each block round."""

        audio = in_port("In", "AudioBuffer")
        output = out_port("Out", "AudioBuffer")

        class State:
            held: Array[float]

        def initial(block_size):  # noqa: N805 -- as above
            return {"held": np.zeros(block_size)}

        def process(state, audio, output, frames):  # noqa: N805 -- as above
            for k in range(frames):
                state.held[k] = audio[k]
            for k in range(frames):
                output[k] = state.held[frames - 1 - k]

    net.source, net.buffer, net.turn, net.out = (
        net.types.AudioSource, net.types.AudioStream2Buffer, net.types.Backwards, net.types.AudioBufferSink,
    )  # fmt: skip
    net.buffer.HopSize, net.buffer.BufferSize = 2048, 2048
    net.source > net.buffer > net.turn > net.out
    given = noise()
    expected = given[:, 0].reshape(-1, 2048)[:, ::-1].reshape(-1)
    for block in BLOCKS:
        np.testing.assert_allclose(rendered(net, given, block)[:8000], expected[:8000], atol=1e-6)
    net.play("clock", block_size=64)
    eventually(lambda: hasattr(net.turn["Out"], "value"))
    assert not [text for text in net.status().messages if "array" in text]
    net.buffer.HopSize = net.buffer.BufferSize = 4096
    eventually(lambda: len(net.turn["Out"].value.samples) == 4096)
    assert not [text for text in net.status().messages if "array" in text]
    net.stop()


def test_a_type_of_ones_own_may_hear_both(net):
    @processing
    class Both:
        """Adds a buffer to a signal; its ports are not all buffers, so that it computes blocks."""

        audio = in_port("Audio")
        buffer = in_port("Buffer", "AudioBuffer")
        output = out_port("Out")

        def process(audio, buffer, output):  # noqa: N805 -- as above
            for k in range(len(audio)):
                output[k] = audio[k] + buffer[k]

    net.source, net.buffer, net.both, net.out = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.Both, net.types.AudioSink
    net.source > net.both["Audio"]
    net.source > net.buffer > net.both["Buffer"]
    net.both > net.out
    given = noise()
    for block in BLOCKS:
        np.testing.assert_allclose(rendered(net, given, block)[:8000], 2.0 * given[:8000, 0], atol=1e-6)


def test_a_block_of_another_length_is_given_to_what_holds_frames(net):
    @processing
    class Measures:
        """Puts out the length of what it hears."""

        buffer = in_port("In", AudioBuffer)
        output = out_port("Out", AudioBuffer, size="buffer.size")

        def process(buffer, output):  # noqa: N805 -- as above
            output.samples[0] = len(buffer.samples)

    net.source, net.buffer, net.measures = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.Measures
    gain(net, "one", 1.0)
    net.buffer.BufferSize = 900
    net.source > net.buffer > net.one > net.measures
    frames = net.measures["Out"].render(inputs=noise(), sample_rate=RATE)
    assert frames.samples.shape[1] == 900
    assert set(frames.samples[:, 0].tolist()) == {900.0}


def test_buffers_are_seen_where_blocks_are_computed(net):
    net.source, net.buffer = net.types.AudioSource, net.types.AudioStream2Buffer
    gain(net, "half", 0.5)
    net.source > net.buffer
    out = net.half["Output Audio"]
    with pytest.raises(NotSupported, match=r"while its processing hears no buffers\. To look at the signal: samples\(\)"):
        _ = out.value
    net.buffer > net.half
    given = noise()
    heard = out.render(inputs=given, sample_rate=RATE).samples
    assert heard.shape[1] == 1024
    np.testing.assert_allclose(heard[3, :512], 0.5 * given[3 * 512 : 4 * 512, 0], atol=1e-6)
    net.play("clock")
    eventually(lambda: len(out.value.samples) == 1024)
    net.buffer.disconnect()
    net.osc = net.types.AudioBufferSource
    net.osc > net.half
    net.stop()


def bend(samples: np.ndarray) -> float:
    """The largest second difference: a click is 0.5, a sine of 440 Hz that is not disturbed 0.004."""
    return float(np.abs(np.diff(samples, 2)).max())


def recorded(net: Network, path: Path, edits: list[Callable[[], object]]) -> np.ndarray:
    """What is played while it is edited."""
    net.play("clock")
    sink = net.out._inports[0]
    eventually(lambda: np.abs(next(iter(sink.peers)).samples(2048)).max() > 0.1)
    recording = net.record(str(path))
    for edit in edits:
        time.sleep(PAUSE)
        edit()
    time.sleep(PAUSE)
    recording.stop()
    net.stop()
    return soundfile.read(path, dtype="float32", always_2d=True)[0][:, 0]


def sine(net: Network) -> None:
    net.osc, net.buffer, net.stream, net.out = (
        net.types.Oscillator, net.types.AudioStream2Buffer, net.types.AudioBuffer2Stream, net.types.AudioSink,
    )  # fmt: skip
    net.osc.Frequency = 440.0


def test_edits_of_buffers_do_not_click(net, tmp_path):
    sine(net)
    gain(net, "one", 1.0)
    gain(net, "two", 1.0)
    net.osc > net.buffer > net.one > net.stream > net.out
    cuts = [lambda: net.buffer.disconnect(net.one), lambda: net.buffer > net.one]
    behind = [lambda: net.one.disconnect(net.stream), lambda: net.one > net.stream]
    longer = [lambda: (net.one.disconnect(net.stream), net.one > net.two > net.stream)]
    shorter = [lambda: (net.two.disconnect(net.stream), net.one > net.stream)]
    sizes = [lambda: setattr(net.buffer, "BufferSize", 700), lambda: setattr(net.buffer, "BufferSize", 1024)]
    ports = [lambda: setattr(net.one, "NumberOfInPorts", 1)]
    heard = recorded(net, tmp_path / "cut.wav", [*cuts, *behind, *longer, *shorter, *sizes, *ports])
    assert np.abs(heard).max() > 0.5
    assert bend(heard) < 0.02
    assert np.abs(heard[-2048:]).max() > 0.1


def test_buffers_that_a_sink_plays_are_cut_without_a_click(net, tmp_path):
    net.osc, net.buffer, net.half, net.out = (
        net.types.Oscillator, net.types.AudioStream2Buffer, net.types.AudioBufferMixer, net.types.AudioBufferSink,
    )  # fmt: skip
    net.osc.Frequency = 440.0
    net.osc > net.buffer > net.out
    cuts = [lambda: net.buffer.disconnect(net.out), lambda: net.buffer > net.out]
    through = [lambda: (net.buffer.disconnect(net.out), net.buffer > net.half > net.out), lambda: net.half.disconnect(net.out)]
    back = [lambda: net.buffer.disconnect(net.half), lambda: net.buffer > net.out]
    net.play("clock")
    eventually(lambda: np.abs(net.osc["Audio Output"].samples(2048)).max() > 0.1)
    time.sleep(PAUSE)
    recording = net.record(str(tmp_path / "sink.wav"))
    for edit in [*cuts, *cuts, *through, *back]:
        time.sleep(PAUSE)
        edit()
    time.sleep(PAUSE)
    recording.stop()
    net.stop()
    heard = soundfile.read(tmp_path / "sink.wav", dtype="float32", always_2d=True)[0][:, 0]
    assert np.abs(heard[-2048:]).max() > 0.9
    assert bend(heard) < 0.02


def test_controls_are_heard_and_another_configuration_is_no_gap(net, tmp_path):
    sine(net)
    net.amplifier = net.types.AudioBufferAmplifier
    net.amplifier.PortsNumber = 1
    net.buffer.BufferSize = net.stream.BufferSize = 512  # a gain is ramped over a buffer
    net.osc > net.buffer > net.amplifier > net.stream > net.out
    edits = [
        lambda: setattr(net.amplifier, "DoesGainInterpolation", False),
        lambda: setattr(net.amplifier, "DoesGainInterpolation", True),
        lambda: setattr(net.amplifier, "Gain", 0.3),
    ]
    heard = recorded(net, tmp_path / "controls.wav", edits)
    assert bend(heard) < 0.02
    assert np.abs(heard[-2048:]).max() == pytest.approx(0.3, abs=0.01)
    loud = np.abs(heard[: int(2.5 * PAUSE * net.sample_rate if hasattr(net, "sample_rate") else 2.5 * PAUSE * RATE)])
    assert loud.reshape(-1)[: len(loud) // 441 * 441].reshape(-1, 441).max(axis=1).min() > 0.9


def test_buffers_begin_and_end_where_blocks_were_computed_without_a_click(net, tmp_path):
    """The same processing computes blocks, then buffers, then blocks again."""
    sine(net)
    net.pieces = net.types.AudioBufferMixer
    net.osc > net.buffer > net.stream > net.out
    net.buffer.BufferSize = net.stream.BufferSize = 512
    net.input, net.beside = net.types.AudioBufferSource, net.types.AudioBufferSink
    net.input > net.pieces["Input 0"]
    net.pieces > net.beside
    edits = [
        lambda: net.buffer > net.pieces["Input 1"],
        lambda: net.buffer.disconnect(net.pieces["Input 1"]),
        lambda: net.buffer > net.pieces["Input 1"],
        lambda: delattr(net, "pieces"),
    ]
    net.play("clock")
    recording = net.record(str(tmp_path / "both.wav"))
    for edit in edits:
        time.sleep(PAUSE)
        edit()
    time.sleep(PAUSE)
    recording.stop()
    net.stop()
    heard = soundfile.read(tmp_path / "both.wav", dtype="float32", always_2d=True)[0]
    settled = heard[4096:]
    assert bend(settled[:, 0]) < 0.006
    assert np.abs(settled[:, 1]).max() > 0.2
    assert bend(settled[:, 1]) < 0.02
    assert np.abs(settled[-2048:, 1]).max() < 1e-3
