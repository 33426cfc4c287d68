"""The channel vocoder that works on spectra."""

from __future__ import annotations

from math import floor, sqrt

from numpy import float32

from ...declare import in_control, processing
from .._limits import limited
from ._bins import bin_of, ratio_of
from .transformations import CATEGORY, Transformation

LOWEST = 100.0  # Hz, where the first band ends
STEPS = 5  # of equal width on a logarithmic scale, from which the bands get their gains


@processing(category=CATEGORY, source="CLAM Vocoder", synonyms=("channel vocoder", "bands", "robot", "voice", "sinusoids"))
class Vocoder(Transformation):
    """Makes of each band one bin in its middle, as loud as the square root of the sum of the band's magnitudes.

    Bands end at frequencies that are a geometric series. The higher a band, the higher the number of its gain.
    """

    gain = in_control("Band0Gain", unit="dB", doc="of the lowest bands")
    second_gain = in_control("Band1Gain", unit="dB")
    third_gain = in_control("Band2Gain", unit="dB")
    highest_gain = in_control("Band3Gain", unit="dB", doc="of the highest bands")
    bands = in_control("NumBands", 50.0, doc="the more, the narrower")
    shift = in_control("FreqShift", unit="Hz", doc="how far the bands move up")

    def process(spectrum, output, bands, gain, second_gain, third_gain, highest_gain, shift):
        bins = len(output.magnitude)
        top = max(output.top, 2.0 * LOWEST + 1.0)
        count = int(limited(bands, 1.0, float(bins)))
        growth, gain_growth = float32(top ** (1.0 / count)), float32((top / (2.0 * LOWEST)) ** (1.0 / STEPS))
        edge, gain_edge = float32(LOWEST), float32(2.0 * LOWEST)
        first, last, gain_last = 0, bin_at(edge, bins, top), bin_at(gain_edge, bins, top)
        moved, gains, band, energy = bin_of(shift, bins, top), 0, 0, 0.0
        place = bins // count + moved
        for k in range(bins):
            output.magnitude[k] = 0.0
        for k in range(bins):
            if k > last:
                if 0 <= place < bins:
                    level = gain if gains == 0 else second_gain if gains == 1 else third_gain if gains == 2 else highest_gain
                    output.magnitude[place] = float32(sqrt(energy) * ratio_of(level))
                edge = float32(edge * growth)
                first, last = last, min(bin_at(edge, bins, top), bins)
                place = first + (last - first) // 2 + moved
                energy = 0.0
                band += 1
                if band > count:
                    break
            if k > gain_last:
                gains = min(gains + 1, 3)
                gain_edge = float32(gain_edge * gain_growth)
                gain_last = bin_at(gain_edge, bins, top)
            energy += spectrum.magnitude[k]


def bin_at(frequency, bins, top):
    """The bin nearest to a frequency, which may lie beyond the spectrum."""
    return floor(min(frequency / top, 2.0) * bins + 0.5)
