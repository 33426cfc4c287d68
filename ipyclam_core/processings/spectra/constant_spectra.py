"""Spectra that do not change: those of a file."""

from __future__ import annotations

import numpy as np
from numpy import float32

from ...data.spectra import ComplexSpectrum, MagPhaseSpectrum
from ...declare import Array, config, out_port, processing
from ..files.readers import problem_in_memory, whole_channel


@processing(
    category="[plugin] New Spectral Processing",
    source="CLAM ConstantSpectrum",
    synonyms=("impulse response", "convolution", "filter", "cabinet", "reverb"),
)
class ConstantSpectrum:
    """The spectrum of the beginning of an audio file, always the same. The product with it filters a sound by that file.

    It is the transform of `FrameSize` frames of the first channel with as many zeros after them.
    """

    AudioFile = config("", type="file")
    FrameSize = config(32768, minimum=1, maximum=1 << 19, unit="frames", doc="Frames of the file; the transform has twice as many.")
    spectrum = out_port("Complex Spectrum", ComplexSpectrum, bins="bins")
    polar = out_port("MagPhase Spectrum", MagPhaseSpectrum, bins="bins")

    class Prepared:
        real: Array[float32]
        imaginary: Array[float32]
        magnitude: Array[float32]
        phase: Array[float32]

    def problem(AudioFile):
        return problem_in_memory(AudioFile, 0) if AudioFile else "no file is chosen: set AudioFile"

    def ports(FrameSize):
        return {"bins": FrameSize + 1}

    def prepare(AudioFile, FrameSize, sample_rate):
        samples = whole_channel(AudioFile, 0, sample_rate)[:FrameSize]
        spectrum = np.fft.rfft(samples, 2 * FrameSize)
        parts = {"real": spectrum.real, "imaginary": spectrum.imag, "magnitude": np.abs(spectrum), "phase": np.angle(spectrum)}
        return {name: part.astype(float32) for name, part in parts.items()}

    def process(state, spectrum, polar, sample_rate):
        for k in range(min(len(state.real), len(spectrum.real))):
            spectrum.real[k], spectrum.imaginary[k] = state.real[k], state.imaginary[k]
            polar.magnitude[k], polar.phase[k] = state.magnitude[k], state.phase[k]
        spectrum.top = sample_rate / 2.0
        polar.top = sample_rate / 2.0
