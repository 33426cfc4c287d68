"""Transformations of spectra that hold, delay and smooth them."""

from __future__ import annotations

import numpy as np
from numpy import float32

from ...declare import Array, in_control, processing
from .._limits import limited
from ._bins import bin_of
from .transformations import CATEGORY, Transformation

LONGEST = 100  # spectra


@processing(category=CATEGORY, source="CLAM SampleAndHold", synonyms=("freeze", "hold", "stutter", "s&h"))
class SampleAndHold(Transformation):
    """Holds a spectrum for a time, and then the next one."""

    amount = in_control("Amount", 500.0, unit="ms", doc="how long; exact where the hop is half of the transform")

    class State:
        magnitude: Array[float32]
        phase: Array[float32]
        left: int

    def initial(spectrum):
        return {"magnitude": np.zeros(spectrum.bins, float32), "phase": np.zeros(spectrum.bins, float32)}

    def process(state, output, amount):
        bins = len(output.magnitude)
        if state.left <= 0:
            step = 500.0 * (bins - 1) / max(output.top, 1.0)
            state.left = int(limited(amount / max(step, 1e-3), 0.0, 1e9) + 0.5) + 1
            for k in range(bins):
                state.magnitude[k], state.phase[k] = output.magnitude[k], output.phase[k]
        state.left -= 1
        for k in range(bins):
            output.magnitude[k], output.phase[k] = state.magnitude[k], state.phase[k]


@processing(category=CATEGORY, source="CLAM SpectralDelay", synonyms=("echo", "multiband delay"))
class SpectralDelay(Transformation):
    """Delays each of three bands: below `LowCutoff`, above `HighCutoff`, and between. Delays are whole numbers of spectra."""

    low = in_control("LowCutoff", 1000.0, 0.0, 1000000.0, unit="Hz")
    high = in_control("HighCutoff", 5000.0, 0.0, 1000000.0, unit="Hz")
    low_delay = in_control("LowDelay", 0.0, 0.0, LONGEST, unit="spectra")
    mid_delay = in_control("MidDelay", 0.0, 0.0, LONGEST, unit="spectra")
    high_delay = in_control("HighDelay", 0.0, 0.0, LONGEST, unit="spectra")

    class State:
        magnitude: Array[float32]
        phase: Array[float32]
        newest: int

    def initial(spectrum):
        size = spectrum.bins * (LONGEST + 1)
        return {"magnitude": np.zeros(size, float32), "phase": np.zeros(size, float32)}

    def process(state, output, low, high, low_delay, mid_delay, high_delay):
        bins = len(output.magnitude)
        first, second = bin_of(low, bins, output.top), bin_of(high, bins, output.top)
        state.newest = (state.newest + 1) % (LONGEST + 1)
        for k in range(bins):
            state.magnitude[state.newest * bins + k] = output.magnitude[k]
            state.phase[state.newest * bins + k] = output.phase[k]
            delay = high_delay if k >= second else low_delay if k < first else mid_delay
            row = (state.newest + LONGEST + 1 - int(limited(delay, 0.0, LONGEST))) % (LONGEST + 1)
            output.magnitude[k] = state.magnitude[row * bins + k]
            output.phase[k] = state.phase[row * bins + k]


@processing(category=CATEGORY, source="CLAM SpectralAverage", synonyms=("smooth", "blur", "moving average"))
class SpectralAverage(Transformation):
    """Gives each bin the mean magnitude of the bins around it. Bins too near to either end are silent."""

    points = in_control("Average Points", 50.0, unit="bins", doc="how many")

    def process(spectrum, output, points):
        bins = len(output.magnitude)
        count = int(limited(points, 1.0, bins))
        half, total = count // 2, 0.0
        for k in range(bins):
            output.magnitude[k] = 0.0
        for k in range(bins):
            total += spectrum.magnitude[k]
            if k >= count - 1:
                output.magnitude[k - count + 1 + half] = float32(total / count)
                total -= spectrum.magnitude[k - count + 1]
