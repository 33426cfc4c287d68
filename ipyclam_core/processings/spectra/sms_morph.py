"""Between two sounds that were taken apart into sinusoids and residuals."""

from __future__ import annotations

from math import log10

import numpy as np
from numpy import float32, float64

from ...data.sinusoids import Fundamental, Peaks
from ...data.spectra import Spectrum
from ...declare import Array, config, fourier, in_control, in_port, out_port, processing
from .._limits import limited
from ._bins import ratio_of
from .sms_sinusoids import CATEGORY

FIRST, SECOND = 0.01, 0.99  # factors below and above stand for one sound alone
SOFTEST = 0.0001  # of a sinusoid


@processing(category=CATEGORY, source="CLAM SMSMorph", synonyms=("crossfade", "hybrid", "interpolate", "blend"))
class SMSMorph:
    """Makes a sound between two: each sinusoid of the first one has a level between those of the two sounds.

    The frequencies stay those of the first sound until the `Interpolation Factor` is above 0.99, where the second sound takes their
    place. Between sounds of different pitch, transpose one of them first (`SMSTranspose`). Only sinusoids that have the same number
    in both sounds are mixed; the others of the first sound get softer.
    """

    IsHarmonic1 = config(True, doc="without effect")
    IsHarmonic2 = config(True, doc="without effect")
    UseSpectralShape = config(False, doc="without effect")
    peaks = in_port("In SpectralPeaks 1", Peaks)
    fundamental = in_port("In Fundamental 1", Fundamental)
    residual = in_port("In Spectrum 1", Spectrum)
    other_peaks = in_port("In SpectralPeaks 2", Peaks)
    other_fundamental = in_port("In Fundamental 2", Fundamental)
    other_residual = in_port("In Spectrum 2", Spectrum)
    output = out_port("Out SpectralPeaks", Peaks, copies="peaks")
    new_fundamental = out_port("Out Fundamental", Fundamental, copies="fundamental")
    new_residual = out_port("Out Spectrum", Spectrum, copies="residual")
    factor = in_control("Interpolation Factor", 0.0, 0.0, 1.0, doc="0 is the first sound, 1 the second one")

    class State:
        real: Array[float64]
        imaginary: Array[float64]
        other_real: Array[float64]
        other_imaginary: Array[float64]

    def initial(residual):
        return {name: np.zeros(residual.bins) for name in ("real", "imaginary", "other_real", "other_imaginary")}

    def process(state, residual, other_peaks, other_fundamental, other_residual, output, new_fundamental, new_residual, factor):
        part = limited(factor, 0.0, 1.0)
        if part > SECOND:
            become(output, other_peaks)
        elif part >= FIRST and output.count > 0 and other_peaks.count > 0:
            blend(output, other_peaks, part)
        if new_fundamental.count > 0 and other_fundamental.count > 0:
            there = limited(other_fundamental.frequency[0], 0.0, 1e6)
            new_fundamental.frequency[0] = float32((1.0 - part) * new_fundamental.frequency[0] + part * there)
        fourier.to_complex(residual.magnitude, residual.phase, state.real, state.imaginary)
        fourier.to_complex(other_residual.magnitude, other_residual.phase, state.other_real, state.other_imaginary)
        for k in range(len(state.real)):
            state.real[k] += part * (state.other_real[k] - state.real[k])
            state.imaginary[k] += part * (state.other_imaginary[k] - state.imaginary[k])
        fourier.to_polar(state.real, state.imaginary, new_residual.magnitude, new_residual.phase)


def become(output, peaks):
    """Copy as many peaks as there is room for."""
    output.count = min(int(peaks.count), len(output.frequency))
    for k in range(int(output.count)):
        output.frequency[k], output.magnitude[k], output.phase[k] = peaks.frequency[k], peaks.magnitude[k], peaks.phase[k]
        output.position[k], output.track[k] = peaks.position[k], peaks.track[k]


def blend(output, others, part):
    """Give each sinusoid a level between its own and that of the other one with its number; without another one it gets softer."""
    for k in range(int(output.count)):
        size = ratio_of(output.magnitude[k]) * (1.0 - part)
        for j in range(1, int(others.count)):  # as in CLAM, which passes the first one over
            if others.track[j] == output.track[k]:
                size += ratio_of(others.magnitude[j]) * part
                break
        output.magnitude[k] = float32(20.0 * log10(max(float64(size), SOFTEST)))
