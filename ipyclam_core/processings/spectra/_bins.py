"""Where frequencies lie in a spectrum, and levels in decibels."""

from __future__ import annotations

from math import floor, log10

from numpy import float64

from .._limits import limited


def bin_of(frequency, bins, top):
    """The bin nearest to a frequency, as CLAM counts: `bins` for all that is above `top`, negative for a frequency below 0."""
    return floor(limited(frequency / max(top, 1.0), -1.0, 1.0) * bins + 0.5)


def ratio_of(decibels):
    """The factor that a gain is, from -300 to 300 dB."""
    return 10.0 ** (limited(decibels, -300.0, 300.0) / 20.0)


def level_of(magnitude):
    """Decibels of a magnitude; -200 dB for 0."""
    return 20.0 * log10(max(float64(magnitude), 1e-10))
