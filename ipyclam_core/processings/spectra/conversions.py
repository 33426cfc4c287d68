"""From one form of a spectrum to another."""

from __future__ import annotations

from ...data.spectra import ComplexSpectrum, MagPhaseSpectrum, Spectrum
from ...declare import fourier, in_port, out_port, processing

CATEGORY = "[plugin] New Spectral Processing"


@processing(category=CATEGORY, source="CLAM Complex2MagPhaseSpectrum", synonyms=("polar", "convert", "magnitude"))
class Complex2MagPhaseSpectrum:
    """The magnitudes and phases of a complex spectrum."""

    spectrum = in_port("ComplexSpectrum", ComplexSpectrum)
    output = out_port("MagPhaseSpectrum", MagPhaseSpectrum, bins="spectrum.bins")

    def process(spectrum, output):
        fourier.to_polar(spectrum.real, spectrum.imaginary, output.magnitude, output.phase)
        output.top = spectrum.top


@processing(category=CATEGORY, source="CLAM MagPhase2ComplexSpectrum", synonyms=("cartesian", "convert"))
class MagPhase2ComplexSpectrum:
    """The complex spectrum of magnitudes and phases."""

    spectrum = in_port("MagPhaseSpectrum", MagPhaseSpectrum)
    output = out_port("ComplexSpectrum", ComplexSpectrum, bins="spectrum.bins")

    def process(spectrum, output):
        fourier.to_complex(spectrum.magnitude, spectrum.phase, output.real, output.imaginary)
        output.top = spectrum.top


def copied(spectrum, output):
    """One is a copy of the other; both have magnitudes and phases."""
    for k in range(len(output.magnitude)):
        output.magnitude[k] = spectrum.magnitude[k]
        output.phase[k] = spectrum.phase[k]
    output.top = spectrum.top


@processing(category=CATEGORY, source="CLAM MagPhaseSpectrum2Spectrum", synonyms=("convert", "adapter"))
class MagPhaseSpectrum2Spectrum:
    """The same spectrum, for processings that take a `Spectrum`."""

    spectrum = in_port("MagPhaseSpectrum", MagPhaseSpectrum)
    output = out_port("Spectrum", Spectrum, bins="spectrum.bins")

    def process(spectrum, output):
        copied(spectrum, output)


@processing(category=CATEGORY, source="CLAM Spectrum2MagPhaseSpectrum", synonyms=("convert", "adapter"))
class Spectrum2MagPhaseSpectrum:
    """The same spectrum, for processings that take a `MagPhaseSpectrum`."""

    spectrum = in_port("Spectrum", Spectrum)
    output = out_port("MagPhaseSpectrum", MagPhaseSpectrum, bins="spectrum.bins")

    def process(spectrum, output):
        copied(spectrum, output)
