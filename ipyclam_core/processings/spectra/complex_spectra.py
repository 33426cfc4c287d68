"""Arithmetic of complex spectra: what spectra become together, bin by bin."""

from __future__ import annotations

from ...data.spectra import ComplexSpectrum, MagPhaseSpectrum
from ...declare import in_control, in_port, out_port, processing

CATEGORY = "[plugin] New Spectral Processing"


class _One:
    spectrum = in_port("Input", ComplexSpectrum)
    output = out_port("Output", ComplexSpectrum, copies="spectrum")


@processing(category=CATEGORY, source="CLAM ComplexConjugate", synonyms=("reverse", "backwards", "time reversal"))
class ComplexConjugate(_One):
    """The complex conjugate of a spectrum, which is that of the same samples played backwards."""

    def process(output):
        for k in range(len(output.imaginary)):
            output.imaginary[k] = -output.imaginary[k]


@processing(category=CATEGORY, source="CLAM ComplexSpectrumInverter", synonyms=("polarity", "phase inversion", "negate"))
class ComplexSpectrumInverter(_One):
    """Inverts the polarity of a spectrum."""

    def process(output):
        for k in range(len(output.real)):
            output.real[k] = -output.real[k]
            output.imaginary[k] = -output.imaginary[k]


@processing(category=CATEGORY, source="CLAM ComplexSpectrumSum", synonyms=("add", "mixer", "plus"))
class ComplexSpectrumSum:
    """The sum of two spectra: both sounds together. It has as many bins as `Term1`."""

    first = in_port("Term1", ComplexSpectrum)
    second = in_port("Term2", ComplexSpectrum)
    output = out_port("Sum", ComplexSpectrum, copies="first")

    def process(second, output):
        for k in range(min(len(output.real), len(second.real))):
            output.real[k] += second.real[k]
            output.imaginary[k] += second.imaginary[k]


@processing(category=CATEGORY, source="CLAM ComplexSpectrumMixer", synonyms=("add", "sum", "crossfade"))
class ComplexSpectrumMixer:
    """The sum of two spectra, each with a gain of its own. It has as many bins as `Term1`."""

    first = in_port("Term1", ComplexSpectrum)
    second = in_port("Term2", ComplexSpectrum)
    output = out_port("Mixer", ComplexSpectrum, copies="first")
    gain = in_control("Gain1", 0.0, 0.0, 1.0)
    other_gain = in_control("Gain2", 0.0, 0.0, 1.0)

    def process(second, output, gain, other_gain):
        for k in range(len(output.real)):
            output.real[k] = output.real[k] * gain
            output.imaginary[k] = output.imaginary[k] * gain
        for k in range(min(len(output.real), len(second.real))):
            output.real[k] += second.real[k] * other_gain
            output.imaginary[k] += second.imaginary[k] * other_gain


@processing(category=CATEGORY, source="CLAM ComplexSpectrumProduct", synonyms=("multiply", "convolution", "filter", "times"))
class ComplexSpectrumProduct:
    """The product of two spectra: one sound filtered by the other. It has as many bins as `Factor1`."""

    first = in_port("Factor1", ComplexSpectrum)
    second = in_port("Factor2", ComplexSpectrum)
    output = out_port("Product", ComplexSpectrum, bins="first.bins")

    def process(first, second, output):
        for k in range(min(len(first.real), len(second.real))):
            a, b, c, d = first.real[k], first.imaginary[k], second.real[k], second.imaginary[k]
            output.real[k] = a * c - b * d
            output.imaginary[k] = a * d + b * c
        output.top = first.top


@processing(category=CATEGORY, source="CLAM CrossCorrelation", synonyms=("correlation", "similarity", "delay estimation", "matching"))
class CrossCorrelation:
    """The spectrum of the cross-correlation of two sounds. It has as many bins as `Input1`."""

    first = in_port("Input1", ComplexSpectrum)
    second = in_port("Input2", ComplexSpectrum)
    output = out_port("CrossCorrelation", ComplexSpectrum, bins="first.bins")

    def process(first, second, output):
        for k in range(min(len(first.real), len(second.real))):
            a, b, c, d = first.real[k], first.imaginary[k], second.real[k], second.imaginary[k]
            output.real[k] = a * c + b * d
            output.imaginary[k] = a * d - b * c
        output.top = first.top


@processing(category=CATEGORY, source="CLAM MagPhaseSpectrumProduct", synonyms=("multiply", "convolution", "filter", "times"))
class MagPhaseSpectrumProduct:
    """The product of two spectra: one sound filtered by the other. It has as many bins as `Factor1`."""

    first = in_port("Factor1", MagPhaseSpectrum)
    second = in_port("Factor2", MagPhaseSpectrum)
    output = out_port("Product", MagPhaseSpectrum, bins="first.bins")

    def process(first, second, output):
        for k in range(min(len(first.magnitude), len(second.magnitude))):
            output.magnitude[k] = first.magnitude[k] * second.magnitude[k]
            output.phase[k] = first.phase[k] + second.phase[k]
        output.top = first.top
