"""What the types make of signals, against what the textbook says."""

from __future__ import annotations

import numpy as np
import pytest
from clam.judging import decibels
from scipy import signal

from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing

RATE = 48000.0


def output(
    name: str, frames: int = 16384, inputs: list[np.ndarray] | None = None, sends: dict[str, float] | None = None, **config: object
) -> np.ndarray:
    processing = CompiledProcessing(catalog[name], config, sample_rate=RATE)
    for attribute, value in (sends or {}).items():
        processing.send(attribute, value)
    return np.stack(processing.run(inputs or [], frames))


def test_a_sine_is_true_to_a_hundred_decibels() -> None:
    expected = 0.5 * np.sin(2.0 * np.pi * 997.0 / RATE * np.arange(16384))
    assert decibels(expected, output("Sine", Frequency=997.0, Amplitude=0.5)[0]) > 100.0


def test_a_negative_frequency_turns_the_other_way() -> None:
    expected = np.sin(-2.0 * np.pi * 100.0 / RATE * np.arange(4096))
    assert decibels(expected, output("Sine", 4096, Frequency=-100.0)[0]) > 100.0
    assert decibels(expected, output("SimpleOscillator", 4096, Frequency=-100.0)[0]) > 60.0


def test_a_modulated_oscillator_is_the_formula() -> None:
    generator = np.random.default_rng(5)
    phase, frequency = (generator.uniform(-1.0, 1.0, 4096).astype(np.float32) for _ in range(2))
    turned = np.concatenate([[0.0], np.cumsum(frequency[:-1].astype(float))]) * 440.0 / RATE
    expected = np.sin(2.0 * np.pi * turned + 3.0 * phase)
    assert decibels(expected, output("Oscillator", 4096, [phase, frequency], ModIndex=3.0)[0]) > 100.0


def test_an_oscillator_reads_one_at_an_open_frequency_modulation() -> None:
    opens = {item.spec.name: item.open for item in catalog["Oscillator"].items_of("inports")}
    assert opens == {"Input Phase Modulation": 0.0, "Input Frequency Modulation": 1.0}


@pytest.mark.parametrize("frequency", [441.0, 3001.0])
def test_a_saw_has_the_harmonics_of_a_saw_and_few_mirrored(frequency: float) -> None:
    heard = output("Saw", 48000, Frequency=frequency)[0]
    spectrum = np.abs(np.fft.rfft(heard)) / 24000.0  # one bin is one hertz
    for k in (1, 2, 3):
        assert spectrum[round(k * frequency)] == pytest.approx(2.0 / (np.pi * k), rel=0.06 * k if frequency > 3000 else 0.02)
    naive = 2.0 * np.mod(frequency / 48000.0 * np.arange(48000) + 0.5, 1.0) - 1.0
    harmonic = np.zeros(24001, bool)
    harmonic[round(frequency) :: round(frequency)] = True
    mirrored = spectrum[:8000][~harmonic[:8000]]
    before = (np.abs(np.fft.rfft(naive)) / 24000.0)[:8000][~harmonic[:8000]]
    assert np.sum(mirrored**2) < 0.02 * np.sum(before**2)


def test_uniform_noise_is_white_and_even() -> None:
    heard = output("WhiteNoise", 262144)[0]
    assert heard.mean() == pytest.approx(0.0, abs=0.01)
    assert heard.std() == pytest.approx(1.0, abs=0.01)
    assert np.abs(heard).max() <= np.sqrt(3.0) + 1e-6
    counts = np.histogram(heard, 32, (-np.sqrt(3.0), np.sqrt(3.0)))[0]
    assert np.abs(counts / counts.mean() - 1.0).max() < 0.06
    correlation = [np.mean(heard[:-k] * heard[k:]) for k in range(1, 20)]
    assert np.abs(correlation).max() < 0.01


def test_gaussian_noise_is_gaussian() -> None:
    heard = output("WhiteNoise", 262144, sends={"mean": 0.25, "deviation": 0.5}, DistributionType="Gaussian")[0]
    assert heard.mean() == pytest.approx(0.25, abs=0.005)
    assert heard.std() == pytest.approx(0.5, abs=0.005)
    scaled = (heard - heard.mean()) / heard.std()
    assert np.mean(scaled**3) == pytest.approx(0.0, abs=0.03)
    assert np.mean(scaled**4) == pytest.approx(3.0, abs=0.06)
    assert np.abs([np.mean(scaled[:-k] * scaled[k:]) for k in range(1, 20)]).max() < 0.01


def test_a_notch_takes_its_frequency_out() -> None:
    tone = np.sin(2.0 * np.pi * 200.0 / RATE * np.arange(48000)).astype(np.float32)
    heard = output("Notch2ndOrder", 48000, [tone])[0]
    assert np.abs(heard[-4800:]).max() < 1e-3


@pytest.mark.parametrize(("frequency", "q"), [(100.0, 0.7), (1000.0, 5.0), (12000.0, 2.0)])
def test_a_low_pass_is_the_analogue_one_warped(frequency: float, q: float) -> None:
    noise = np.random.default_rng(2).uniform(-1.0, 1.0, 16384).astype(np.float32)
    g = np.tan(np.pi * frequency / RATE)
    b = np.array([g * g, 2.0 * g * g, g * g])
    a = np.array([1.0 + g / q + g * g, 2.0 * g * g - 2.0, 1.0 - g / q + g * g])
    expected = signal.lfilter(b / a[0], a / a[0], noise.astype(float))
    assert decibels(expected, output("ResonantLowPass", inputs=[noise], Cutoff=frequency, Resonance=q)[0]) > 100.0


@pytest.mark.parametrize("position", [-1.0, -0.3, 0.0, 0.7, 1.0])
def test_a_panner_is_as_loud_at_every_place(position: float) -> None:
    left, right = output("StereoPanner", 64, [np.ones(64, np.float32)], sends={"position": position})
    np.testing.assert_allclose(left**2 + right**2, 1.0, atol=1e-6)
    assert right[0] / max(left[0], 1e-9) == pytest.approx(np.tan((position + 1.0) * np.pi / 4.0), rel=1e-4) or position == 1.0


def test_a_panner_moves_without_a_click() -> None:
    panner = CompiledProcessing(catalog["StereoPanner"], sample_rate=RATE)
    ones = np.ones(512, np.float32)
    panner.run([ones])
    panner.send("position", 1.0)
    left, _ = panner.run([ones])
    assert np.abs(np.diff(left)).max() < 0.002
    assert left[-1] == pytest.approx(0.0, abs=1e-5)


def test_a_meter_shows_what_a_tone_is() -> None:
    meter = CompiledProcessing(catalog["Vumeter"], sample_rate=RATE)
    tone = (0.5 * np.sin(2.0 * np.pi * 1000.0 / RATE * np.arange(512 * 300))).astype(np.float32)
    for k in range(300):
        meter.run([tone[512 * k : 512 * k + 512]])
    assert np.sqrt(meter.field("level")) == pytest.approx(0.5 / np.sqrt(2.0), rel=0.02)
    assert meter.field("peak") == pytest.approx(0.5, rel=0.01)


def test_an_oscilloscope_keeps_the_last_samples() -> None:
    scope = CompiledProcessing(catalog["Oscilloscope"])
    ramp = np.arange(20480, dtype=np.float32)
    for k in range(40):
        scope.run([ramp[512 * k : 512 * k + 512]])
    line = scope.field("line")
    assert np.array_equal(np.roll(line, -(20480 % len(line))), ramp[-len(line) :])
