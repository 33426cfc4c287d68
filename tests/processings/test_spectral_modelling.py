"""Sounds that are taken apart into sinusoids and a residual, changed, and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from ipyclam_core import Network

RATE = 44100
TIME = np.arange(RATE) / RATE


def tone(fundamental: float, harmonics: range = range(1, 8)) -> np.ndarray:
    return np.asarray(0.1 * sum(np.sin(2 * np.pi * fundamental * n * TIME) / n for n in harmonics), np.float32)


@contextmanager
def modelled(harmonic: bool = False) -> Iterator[Network]:
    """A sound that is taken apart and put together."""
    net = Network("clam")
    for name in ("AudioSource", "SMSAnalysisCore", "SMSSynthesis", "AudioSink"):
        setattr(net, name, net.types[name])
    net.SMSAnalysisCore._config.SinTracking.IsHarmonic = harmonic
    net.AudioSource > net.SMSAnalysisCore
    net.SMSAnalysisCore.Sinusoidal_Peaks > net.SMSSynthesis.InputSinPeaks
    net.SMSAnalysisCore.Residual_Spectrum > net.SMSSynthesis.InputResSpectrum
    net.SMSSynthesis.OutputAudio > net.AudioSink
    yield net
    net.close()


def between(net: Network, name: str, *ports: str) -> None:
    """Put a transformation between the analysis and the synthesis; `ports` are what it takes and gives."""
    sources = {"SpectralPeaks": "Sinusoidal_Peaks", "Fundamental": "Fundamental", "Spectrum": "Residual_Spectrum"}
    goals = {"SpectralPeaks": "InputSinPeaks", "Spectrum": "InputResSpectrum"}
    net.it = net.types[name]
    for port in ports:
        source = net.SMSAnalysisCore[sources[port]]
        source > net.it[f"In_{port}"]
        if port in goals:
            goal = net.SMSSynthesis[goals[port]]
            goal.disconnect()
            net.it[f"Out_{port}"] > goal


def loudest(samples: np.ndarray) -> float:
    """The frequency of the loudest partial of the second half."""
    heard = samples[RATE // 2 :, 0]
    return float(np.abs(np.fft.rfft(heard * np.hanning(len(heard)))).argmax() * RATE / len(heard))


def level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.square(samples[RATE // 2 :]).mean()))


@pytest.mark.parametrize("pitch", [82.0, 220.0, 440.0, 1000.0])
def test_the_pitch_of_a_tone_is_found(pitch: float) -> None:
    with modelled() as net:
        found = net.SMSAnalysisCore.Fundamental.render(inputs=tone(pitch), sample_rate=RATE)
    np.testing.assert_allclose(found.frequency[10:80, 0], pitch, rtol=0.01)


def test_the_pitch_is_found_where_the_fundamental_is_soft() -> None:
    soft = tone(220.0, range(2, 9)) + 0.1 * tone(220.0, range(1, 2))
    with modelled() as net:
        found = net.SMSAnalysisCore.Fundamental.render(inputs=soft, sample_rate=RATE)
    np.testing.assert_allclose(found.frequency[10:80, 0], 220.0, rtol=0.01)


def test_silence_has_no_pitch_and_no_peaks() -> None:
    with modelled(harmonic=True) as net:
        assert not net.SMSAnalysisCore.Fundamental.render(frames=RATE, sample_rate=RATE).count.any()
        assert not net.SMSAnalysisCore.Sinusoidal_Peaks.render(frames=RATE, sample_rate=RATE).count.any()
        assert not net.render(frames=RATE, sample_rate=RATE).any()


@pytest.mark.parametrize("harmonic", [False, True])
def test_a_tone_has_hardly_a_residual_and_sounds_the_same_again(harmonic: bool) -> None:
    with modelled(harmonic) as net:
        whole = net.render(inputs=tone(220.0), sample_rate=RATE)
        net.SMSSynthesis.OutputAudio.disconnect()
        net.SMSSynthesis.OutputResAudio > net.AudioSink
        rest = net.render(inputs=tone(220.0), sample_rate=RATE)
    assert level(whole) == pytest.approx(level(tone(220.0)[:, np.newaxis]), rel=0.05)
    assert level(rest) < 0.05 * level(whole)
    assert loudest(whole) == pytest.approx(220.0, abs=2.0)


@pytest.mark.parametrize("phases", ["Align", "Random", "Continuation", "None"])
def test_sinusoids_are_as_loud_with_phases_of_every_kind(phases: str) -> None:
    with modelled() as net:
        net.SMSSynthesis._config.PhaseMan.Type = phases
        net.SMSSynthesis.CurrentPitch = 441.0
        heard = net.render(inputs=tone(441.0, range(1, 2)), sample_rate=RATE)
    assert level(heard) == pytest.approx(0.0707, rel=0.5)
    if phases in ("Continuation", "None"):
        assert loudest(heard) == pytest.approx(441.0, abs=3.0)
        assert level(heard) == pytest.approx(0.0707, rel=0.1)


def test_a_pitch_does_not_tremble_after_a_while() -> None:
    with modelled() as net:
        heard = net.render(inputs=np.tile(tone(441.0, range(1, 2)), 40), sample_rate=RATE)[-2 * RATE : -RATE]
    parts = np.abs(np.fft.rfft(heard[:, 0] * np.hanning(RATE)))
    parts[435:448] = 0.0
    assert parts.max() < 0.01 * RATE / 4 * 0.1


CHANGES = {
    "SMSTranspose": (("SpectralPeaks",), {"Transpose_amount": 12.0}, 440.0),
    "SMSFreqShift": (("SpectralPeaks",), {"Shift_Steps": 100.0}, 320.0),
    "SMSPitchShift": (("SpectralPeaks", "Fundamental", "Spectrum"), {"PitchSteps": 1.5}, 330.0),
    "SMSGenderChange": (("SpectralPeaks", "Fundamental", "Spectrum"), {}, 440.0),
    "SMSPitchDiscretization": (("SpectralPeaks", "Fundamental", "Spectrum"), {}, 220.0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_pitch_is_heard(name: str) -> None:
    ports, controls, expected = CHANGES[name]
    with modelled(harmonic=True) as net:
        between(net, name, *ports)
        for control, value in controls.items():
            setattr(net.it, control, value)
        heard = net.render(inputs=tone(223.0 if name == "SMSPitchDiscretization" else 220.0), sample_rate=RATE)
    assert loudest(heard) == pytest.approx(expected, abs=2.0)


def test_a_gain_of_one_sinusoid_leaves_the_others() -> None:
    with modelled(harmonic=True) as net:
        between(net, "SMSSineFilter", "SpectralPeaks")
        net.it.Index, net.it.Gain, net.it.UpdateBPF = 0, -60, 1
        heard = net.render(inputs=tone(220.0), sample_rate=RATE)
    assert loudest(heard) == pytest.approx(440.0, abs=2.0)


def test_sinusoids_may_come_in_any_order_and_get_no_louder() -> None:
    with modelled(harmonic=True) as net:
        between(net, "SMSSpectralShapeShift", "SpectralPeaks")
        net.wild = net.types.SMSFreqShift
        net.it.In_SpectralPeaks.disconnect()
        net.SMSAnalysisCore.Sinusoidal_Peaks > net.wild > net.it.In_SpectralPeaks
        net.wild.Shift_Steps, net.it.Shift_Steps = -1e5, 1e5
        heard = net.render(inputs=tone(220.0), sample_rate=RATE)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() < 1.0


@pytest.mark.parametrize(("window", "shorter", "hop"), [(3, 3, 1024), (1000, 4097, 64), (4097, 1001, 256), (2049, 1025, 3000)])
def test_windows_and_hops_may_have_any_size(window: int, shorter: int, hop: int) -> None:
    with modelled(harmonic=True) as net:
        config, synthesis = net.SMSAnalysisCore._config, net.SMSSynthesis._config.SpectralSynth
        config.SinSpectralAnalysis.prWindowSize, config.ResSpectralAnalysis.prWindowSize = window, shorter
        config.SinSpectralAnalysis.prHopSize = config.ResSpectralAnalysis.prHopSize = synthesis.prHopSize = hop
        synthesis.prAnalWindowSize = shorter
        heard = net.render(inputs=tone(220.0), sample_rate=RATE)
    assert np.isfinite(heard).all()
    if window == 4097:
        assert loudest(heard) == pytest.approx(220.0, abs=2.0)


@pytest.mark.parametrize("padding", [1, 3])
def test_transforms_may_be_longer_than_windows(padding: int) -> None:
    with modelled() as net:
        net.SMSAnalysisCore._config.SinSpectralAnalysis.prZeroPadding = padding
        net.SMSAnalysisCore._config.ResSpectralAnalysis.prZeroPadding = padding
        net.SMSSynthesis._config.SpectralSynth.prZeroPadding = padding
        heard = net.render(inputs=tone(220.0), sample_rate=RATE)
    assert loudest(heard) == pytest.approx(220.0, abs=2.0)
    assert level(heard) == pytest.approx(level(tone(220.0)[:, np.newaxis]), rel=0.05)


def test_the_fewest_peaks_and_candidates_are_enough() -> None:
    with modelled(harmonic=True) as net:
        config = net.SMSAnalysisCore._config
        config.PeakDetect.MaxPeaks, config.FundFreqDetect.NMaxCandidates, config.FundFreqDetect.NInt = 1, 1, 0
        heard = net.render(inputs=tone(220.0, range(1, 2)), sample_rate=RATE)
    assert loudest(heard) == pytest.approx(220.0, abs=2.0)
