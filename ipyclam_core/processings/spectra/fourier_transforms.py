"""From samples to spectra and back, without windows."""

from __future__ import annotations

import numpy as np
from numpy import float64

from ...data.buffers import AudioBuffer
from ...data.spectra import ComplexSpectrum, Spectrum
from ...declare import Array, config, fourier, in_port, out_port, processing

SYNONYMS = ("dft", "fourier", "spectrum", "analysis")
INVERSE = ("inverse", *SYNONYMS[:3], "resynthesis")
BUFFERS = "[plugin] New Spectral Processing"


def power_of_two_only(AudioSize):
    """Why a transform of this size is refused."""
    if AudioSize & (AudioSize - 1) == 0:
        return ""
    near = 1 << AudioSize.bit_length()
    return f"AudioSize is {AudioSize}, which is not a power of two. Set {near // 2} or {near}. FFT takes any size"


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


@processing(category="Analysis", source="CLAM FFT_fftw3", synonyms=("fft", *SYNONYMS))
class FFT_fftw3(_Forward):
    """The same as `FFT`, by the name that it has in CLAM's networks."""


@processing(category="Analysis", source="CLAM FFT_ooura", synonyms=("fft", *SYNONYMS))
class FFT_ooura(_Forward):
    """The same as `FFT`, for sizes that are powers of two."""

    problem = power_of_two_only


@processing(category="Analysis", source="CLAM FFT_numrec", synonyms=("fft", *SYNONYMS))
class FFT_numrec(_Forward):
    """The same as `FFT`, for sizes that are powers of two."""

    problem = power_of_two_only


@processing(category="Synthesis", source="CLAM IFFT", synonyms=INVERSE)
class IFFT(_Inverse):
    """The samples of every spectrum, one piece after the other, by an inverse Fourier transform."""


@processing(category="Synthesis", source="CLAM IFFT_fftw3", synonyms=("ifft", *INVERSE))
class IFFT_fftw3(_Inverse):
    """The same as `IFFT`, by the name that it has in CLAM's networks."""


@processing(category=BUFFERS, source="CLAM MyFFT", synonyms=("fft", *SYNONYMS))
class MyFFT(_Transform):
    """The complex spectrum of every buffer. `AudioSize` is a power of two; a shorter buffer is padded with zeros, a longer one is cut."""

    buffer = in_port("Audio Buffer", AudioBuffer)
    spectrum = out_port("Complex Spectrum", ComplexSpectrum, bins="bins")

    class State:
        work: Array[float64]
        samples: Array[float64]

    def initial(AudioSize):
        return {"work": fourier.workspace(AudioSize), "samples": np.zeros(AudioSize)}

    problem = power_of_two_only

    def process(state, buffer, spectrum, sample_rate):
        given = min(len(buffer.samples), len(state.samples))
        for k in range(given):
            state.samples[k] = buffer.samples[k]
        for k in range(given, len(state.samples)):
            state.samples[k] = 0.0
        fourier.forward(state.factors, state.work, state.samples, spectrum.real, spectrum.imaginary)
        spectrum.top = sample_rate / 2.0


@processing(category=BUFFERS, source="CLAM MyIFFT", synonyms=("ifft", *INVERSE))
class MyIFFT(_Transform):
    """The buffer of every complex spectrum. Bins that the spectrum does not have are 0."""

    spectrum = in_port("Complex Spectrum", ComplexSpectrum)
    buffer = out_port("Audio Buffer", AudioBuffer, size="AudioSize")

    def process(state, spectrum, buffer):
        given = min(len(spectrum.real), len(state.real))
        for k in range(given):
            state.real[k], state.imaginary[k] = spectrum.real[k], spectrum.imaginary[k]
        for k in range(given, len(state.real)):
            state.real[k], state.imaginary[k] = 0.0, 0.0
        fourier.inverse(state.factors, state.work, state.real, state.imaginary, buffer.samples)


@processing(category="Synthesis", source="CLAM IFFT_ooura", synonyms=("ifft", *INVERSE))
class IFFT_ooura(_Inverse):
    """The same as `IFFT`, for sizes that are powers of two."""

    problem = power_of_two_only
