"""Transformations of spectra that move frequencies away from a centre, or towards it."""

from __future__ import annotations

import numpy as np
from numpy import float32, float64, int64

from ...data.spectra import Spectrum
from ...declare import Array, in_control, in_port, out_port, processing
from ._bins import bin_of
from .transformations import CATEGORY, Transformation


class _Centred(Transformation):
    """Bins of the input get new frequencies, and the output lies between them."""

    spectrum = in_port("InSpectrum", Spectrum)
    output = out_port("OutSpectrum", Spectrum, copies="spectrum")
    center = in_control("CenterFreq", 1000.0, unit="Hz")

    class State:
        frequencies: Array[float32]
        bins: Array[int64]

    def initial(spectrum):
        return {"frequencies": np.zeros(spectrum.bins + 1, float32), "bins": np.zeros(spectrum.bins + 1, int64)}


def width_of(bins, top):
    """From one bin to the next, in hertz."""
    return float32(1.0 / float64(float32(bins / max(top, 1.0))))


def centre_of(frequency, bins, top):
    """The bin of a centre, inside the spectrum."""
    return min(max(bin_of(frequency, bins, top), 0), bins - 1)


def placed(state, count, source, where, end, width):
    """Add points to the `count` that there are: bin `source` comes to bin `where`, and so on up to bin `end`. Returns the new count.

    CLAM adds up frequencies in float32, so high ones are a little off. Here they are too.
    """
    frequency = float32(float32(where) * width)
    for k in range(where, end):
        state.frequencies[count], state.bins[count] = frequency, source + k - where
        frequency = float32(frequency + width)
        count += 1
    return count


def resampled(state, count, spectrum, output):
    """Make the output what lies between the points; beyond them, as the last one is."""
    last = len(output.magnitude) - 1
    width = float32(float32(spectrum.top) / float32(max(last, 1)))
    right = 0
    for k in range(last + 1):
        frequency = float32(float32(k) * width)
        while right < count and state.frequencies[right] < frequency:
            right += 1
        first, second = state.bins[max(right - 1, 0)], state.bins[min(right, count - 1)]
        part = 0.0
        if 0 < right < count:
            low, high = float64(state.frequencies[right - 1]), float64(state.frequencies[right])
            part = (float64(frequency) - low) / (high - low)
        for row, into in ((spectrum.magnitude, output.magnitude), (spectrum.phase, output.phase)):
            into[k] = float32(float64(row[first]) + part * (float64(row[second]) - float64(row[first])))


@processing(category=CATEGORY, source="CLAM SpectralSpread", synonyms=("widen", "inharmonic", "frequency shifter"))
class SpectralSpread(_Centred):
    """Moves the frequencies below a centre down and those above it up, each by `Amount`."""

    amount = in_control("Amount", 100.0, unit="Hz", doc="how far; below 0 counts as 0")

    def process(state, spectrum, output, center, amount):
        bins = len(output.magnitude)
        middle, moved = centre_of(center, bins, output.top), max(bin_of(amount, bins, output.top), 0)
        width = width_of(bins, output.top)
        count = placed(state, 0, moved, 0, middle - moved, width)
        count = placed(state, count, middle, middle, middle + 1, width)
        count = placed(state, count, middle, middle + moved, bins, width)
        resampled(state, count, spectrum, output)


@processing(category=CATEGORY, source="CLAM SpectralFocus", synonyms=("narrow", "inharmonic", "frequency shifter"))
class SpectralFocus(_Centred):
    """Moves the frequencies below a centre up and those above it down, each by `Focus Amount`. What meets in the middle is cut off."""

    focus = in_control("Focus Amount", unit="Hz", doc="how far; below 0 counts as 0")

    def process(state, spectrum, output, center, focus):
        bins = len(output.magnitude)
        middle, moved = centre_of(center, bins, output.top), max(bin_of(focus, bins, output.top), 0)
        width = width_of(bins, output.top)
        count = placed(state, 0, 0, moved, middle, width)
        count = placed(state, count, middle, middle, middle + 1, width)
        count = placed(state, count, middle + 1 + moved, middle + 1, bins - moved, width)
        resampled(state, count, spectrum, output)
