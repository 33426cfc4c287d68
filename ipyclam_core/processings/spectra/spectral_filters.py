"""Transformations of spectra that change the level of some frequencies: filters, notches, combs."""

from __future__ import annotations

from math import pi, sin

from ...declare import in_control, processing
from ._bins import bin_of, ratio_of
from .transformations import CATEGORY, Transformation

MAINS = 60.0  # Hz
CLAMS_HOP = 512.0  # frames: oscillators in spectra go on by so much at each spectrum


@processing(category=CATEGORY, source="CLAM ThreeBandFilter", synonyms=("equalizer", "eq", "multiband", "tone"))
class ThreeBandFilter(Transformation):
    """Gives each of three bands a gain: below `LowCutoff`, above `HighCutoff`, and between."""

    low = in_control("LowCutoff", 1000.0, 0.0, 1000000.0, unit="Hz")
    high = in_control("HighCutoff", 5000.0, 0.0, 1000000.0, unit="Hz")
    low_gain = in_control("LowGain", 0.0, -60.0, 100.0, unit="dB")
    mid_gain = in_control("MidGain", 0.0, -60.0, 100.0, unit="dB")
    high_gain = in_control("HighGain", 0.0, -60.0, 100.0, unit="dB")

    def process(output, low, high, low_gain, mid_gain, high_gain):
        bins = len(output.magnitude)
        first, second = bin_of(low, bins, output.top), bin_of(high, bins, output.top)
        lower, middle, upper = ratio_of(low_gain), ratio_of(mid_gain), ratio_of(high_gain)
        for k in range(bins):
            gain = lower if k < first else (lower + middle) / 2.0 if k == first else middle
            if k >= second:
                gain = (gain + upper) / 2.0 if k == second else upper
            output.magnitude[k] *= gain


@processing(category=CATEGORY, source="CLAM SpectralNotch", synonyms=("band reject", "bandstop", "bell", "filter"))
class SpectralNotch(Transformation):
    """Gives the frequencies that are nearer than `Bandwidth` to `Center Freq` a gain."""

    bandwidth = in_control("Bandwidth", unit="Hz", doc="on either side")
    gain = in_control("Gain", unit="dB")
    center = in_control("Center Freq", unit="Hz")

    def process(output, bandwidth, gain, center):
        bins = len(output.magnitude)
        middle, wide = bin_of(center, bins, output.top), bin_of(bandwidth, bins, output.top) + 1
        factor = ratio_of(gain)
        for k in range(max(middle - wide, 0), min(middle + wide + 1, bins)):
            output.magnitude[k] *= factor


@processing(category=CATEGORY, source="CLAM OscillatingSpectralNotch", synonyms=("wah", "lfo", "sweep", "phaser", "filter"))
class OscillatingSpectralNotch(Transformation):
    """Gives a band a gain, and moves the band up and down. `OscFreq` is exact where spectra follow each other after 512 frames."""

    center = in_control("Freq", 1000.0, 80.0, 15000.0, unit="Hz")
    bandwidth = in_control("Bandwidth", 100.0, 1.0, 1000.0, unit="Hz", doc="on either side")
    gain = in_control("Gain", 0.0, -60.0, 60.0, unit="dB")
    rate = in_control("OscFreq", 1.0, 0.1, 5.0, unit="Hz")
    width = in_control("OscWidth", 50.0, 5.0, 200.0, unit="%", doc="how far the band moves, of Freq")

    class State:
        phase: float

    def process(state, output, center, bandwidth, gain, rate, width, sample_rate):
        bins = len(output.magnitude)
        middle = bin_of(center * (1.0 + width / 100.0 * sin(2.0 * pi * state.phase)), bins, output.top)
        wide = bin_of(bandwidth, bins, output.top)
        factor = ratio_of(gain)
        for k in range(max(middle - wide, 0), min(middle + wide + 1, bins)):
            output.magnitude[k] *= factor
        state.phase = (state.phase + rate * CLAMS_HOP / sample_rate) % 1.0


@processing(category=CATEGORY, source="CLAM SpectralCombDelta", synonyms=("harmonics", "resonator", "pitch", "filter"))
class SpectralCombDelta(Transformation):
    """Keeps only the bins of the harmonics of a fundamental."""

    fundamental = in_control("Fundamental", 100.0, unit="Hz")
    gain = in_control("Overall Factor", unit="dB")

    def process(output, fundamental, gain):
        bins = len(output.magnitude)
        step, factor = max(bin_of(fundamental, bins, output.top), 0), ratio_of(gain)
        for k in range(bins):
            kept = k > 0 and k % step == 0 if step else k == 0
            output.magnitude[k] *= factor if kept else 0.0


@processing(category=CATEGORY, source="CLAM SpectralCombTriang", synonyms=("harmonics", "resonator", "comb filter"))
class SpectralCombTriang(Transformation):
    """Lowers the frequencies between the harmonics of a fundamental, most halfway. It silences all up to the fundamental."""

    fundamental = in_control("Fundamental", 100.0, unit="Hz")
    amount = in_control("Amount", unit="dB", doc="how much lower the frequencies halfway are")

    def process(output, fundamental, amount):
        bins = len(output.magnitude)
        step = max(bin_of(fundamental, bins, output.top), 0)
        for k in range(min(step + 1, bins)):
            output.magnitude[k] = 0.0
        for k in range(step + 1, bins):
            place = k % step if step else 0
            away = min(place, step - place) / (step / 2.0) if step else 0.0
            output.magnitude[k] *= ratio_of(-amount * away)


@processing(category=CATEGORY, source="CLAM HumRemover", synonyms=("mains", "60 hz", "denoise", "notch", "buzz"))
class HumRemover(Transformation):
    """Silences the harmonics of 60 Hz. The transform should be 2048 samples or more."""

    bandwidth = in_control("Bandwidth", 20.0, unit="Hz", doc="on either side of each harmonic")
    harmonics = in_control("Harmonics", 5.0, doc="harmonics below this one are silenced; 0 for all")

    def process(output, bandwidth, harmonics):
        bins = len(output.magnitude)
        step, wide = max(bin_of(MAINS, bins, output.top), 1), bin_of(bandwidth, bins, output.top)
        last = min(harmonics - 1.0, float(bins)) if harmonics >= 1.0 else float(bins)
        for harmonic in range(1, int(last) + 1):
            for k in range(max(harmonic * step - wide, 0), min(harmonic * step + wide + 1, bins)):
                output.magnitude[k] = 0.0


@processing(category=CATEGORY, source="CLAM Partializer", synonyms=("partials", "inharmonic", "stretch", "bell"))
class Partializer(Transformation):
    """Keeps only the bins of some partials, whose frequencies are a geometric series."""

    amount = in_control("Amount", unit="dB", doc="a gain")
    fundamental = in_control("Fundamental", 100.0, unit="Hz", doc="the lowest partial")
    factor = in_control("FreqSpaceFactor", doc="from the frequency of one partial to that of the next; up to 1 gives one partial")

    def process(spectrum, output, amount, fundamental, factor):
        bins = len(output.magnitude)
        for k in range(bins):
            output.magnitude[k] = 0.0
        gain = ratio_of(amount)
        place = float(max(bin_of(fundamental, bins, output.top), 0))
        for _ in range(bins):
            if place >= bins:
                break
            output.magnitude[int(place)] = spectrum.magnitude[int(place)] * gain
            if factor <= 1.0 or place == 0.0:
                break
            place *= min(factor, float(bins))
