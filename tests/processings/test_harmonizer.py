"""Voices that are added to a sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from ipyclam_core import Network

from .test_spectral_modelling import RATE, between, modelled, tone

MODEL = ("SpectralPeaks", "Fundamental", "Spectrum")


@contextmanager
def harmonized(voices: int, *pitches: float, harmonic: bool = True) -> Iterator[Network]:
    """A sound with voices at intervals, as loud as it."""
    with modelled(harmonic) as net:
        between(net, "SMSHarmonizer", *MODEL)
        net.it.NumberOfVoices = voices
        for k, pitch in enumerate(pitches):
            net.it[f"Pitch_{k}"], net.it[f"Gain_{k}"] = pitch, 0.01
        yield net


def partials(samples: np.ndarray) -> dict[int, float]:
    """The level of each partial of the second half, by its frequency."""
    heard = samples[RATE // 2 :, 0]
    parts = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) * 4 / len(heard)
    peaks = [k for k in range(1, len(parts) - 1) if parts[k - 1] < parts[k] >= parts[k + 1] and parts[k] > 0.005]
    return {2 * k: float(parts[k]) for k in peaks}


def test_voices_sound_at_their_intervals() -> None:
    with harmonized(2, 12.0, -12.0) as net:
        heard = partials(net.render(inputs=tone(220.0, range(1, 2)), sample_rate=RATE))
    assert list(heard) == [110, 220, 440]


def test_a_voice_without_gain_is_off() -> None:
    with harmonized(2) as net:
        net.it.Pitch_1 = 7.0
        heard = partials(net.render(inputs=tone(220.0, range(1, 2)), sample_rate=RATE))
    assert list(heard) == [220]


def test_the_gain_of_the_sound_leaves_the_voices() -> None:
    with harmonized(1, 12.0) as net:
        before = partials(net.render(inputs=tone(220.0, range(1, 2)), sample_rate=RATE))
        net.it["Input Voice Gain"] = -6.0
        after = partials(net.render(inputs=tone(220.0, range(1, 2)), sample_rate=RATE))
    assert after[220] == pytest.approx(before[220] / 2, rel=0.02)
    assert after[440] == pytest.approx(before[440], rel=0.02)


def test_every_sinusoid_of_every_voice_has_a_track_of_its_own() -> None:
    with harmonized(3, 4.0, 7.0, 12.0) as net:
        peaks = net.it.Out_SpectralPeaks.render(inputs=tone(220.0), sample_rate=RATE)
    for frame in (20, 40, 60):
        count = int(peaks.count[frame])
        frequency, track = peaks.frequency[frame, :count], peaks.track[frame, :count]
        assert count == 28
        assert (np.diff(frequency) >= 0).all()
        assert len(set(track)) == count
        assert set(track // 4) == set(range(7))


def test_formants_stay_where_a_sound_has_a_pitch() -> None:
    with harmonized(1, 12.0) as net:
        peaks = net.it.Out_SpectralPeaks.render(inputs=tone(220.0), sample_rate=RATE)
    frequency, level = peaks.frequency[40, : int(peaks.count[40])], peaks.magnitude[40, : int(peaks.count[40])]
    for k in (2, 3):  # a harmonic of the voice lies upon one of the sound, and is as loud
        both = level[np.abs(frequency - 440.0 * k) < 5.0]
        assert len(both) == 2
        assert both[0] == pytest.approx(both[1], abs=0.5)


def test_voices_have_no_residual_unless_they_are_told() -> None:
    noise = 0.1 * np.random.default_rng(5).standard_normal(RATE).astype(np.float32)
    levels = []
    for ignored in (True, False):
        with harmonized(2, 3.0, 5.0) as net:
            net.it.IgnoreResidual = ignored
            net.it.Out_SpectralPeaks.disconnect()
            levels.append(float(net.render(inputs=noise, sample_rate=RATE).std()))
    assert levels[1] == pytest.approx(3 * levels[0], rel=0.02)


def test_what_a_voice_has_above_half_the_sample_rate_is_left_out() -> None:
    with harmonized(2, 72.0, 120.0) as net:
        peaks = net.it.Out_SpectralPeaks.render(inputs=tone(220.0), sample_rate=RATE)
        heard = net.render(inputs=tone(220.0), sample_rate=RATE)
    assert peaks.frequency.max() < RATE / 2
    assert int(peaks.count[40]) == 8
    assert np.isfinite(heard).all()
