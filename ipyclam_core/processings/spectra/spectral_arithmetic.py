"""Arithmetic with two spectra."""

from __future__ import annotations

from math import atan2, cos, pi, sin, sqrt

from numpy import float32, float64

from ...data.spectra import Spectrum
from ...declare import in_port, out_port, processing

CATEGORY = "Arithmetic Operations"


class _Two:
    """`output` begins as a copy of the first spectrum."""

    spectrum = in_port("Input 1", Spectrum)
    other = in_port("Input 2", Spectrum)
    output = out_port("Output", Spectrum, copies="spectrum")


@processing(category=CATEGORY, source="CLAM SpectrumProduct", synonyms=("multiply", "convolve", "filter", "cross synthesis"))
class SpectrumProduct(_Two):
    """Multiplies two spectra: magnitudes are multiplied, phases added."""

    def process(output, other):
        for k in range(len(output.magnitude)):
            inside = k < len(other.magnitude)
            output.magnitude[k] *= other.magnitude[k] if inside else 0.0
            phase = float64(output.phase[k]) + (float64(other.phase[k]) if inside else 0.0)
            output.phase[k] = float32(phase - 2.0 * pi if phase > pi else phase + 2.0 * pi if phase < -pi else phase)


@processing(category=CATEGORY, source="CLAM SpectrumSubstracter2", synonyms=("subtract", "difference", "minus"))
class SpectrumSubstracter2(_Two):
    """Subtracts the second spectrum from the first."""

    def process(output, other):
        for k in range(min(len(output.magnitude), len(other.magnitude))):
            size, phase = float64(output.magnitude[k]), float64(output.phase[k])
            less, turn = float64(other.magnitude[k]), float64(other.phase[k])
            real = size * cos(phase) - less * cos(turn)
            imaginary = size * sin(phase) - less * sin(turn)
            output.magnitude[k] = float32(sqrt(real * real + imaginary * imaginary))
            output.phase[k] = float32(atan2(imaginary, real))
