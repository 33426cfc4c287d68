"""Spectra, in their three forms."""

from __future__ import annotations

from ..declare.frames import frame, number, row

BINS = 513  # of an in port that nothing is connected to


@frame("Spectrum", bins=BINS)
class Spectrum:
    """Magnitude and phase of every bin, from 0 Hz to `top`."""

    magnitude = row("bins", plot="decibels", doc="linear amplitudes; a picture shows dB")
    phase = row("bins", unit="rad", plot="none")
    top = number(22050.0, unit="Hz", doc="the frequency of the last bin")


@frame("MagPhaseSpectrum", bins=BINS)
class MagPhaseSpectrum:
    """Magnitude and phase of every bin, as `Spectrum`, which CLAM's spatialisation types keep apart from it."""

    magnitude = row("bins", plot="decibels", doc="linear amplitudes; a picture shows dB")
    phase = row("bins", unit="rad", plot="none")
    top = number(22050.0, unit="Hz", doc="the frequency of the last bin")


@frame("ComplexSpectrum", bins=BINS)
class ComplexSpectrum:
    """Real and imaginary part of every bin, from 0 Hz to `top`."""

    real = row("bins")
    imaginary = row("bins")
    top = number(22050.0, unit="Hz", doc="the frequency of the last bin")
