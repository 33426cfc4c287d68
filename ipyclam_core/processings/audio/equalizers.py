"""Equalizers. Their state is float64."""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64

from ...declare import Array, config, in_control, in_port, out_port, processing
from .._limits import limited

BANDS = 16


@processing(
    category="ipyclam",
    source="R. Bristow-Johnson: Audio EQ cookbook",
    synonyms=("eq", "equaliser", "peaking", "bell", "shelf", "shelving", "low-shelf", "high-shelf", "tone", "bass", "treble", "biquad"),
)
class ParametricEqualizer:
    """Parametric equalizer (EQ): peak filters, with a low shelf as the lowest and a high shelf as the highest band.

    `LowestBand` and `HighestBand` make these two bands peak filters, too. A single band is shaped as `LowestBand`.
    Changes of frequency, gain and Q are ramped over a block.
    """

    NumberOfBands = config(4, minimum=1, maximum=BANDS)
    LowestBand = config("Low Shelf", choices=("Low Shelf", "Peak"), doc="the shape of the first band")
    HighestBand = config("High Shelf", choices=("High Shelf", "Peak"), doc="the shape of the last band")
    Frequencies = config((100.0, 400.0, 2000.0, 8000.0), type="floats", unit="Hz", doc="the initial frequencies; 1000 for those not given")
    Gains = config((), type="floats", unit="dB", doc="the initial gains; 0 for those not given")
    Resonances = config((), type="floats", doc="the initial Q; 0.71 for those not given")
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    frequencies = in_control("Frequency {}", 1000.0, 20.0, 20000.0, from_config="Frequencies", count="NumberOfBands", unit="Hz")
    gains = in_control("Gain {}", 0.0, -24.0, 24.0, from_config="Gains", count="NumberOfBands", unit="dB")
    qs = in_control(
        "Q {}", 0.7071067811865476, 0.1, 20.0, from_config="Resonances", count="NumberOfBands", doc="higher values make a peak narrower"
    )

    class State:
        now: Array[float64]
        goal: Array[float64]
        memory: Array[float64]
        bands: int

    def initial():
        return {"now": np.zeros(5 * BANDS), "goal": np.zeros(5 * BANDS), "memory": np.zeros(2 * BANDS)}

    def process(state, audio, output, frequencies, gains, qs, LowestBand, HighestBand, sample_rate, frames):
        bands = len(frequencies)
        for k in range(bands):
            low = k == 0 and LowestBand == 0
            high = k == bands - 1 and k > 0 and HighestBand == 0
            goal = state.goal[5 * k : 5 * k + 5]
            tune(goal, low, high, frequencies[k] / sample_rate, gains[k], qs[k])
            if k >= state.bands:
                state.memory[2 * k], state.memory[2 * k + 1] = 0.0, 0.0
                for m in range(5):
                    state.now[5 * k + m] = goal[m]
            filter_band(state.now[5 * k : 5 * k + 5], goal, state.memory[2 * k : 2 * k + 2], audio if k == 0 else output, output, frames)
        state.bands = bands


def tune(coefficients, low, high, part, gain, q):
    """The coefficients b0, b1, b2, a1, a2 of a low shelf, a high shelf, or else a peak, at a part of the sample rate."""
    root = 10.0 ** (limited(gain, -24.0, 24.0) / 40.0)
    angle = 2.0 * math.pi * limited(part, 1e-5, 0.49)
    tilt = math.cos(angle)
    width = math.sin(angle) / (2.0 * limited(q, 0.01, 1e6))
    if low or high:
        side = -1.0 if high else 1.0  # a high shelf is a low shelf turned round in frequency
        shelf(coefficients, root, side * tilt, 2.0 * math.sqrt(root) * width, side)
        return
    whole = 1.0 + width / root
    coefficients[0] = (1.0 + width * root) / whole
    coefficients[1] = -2.0 * tilt / whole
    coefficients[2] = (1.0 - width * root) / whole
    coefficients[3] = -2.0 * tilt / whole
    coefficients[4] = (1.0 - width / root) / whole


def shelf(coefficients, root, tilt, slope, side):
    """The coefficients of a low shelf, or for a `side` of -1 those of a high shelf."""
    more, less = root + 1.0, root - 1.0
    whole = more + less * tilt + slope
    coefficients[0] = root * (more - less * tilt + slope) / whole
    coefficients[1] = side * 2.0 * root * (less - more * tilt) / whole
    coefficients[2] = root * (more - less * tilt - slope) / whole
    coefficients[3] = side * -2.0 * (less + more * tilt) / whole
    coefficients[4] = (more + less * tilt - slope) / whole


def filter_band(now, goal, memory, audio, output, frames):
    """Filter by one band, while its coefficients go from `now` to `goal`: between two stable filters all are stable."""
    b0, b1, b2, a1, a2 = now[0], now[1], now[2], now[3], now[4]
    b0_rise, b1_rise, b2_rise = (goal[0] - b0) / frames, (goal[1] - b1) / frames, (goal[2] - b2) / frames
    a1_rise, a2_rise = (goal[3] - a1) / frames, (goal[4] - a2) / frames
    first, second = memory[0], memory[1]
    for i in range(frames):
        b0, b1, b2, a1, a2 = b0 + b0_rise, b1 + b1_rise, b2 + b2_rise, a1 + a1_rise, a2 + a2_rise
        heard = float64(audio[i])
        sample = b0 * heard + first
        first = b1 * heard - a1 * sample + second
        second = b2 * heard - a2 * sample
        output[i] = float32(sample)
    finite = abs(first) < 1e30 and abs(second) < 1e30  # else NaN or infinity came in
    memory[0] = first if finite else 0.0
    memory[1] = second if finite else 0.0
    for m in range(5):
        now[m] = goal[m]
