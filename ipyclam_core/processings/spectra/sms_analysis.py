"""Spectral modelling: sound is taken apart into sinusoids and a residual, after Serra and Smith (1990)."""

from __future__ import annotations

import numpy as np
from numpy import float32, float64

from ...data.sinusoids import Fundamental, Peaks
from ...data.spectra import Spectrum
from ...declare import Array, config, fourier, in_port, out_port, processing
from ...parameters import ParameterSpec
from ._fundamental import BESIDE, NAMES, find_fundamental
from ._sinusoids import SYNONYMS, add_sine, centred_window, find_peaks, lobe, transform_of, windowed
from ._tracks import become_harmonics, follow
from ._windows import WINDOWS, generator, whole
from .short_time import rooms

MOST = 10_000  # peaks, or candidates


def analysis(shape, size):
    """The default of a nested configuration of a spectral analysis."""
    return {
        "WindowGenerator": generator(shape, size), "CircularShift": {"Amount": -(size // 2) * 1.0}, "FFT": {"AudioSize": size - 1},
        "prHopSize": whole(512, 1, 1 << 20, "frames"), "prZeroPadding": whole(0, 0, 8), "prSamplingRate": 44100, "prFFTSize": size - 1,
        "prWindowSize": whole(size, 3, 1 << 20, "frames"),
        "prWindowType": ParameterSpec("prWindowType", shape, "enum", choices=WINDOWS),
    }  # fmt: skip


@processing(category="Analysis", source="CLAM SMSAnalysisCore", synonyms=(*SYNONYMS, "pitch", "tracking", "peaks"))
class SMSAnalysisCore:
    """Takes a sound apart: the sinusoids in it, their fundamental frequency, and the residual that they leave.

    The sinusoids are looked for in a spectrum of long windows, and taken away from a spectrum of shorter ones.
    """

    SinSpectralAnalysis = config(analysis("Hamming", 2049), doc="The spectrum that sinusoids are looked for in; its hop counts.")
    ResSpectralAnalysis = config(analysis("BlackmanHarris92", 1025), doc="The spectrum that they are taken away from.")
    PeakDetect = config(
        {
            "MaxPeaks": whole(500, 1, MOST), "MagThreshold": ParameterSpec("", -60.0, unit="dB"),
            "MaxFreq": ParameterSpec("", 8000.0, unit="Hz"),
        },
        doc="Which peaks of the spectrum are sinusoids.",
    )  # fmt: skip
    FundFreqDetect = config(
        {
            "ReferenceFundFreq": ParameterSpec("", 1000.0, unit="Hz", doc="The pitch that is expected at first."),
            "LowestFundFreq": ParameterSpec("", 35.0, minimum=1.0, unit="Hz"), "HighestFundFreq": ParameterSpec("", 1500.0, unit="Hz"),
            "MaxCandMagDiff": ParameterSpec("", 30.0, unit="dB"), "MaxFundFreqError": 10.0, "PMp": 0.5, "PMq": 1.4, "PMr": 0.5, "MPp": 0.5,
            "MPq": 1.4, "MPr": 0.5, "PMnPeaks": whole(10, 1, MOST), "MPnPeaks": whole(10, 1, MOST), "PMCont": 1.0, "MPCont": 1.0,
            "NInt": whole(5, 0, MOST), "NMaxCandidates": whole(40, 1, MOST),
        },
        doc="How the pitch is found: from LowestFundFreq to HighestFundFreq, with an error below MaxFundFreqError.",
    )  # fmt: skip
    SinTracking = config(
        {"Threshold": ParameterSpec("", 40.0, unit="%"), "nMaxSines": whole(200, 0, MOST), "IsHarmonic": False},
        doc="With IsHarmonic the sinusoids are harmonics of the fundamental; else those that come closest to each other, within "
        "Threshold per cent, go on as one.",
    )
    prSamplingRate = config(44100, minimum=1, unit="Hz", doc="Kept for CLAM's files.")
    prFFTSize = config(0, doc="Kept for CLAM's files.")
    SynthSineSpectrum = config({"SpectrumSize": 513, "SamplingRate": 44100.0, "ZeroPadding": 0.0}, doc="Kept for CLAM's files.")
    audio = in_port("Input Audio", size="span", hop="hop", before="half")
    whole = out_port("Residual Branch Spectrum", Spectrum, bins="residual_bins")
    spectrum = out_port("Sinusoidal Branch Spectrum", Spectrum, bins="bins")
    peaks = out_port("Sinusoidal Peaks", Peaks, peaks="most")
    fundamental = out_port("Fundamental", Fundamental, candidates=1)
    residual = out_port("Residual Spectrum", Spectrum, bins="residual_bins")

    class State:
        work: Array[float64]
        real: Array[float64]
        imaginary: Array[float64]
        samples: Array[float64]
        shorter_work: Array[float64]
        shorter_real: Array[float64]
        shorter_imaginary: Array[float64]
        shorter_samples: Array[float64]
        frequency: Array[float32]
        magnitude: Array[float32]
        phase: Array[float32]
        last_frequency: Array[float32]
        last_track: Array[float32]
        last_count: int
        next_track: float
        reference: float
        selected: Array[float64]
        levels: Array[float64]
        candidates: Array[float64]
        errors: Array[float64]

    class Prepared:
        factors: Array[float64]
        shape: Array[float32]
        shorter_factors: Array[float64]
        shorter_shape: Array[float32]
        lobe: Array[float32]
        rules: Array[float64]
        threshold: float
        top: float
        drift: float
        sines: float
        harmonic: float
        widening: float

    def ports(SinSpectralAnalysis, ResSpectralAnalysis, PeakDetect):
        half = max(SinSpectralAnalysis["prWindowSize"], ResSpectralAnalysis["prWindowSize"]) // 2
        return {
            "span": 2 * half, "half": half, "hop": SinSpectralAnalysis["prHopSize"], "most": PeakDetect["MaxPeaks"],
            "bins": transform_of(SinSpectralAnalysis) // 2 + 1, "residual_bins": transform_of(ResSpectralAnalysis) // 2 + 1,
        }  # fmt: skip

    def initial(SinSpectralAnalysis, ResSpectralAnalysis, PeakDetect, FundFreqDetect):
        most, tried = PeakDetect["MaxPeaks"], FundFreqDetect["NMaxCandidates"] + BESIDE
        return {
            **rooms(transform_of(SinSpectralAnalysis)),
            **{f"shorter_{name}": room for name, room in rooms(transform_of(ResSpectralAnalysis)).items()},
            **{name: np.zeros(most, float32) for name in ("frequency", "magnitude", "phase", "last_frequency", "last_track")},
            "reference": FundFreqDetect["ReferenceFundFreq"], "selected": np.zeros(most), "levels": np.zeros(most),
            "candidates": np.zeros(tried), "errors": np.zeros(tried),
        }  # fmt: skip

    def prepare(SinSpectralAnalysis, ResSpectralAnalysis, PeakDetect, FundFreqDetect, SinTracking):
        sines, rest = SinSpectralAnalysis, ResSpectralAnalysis
        return {
            "factors": fourier.table(transform_of(sines)), "shape": centred_window(sines["prWindowType"], sines["prWindowSize"]),
            "shorter_factors": fourier.table(transform_of(rest)), "lobe": lobe(),
            "shorter_shape": centred_window(rest["prWindowType"], rest["prWindowSize"]),
            "rules": np.array([FundFreqDetect[name] for name in NAMES], float64), "threshold": PeakDetect["MagThreshold"],
            "top": PeakDetect["MaxFreq"], "drift": SinTracking["Threshold"], "sines": float(SinTracking["nMaxSines"]),
            "harmonic": float(SinTracking["IsHarmonic"]), "widening": 2.0 ** rest["prZeroPadding"],
        }  # fmt: skip

    def process(state, audio, whole, spectrum, peaks, fundamental, residual, sample_rate):
        windowed(audio, state.shape, state.samples)
        fourier.forward(state.factors, state.work, state.samples, state.real, state.imaginary)
        fourier.to_polar(state.real, state.imaginary, spectrum.magnitude, spectrum.phase)
        windowed(audio, state.shorter_shape, state.shorter_samples)
        fourier.forward(state.shorter_factors, state.shorter_work, state.shorter_samples, state.shorter_real, state.shorter_imaginary)
        fourier.to_polar(state.shorter_real, state.shorter_imaginary, whole.magnitude, whole.phase)
        spectrum.top = whole.top = residual.top = sample_rate / 2.0
        find_peaks(spectrum.magnitude, spectrum.phase, state.threshold, state.top, sample_rate / len(state.samples), peaks)
        frequency, error = find_fundamental(
            peaks, state.rules, state.reference, state.selected, state.levels, state.candidates, state.errors
        )
        if frequency > 0.0:
            state.reference = frequency
        fundamental.frequency[0], fundamental.error[0] = float32(frequency), float32(error)
        fundamental.count = 1 if frequency > 0.0 else 0
        if state.harmonic != 0.0 and frequency > 0.0:
            become_harmonics(peaks, frequency, state.sines, state.frequency, state.magnitude, state.phase)
            state.next_track = float64(peaks.count)
        else:
            state.next_track = follow(
                peaks, state.sines, state.drift, state.last_frequency, state.last_track, state.last_count, state.next_track
            )
        state.last_count = int(peaks.count)
        for k in range(state.last_count):
            state.last_frequency[k], state.last_track[k] = peaks.frequency[k], peaks.track[k]
        scale = len(state.shorter_samples) / sample_rate
        for k in range(int(peaks.count)):
            place, level, phase = float64(peaks.frequency[k]) * scale, peaks.magnitude[k], peaks.phase[k]
            add_sine(state.shorter_real, state.shorter_imaginary, state.lobe, place, level, phase, state.widening, -1.0)
        fourier.to_polar(state.shorter_real, state.shorter_imaginary, residual.magnitude, residual.phase)
