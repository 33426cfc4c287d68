"""Filters, reverb, dynamics, shapers and modulation of ipyclam's own, measured against theory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import signal

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing

pytestmark = pytest.mark.slow

RATE = 48000.0


def made(name: str, sends: dict[str, float] | None = None, **config: Any) -> CompiledProcessing:
    processing = CompiledProcessing(catalog[name], config, sample_rate=RATE)
    for key, value in (sends or {}).items():
        attribute, _, k = key.partition(".")
        processing.send(attribute, value, int(k or 0))
    return processing


def output(name: str, inputs: list[np.ndarray], sends: dict[str, float] | None = None, **config: Any) -> np.ndarray:
    """The out ports of a processing for these in ports; the others are silent."""
    processing = made(name, sends, **config)
    number = sum(processing.count(item) for item in catalog[name].items_of("inports"))
    silent = [np.zeros_like(inputs[0])] * (number - len(inputs))
    return np.stack(processing.run([*inputs, *silent], len(inputs[0])))


def impulse(frames: int = 65536) -> np.ndarray:
    samples = np.zeros(frames, np.float32)
    samples[0] = 1.0
    return samples


def tone(frequency: float, frames: int, level: float = 1.0) -> np.ndarray:
    return (level * np.sin(2.0 * np.pi * frequency / RATE * np.arange(frames))).astype(np.float32)


def noise(frames: int, level: float = 0.3) -> np.ndarray:
    return (level * np.random.default_rng(11).standard_normal(frames)).astype(np.float32)


def constant(decibels: float, frames: int = 48000) -> np.ndarray:
    return np.full(frames, 10.0 ** (decibels / 20.0), np.float32)


def in_decibels(values: Any) -> Any:
    return 20.0 * np.log10(np.maximum(np.abs(values), 1e-12))


FREQUENCIES = np.geomspace(20.0, 20000.0, 60)


def response(samples: np.ndarray) -> Any:
    """The complex response at `FREQUENCIES` of a system with this impulse response."""
    return signal.freqz(samples.astype(float), worN=FREQUENCIES, fs=RATE)[1]


# filters


def prototype(kind: str, cutoff: float, q: float) -> Any:
    """The response of an analogue second-order filter, mapped by the bilinear transform."""
    warped = 2.0 * RATE * math.tan(math.pi * cutoff / RATE)
    top = {
        "low_pass": [warped**2],
        "band_pass": [warped / q, 0.0],
        "high_pass": [1.0, 0.0, 0.0],
        "notch": [1.0, 0.0, warped**2],
    }[kind]
    return signal.freqz(*signal.bilinear(top, [1.0, warped / q, warped**2], RATE), worN=FREQUENCIES, fs=RATE)[1]


KINDS = ("low_pass", "band_pass", "high_pass", "notch")


@pytest.mark.parametrize(("cutoff", "q"), [(100.0, 0.7071), (1000.0, 0.5), (3000.0, 8.0), (12000.0, 2.0)])
def test_the_outputs_of_a_state_variable_filter_have_the_responses_of_the_textbook(cutoff: float, q: float) -> None:
    for kind, samples in zip(KINDS, output("StateVariableFilter", [impulse()], Cutoff=cutoff, Resonance=q), strict=True):
        expected = prototype(kind, cutoff, q)
        audible = np.abs(expected) > 1e-3
        np.testing.assert_allclose(in_decibels(response(samples))[audible], in_decibels(expected)[audible], atol=0.01)


def test_low_band_and_high_add_up_to_the_input() -> None:
    low, band, high, notch = output("StateVariableFilter", [noise(4096)], Cutoff=700.0, Resonance=3.0)
    np.testing.assert_allclose(low + band + high, noise(4096), atol=1e-6)
    np.testing.assert_allclose(low + high, notch, atol=1e-6)


def test_its_low_pass_is_the_resonant_low_pass() -> None:
    given = {"Cutoff": 700.0, "Resonance": 3.0}
    expected = output("ResonantLowPass", [noise(4096)], **given)[0]
    np.testing.assert_allclose(output("StateVariableFilter", [noise(4096)], **given)[0], expected, atol=1e-6)


def test_a_modulated_cutoff_is_ramped_without_a_click_and_stays_stable() -> None:
    filtering = made("StateVariableFilter", Cutoff=20.0, Resonance=1.0)
    ones = np.ones(512, np.float32)
    for _ in range(200):
        filtering.run([ones])
    filtering.send("frequency", 20000.0)
    assert np.abs(np.diff(filtering.run([ones])[0])).max() < 0.01
    draw = np.random.default_rng(1)
    heard = []
    for k in range(400):
        filtering.send("frequency", float(20.0 * 1000.0 ** draw.random()))
        filtering.send("q", float(0.5 + 19.5 * draw.random()))
        heard.append(np.stack(filtering.run([noise(204800)[512 * k : 512 * k + 512]])))
    assert np.abs(np.concatenate(heard, axis=1)).max() < 40.0


def cookbook(shape: str, frequency: float, gain: float, q: float) -> Any:
    """The response of the cookbook's analogue prototypes, mapped by the bilinear transform."""
    a = 10.0 ** (gain / 40.0)
    w = 2.0 * RATE * math.tan(math.pi * frequency / RATE)
    if shape == "Peak":
        top, bottom = [1.0, w * a / q, w * w], [1.0, w / (a * q), w * w]
    else:
        more, less = [1.0, math.sqrt(a) * w / q, a * w * w], [a, math.sqrt(a) * w / q, w * w]
        top, bottom = ([a * v for v in (more if shape == "Low Shelf" else less)], less if shape == "Low Shelf" else more)
    return signal.freqz(*signal.bilinear(top, bottom, RATE), worN=FREQUENCIES, fs=RATE)[1]


