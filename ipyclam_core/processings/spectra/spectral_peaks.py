"""Transformations of spectra that look for their peaks."""

from __future__ import annotations

from math import floor

import numpy as np
from numpy import float32, float64

from ...data.spectra import Spectrum
from ...declare import Array, in_control, in_port, out_port, processing
from .._limits import limited
from ._bins import bin_of, level_of, ratio_of
from .transformations import CATEGORY, Transformation

FLOOR = -80.0  # dB: lower peaks do not count for an envelope
HIGHEST = 15000.0  # Hz: nor do higher ones
MOST = 200  # peaks
FEWEST = 4
SILENCE = -200.0  # dB


@processing(category=CATEGORY, source="CLAM Peakalizer", synonyms=("peaks", "partials", "denoise", "sinusoids"))
class Peakalizer(Transformation):
    """Keeps only the loud bins and their surroundings."""

    threshold = in_control("Threshold", -60.0, unit="dB")
    bandwidth = in_control("Bandwidth", 500.0, unit="Hz", doc="kept around each bin above the threshold; 0 keeps nothing")

    def process(spectrum, output, threshold, bandwidth):
        bins = len(output.magnitude)
        half, least = max(bin_of(0.5 * bandwidth, bins, output.top), 0), ratio_of(threshold)
        end = 0  # of what is decided
        for k in range(bins):
            if spectrum.magnitude[k] > least:
                for before in range(end, k - half):
                    output.magnitude[before] = 0.0
                end = min(k + half, bins)
        for k in range(end, bins):
            output.magnitude[k] = 0.0


@processing(category=CATEGORY, source="CLAM SpectralExciter", synonyms=("harmonics", "enhancer", "aural exciter", "distortion"))
class SpectralExciter(Transformation):
    """Adds to the bins above a frequency and a threshold their harmonics. What gets louder than 1 is cut there."""

    cutoff = in_control("HighCutoff", unit="Hz", doc="bins up to here get no harmonics")
    threshold = in_control("Threshold", unit="dB")
    gain = in_control("HarmonicsGain", unit="dB")

    def process(spectrum, output, cutoff, threshold, gain):
        bins = len(output.magnitude)
        first = max(bin_of(cutoff, bins, output.top), 0) + 1
        least, factor = ratio_of(threshold), ratio_of(gain)
        for k in range(first, (bins + 1) // 2):
            if spectrum.magnitude[k] > least:
                added = spectrum.magnitude[k] * factor
                for harmonic in range(2 * k, bins, k):
                    output.magnitude[harmonic] = min(output.magnitude[harmonic] + added, 1.0)


class _Envelope(Transformation):
    spectrum = in_port("InSpectrum", Spectrum)
    output = out_port("OutSpectrum", Spectrum, copies="spectrum")

    class State:
        places: Array[float64]
        levels: Array[float64]

    def initial():
        return {"places": np.zeros(MOST + 1), "levels": np.zeros(MOST + 1)}


def peak_at(magnitude, k):
    """How far above bin `k` the peak is there, in bins, and its level: those of a parabola through three levels."""
    before, at, after = level_of(magnitude[k - 1]), level_of(magnitude[k]), level_of(magnitude[k + 1])
    away = 0.5 * (before - after) / min(before - 2.0 * at + after, -1e-9)
    return away, at - 0.25 * (before - after) * away


def envelope(magnitude, highest, places, levels):
    """Find the peaks up to a place, after a point at 0 Hz 3 dB below the first one. Returns the number of points."""
    count = 1
    for k in range(1, len(magnitude) - 1):
        if magnitude[k] > magnitude[k - 1] and magnitude[k] > magnitude[k + 1] and level_of(magnitude[k]) > FLOOR:
            away, level = peak_at(magnitude, k)
            if count == len(places) or k + away > highest:
                break
            places[count], levels[count] = k + away, level
            count += 1
    places[0], levels[0] = 0.0, levels[1] - 3.0
    return count


def level_beyond(place, last, gap, level):
    """The envelope beyond its last point: it falls faster and faster, by 12 dB for each octave's width, in steps of one gap."""
    steps = (place - last) / gap
    whole = floor(steps)
    slope = 12.0 * gap / last * (whole + 1)
    return max(level - 0.5 * slope * whole - (steps - whole) * slope, SILENCE)


@processing(category=CATEGORY, source="CLAM SpectralShapeShift", synonyms=("formants", "timbre", "envelope", "gender"))
class SpectralShapeShift(_Envelope):
    """Gives each bin the magnitude of the spectrum's envelope, which is shifted: formants move, pitch stays.

    A spectrum of fewer than four peaks has no envelope, and passes as it is.
    """

    shift = in_control("Shift Steps", unit="Hz", doc="how far the envelope moves up")

    def process(state, spectrum, output, shift):
        bins = len(output.magnitude)
        top = max(spectrum.top, 1.0)
        count = envelope(spectrum.magnitude, HIGHEST / top * (bins - 1), state.places, state.levels)
        if count <= FEWEST:
            return
        moved = limited(shift / top, -1.0, 1.0) * (bins - 1)
        last, gap = state.places[count - 1], state.places[count - 1] - state.places[count - 2]
        right = 1
        for k in range(bins):
            place = k - moved
            while right < count and state.places[right] < place:
                right += 1
            if right == count:
                output.magnitude[k] = float32(ratio_of(level_beyond(place, last, gap, state.levels[count - 1])))
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
