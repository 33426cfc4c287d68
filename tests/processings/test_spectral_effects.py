"""Transformations of spectra, by their effect."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.declare.frames import FrameSpec
from ipyclam_core.dsp.plain_frames import PlainFrame

from .conftest import FRAMED
from .frames import CompiledFramed

BINS = 513  # of a type that nothing is connected to
BIN = 22050.0 / BINS
HOP = 512 / 44100
TRANSFORMATIONS = sorted(name for name, type_ in FRAMED.items() if type_.spec.category == "Spectral Transformations")


def spectrum(magnitude: Any = 1.0, phase: Any = 0.0) -> PlainFrame:
    assert isinstance(Spectrum, FrameSpec)
    return PlainFrame(Spectrum, {"bins": BINS}, magnitude=magnitude, phase=phase)


def made(name: str, *frames: PlainFrame, **controls: float) -> list[PlainFrame]:
    """What a transformation makes of each frame."""
    processing = CompiledFramed(catalog[name])
    for attribute, value in controls.items():
        processing.send(attribute, value)
    return [processing.call(spectrum=frame)["output"] for frame in frames]


def noise(seed: int = 1) -> PlainFrame:
    generator = np.random.default_rng(seed)
    return spectrum(generator.uniform(0.1, 1.0, BINS), generator.uniform(-3.0, 3.0, BINS))


def test_random_phases_leave_the_magnitudes_and_spread_the_phases() -> None:
    first, second = made("RandomPhase", noise(), noise(), amount=1.0)
    np.testing.assert_array_equal(first.magnitude, noise().magnitude)
    moved = first.phase - noise().phase
    assert -np.pi <= moved.min() < -3.0
    assert 3.0 < moved.max() <= np.pi
    assert abs(np.corrcoef(first.phase, second.phase)[0, 1]) < 0.9
    np.testing.assert_array_equal(made("RandomPhase", noise())[0].phase, noise().phase)


def test_a_reversed_spectrum_has_its_lowest_bin_at_the_top() -> None:
    (out,) = made("SpectralReverse", noise())
    np.testing.assert_array_equal(out.magnitude, noise().magnitude[::-1])
    np.testing.assert_array_equal(out.phase, noise().phase[::-1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SpectralAmplitudeModulation", lambda sine: 1.0 + 0.5 * sine),
        ("SpectralRingModulation", lambda sine: np.abs(0.5 + 0.5 * sine)),
    ],
)
def test_magnitudes_follow_the_oscillator(name: str, expected: Any) -> None:
    found = [out.magnitude[7] for out in made(name, *[spectrum()] * 40, rate=3.0, width=50.0)]
    np.testing.assert_allclose(found, expected(np.sin(2.0 * np.pi * 3.0 * HOP * np.arange(40))), rtol=1e-4)


def test_a_ring_modulator_turns_the_phase_where_its_sine_is_negative() -> None:
    for k, out in enumerate(made("SpectralRingModulation", *[spectrum()] * 40, rate=3.0, width=100.0)):
        assert out.phase[7] == pytest.approx(np.pi if np.sin(2.0 * np.pi * 3.0 * HOP * k) < 0.0 else 0.0, abs=1e-6)


def test_phase_modulation_moves_the_sound_in_time() -> None:
    for k, out in enumerate(made("SpectralPhaseModulation", *[spectrum()] * 40, rate=3.0, width=10.0)):
        samples = np.fft.irfft(out.magnitude * np.exp(1j * out.phase.astype(float)))
        moved = -0.1 * len(samples) / 2 * np.sin(2.0 * np.pi * 3.0 * HOP * k)
        assert abs((np.argmax(samples) - moved + 512) % 1024 - 512) <= 1.0


def test_each_band_has_its_tremolo() -> None:
    outs = made("ThreeBandAM", *[spectrum()] * 40, low_rate=1.0, mid_rate=2.0, high_rate=3.0, depth=0.5)
    for frequency, rate in ((500.0, 1.0), (3000.0, 2.0), (9000.0, 3.0)):
        found = [out.magnitude[round(frequency / BIN)] for out in outs]
        np.testing.assert_allclose(found, 1.0 + 0.5 * np.sin(2.0 * np.pi * rate * HOP * np.arange(40)), rtol=1e-4)


def test_each_band_is_delayed_by_its_number_of_spectra() -> None:
    outs = made("SpectralDelay", *[spectrum(k + 1.0) for k in range(120)], low_delay=3.0, mid_delay=0.0, high_delay=100.0)
    for frequency, delay in ((500.0, 3), (3000.0, 0), (9000.0, 100)):
        found = [out.magnitude[round(frequency / BIN)] for out in outs]
        np.testing.assert_array_equal(found, [0.0] * delay + [k + 1.0 for k in range(120 - delay)])


def test_reject_silences_what_is_loud() -> None:
    (out,) = made("SpectralReject", spectrum(np.linspace(0.0, 1.0, BINS)), threshold=-20.0)
    assert out.magnitude.max() == pytest.approx(0.1, abs=0.002)
    assert not out.magnitude[60:].any()


def test_a_triangular_comb_is_deepest_halfway_between_harmonics() -> None:
    (out,) = made("SpectralCombTriang", spectrum(), fundamental=20 * BIN, amount=12.0)
    levels = 20.0 * np.log10(out.magnitude[40:61])
    np.testing.assert_allclose(levels, 1.2 * (np.abs(np.arange(21) - 10) - 10.0), atol=1e-4)


def test_frequencies_are_moved_down_too() -> None:
    (out,) = made("FreqShift", noise(), shift=-100 * BIN)
    np.testing.assert_array_equal(out.magnitude, [*noise().magnitude[100:], *[0.0] * 100])
    np.testing.assert_array_equal(out.phase[:-100], noise().phase[100:])


def test_a_spectrum_of_another_size_is_multiplied_and_subtracted_where_it_has_bins() -> None:
    other = PlainFrame(spectrum().spec, {"bins": 100}, magnitude=0.5, phase=0.0)
    for name, inside, outside in (("SpectrumProduct", 0.5, 0.0), ("SpectrumSubstracter2", 0.5, 1.0)):
        out = CompiledFramed(catalog[name]).call(spectrum=spectrum(), other=other)["output"]
        np.testing.assert_allclose(out.magnitude, [inside] * 100 + [outside] * 413, rtol=1e-6)


@pytest.mark.parametrize("name", TRANSFORMATIONS)
@pytest.mark.parametrize("value", [1e300, -1e300, 1e6, -1e6, 1e-300, 1.0000001])
def test_no_value_of_a_control_makes_a_number_that_is_not_finite(name: str, value: float) -> None:
    controls = {item.attribute: value for item in FRAMED[name].items_of("incontrols")}
    for out in made(name, *[noise()] * 3, **controls):
        assert np.isfinite(out.magnitude).all()
        assert np.isfinite(out.phase).all()


def test_a_spectrum_of_fewer_than_four_peaks_has_no_envelope_and_passes() -> None:
    magnitude = np.full(BINS, 1e-6)
    magnitude[[100, 200, 300]] = 0.5
    (out,) = made("SpectralShapeShift", spectrum(magnitude), shift=500.0)
    np.testing.assert_array_equal(out.magnitude, magnitude.astype(np.float32))
    np.testing.assert_array_equal(made("SpectralShapeShift", spectrum())[0].magnitude, 1.0)
    magnitude[330] = 0.5
    (out,) = made("SpectralShapeShift", spectrum(magnitude))
    np.testing.assert_allclose(out.magnitude[100:331], 0.5, rtol=1e-4)


def test_an_envelope_does_not_end_with_its_last_peak() -> None:
    magnitude = np.full(BINS, 1e-6)
    magnitude[[50, 100, 150, 200]] = 0.5
    (out,) = made("SpectralShapeShift", spectrum(magnitude))
    octave = 20.0 * np.log10(out.magnitude[[250, 300, 400]] / 0.5)
    np.testing.assert_allclose(octave, [-3.0, -9.0, -30.0], atol=1e-3)  # 12 dB * (1/4, 1/4 + 2/4, 1/4 + 2/4 + 3/4 + 4/4)


def test_an_exciter_adds_the_harmonics_of_loud_bins_up_to_1() -> None:
    magnitude = np.zeros(BINS)
    magnitude[[20, 100]] = 0.5, 0.01
    controls = {"cutoff": 10 * BIN, "threshold": -20.0, "gain": -6.0206}
    (out,) = made("SpectralExciter", spectrum(magnitude), **controls)
    expected = magnitude.copy()
    expected[40::20] += 0.25
    np.testing.assert_allclose(out.magnitude, expected, atol=1e-6)
    (out,) = made("SpectralExciter", spectrum(magnitude), **{**controls, "gain": 40.0})
    assert out.magnitude[40] == 1.0
    (out,) = made("SpectralExciter", spectrum(magnitude), **{**controls, "cutoff": 20 * BIN})
    np.testing.assert_array_equal(out.magnitude, magnitude.astype(np.float32))


@pytest.mark.parametrize(("name", "amount", "low", "high"), [("SpectralSpread", "amount", 70, 330), ("SpectralFocus", "focus", 130, 270)])
def test_frequencies_move_away_from_a_centre_or_towards_it(name: str, amount: str, low: int, high: int) -> None:
    magnitude = np.zeros(BINS)
    magnitude[[100, 300]] = 1.0
    (out,) = made(name, spectrum(magnitude), center=200 * BIN, **{amount: 30 * BIN})
    assert [int(out.magnitude[:200].argmax()), 200 + int(out.magnitude[200:].argmax())] == pytest.approx([low, high], abs=1)
    (out,) = made(name, spectrum(magnitude), center=200 * BIN, **{amount: -30 * BIN})
    assert [int(out.magnitude[:200].argmax()), 200 + int(out.magnitude[200:].argmax())] == pytest.approx([100, 300], abs=1)


@pytest.mark.parametrize("name", ["SpectralSpread", "SpectralFocus"])
@pytest.mark.parametrize("center", [-1e9, 0.0, 22050.0, 1e9])
@pytest.mark.parametrize("amount", [0.0, 1000.0, 22050.0, 1e9])
def test_a_centre_and_an_amount_may_lie_beyond_the_spectrum(name: str, center: float, amount: float) -> None:
    (out,) = made(name, noise(), center=center, **{"amount" if name == "SpectralSpread" else "focus": amount})
    assert noise().magnitude.min() <= out.magnitude.min()
    assert out.magnitude.max() <= noise().magnitude.max()


def test_a_vocoder_keeps_the_middle_of_each_band_wherever_it_is_shifted() -> None:
    (out,) = made("Vocoder", noise(), bands=10.0)
    places = np.flatnonzero(out.magnitude)
    assert 4 <= len(places) <= 10
    places = places[places != BINS // 10]  # that of the lowest band
    assert (np.diff(places)[1:] > np.diff(places)[:-1]).all()  # further and further apart
    (moved,) = made("Vocoder", noise(), bands=10.0, shift=5 * BIN)
    np.testing.assert_array_equal(np.flatnonzero(moved.magnitude), np.flatnonzero(out.magnitude) + 5)
    for shift in (-1e9, 1e9):
        assert not made("Vocoder", noise(), shift=shift)[0].magnitude.any()


def test_incoherence_is_undone_where_frequencies_are_high_and_never_without_end() -> None:
    processing = CompiledFramed(catalog["IncoherenceCompensator"])
    processing.send("deviation", 90.0)  # a quarter of a centimetre
    out = processing.call()["spectrum"]
    seconds, turns = 0.0025 / 340.0, 2.0 * np.pi * np.arange(512) * 22050.0 / 512
    np.testing.assert_allclose(out.real, np.exp((seconds * turns) ** 2 / 2.0), rtol=1e-5)
    processing.send("deviation", 1e9)
    assert np.isfinite(processing.call()["spectrum"].real).all()
