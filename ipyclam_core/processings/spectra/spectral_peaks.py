"""Transformations of spectra that look for their peaks."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy import float32, float64

from ...data.spectra import Spectrum
from ...declare import Array, in_control, in_port, out_port, processing
from .._limits import limited
from ._bins import bin_of, level_of, ratio_of
from .transformations import CATEGORY, Transformation

FLOOR = -80.0  # dB: lower peaks do not count for an envelope


def peak_at(magnitude, k):
    """How far above bin `k` the peak is there, in bins, and its level: those of a parabola through three levels."""
    before, at, after = level_of(magnitude[k - 1]), level_of(magnitude[k]), level_of(magnitude[k + 1])
    away = 0.5 * (before - after) / min(before - 2.0 * at + after, -1e-9)
    return away, at - 0.25 * (before - after) * away


@processing(category=CATEGORY, source="CLAM Peakalizer", synonyms=("peaks", "partials", "denoise", "sinusoids"))
class Peakalizer(Transformation):
    """Keeps only the surroundings of the peaks above a threshold."""

    threshold = in_control("Threshold", -60.0, unit="dB")
    bandwidth = in_control("Bandwidth", 500.0, unit="Hz", doc="kept around each peak")

    def process(spectrum, output, threshold, bandwidth):
        bins = len(output.magnitude)
        half = limited(bandwidth / max(spectrum.top, 1.0), 0.0, 1.0) * (bins - 1) / 2.0
        for k in range(bins):
            output.magnitude[k] = 0.0
        row = spectrum.magnitude
        for k in range(1, bins - 1):
            if row[k] > row[k - 1] and row[k] > row[k + 1] and level_of(row[k]) > threshold:
                place = k + peak_at(row, k)[0]
                for near in range(max(int(place - half), 0), min(ceil(place + half) + 1, bins)):
                    output.magnitude[near] = row[near]


class _Envelope(Transformation):
    spectrum = in_port("InSpectrum", Spectrum)
    output = out_port("OutSpectrum", Spectrum, copies="spectrum")

    class State:
        places: Array[float64]
        levels: Array[float64]

    def initial(spectrum):
        return {"places": np.zeros(spectrum.bins // 2 + 2), "levels": np.zeros(spectrum.bins // 2 + 2)}


def envelope(magnitude, places, levels):
    """Find the peaks of a spectrum, after a point at 0 Hz 3 dB below the first one. Returns the number of points."""
    count = 1
    for k in range(1, len(magnitude) - 1):
        if magnitude[k] > magnitude[k - 1] and magnitude[k] > magnitude[k + 1] and level_of(magnitude[k]) > FLOOR:
            if count == len(places):
                break
            away, levels[count] = peak_at(magnitude, k)
            places[count] = k + away
            count += 1
    places[0], levels[0] = 0.0, levels[1] - 3.0
    return count


@processing(category=CATEGORY, source="CLAM SpectralShapeShift", synonyms=("formants", "timbre", "envelope", "gender"))
class SpectralShapeShift(_Envelope):
    """Gives each bin the magnitude of the spectrum's envelope, which is shifted: formants move, pitch stays."""

    shift = in_control("Shift Steps", unit="Hz", doc="how far the envelope moves up")

    def process(state, spectrum, output, shift):
        bins = len(output.magnitude)
        count = envelope(spectrum.magnitude, state.places, state.levels)
        moved = limited(shift / max(spectrum.top, 1.0), -1.0, 1.0) * (bins - 1)
        right = 1
        for k in range(bins):
            place = k - moved
            while right < count and state.places[right] < place:
                right += 1
            if right == count:
                output.magnitude[k] = 0.0
                continue
            left = state.places[right - 1]
            part = limited((place - left) / max(state.places[right] - left, 1e-9), 0.0, 1.0)
            level = state.levels[right - 1] + part * (state.levels[right] - state.levels[right - 1])
            output.magnitude[k] = float32(ratio_of(level))


@processing(category=CATEGORY, source="CLAM FreqShift", synonyms=("frequency shifter", "detune", "inharmonic"))
class FreqShift(Transformation):
    """Moves all frequencies up or down by the same number of hertz."""

    shift = in_control("Shift Amount", unit="Hz")

    def process(spectrum, output, shift):
        bins = len(output.magnitude)
        moved = bin_of(shift, bins, spectrum.top)
        for k in range(bins):
            inside = 0 <= k - moved < bins
            output.magnitude[k] = spectrum.magnitude[k - moved] if inside else 0.0
            output.phase[k] = spectrum.phase[k - moved] if inside else 0.0
