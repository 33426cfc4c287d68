"""Mel spectra, cepstra and linear prediction do as their theory says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import scipy.fft
import scipy.linalg
import scipy.signal
from IPython.lib.pretty import pretty

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.data.speech import MelSpectrum
from ipyclam_core.dsp.plain_frames import PlainFrame, PlainFramed

from .conftest import OURS
from .frames import CompiledFramed

RATE = 44100
FRAMED = (PlainFramed, CompiledFramed)
PREDICTORS = ("LPC_AutoCorrelation", "AbeLPC_Autocorrelation")


def mel(frequency: float) -> float:
    return float(1127.0 * np.log(1.0 + frequency / 700.0))


def hertz(mels: float) -> float:
    return float(700.0 * (np.exp(mels / 1127.0) - 1.0))


def resonance(frames: int = 4096) -> np.ndarray:
    """Noise through a filter with two poles."""
    return scipy.signal.lfilter([1.0], [1.0, -1.2, 0.8], np.random.default_rng(2).standard_normal(frames)).astype(np.float32)


@pytest.fixture
def net() -> Iterator[Network]:
    net = Network("clam")
    yield net
    net.close()


@pytest.mark.parametrize("framed", FRAMED)
def test_all_bins_between_the_middles_of_the_first_and_the_last_band_count_as_much(framed: type) -> None:
    bank = framed(OURS["MelFilterBank"], {"NumBands": 12})
    first, last = (hertz(mel(11025.0) * band / 13) for band in (1, 12))
    for k in range(513):
        spectrum = PlainFrame(Spectrum, magnitude=0.0)
        spectrum.magnitude[k] = 2.0
        bands = bank.call(spectrum=spectrum)["output"].magnitude
        assert np.count_nonzero(bands) <= 2
        if first <= k * 22050 / 513 <= last:
            assert bands.sum() == pytest.approx(2.0, rel=1e-6)


@pytest.mark.parametrize("power", [False, True])
def test_a_sine_is_loudest_in_the_band_of_its_mel(net: Network, power: bool) -> None:
    net.source, net.analysis = net.types.AudioSource, net.types.SpectralAnalysis
    net.mel, net.view, net.out = net.types.MelFilterBank, net.types.MelSpectrumView, net.types.AudioSink
    net.mel.UsePower = power
    net.source > net.analysis > net.mel > net.view
    net.source > net.out
    for band in (6, 11, 17):
        frequency = hertz(mel(11025.0) * (band + 1) / 21)
        net.render(inputs=0.5 * np.sin(2 * np.pi * frequency / RATE * np.arange(8192)), sample_rate=RATE)
        seen = net.view.Input.value
        assert seen.magnitude.argmax() == band
        assert (seen.low, seen.high) == (0.0, 11025.0)
    assert "magnitude in dB" in seen._repr_svg_()


@pytest.mark.parametrize("rate", [22050, 48000, 96000])
def test_bands_are_those_of_the_spectrum_whatever_its_size_and_the_sample_rate(net: Network, rate: int) -> None:
    net.source, net.out = net.types.AudioSource, net.types.AudioSink
    net.analysis, net.mel = net.types.SpectralAnalysis, net.types.MelFilterBank
    net.analysis.prWindowSize = 4097
    net.mel.HighCutoff = 8000.0
    net.source > net.analysis > net.mel
    net.source > net.out
    frequency = hertz(mel(8000.0) * 10 / 21)
    net.render(inputs=0.5 * np.sin(2 * np.pi * frequency / rate * np.arange(16384)), sample_rate=rate)
    assert net.mel["Mel Spectrum"].value.magnitude.argmax() == 9


def test_bands_that_end_before_they_begin_are_refused_in_words() -> None:
    type_ = OURS["MelFilterBank"]
    assert type_.problem is not None
    assert type_.problem(LowCutoff=0.0, HighCutoff=11025.0) == ""
    assert type_.problem(LowCutoff=12e3, HighCutoff=11e3).startswith("LowCutoff (12000 Hz) is not below HighCutoff (11000 Hz)")


@pytest.mark.parametrize("framed", FRAMED)
@pytest.mark.parametrize("base10", [False, True])
def test_a_cepstrum_is_the_cosine_transform_of_the_logarithms(framed: type, base10: bool) -> None:
    bands = PlainFrame(MelSpectrum, {"bands": 20}, magnitude=np.random.default_rng(1).uniform(0.001, 3.0, 20))
    processing = framed(OURS["CepstralTransform"], {"NumCepstrumCoefficients": 13, "UseBase10": base10})
    logarithms = (np.log10 if base10 else np.log)(bands.magnitude.astype(float))
    expected = scipy.fft.dct(logarithms, norm="ortho")[:13]
    expected[0] *= np.sqrt(2.0)
    for _ in range(2):  # the second frame knows nothing of the first
        np.testing.assert_allclose(processing.call(bands=bands)["cepstrum"].coefficients, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("framed", FRAMED)
@pytest.mark.parametrize("name", PREDICTORS)
def test_the_filter_is_that_of_the_normal_equations(framed: type, name: str) -> None:
    sound = resonance(512)
    model = framed(OURS[name], {"Order": 9}).call(buffer=PlainFrame(AudioBuffer, samples=sound))["model"]
    products = np.correlate(sound.astype(float), sound.astype(float), "full")[511 : 511 + 9]
    expected = np.concatenate([[1.0], -scipy.linalg.solve_toeplitz(products[:-1], products[1:])])
    np.testing.assert_allclose(model.coefficients, expected, atol=1e-3)
    assert model.error == pytest.approx(products @ expected / products[0], rel=1e-3)
    assert np.all(np.abs(model.reflections) < 1.0)


@pytest.mark.parametrize("name", PREDICTORS)
def test_the_filter_of_a_resonance_is_found_and_drawn_as_its_envelope(net: Network, name: str) -> None:
    net.source, net.out = net.types.AudioSource, net.types.AudioSink
    net.buffers, net.lpc = net.types.AudioStream2Buffer, net.types[name]
    net.buffers.HopSize, net.buffers.BufferSize, net.lpc.Order = 4096, 4096, 3
    net.source > net.buffers > net.lpc
    net.source > net.out
    net.render(inputs=0.1 * resonance(16384), sample_rate=RATE)
    seen = net.lpc.LPModelOut.value
    np.testing.assert_allclose(seen.coefficients, [1.0, -1.2, 0.8], atol=0.05)
    frequencies = np.linspace(0, np.pi, len(seen.envelope))
    _, expected = scipy.signal.freqz([0.1], [1.0, -1.2, 0.8], worN=frequencies)
    np.testing.assert_allclose(seen.envelope, np.abs(expected), rtol=0.2)
    assert "envelope in dB" in seen._repr_svg_()
    assert "22050 Hz" in pretty(seen)


@pytest.mark.parametrize("framed", FRAMED)
@pytest.mark.parametrize("sound", [np.zeros(512), np.ones(512), np.tile([1.0, -1.0], 256), np.eye(1, 512)[0], np.full(512, 1e-30)])
def test_silence_and_what_is_predicted_wholly_give_numbers(framed: type, sound: np.ndarray) -> None:
    outs = framed(OURS["LPC_AutoCorrelation"], {"Order": 40}).call(buffer=PlainFrame(AudioBuffer, samples=sound))
    assert np.all(np.isfinite(outs["model"].coefficients))
    assert np.all(np.isfinite(outs["model"].envelope))
    assert np.all(np.isfinite(outs["spectrum"].magnitude))
    assert 0.0 <= outs["model"].error <= 1.0