BANDS = [("Low Shelf", 120.0, 9.0, 0.7071), ("Peak", 500.0, -12.0, 4.0), ("Peak", 3000.0, 6.0, 0.7), ("High Shelf", 9000.0, -15.0, 0.9)]


def equalizer(bands: list[tuple[str, float, float, float]], **config: Any) -> CompiledProcessing:
    shapes, frequencies, gains, qs = zip(*bands, strict=True)
    ends = {"LowestBand": shapes[0], "HighestBand": shapes[-1] if len(bands) > 1 else "Peak"}
    return made("ParametricEqualizer", NumberOfBands=len(bands), Frequencies=frequencies, Gains=gains, Resonances=qs, **{**ends, **config})


@pytest.mark.parametrize("bands", [*([band] for band in BANDS[:3]), BANDS, [BANDS[1], BANDS[2]], [BANDS[2], BANDS[3]]])
def test_an_equalizer_has_the_response_of_the_cookbook(bands: list[tuple[str, float, float, float]]) -> None:
    heard = equalizer(bands).run([impulse()], 65536)[0]
    expected = math.prod(cookbook(*band) for band in bands)
    np.testing.assert_allclose(in_decibels(response(heard)), in_decibels(expected), atol=0.02)


def test_an_equalizer_of_0_db_changes_nothing() -> None:
    assert np.array_equal(output("ParametricEqualizer", [noise(4096)])[0], noise(4096))


def test_a_gain_of_an_equalizer_is_ramped_without_a_click() -> None:
    eq = equalizer([("Low Shelf", 200.0, 0.0, 0.7071)])
    ones = np.ones(512, np.float32)
    eq.run([ones])
    eq.send("gains", 12.0)
    assert np.abs(np.diff(eq.run([ones])[0])).max() < 0.03
    for _ in range(20):
        heard = eq.run([ones])[0]
    assert in_decibels(heard[-1]) == pytest.approx(12.0, abs=0.01)


# reverb


def decay_time(samples: np.ndarray, frequency: float, octaves: float = 1.0) -> float:
    """RT60 in a band around a frequency, from the slope of the backward integral from -5 to -35 dB (ISO 3382)."""
    edges = [frequency / 2.0 ** (octaves / 2.0), frequency * 2.0 ** (octaves / 2.0)]
    band = signal.butter(4, edges, "bandpass", fs=RATE, output="sos")
    energy = np.cumsum(signal.sosfilt(band, samples.astype(float))[::-1] ** 2)[::-1]
    level = 10.0 * np.log10(energy / energy[0] + 1e-30)
    from_, to = int(np.argmax(level < -5.0)), int(np.argmax(level < -35.0))
    return float(-60.0 / np.polyfit(np.arange(from_, to) / RATE, level[from_:to], 1)[0])


