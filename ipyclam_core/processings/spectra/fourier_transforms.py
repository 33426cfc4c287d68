"""From samples to spectra and back, without windows."""

from __future__ import annotations

import numpy as np
from numpy import float64

from ...data.spectra import Spectrum
from ...declare import Array, config, fourier, in_port, out_port, processing

SYNONYMS = ("dft", "fourier", "spectrum", "analysis")


class _Transform:
    AudioSize = config(1024, minimum=1, maximum=1 << 20, unit="frames", doc="Frames of one transform.")

    class State:
        work: Array[float64]
        real: Array[float64]
        imaginary: Array[float64]

    class Prepared:
        factors: Array[float64]

    def ports(AudioSize):
        return {"bins": AudioSize // 2 + 1}

    def initial(AudioSize):
        bins = AudioSize // 2 + 1
        return {"work": fourier.workspace(AudioSize), "real": np.zeros(bins), "imaginary": np.zeros(bins)}

    def prepare(AudioSize):
        return {"factors": fourier.table(AudioSize)}


class _Forward(_Transform):
    audio = in_port("Audio Input", size="AudioSize")
    spectrum = out_port("Spectrum Output", Spectrum, bins="bins")

    def process(state, audio, spectrum, sample_rate):
        fourier.forward(state.factors, state.work, audio, state.real, state.imaginary)
        fourier.to_polar(state.real, state.imaginary, spectrum.magnitude, spectrum.phase)
        spectrum.top = sample_rate / 2.0


class _Inverse(_Transform):
    spectrum = in_port("Spectrum Input", Spectrum)
    audio = out_port("Audio Output", size="AudioSize")

    def process(state, spectrum, audio):
        fourier.to_complex(spectrum.magnitude, spectrum.phase, state.real, state.imaginary)
        fourier.inverse(state.factors, state.work, state.real, state.imaginary, audio)


@processing(category="Analysis", source="CLAM FFT", synonyms=SYNONYMS)
class FFT(_Forward):
    """The spectrum of every `AudioSize` samples, by a fast Fourier transform.

    The magnitudes are those of the plain transform: a sine of amplitude 1 gives `AudioSize` / 2.
    """


@processing(category="Synthesis", source="CLAM IFFT", synonyms=("inverse", *SYNONYMS[:3], "resynthesis"))
class IFFT(_Inverse):
    """The samples of every spectrum, one piece after the other, by an inverse Fourier transform."""
