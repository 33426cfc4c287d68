"""Networks with frames while they play and are rendered: the same sound at every block size, and no click where they are edited."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.declare import Array, config, in_port, out_port, processing
from ipyclam_core.errors import NothingToConnect, PortTaken
from tests.waiting import eventually

RATE = 44100
PAUSE = 0.15


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def noise(frames: int = RATE) -> np.ndarray:
    return (0.3 * np.random.default_rng(1).standard_normal((frames, 1))).astype(np.float32)


def chain(net: Network, source: str) -> None:
    """Analysis, gate, synthesis and overlap-add between a source and a sink."""
    net.analysis, net.gate = net.types.SpectralAnalysis, net.types.SpectralGate
    net.synthesis, net.overlap, net.out = net.types.SpectralSynthesis, net.types.OverlapAdd, net.types.AudioSink
    net.analysis.prWindowSize = net.synthesis.prAnalWindowSize = 2049
    net.gate.Amount = -90
    net[source] > net.analysis > net.gate > net.synthesis > net.overlap > net.out


def test_any_block_size_gives_the_same_sound(net):
    net.source = net.types.AudioSource
    chain(net, "source")
    made = {block: net.render(inputs=noise(), block_size=block, sample_rate=RATE)[:, 0] for block in (512, 64, 128, 441, 700, 1024, 4096)}
    begins = {block: int(np.flatnonzero(samples)[0]) for block, samples in made.items()}
    first = made[512][begins[512] :]
    for block, samples in made.items():
        sound = samples[begins[block] :]
        length = min(len(sound), len(first)) - 4096  # where the last block ends, the stream may wait for its end
        np.testing.assert_array_equal(sound[:length], first[:length], err_msg=f"block {block}")


@pytest.mark.parametrize(("block", "late"), [(64, 960), (512, 512), (700, 1020), (4096, 0)])
def test_a_transform_and_its_inverse_give_back_the_sound(net, block, late):
    net.source, net.fft, net.ifft, net.out = net.types.AudioSource, net.types.FFT, net.types.IFFT, net.types.AudioSink
    net.source > net.fft > net.ifft > net.out
    given = noise()
    heard = net.render(inputs=given, block_size=block, sample_rate=RATE)
    wrong = heard[late:40000] - given[: 40000 - late]
    assert 20 * np.log10(np.std(given) / np.std(wrong)) > 140


def test_what_is_late_meets_what_is_not(net):
    """Dry and wet sound cancel at a mixer: the dry one is held back."""
    net.source, net.fft, net.ifft, net.out = net.types.AudioSource, net.types.FFT, net.types.IFFT, net.types.AudioSink
    net.mixer = net.types.AudioMixer
    net.mixer.NumberOfInPorts = 2
    net.source > net.fft > net.ifft > net.mixer["Input 0"]
    net.source > net.mixer["Input 1"]
    net.mixer["Gain 1"] = -1.0
    net.mixer > net.out
    given = noise()
    for block in (64, 512, 700):
        heard = net.render(inputs=given, block_size=block, sample_rate=RATE)[2048:40000]
        assert np.std(heard) < 1e-6 * np.std(given)


def test_a_port_of_frames_takes_one_wire(net):
    net.one = net.two = net.types.FFT
    net.ifft = net.types.IFFT
    net.one["Spectrum Output"] > net.ifft["Spectrum Input"]
    with pytest.raises(PortTaken, match="takes one wire, and has one from one"):
        net.two["Spectrum Output"] > net.ifft["Spectrum Input"]
    with pytest.raises(NothingToConnect, match="takes one wire"):
        net.two > net.ifft
    assert len(net.ifft["Spectrum Input"].peers) == 1
    net.ifft["Spectrum Input"].disconnect()
    net.two > net.ifft


def test_a_block_signal_goes_into_buffers_in_pieces(net):
    net.source, net.mixer, net.stream = net.types.AudioBufferSource, net.types.AudioBufferMixer, net.types.AudioBuffer2Stream
    net.out = net.types.AudioSink
    net.mixer.NumberOfInPorts = 1
    net.source > net.mixer > net.stream > net.out
    given = noise(8192)
    for block in (512, 300):
        heard = net.render(inputs=given, block_size=block, sample_rate=RATE)
        late = int(np.flatnonzero(heard)[0]) - int(np.flatnonzero(given)[0])
        np.testing.assert_array_equal(heard[late:7000], given[: 7000 - late])


def test_the_newest_frame_is_seen_while_it_plays_and_after_a_render(net):
    net.osc, net.fft = net.types.Oscillator, net.types.FFT
    net.osc.Frequency = 1000.0
    net.osc > net.fft
    spectrum = net.fft["Spectrum Output"]
    with pytest.raises(AttributeError, match="has no value yet"):
        _ = spectrum.value
    net.render(0.2, sample_rate=RATE)
    value = spectrum.value
    assert repr(value).startswith("<Spectrum at frame ")
    assert value.magnitude.argmax() == round(1000.0 * 1024 / RATE)
    assert value.units == {"phase": "rad", "top": "Hz"}
    with pytest.raises(AttributeError, match="does not change"):
        value.top = 1.0
    with pytest.raises(AttributeError, match="Its fields are magnitude, phase, top"):
        _ = value.magnitudes
    net.play("clock")
    eventually(lambda: spectrum.value.time > 30000)
    value = spectrum.value
    assert value.magnitude.argmax() == round(1000.0 * 512 / value.top)
    net.stop()


def test_all_frames_of_a_rendering_are_arrays_with_their_times(net):
    net.source, net.fft = net.types.AudioSource, net.types.FFT
    net.source > net.fft
    given = noise(10 * 1024)
    frames = net.fft["Spectrum Output"].render(inputs=given, sample_rate=RATE)
    assert frames.magnitude.shape == (10, 513)
    np.testing.assert_allclose(frames.times, np.arange(10) * 1024 / RATE)
    expected = np.abs(np.fft.rfft(given.reshape(10, 1024), axis=1))
    np.testing.assert_allclose(frames.magnitude, expected, atol=1e-4)


def recorded(net: Network, path: Path, edits: list[Callable[[], object]]) -> np.ndarray:
    """What is played while it is edited."""
    net.play("clock")
    eventually(lambda: np.abs(net.overlap["Audio Output"].samples(2048)).max() > 0.1)
    recording = net.record(str(path))
    for edit in edits:
        time.sleep(PAUSE)
        edit()
    time.sleep(PAUSE)
    recording.stop()
    net.stop()
    return soundfile.read(path, dtype="float32", always_2d=True)[0][:, 0]


def bend(samples: np.ndarray) -> float:
    """The largest second difference: a click is 0.5, a sine of 440 Hz that is not disturbed 0.004."""
    return float(np.abs(np.diff(samples, 2)).max())


def test_edits_of_a_chain_of_frames_do_not_click(net, tmp_path):
    net.osc = net.types.Oscillator
    net.osc.Frequency = 440.0
    chain(net, "osc")
    cuts = [lambda: net.gate["In Spectrum"].disconnect(), lambda: net.analysis > net.gate]
    bypass = [lambda: (net.synthesis.Input.disconnect(), net.analysis > net.synthesis)]
    back = [lambda: (net.synthesis.Input.disconnect(), net.gate > net.synthesis)]
    heard = recorded(net, tmp_path / "cut.wav", [*cuts, *cuts, *bypass, *back])
    assert np.abs(heard).max() > 0.5
    assert bend(heard) < 0.02


def test_a_delay_that_an_edit_needs_makes_no_click(net, tmp_path):
    net.osc, net.overlap, net.out = net.types.Oscillator, net.types.Gain, net.types.AudioSink
    net.osc.Frequency = 440.0
    net.osc._config.Amplitude = 0.3
    net.osc > net.overlap > net.out
    net.fft, net.ifft = net.types.FFT, net.types.IFFT
    wet = [lambda: net.osc > net.fft > net.ifft > net.out, lambda: net.ifft.disconnect(net.out), lambda: net.ifft > net.out]
    dry = [lambda: net.overlap.disconnect(net.out), lambda: net.overlap > net.out]
    heard = recorded(net, tmp_path / "delay.wav", [*wet, *dry])
    assert bend(heard) < 0.02


def test_pieces_that_do_not_overlap_are_cut_without_a_click(net, tmp_path):
    net.osc, net.fft, net.overlap, net.out = net.types.Oscillator, net.types.FFT, net.types.IFFT, net.types.AudioSink
    net.osc.Frequency = 440.0
    net.osc > net.fft > net.overlap > net.out
    cuts = [lambda: net.fft.disconnect(net.overlap), lambda: net.fft > net.overlap]
    heard = recorded(net, tmp_path / "cut.wav", [*cuts, *cuts, lambda: net.osc.disconnect(net.fft), lambda: net.osc > net.fft])
    assert np.abs(heard).max() > 0.5
    assert bend(heard) < 0.02


def test_another_size_of_the_window_is_heard_without_a_click(net, tmp_path):
    net.osc = net.types.Oscillator
    net.osc.Frequency = 440.0
    chain(net, "osc")

    def size(frames: int) -> None:
        net.analysis.prWindowSize = frames
        net.synthesis.prAnalWindowSize = frames

    heard = recorded(net, tmp_path / "sizes.wav", [lambda n=n: size(n) for n in (1025, 4097, 2049)])
    assert bend(heard) < 0.1
    assert np.abs(heard[-2048:]).max() > 0.1


def test_an_edit_elsewhere_leaves_a_chain_as_it_is(net, tmp_path):
    net.osc = net.types.Oscillator
    net.osc.Frequency = 440.0
    chain(net, "osc")
    net.other = net.types.SpectralAnalysis

    def more() -> None:
        net.fft, net.second = net.types.FFT, net.types.SpectralGate
        net.other > net.second
        net.osc > net.fft
        net.osc > net.other

    def less() -> None:
        del net.fft

    heard = recorded(net, tmp_path / "other.wav", [lambda: net.osc > net.other, lambda: net.other.disconnect(), more, less])
    assert bend(heard) < 0.006


def test_memory_by_the_form_of_frames_is_kept_when_it_is_configured_otherwise(net):
    @processing
    class Holds:
        """Adds up magnitudes."""

        Weight = config(1.0)
        spectrum = in_port("In", Spectrum)
        output = out_port("Out", Spectrum, copies="spectrum")

        class State:
            total: Array[float]

        def initial(spectrum):  # noqa: N805 -- no method: there is no self
            return {"total": np.zeros(spectrum.bins)}

        def process(state, output, Weight):  # noqa: N805 -- as above
            for k in range(len(output.magnitude)):
                state.total[k] += Weight * output.magnitude[k]
                output.magnitude[k] = state.total[k]

    net.osc, net.fft, net.holds = net.types.Oscillator, net.types.FFT, net.types.Holds
    net.fft.AudioSize = 2048
    net.osc > net.fft > net.holds
    out = net.holds["Out"]
    net.play("clock")
    eventually(lambda: hasattr(out, "value") and out.value.magnitude.max() > 5000)
    net.holds.Weight = 0.0
    later = out.value.time + 5 * 2048
    eventually(lambda: out.value.time > later)
    assert out.value.magnitude.max() > 5000
    assert len(out.value.magnitude) == 1025


def test_not_a_number_is_named_and_does_not_stay(net):
    @processing
    class Spoils:
        """Writes what is not a number."""

        spectrum = in_port("In", Spectrum)
        output = out_port("Out", Spectrum, copies="spectrum")

        def process(output):  # noqa: N805 -- no method: there is no self
            output.magnitude[3] = output.magnitude[3] / 0.0 - output.magnitude[3] / 0.0

    net.source = net.types.AudioSource
    chain(net, "source")
    net.spoils = net.types.Spoils
    net.gate.disconnect(net.synthesis)
    net.gate > net.spoils > net.synthesis
    with pytest.warns(UserWarning, match=r"spoils .*NaN or infinity"):
        heard = net.render(inputs=noise(), sample_rate=RATE)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() > 0.01


@pytest.mark.parametrize("block", [64, 512, 700])
def test_signals_that_are_mixed_into_an_analysis_meet(net, block):
    """Dry and wet sound cancel in the in port of a transform, too."""
    net.source, net.fft, net.ifft, net.minus = net.types.AudioSource, net.types.FFT, net.types.IFFT, net.types.Gain
    net.second, net.back, net.out = net.types.FFT, net.types.IFFT, net.types.AudioSink
    net.minus.Gain = -1.0
    net.source > net.fft > net.ifft > net.minus > net.second > net.back > net.out
    net.source > net.second
    given = noise()
    heard = net.render(inputs=given, block_size=block, sample_rate=RATE)[4096:40000]
    assert np.std(heard) < 1e-6 * np.std(given)