def wet(frames: int, **config: Any) -> np.ndarray:
    return output("Reverb", [impulse(frames)], InitialMix=1.0, **config)


@pytest.mark.parametrize("frequency", [250.0, 500.0, 1000.0])
@pytest.mark.parametrize(("decay", "size", "lines"), [(0.5, 3.0, "16"), (2.0, 12.0, "16"), (2.0, 12.0, "8"), (5.0, 30.0, "16")])
def test_a_reverb_decays_by_60_db_in_the_decay_time(decay: float, size: float, lines: str, frequency: float) -> None:
    for samples in wet(int(1.2 * decay * RATE), InitialDecay=decay, Size=size, Lines=lines):
        assert decay_time(samples, frequency) == pytest.approx(decay, rel=0.1)


@pytest.mark.parametrize("damping", [2000.0, 6000.0])
def test_the_damping_frequency_decays_in_half_the_time(damping: float) -> None:
    for samples in wet(96000, InitialDecay=2.0, InitialDamping=damping):
        assert decay_time(samples, damping, 1.0 / 3.0) == pytest.approx(1.0, rel=0.1)


def test_a_reverb_of_no_decay_is_silent() -> None:
    assert np.abs(wet(48000, InitialDecay=0.0)).max() < 1e-9
    short = wet(48000, InitialDecay=0.05)
    assert np.sum(short[:, 4800:] ** 2) < 1e-6 * np.sum(short**2)


@pytest.mark.parametrize("decay", [0.1, 0.5, 2.0, 10.0, 30.0])
@pytest.mark.parametrize("size", [1.0, 12.0, 60.0])
def test_a_reverb_adds_no_energy(decay: float, size: float) -> None:
    heard = wet(int(1.5 * (decay + 1.0) * RATE), InitialDecay=decay, Size=size)
    assert (np.sum(heard.astype(float) ** 2, axis=1) < 1.0).all()
    heard = wet(int(1.5 * (decay + 1.0) * RATE), InitialDecay=decay, Size=size, InitialDamping=24000.0)
    assert (np.sum(heard.astype(float) ** 2, axis=1) < 1.1).all()


def test_the_two_sides_of_a_reverb_differ_and_are_equally_loud() -> None:
    left, right = wet(96000)[:, 4800:].astype(float)
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.2
    assert in_decibels(np.std(left) / np.std(right)) == pytest.approx(0.0, abs=1.0)


