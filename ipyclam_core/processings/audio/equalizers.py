"""Equalizers. Their state is float64."""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64

from ...declare import Array, config, in_control, in_port, out_port, processing
from ...declare.maths import multiply_add
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

    Notes
    -----
    It is two to three times as fast as scsynth's filters in series: each band waits for its own last result, in float64. It is
    fastest with 4, 8, 12 or 16 bands.
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
        wanted: Array[float64]
        bands: int
        shapes: int

    def initial():
        return {"now": np.zeros(5 * BANDS), "goal": np.zeros(5 * BANDS), "memory": np.zeros(2 * BANDS), "wanted": np.zeros(3 * BANDS)}

    def process(state, audio, output, frequencies, gains, qs, LowestBand, HighestBand, sample_rate, frames):
        bands = len(frequencies)
        shapes = 2 * LowestBand + HighestBand
        all_new = bands != state.bands or shapes != state.shapes
        moving = False
        for k in range(bands):
            new = k >= state.bands
            place = 3 * k
            frequency, gain, q = frequencies[k], gains[k], qs[k]
            if all_new or frequency != state.wanted[place] or gain != state.wanted[place + 1] or q != state.wanted[place + 2]:
                state.wanted[place], state.wanted[place + 1], state.wanted[place + 2] = frequency, gain, q
                low = k == 0 and LowestBand == 0
                high = k == bands - 1 and k > 0 and HighestBand == 0
                tune(state.goal[5 * k : 5 * k + 5], low, high, frequency / sample_rate, gain, q)
                moving = moving or not new
            if new:
                state.memory[2 * k], state.memory[2 * k + 1] = 0.0, 0.0
                for m in range(5 * k, 5 * k + 5):
                    state.now[m] = state.goal[m]
        state.bands, state.shapes = bands, shapes
        for k in range(bands if moving else bands % 4):
            filter_band(state.now, state.goal, state.memory, k, audio if k == 0 else output, output, frames)
        for k in range(bands if moving else bands % 4, bands, 4):
            filter_four(state.now, state.memory, k, audio if k == 0 else output, output, frames)
        for k in range(2 * bands):
            if not abs(state.memory[k]) < 1e30:  # NaN or infinity came in
                state.memory[k] = 0.0


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


def filter_band(now, goal, memory, band, audio, output, frames):
    """Filter by one band, while its coefficients go from `now` to `goal`: between two stable filters all are stable."""
    k = 5 * band
    b0, b1, b2, a1, a2 = now[k], now[k + 1], now[k + 2], now[k + 3], now[k + 4]
    b0_rise, b1_rise, b2_rise = (goal[k] - b0) / frames, (goal[k + 1] - b1) / frames, (goal[k + 2] - b2) / frames
    a1_rise, a2_rise = (goal[k + 3] - a1) / frames, (goal[k + 4] - a2) / frames
    first, second = memory[2 * band], memory[2 * band + 1]
    for i in range(frames):
        b0, b1, b2, a1, a2 = b0 + b0_rise, b1 + b1_rise, b2 + b2_rise, a1 + a1_rise, a2 + a2_rise
        heard = float64(audio[i])
        sample = multiply_add(b0, heard, first)
        first = multiply_add(-a1, sample, multiply_add(b1, heard, second))
        second = multiply_add(-a2, sample, b2 * heard)
        output[i] = float32(sample)
    memory[2 * band], memory[2 * band + 1] = first, second
    for m in range(k, k + 5):
        now[m] = goal[m]


def filter_four(now, memory, band, audio, output, frames):
    """Filter by four bands in series in one loop: while one of them waits for its result, the processor computes the others."""
    c, m = now[5 * band : 5 * band + 20], memory[2 * band : 2 * band + 8]
    p0, p1, p2, p3, p4 = c[0], c[1], c[2], -c[3], -c[4]
    q0, q1, q2, q3, q4 = c[5], c[6], c[7], -c[8], -c[9]
    r0, r1, r2, r3, r4 = c[10], c[11], c[12], -c[13], -c[14]
    s0, s1, s2, s3, s4 = c[15], c[16], c[17], -c[18], -c[19]
    p, pp, q, qq, r, rr, s, ss = m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
    for i in range(frames):
        x = float64(audio[i])
        y = multiply_add(p0, x, p)
        p, pp = multiply_add(p3, y, multiply_add(p1, x, pp)), multiply_add(p4, y, p2 * x)
        x = multiply_add(q0, y, q)
        q, qq = multiply_add(q3, x, multiply_add(q1, y, qq)), multiply_add(q4, x, q2 * y)
        y = multiply_add(r0, x, r)
        r, rr = multiply_add(r3, y, multiply_add(r1, x, rr)), multiply_add(r4, y, r2 * x)
        x = multiply_add(s0, y, s)
        s, ss = multiply_add(s3, x, multiply_add(s1, y, ss)), multiply_add(s4, x, s2 * y)
        output[i] = float32(x)
    m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7] = p, pp, q, qq, r, rr, s, ss
