"""Spectra on the mel scale, and their cepstra."""

from __future__ import annotations

from math import log, log10

import numpy as np
from numpy import float32, float64, int64

from ...data.spectra import Spectrum
from ...data.speech import MelCepstrum, MelSpectrum
from ...declare import Array, config, in_port, out_port, processing

KEPT = "Kept for CLAM's files: that of the spectrum counts."
LEAST = 1e-10  # of a band, for its logarithm


def mel(frequency):
    """The mel of a frequency."""
    return 1127.0 * np.log(1.0 + frequency / 700.0)


@processing(category="Analysis", source="CLAM MelFilterBank", synonyms=("mel", "mfcc", "bands", "features", "timbre", "speech"))
class MelFilterBank:
    """The spectrum in bands that are equally wide on the mel scale, as hearing is.

    The bands are triangles that overlap by half. A band is the weighted sum of its bins.
    """

    SpectrumSize = config(513, minimum=1, maximum=1 << 20, unit="bins", doc=KEPT)
    SpectralRange = config(22050.0, minimum=0.0, unit="Hz", doc=KEPT)
    LowCutoff = config(0.0, minimum=0.0, unit="Hz", doc="Where the first band begins.")
    HighCutoff = config(11025.0, minimum=0.0, unit="Hz", doc="Where the last band ends.")
    NumBands = config(20, minimum=1, maximum=1024, doc="Number of bands.")
    UsePower = config(False, doc="Square the magnitudes before they are summed.")
    spectrum = in_port("Spectrum", Spectrum)
    output = out_port("Mel Spectrum", MelSpectrum, bands="NumBands")

    class Prepared:
        bands: Array[int64]  # the lower one of the two bands that a bin belongs to; -2 for none
        weights: Array[float64]  # in the lower one

    def problem(LowCutoff, HighCutoff):
        if LowCutoff >= HighCutoff:
            return f"LowCutoff ({LowCutoff:g} Hz) is not below HighCutoff ({HighCutoff:g} Hz). Lower it, or raise HighCutoff"
        return ""

    def prepare(LowCutoff, HighCutoff, NumBands, spectrum, sample_rate):
        low, high = mel(LowCutoff), max(mel(HighCutoff), mel(LowCutoff) + 1e-6)
        centres = low + (high - low) * np.arange(NumBands + 2) / (NumBands + 1)  # with both ends
        spacing = sample_rate / 2.0 / spectrum.bins
        places = mel(np.arange(spectrum.bins) * spacing)
        bands = np.searchsorted(centres, places, "left") - 2
        inside = np.clip(bands, -1, NumBands - 1)
        weights = (centres[inside + 2] - places) / (centres[inside + 2] - centres[inside + 1])
        first, last = max(int(LowCutoff / spacing + 1.5), 1), int(HighCutoff / spacing - 0.5)
        bins = np.arange(spectrum.bins)
        bands[(bins < first) | (bins > last) | (bands < -1) | (bands >= NumBands)] = -2
        return {"bands": bands.astype(np.int64), "weights": weights}

    def process(state, spectrum, output, LowCutoff, HighCutoff, UsePower):
        count = len(output.magnitude)
        for k in range(min(len(spectrum.magnitude), len(state.bands))):
            band = state.bands[k]
            if band == -2:
                continue
            value = float64(spectrum.magnitude[k])
            if UsePower:
                value *= value
            if band >= 0:
                output.magnitude[band] += float32(state.weights[k] * value)
            if band + 1 < count:
                output.magnitude[band + 1] += float32((1.0 - state.weights[k]) * value)
        output.low, output.high = LowCutoff, HighCutoff


@processing(category="Analysis", source="CLAM CepstralTransform", synonyms=("mfcc", "cepstrum", "dct", "features", "timbre", "speech"))
class CepstralTransform:
    """Mel-frequency cepstral coefficients (MFCC): the cosine transform of the logarithm of a mel spectrum."""

    NumMelCoefficients = config(20, minimum=1, maximum=1024, doc="Kept for CLAM's files: the number of bands of the input counts.")
    NumCepstrumCoefficients = config(20, minimum=1, maximum=1024, doc="Number of coefficients, from the lowest one.")
    UseBase10 = config(False, doc="Logarithms of base 10 instead of natural ones.")
    bands = in_port("Mel Spectrum", MelSpectrum)
    cepstrum = out_port("Mel Cepstrum", MelCepstrum, coefficients="NumCepstrumCoefficients")

    class State:
        logarithms: Array[float64]

    class Prepared:
        cosines: Array[float64]  # one row for each coefficient

    def initial(bands):
        return {"logarithms": np.zeros(max(bands.bands, 1))}

    def prepare(NumCepstrumCoefficients, bands):
        count = max(bands.bands, 1)
        angles = np.outer(np.arange(NumCepstrumCoefficients), np.arange(count) + 0.5) * np.pi / count
        return {"cosines": (np.sqrt(2.0 / count) * np.cos(angles)).reshape(-1)}

    def process(state, bands, cepstrum, UseBase10):
        count = len(state.logarithms)
        for j in range(count):
            value = max(float64(bands.magnitude[j]), LEAST) if j < len(bands.magnitude) else LEAST
            state.logarithms[j] = log10(value) if UseBase10 else log(value)
        for k in range(len(cepstrum.coefficients)):
            total = 0.0
            for j in range(count):
                total += state.cosines[k * count + j] * state.logarithms[j]
            cepstrum.coefficients[k] = float32(total)
