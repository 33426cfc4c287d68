"""Cycles of frames: a processing hears what the cycle made of its call before, at every block size and while it is edited."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.declare import config, in_port, out_port, processing
from tests.waiting import eventually

RATE = 44100
BLOCKS = (512, 64, 441, 700, 1024, 4096)
HOP = 512
CLOCK = 48000


@pytest.fixture(autouse=True)
def types() -> None:
    @processing
    class Adds:
        """Adds half of what comes back."""

        given = in_port("Given", AudioBuffer)
        back = in_port("Back", AudioBuffer)
        output = out_port("Out", AudioBuffer, copies="given")

        def process(back, output):  # noqa: N805 -- no method: there is no self
            for k in range(min(len(output.samples), len(back.samples))):
                output.samples[k] += 0.5 * back.samples[k]

    @processing
    class Passes:
        """Passes frames on, with a factor."""

        Factor = config(1.0)
        buffer = in_port("In", AudioBuffer)
        output = out_port("Out", AudioBuffer, copies="buffer")

        def process(output, Factor):  # noqa: N805 -- as above
            for k in range(len(output.samples)):
                output.samples[k] *= Factor


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def noise(frames: int = 24 * HOP) -> np.ndarray:
    return (0.2 * np.random.default_rng(1).standard_normal((frames, 1))).astype(np.float32)


def echoes(given: np.ndarray, part: float = 0.5, calls_later: int = 1) -> np.ndarray:
    """Each piece with a part of what came out some calls before."""
    pieces = given.reshape(-1, HOP).astype(np.float64)
    for n in range(calls_later, len(pieces)):
        pieces[n] += part * pieces[n - calls_later]
    return pieces


def add(net: Network, name: str) -> None:
    types = {"source": "AudioSource", "buffer": "AudioStream2Buffer", "adds": "Adds"}
    net[name] = net.types[types.get(name, "Passes")]


def check(net: Network, port: str, expected: np.ndarray) -> None:
    given = noise()
    for block in BLOCKS:
        heard = net[port]["Out"].render(inputs=given, block_size=block, sample_rate=RATE).samples
        assert len(heard) > 16, block
        np.testing.assert_allclose(heard, expected[: len(heard)], atol=1e-5, err_msg=f"block {block}")


@pytest.mark.parametrize("order", list(itertools.permutations(("buffer", "adds", "one", "two"))))
def test_a_cycle_gives_back_the_call_before(net, order):
    add(net, "source")
    for name in order:
        add(net, name)
    net.source > net.buffer > net.adds["Given"]
    net.buffer.BufferSize = HOP
    net.adds > net.one > net.two > net.adds["Back"]
    check(net, "adds", echoes(noise()))


@pytest.mark.parametrize("first", [True, False])
def test_whoever_hears_a_cycle_hears_all_of_it(net, first):
    for name in ("behind", "source", "buffer", "adds", "one") if first else ("source", "buffer", "adds", "one", "behind"):
        add(net, name)
    net.buffer.BufferSize = HOP
    net.source > net.buffer > net.adds["Given"]
    net.adds > net.one > net.adds["Back"]
    net.adds > net.behind
    net.stream, net.out = net.types.AudioBuffer2Stream, net.types.AudioSink
    net.stream.BufferSize = HOP
    net.behind > net.stream > net.out
    check(net, "behind", echoes(noise()))
    given = noise()
    for block in BLOCKS:
        heard = net.render(inputs=given, block_size=block, sample_rate=RATE)[:, 0]
        late = int(np.flatnonzero(heard)[0])
        np.testing.assert_allclose(heard[late:8000], echoes(given).reshape(-1)[: 8000 - late], atol=1e-5, err_msg=f"block {block}")


def test_a_processing_may_hear_itself(net):
    for name in ("source", "buffer", "adds"):
        add(net, name)
    net.buffer.BufferSize = HOP
    net.source > net.buffer > net.adds["Given"]
    net.adds > net.adds["Back"]
    check(net, "adds", echoes(noise()))


def test_a_cycle_in_a_cycle(net):
    for name in ("source", "buffer", "adds", "one", "two"):
        add(net, name)
    net.inner = net.types.Adds
    net.buffer.BufferSize = HOP
    net.source > net.buffer > net.adds["Given"]
    net.adds > net.inner["Given"]
    net.inner > net.one > net.inner["Back"]
    net.inner > net.two > net.adds["Back"]
    pieces = noise().reshape(-1, HOP).astype(np.float64)
    outer, inner = np.zeros_like(pieces), np.zeros_like(pieces)
    for n in range(len(pieces)):
        outer[n] = pieces[n] + (0.5 * inner[n - 1] if n else 0.0)
        inner[n] = outer[n] + (0.5 * inner[n - 1] if n else 0.0)
    check(net, "inner", inner)


def test_blocks_that_compute_buffers_may_be_in_a_cycle(net):
    for name in ("source", "buffer"):
        add(net, name)
    net.mixer, net.half, net.look = net.types.AudioBufferMixer, net.types.AudioBufferMixer, net.types.Passes
    net.half.NumberOfInPorts = 1
    net.half["Gain 0"] = 0.5
    net.mixer["Gain 0"] = net.mixer["Gain 1"] = 2.0
    net.buffer.BufferSize = HOP
    net.source > net.buffer > net.mixer["Input 0"]
    net.mixer > net.half > net.mixer["Input 1"]
    net.mixer > net.look
    check(net, "look", echoes(noise()))


def test_a_late_input_inside_of_a_cycle_makes_all_of_it_late(net):
    """Frames of a longer window are there later: nothing is missing, and the latency is known."""
    for name in ("source", "buffer", "adds"):
        add(net, name)
    net.inner = net.types.Adds
    net.late = net.types.AudioWindowing
    net.late.FFTSize, net.late.WindowSize = 4096, 4097
    net.buffer.BufferSize = HOP
    net.source > net.buffer > net.adds["Given"]
    net.source > net.late > net.inner["Back"]
    net.adds > net.inner["Given"]
    net.inner > net.adds["Back"]
    net.stream, net.out = net.types.AudioBuffer2Stream, net.types.AudioSink
    net.stream.BufferSize = HOP
    net.adds > net.stream > net.out
    given = noise()
    made = {block: net.adds["Out"].render(inputs=given, block_size=block, sample_rate=RATE).samples for block in BLOCKS}
    for samples in made.values():
        length = min(len(samples), len(made[512]))
        assert length > 12
        np.testing.assert_array_equal(samples[:length], made[512][:length])
    heard = {block: net.render(inputs=given, block_size=block, sample_rate=RATE)[:, 0] for block in (512, 64, 4096)}
    for samples in heard.values():
        late = int(np.flatnonzero(samples)[0])
        np.testing.assert_allclose(samples[late : late + 4096], made[512].reshape(-1)[:4096], atol=1e-6)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_cycle_through_streams_goes_on(net, block):
    """Half of it is samples: what comes back is later, but it comes, and it dies away."""
    net.source, net.fft, net.ifft, net.sum, net.half = (
        net.types.AudioSource, net.types.FFT, net.types.IFFT, net.types.AudioAdder, net.types.Gain,
    )  # fmt: skip
    net.half.InitialGain = 0.5
    net.source > net.sum["First Audio Input"]
    net.sum > net.fft > net.ifft > net.half > net.sum["Second Audio Input"]
    net.out = net.types.AudioSink
    net.sum > net.out
    click = np.zeros((44100, 1), np.float32)
    click[2000] = 1.0
    heard = net.render(inputs=click, block_size=block, sample_rate=RATE)[:, 0]
    peaks = np.sort(np.abs(heard))[::-1][:6]
    np.testing.assert_allclose(peaks, 0.5 ** np.arange(6), atol=1e-3)


def test_a_cycle_is_closed_and_opened_while_it_plays(net):
    for name in ("source", "buffer", "adds", "one", "two"):
        add(net, name)
    net.osc = net.types.Oscillator
    net.osc.Frequency = 10 * CLOCK / HOP  # each piece is as the one before
    net.osc._config.Amplitude = 0.1
    net.buffer.BufferSize = HOP
    net.osc > net.buffer > net.adds["Given"]
    net.stream, net.out = net.types.AudioBuffer2Stream, net.types.AudioSink
    net.stream.BufferSize = HOP
    net.adds > net.stream > net.out

    def level() -> float:
        return float(np.abs(net.adds["Out"].value.samples).max()) if hasattr(net.adds["Out"], "value") else 0.0

    net.play("clock")
    eventually(lambda: abs(level() - 0.1) < 0.01)
    for _ in range(3):
        net.adds > net.one
        net.one > net.adds["Back"]
        eventually(lambda: abs(level() - 0.2) < 0.01)
        said = "feedback loop at one > adds: each spectrum or buffer meets what the loop made of the one before"
        assert said in net.status().messages
        net.adds["Back"].disconnect()
        eventually(lambda: abs(level() - 0.1) < 0.01)
        net.one > net.two > net.adds["Back"]
        eventually(lambda: abs(level() - 0.2) < 0.01)
        net.two.Factor = 0.5
        eventually(lambda: abs(level() - 0.1 / 0.75) < 0.005)
        net.two.Factor = 1.0
        eventually(lambda: abs(level() - 0.2) < 0.01)
        net.adds.disconnect(net.one)
        eventually(lambda: abs(level() - 0.1) < 0.01)
        net.adds["Back"].disconnect()
        net.one.disconnect(net.two)
    net.stop()


def test_a_cycle_whose_source_is_cut_dies_away(net):
    for name in ("source", "buffer", "adds", "one"):
        add(net, name)
    net.osc = net.types.Oscillator
    net.buffer.BufferSize = HOP
    net.osc > net.buffer > net.adds["Given"]
    net.adds > net.one > net.adds["Back"]

    def level() -> float:
        return float(np.abs(net.one["Out"].value.samples).max()) if hasattr(net.one["Out"], "value") else 0.0

    net.play("clock")
    eventually(lambda: level() > 0.5)
    net.buffer.disconnect(net.adds)
    eventually(lambda: level() < 1e-3)
    net.buffer > net.adds["Given"]
    eventually(lambda: level() > 0.5)
    net.stop()