def test_a_reverb_has_no_pattern_that_rings() -> None:
    """The late part is as dense as Gaussian noise: its echo density (Abel and Huang) is about 1."""
    late = wet(96000)[0, 14400:24000].astype(float)
    windows = late[: len(late) // 960 * 960].reshape(-1, 960)
    outside = np.mean(np.abs(windows) > windows.std(axis=1, keepdims=True))
    assert outside / math.erfc(1.0 / math.sqrt(2.0)) == pytest.approx(1.0, abs=0.15)


def test_a_dry_reverb_is_the_input_each_on_its_side() -> None:
    one, other = noise(4096), noise(4096)[::-1].copy()
    np.testing.assert_array_equal(output("Reverb", [one, other], {"mix": 0.0}, NumberOfInputs=2), [one, other])
    np.testing.assert_array_equal(output("Reverb", [one], {"mix": 0.0}), [one, one])


def test_a_pre_delay_delays_the_reverb() -> None:
    at_once, later = wet(48000), wet(48000, InitialPreDelay=50.0)
    np.testing.assert_allclose(later[:, 2400:], at_once[:, :-2400], atol=1e-7)
    assert not later[:, :2400].any()


def test_a_reverb_is_silent_again_after_nan_and_infinity() -> None:
    bad = noise(512)
    bad[7], bad[8] = np.nan, np.inf
    reverb = made("Reverb", InitialDecay=0.2)
    reverb.run([bad])
    silence = np.zeros(48000, np.float32)
    reverb.run([silence], 48000)
    assert np.abs(np.stack(reverb.run([silence], 48000))).max() < 1e-3


# dynamics


def compressed(level: float, threshold: float, ratio: float, knee: float) -> float:
    """The level after a compressor: Giannoulis, Massberg and Reiss, equation 4."""
    over = level - threshold
    if 2.0 * over < -knee:
        return level
    if 2.0 * abs(over) <= knee and knee > 0.0:
        return level + (1.0 / ratio - 1.0) * (over + knee / 2.0) ** 2 / (2.0 * knee)
    return threshold + over / ratio


@pytest.mark.parametrize(("threshold", "ratio", "knee"), [(-20.0, 4.0, 0.0), (-20.0, 4.0, 12.0), (-40.0, 1.5, 6.0), (-10.0, 20.0, 24.0)])
def test_a_compressor_has_the_static_curve_of_the_textbook(threshold: float, ratio: float, knee: float) -> None:
    sends = {"threshold": threshold, "ratio": ratio, "knee": knee, "makeup": 3.0}
    for level in range(-60, 7, 3):
        heard = in_decibels(output("Compressor", [constant(level)], sends)[0, -1])
        assert heard == pytest.approx(compressed(level, threshold, ratio, knee) + 3.0, abs=0.01)


def test_a_compressor_takes_a_tone_at_its_peak() -> None:
    heard = output("Compressor", [tone(1000.0, 96000)], {"attack": 1.0, "release": 300.0, "knee": 0.0})[0, -4800:]
    assert in_decibels(np.abs(heard).max()) == pytest.approx(-15.0, abs=0.25)


def time_constant(decibels: np.ndarray) -> float:
    """The time in ms in which 63 % of a change from the first value to the last is done."""
    done = (decibels - decibels[0]) / (decibels[-1] - decibels[0])
    return float(np.argmax(done > 1.0 - math.exp(-1.0)) / RATE * 1000.0)


@pytest.mark.parametrize(("attack", "release"), [(0.0, 50.0), (5.0, 100.0), (30.0, 200.0)])
def test_a_compressors_attack_and_release_are_time_constants(attack: float, release: float) -> None:
    compressor = made("Compressor", {"attack": attack, "release": release, "knee": 0.0})
    loud, quiet = constant(0.0), constant(-30.0, 96000)
    falling = in_decibels(compressor.run([loud, loud], 48000)[0])
    rising = in_decibels(compressor.run([quiet, quiet], 96000)[0])
    if attack:
        assert time_constant(falling) == pytest.approx(attack, abs=0.1)
    assert falling[-1] == pytest.approx(-15.0, abs=0.01)
    time = np.arange(1, 96001) / RATE * 1000.0
    held = (release * np.exp(-time / release) - attack * np.exp(-time / max(attack, 1e-9))) / (release - attack)
    np.testing.assert_allclose(rising, -30.0 - 15.0 * held, atol=0.1)


def test_a_side_chain_ducks() -> None:
    heard = output("Compressor", [constant(-30.0), constant(0.0)], {"knee": 0.0}, ExternalSideChain=True)[0]
    assert in_decibels(heard[-1]) == pytest.approx(-45.0, abs=0.01)
    heard = output("Compressor", [constant(-30.0), constant(0.0)], {"knee": 0.0})[0]
    assert in_decibels(heard[-1]) == pytest.approx(-30.0, abs=0.01)
    assert output("Gate", [constant(-60.0), constant(0.0)], ExternalSideChain=True)[0, -1] == pytest.approx(0.001, rel=1e-4)


@pytest.mark.parametrize("ceiling", [0.0, -1.0, -12.0])
@pytest.mark.parametrize("ahead", [0.0, 1.0, 5.0, 20.0])
def test_no_sample_exceeds_the_ceiling_of_a_limiter(ceiling: float, ahead: float) -> None:
    loud = [noise(48000, 2.0), impulse(48000) * 100.0]
    heard = output("Limiter", loud, {"ceiling": ceiling, "release": 1.0}, NumberOfChannels=2, LookAhead=ahead)
    assert np.abs(heard).max() <= np.float32(10.0 ** (ceiling / 20.0))
    assert np.abs(heard).max() > 0.99 * 10.0 ** (ceiling / 20.0)


def test_a_limiter_lowers_the_gain_by_itself_so_that_nothing_is_clipped() -> None:
    """Before it is clipped, the output is within the ceiling to the last digits: the gain is the smooth one everywhere."""
    sound = noise(48000, 1.0)
    gain = output("Limiter", [sound], {"release": 20.0})[0, 240:] / np.where(sound[:-240] == 0.0, 1.0, sound[:-240])
    assert np.abs(np.diff(gain)).max() <= 1.0 / 240.0


def test_a_quiet_signal_passes_a_limiter_unchanged_but_late() -> None:
    heard = output("Limiter", [noise(4096, 0.1)], LookAhead=5.0)[0]
    assert np.array_equal(heard[240:], noise(4096, 0.1)[:-240])
    assert not heard[:240].any()


def test_a_limiter_has_a_static_curve_and_a_release() -> None:
    for level in range(-24, 13, 3):
        heard = in_decibels(output("Limiter", [constant(level)], {"ceiling": -6.0})[0, -1])
        assert heard == pytest.approx(min(level, -6.0), abs=1e-3)
    limiter = made("Limiter", {"release": 50.0}, LookAhead=1.0)
    limiter.run([constant(20.0)], 48000)
    gain = limiter.run([constant(-20.0)], 48000)[0][96:] / 0.1
    time = np.arange(len(gain)) / RATE * 1000.0
    np.testing.assert_allclose(gain, 1.0 - 0.9 * np.exp(-(time + 0.5) / 50.0), atol=0.01)


def test_the_channels_of_a_limiter_have_one_gain() -> None:
    left, right = output("Limiter", [noise(48000, 2.0), 0.5 * noise(48000, 2.0)], NumberOfChannels=2)
    np.testing.assert_allclose(0.5 * left, right, atol=1e-6)


def test_a_limiter_is_right_again_after_nan_and_infinity() -> None:
    bad = noise(512, 0.1)
    bad[7], bad[8] = np.nan, np.inf
    limiter = made("Limiter", {"release": 1.0})
    limiter.run([bad])
    sound = noise(48000, 0.1)
    limiter.run([sound], 48000)
    assert np.array_equal(limiter.run([sound], 48000)[0][240:], sound[:-240])


@pytest.mark.parametrize("range_", [-80.0, -20.0, 0.0])
def test_a_gate_attenuates_below_its_threshold(range_: float) -> None:
    for level in (-70.0, -43.5, -40.5, -39.5, -10.0):
        heard = in_decibels(output("Gate", [constant(level)], {"range": range_, "release": 10.0})[0, -1])
        assert heard == pytest.approx(level + (range_ if level < -40.0 else 0.0), abs=0.01)


def test_an_open_gate_closes_below_the_hysteresis_after_the_hold() -> None:
    gate = made("Gate", {"hold": 10.0, "release": 20.0, "attack": 2.0})
    silence = np.zeros(4800, np.float32)
    opening = gate.run([constant(-20.0, 4800), silence], 4800)[0] / 0.1
    np.testing.assert_allclose(opening, 1.0 - np.exp(-np.arange(1, 4801) / (0.002 * RATE)), atol=2e-4)
    within = gate.run([constant(-42.0, 4800), silence], 4800)[0]
    np.testing.assert_allclose(in_decibels(within), -42.0, atol=0.01)
    closing = gate.run([constant(-44.0, 4800), silence], 4800)[0] / 10.0 ** (-44.0 / 20.0)
    np.testing.assert_allclose(closing[:480], 1.0, atol=1e-4)
    np.testing.assert_allclose(closing[480:], np.exp(-np.arange(1, 4321) / (0.02 * RATE)), atol=3e-4)


def test_a_gate_holds_through_the_zeros_of_a_low_note() -> None:
    heard = output("Gate", [tone(30.0, 48000, 0.1)], {"attack": 0.0})[0]
    np.testing.assert_allclose(heard[4800:], tone(30.0, 48000, 0.1)[4800:], atol=1e-6)


# modulation


def test_an_envelope_follower_measures_peak_and_rms() -> None:
    sound = tone(1000.0, 96000, 0.5)
    peak = made("EnvelopeFollower", {"attack": 0.0, "release": 500.0})
    heard = peak.run([sound], 96000)[0]
    assert heard[-1] == pytest.approx(0.5, rel=0.01)
    assert peak.sent("level") == [pytest.approx(float(heard[-1]))]
    heard = output("EnvelopeFollower", [sound], {"attack": 100.0, "release": 100.0}, Detector="RMS")[0]
    assert heard[-1] == pytest.approx(0.5 / math.sqrt(2.0), rel=0.01)
    sound = noise(480000, 0.2)
    heard = output("EnvelopeFollower", [sound], {"attack": 1000.0, "release": 1000.0}, Detector="RMS")[0]
    assert heard[-1] == pytest.approx(0.2, rel=0.03)


def test_an_envelope_follower_rises_and_falls_by_its_time_constants() -> None:
    follower = made("EnvelopeFollower", {"attack": 10.0, "release": 50.0})
    time = np.arange(1, 24001) / RATE
    np.testing.assert_allclose(follower.run([constant(0.0, 24000)], 24000)[0], 1.0 - np.exp(-time / 0.01), atol=1e-5)
    np.testing.assert_allclose(follower.run([constant(-300.0, 24000)], 24000)[0], np.exp(-time / 0.05), atol=1e-5)


def test_audio_becomes_a_control_once_a_block_and_only_where_it_changes() -> None:
    taking = made("AudioToControl")
    ramp = np.linspace(0.0, 1.0, 512, dtype=np.float32)
    for samples in (ramp, ramp, 0.25 * ramp, np.full(512, np.nan, np.float32), ramp):
        taking.run([samples])
    assert taking.sent("control") == [1.0, 0.25, 1.0]
    mean = made("AudioToControl", Value="Mean")
    mean.run([ramp])
    assert mean.sent("control") == [pytest.approx(0.5)]


def test_a_control_becomes_a_smooth_signal() -> None:
    giving = made("ControlToAudio", InitialValue=0.5)
    assert np.array_equal(giving.run()[0], np.full(512, 0.5, np.float32))
    giving.send("control", 1.0)
    np.testing.assert_allclose(giving.run()[0], 0.5 + 0.5 * np.arange(1, 513) / 512, atol=1e-6)
    slow = made("ControlToAudio", SmoothingTime=20.0)
    slow.run(frames=1)
    slow.send("control", 1.0)
    slow.run(frames=1)
    np.testing.assert_allclose(slow.run(frames=4800)[0], 1.0 - np.exp(-np.arange(2, 4802) / (0.02 * RATE)), atol=1e-4)


def test_a_modulation_goes_from_audio_to_a_control_and_back() -> None:
    net = Network()
    net.lfo, net.range, net.taking, net.giving, net.out = "Sine", "Scale", "AudioToControl", "ControlToAudio", "AudioSink"
    net.lfo.Frequency = 2.0
    net.range.OutputLow, net.range.OutputHigh = 200.0, 1000.0
    _ = net.lfo > net.range > net.taking
    _ = net.taking > net.giving > net.out
    heard = net.render(seconds=1.0, sample_rate=48000, block_size=64)[:, 0]
    expected = 600.0 + 400.0 * np.sin(2.0 * np.pi * 2.0 * np.arange(48000) / 48000.0)
    assert np.abs(heard - expected)[512:].max() < 25.0
    assert np.abs(np.diff(heard))[512:].max() < 0.2


# shapers


def test_an_offset_is_added_and_a_range_is_mapped() -> None:
    sound = noise(4096)
    assert np.array_equal(output("Offset", [sound], {"offset": 0.25})[0], sound + np.float32(0.25))
    sends = {"input_low": -1.0, "input_high": 3.0, "output_low": 100.0, "output_high": 20.0}
    np.testing.assert_allclose(output("Scale", [sound], sends)[0], np.interp(sound, [-9.0, 9.0], [260.0, -100.0]), rtol=1e-6)
    assert np.array_equal(output("Scale", [sound], {"input_low": 1.0, "output_low": 0.5})[0], np.full(4096, 0.5, np.float32))


def test_a_scale_is_changed_without_a_click() -> None:
    scale = made("Scale")
    ones = np.ones(512, np.float32)
    scale.run([ones])
    scale.send("output_high", 2.0)
    np.testing.assert_allclose(scale.run([ones])[0], 1.0 + np.arange(1, 513) / 512, atol=1e-6)
    assert np.array_equal(scale.run([ones])[0], 2.0 * ones)


def test_clip_clips_to_its_range() -> None:
    assert np.array_equal(
        output("Clip", [noise(4096)], {"low": -0.1, "high": 0.3})[0], np.clip(noise(4096), np.float32(-0.1), np.float32(0.3))
    )
    assert np.array_equal(output("Clip", [noise(4096)], {"low": 0.5, "high": -0.5})[0], np.full(4096, -0.5, np.float32))


@pytest.mark.parametrize("drive", [0.0, 1.0, 7.5, -3.0])
def test_tanh_is_the_hyperbolic_tangent(drive: float) -> None:
    sound = np.linspace(-4.0, 4.0, 4001, dtype=np.float32)
    expected = np.tanh(sound.astype(float) * drive).astype(np.float32)
    np.testing.assert_array_max_ulp(output("Tanh", [sound], {"drive": drive})[0], expected, 4)


@pytest.mark.parametrize("position", [-1.0, 0.0, 0.25, 0.5, 1.0, 2.0])
def test_a_crossfade_follows_its_law(position: float) -> None:
    place = min(max(position, 0.0), 1.0)
    ones, nothing = np.ones(64, np.float32), np.zeros(64, np.float32)
    gains = [output("CrossFade", inputs, {"position": position})[0, -1] for inputs in ([ones, nothing], [nothing, ones])]
    assert gains == pytest.approx([math.cos(0.5 * math.pi * place), math.sin(0.5 * math.pi * place)], abs=1e-7)
    assert gains[0] ** 2 + gains[1] ** 2 == pytest.approx(1.0, abs=1e-6)
    gains = [output("CrossFade", inputs, {"position": position}, Law="Linear")[0, -1] for inputs in ([ones, nothing], [nothing, ones])]
    assert gains == pytest.approx([1.0 - place, place], abs=1e-7)


def test_a_crossfade_moves_without_a_click() -> None:
    fade = made("CrossFade", Law="Linear")
    ones, nothing = np.ones(512, np.float32), np.zeros(512, np.float32)
    fade.run([ones, nothing])
    fade.send("position", 1.0)
    np.testing.assert_allclose(fade.run([ones, nothing])[0], 1.0 - np.arange(1, 513) / 512, atol=1e-6)
    assert not fade.run([ones, nothing])[0].any()


def test_controls_are_shaped() -> None:
    clip = made("ControlClip", InitialLow=-1.0, InitialHigh=2.0)
    for value in (-3.0, 0.5, 7.0):
        clip.run()
        clip.send("control", value)
    clip.run()
    clip.send("high", 5.0)
    clip.run()
    assert clip.sent("output") == [-1.0, 0.5, 2.0, 5.0]
    shaper = made("ControlTanh", {"drive": 2.0})
    shaper.run()
    shaper.send("control", 0.3)
    shaper.run()
    assert shaper.sent("output") == [math.tanh(0.6)]


# all of them

OWN = (
    "StateVariableFilter",
    "ParametricEqualizer",
    "Compressor",
    "Gate",
    "EnvelopeFollower",
    "Offset",
    "Scale",
    "Clip",
    "Tanh",
    "CrossFade",
)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_or_infinity_at_the_input_leaves_nothing_behind(name: str, bad: float) -> None:
    processing = made(name)
    number = len(catalog[name].items_of("inports"))
    spoiled = noise(512)
    spoiled[7] = bad
    processing.run([spoiled] * number)
    again = noise(48000)
    processing.run([again] * number, 48000)
    fresh = made(name)
    fresh.run([again] * number, 48000)
    for one, other in zip(processing.run([again] * number, 48000), fresh.run([again] * number, 48000), strict=True):
        np.testing.assert_allclose(one[4800:], other[4800:], atol=1e-4)


@pytest.mark.parametrize(
    "name", ["Reverb", "StateVariableFilter", "ParametricEqualizer", "Compressor", "Gate", "EnvelopeFollower", "ControlToAudio"]
)
def test_silence_ends_in_zeros_and_not_in_denormals_which_are_slow(name: str) -> None:
    net = Network()
    net.source, net.it, net.sink = "AudioSource", name, "AudioSink"
    if name == "Reverb":
        net.it.InitialDecay = 0.1
    if net.it._inports:
        _ = net.source > net.it._inports[0]
    _ = net.it._outports[0] > net.sink
    heard = net.render(frames=960000, inputs=noise(4800).reshape(-1, 1), sample_rate=48000)
    assert not ((heard != 0.0) & (np.abs(heard) < np.finfo(np.float32).tiny)).any()
    assert np.abs(heard[-4800:]).max() < 1e-10


EDITS = {
    "ParametricEqualizer": [{"NumberOfBands": 16}, {"NumberOfBands": 1}, {"LowestBand": "Peak"}, {"NumberOfBands": 5}],
    "Reverb": [{"Lines": "8"}, {"Size": 60.0}, {"NumberOfInputs": 2}, {"Size": 1.0}, {"Lines": "16"}, {"NumberOfInputs": 1}],
    "Limiter": [{"LookAhead": 20.0}, {"NumberOfChannels": 3}, {"LookAhead": 0.0}, {"NumberOfChannels": 1}, {"LookAhead": 5.0}],
}


@pytest.mark.parametrize("name", EDITS)
def test_a_parameter_is_changed_while_it_plays(name: str) -> None:
    net = Network()
    try:
        net.noise, net.gain, net.it, net.sink = "WhiteNoise", "Gain", name, "AudioSink"
        net.gain.InitialGain = 0.5
        _ = net.noise > net.gain > net.it._inports[0]
        _ = net.it._outports[0] > net.sink
        net.play("step", sample_rate=48000, block_size=256)
        device = net._proxy.inner.player.device
        for change in [{}, *EDITS[name]]:
            net.it._config = change
            heard = np.concatenate([device.run(None) for _ in range(60)])
            assert np.abs(heard).max() < 1.0
            assert np.abs(heard[-2560:]).max() > 0.1
    finally:
        net.close()


VOICES = (1, 3, 4, 7, 8, 16, 33, 40)
BATCHED = ("StateVariableFilter", "Compressor", "Gate", "Scale", "Clip", "Tanh", "CrossFade")


def voices(name: str, wanted: list[int], block_size: int) -> np.ndarray:
    """Several of a type, each with another gain before it; every out port of each is a column."""
    outs = len(catalog[name].items_of("outports"))
    net = Network()
    net.noise, net.sink = net.types.WhiteNoise, net.types.AudioSink
    net.sink.NSinks = outs * len(wanted)
    for row, k in enumerate(wanted):
        net[f"gain{k}"], net[f"it{k}"] = "Gain", name
        net[f"gain{k}"].InitialGain = 0.05 + 0.03 * k
        _ = net.noise > net[f"gain{k}"] > net[f"it{k}"]._inports[0]
        for port in range(outs):
            _ = net[f"it{k}"]._outports[port] > net.sink._inports[outs * row + port]
    return net.render(frames=1024, block_size=block_size, sample_rate=48000)


@pytest.mark.parametrize("name", BATCHED)
def test_each_of_many_sounds_as_it_does_alone(name: str) -> None:
    every = voices(name, list(range(max(VOICES))), 256)
    outs = len(catalog[name].items_of("outports"))
    for number in VOICES:
        assert np.array_equal(voices(name, list(range(number)), 256), every[:, : outs * number])
    assert np.array_equal(voices(name, [39], 64), every[:, outs * 39 :])
