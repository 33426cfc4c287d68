"""Filters. Their state is float64."""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from ...declare.maths import multiply_add
from .._limits import limited


@processing(category="[plugin] Filters", source="CLAM Notch2ndOrder", synonyms=("bandstop", "band-stop", "hum"))
class Notch2ndOrder:
    """Second-order notch filter: removes one frequency (two zeros on the unit circle, two poles near them)."""

    CentralFrequency = config(200.0, minimum=0.0, unit="Hz")
    Bandwidth = config(20.0, minimum=0.0, unit="Hz")
    audio = in_port("Input")
    output = out_port("Output")

    class State:
        first: float
        second: float

    class Prepared:
        gain: float
        zero: float
        pole: float
        damping: float

    def prepare(CentralFrequency, Bandwidth, sample_rate):
        angle = 2.0 * math.pi * CentralFrequency / sample_rate
        damping = math.exp(-2.0 * math.pi * Bandwidth / sample_rate)
        gain = (1.0 + damping) / 2.0
        return {"gain": gain, "zero": -2.0 * gain * math.cos(angle), "pole": (1.0 + damping) * math.cos(angle), "damping": damping}

    def step(state, audio):
        sample = state.gain * audio + state.first
        state.first = state.zero * audio + state.pole * sample + state.second
        state.second = state.gain * audio - state.damping * sample
        return float32(sample)


@processing(
    category="ipyclam", source="V. Zavalishin: The Art of VA Filter Design (2012), chapter 4", synonyms=("lpf", "lowpass", "vcf", "svf")
)
class ResonantLowPass:
    """Resonant low-pass filter, 12 dB per octave: a state-variable filter whose cutoff can be modulated."""

    Cutoff = config(1000.0, minimum=0.0, unit="Hz")
    Resonance = config(0.7071067811865476, minimum=0.01, doc="Q: 0.71 is flat, higher values resonate at the cutoff")
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    frequency = in_control("Frequency", 1000.0, 20.0, 20000.0, from_config="Cutoff", unit="Hz")
    q = in_control("Q", 0.7071067811865476, 0.5, 20.0, from_config="Resonance")

    class State:
        band: float
        low: float
        first: float
        second: float
        slope: float
        frequency: float
        q: float
        tuned: bool

    def block(state, frequency, q, sample_rate):
        if state.tuned and frequency == state.frequency and q == state.q:
            return
        state.tuned, state.frequency, state.q = True, frequency, q
        part = limited(frequency / sample_rate, 1e-5, 0.49)
        slope = math.tan(math.pi * part)
        state.slope = slope
        state.first = 1.0 / (1.0 + slope * (slope + 1.0 / limited(q, 0.01, 1e6)))
        state.second = slope * state.first

    def step(state, audio):
        band = multiply_add(state.first, state.band, state.second * (audio - state.low))
        low = multiply_add(state.slope, band, state.low)
        state.band = multiply_add(2.0, band, -state.band)
        state.low = multiply_add(2.0, low, -state.low)
        return float32(low)


def convolved(line, place, coefficients):
    """FIR convolution of the ring buffer `line`, whose newest sample is at `place`."""
    total = 0.0
    for k in range(len(coefficients)):
        total += coefficients[k] * line[(place - k) % len(line)]
    return total


@processing(
    category="[plugin] Filters", source="CLAM Filter", synonyms=("biquad", "equaliser", "equalizer", "lowpass", "highpass", "bandpass")
)
class Filter:
    """Linear filter (IIR or FIR) from the coefficients of its difference equation: b for the input, a for the output.

    `a_0` = 0 is not allowed: 1 is used. An unstable filter is reset when its output reaches 120 dB (1e6).
    """

    AmountOfInputCoefficients = config(1, minimum=1, maximum=64)
    AmountOfOutputCoefficients = config(1, minimum=1, maximum=64)
    audio = in_port("Input")
    output = out_port("Output")
    back = in_control("a_{}", 1.0, -100.0, 100.0, count="AmountOfOutputCoefficients", first=0)
    forth = in_control("b_{}", 1.0, -100.0, 100.0, count="AmountOfInputCoefficients", first=0)

    class State:
        heard: Array[float64]
        said: Array[float64]
        place: int64

    def initial():
        return {"heard": np.zeros(64), "said": np.zeros(64)}

    def process(state, audio, output, back, forth, frames):
        first = back[0] if back[0] != 0.0 else 1.0
        for i in range(frames):
            place = state.place
            state.heard[place] = audio[i]
            total = 0.0
            for k in range(len(forth)):
                total += forth[k] * state.heard[(place - k) % 64]
            for k in range(1, len(back)):
                total -= back[k] * state.said[(place - k) % 64]
            total /= first
            if not abs(total) < 1e6:
                total = 0.0
                for k in range(64):
                    state.said[k] = 0.0
            state.said[place] = total
            output[i] = float32(total)
            state.place = (place + 1) % 64


@processing(category="[plugin] Filters", source="CLAM FilterByCoefExample", synonyms=("bandpass", "bpf"))
class FilterByCoefExample:
    """Band-pass FIR filter with eleven fixed coefficients."""

    audio = in_port("Input")
    output = out_port("Output")

    class State:
        line: Array[float64]
        place: int64

    class Prepared:
        coefficients: Array[float64]

    def initial():
        return {"line": np.zeros(16)}

    def prepare():
        half = (0.0555, 0.0933, -0.1187, -0.2476, 0.0628)
        return {"coefficients": np.array([*half, 0.3265, *reversed(half)])}

    def process(state, audio, output, frames):
        for i in range(frames):
            state.line[state.place] = audio[i]
            output[i] = float32(convolved(state.line, state.place, state.coefficients))
            state.place = (state.place + 1) % len(state.line)


@processing(
    category="[plugin] Filters",
    source="B. Widrow, S. Stearns: Adaptive Signal Processing (1985); CLAM AdaptativeNotch",
    synonyms=("adaptive", "anc", "hum"),
)
class AdaptativeNotch:
    """Adaptive (LMS) noise canceller: removes from `Input` whatever correlates with `Reference`.

    `Output` is delayed by FilterLength - 1 frames. The step is limited for each frame, so no `Step` makes the filter unstable.
    """

    FilterLength = config(5, minimum=1, maximum=4096, unit="frames")
    Step = config(0.01, minimum=0.0, maximum=10.0, doc="step size: the rate of adaptation")
    audio = in_port("Input")
    reference = in_port("Reference")
    output = out_port("Output")

    class State:
        heard: Array[float64]
        model: Array[float64]
        taps: Array[float64]
        place: int64

    def initial(FilterLength):
        return {name: np.zeros(FilterLength) for name in ("heard", "model", "taps")}

    def process(state, audio, reference, output, Step, frames):
        length = len(state.taps)
        for i in range(frames):
            place = state.place
            state.heard[place], state.model[place] = audio[i], reference[i]
            left = state.heard[(place + 1) % length]  # the sample one filter length ago
            power = 0.0
            for k in range(length):
                left -= state.taps[k] * state.model[(place - k) % length]
                power += state.model[k] * state.model[k]
            learned = left * (Step if Step * power < 2.0 else 1.0 / power)
            for k in range(length):
                state.taps[k] += learned * state.model[(place - k) % length]
            output[i] = float32(left)
            state.place = (place + 1) % length


@processing(
    category="[plugin] Time Domain Effects",
    source="R. Bristow-Johnson: Audio EQ cookbook, high shelf; CLAM AirAbsortion",
    synonyms=("high-shelf", "highshelf", "equaliser", "equalizer"),
)
class AirAbsortion:
    """Air absorption: a high shelf that attenuates the treble by 0.05 dB per metre."""

    Distance = config(0.0, minimum=0.0, unit="m")
    ScaleAttenuation = config(1.0, minimum=0.0)
    audio = in_port("InputBuffer", "AudioBuffer")
    output = out_port("OutputBuffer", "AudioBuffer")
    distance = in_control("relative distance in mts", 0.0, 0.0, 500.0, from_config="Distance", unit="m")
    scale = in_control("scale attenuation factor", 1.0, 1.0, 10.0, from_config="ScaleAttenuation")

    class State:
        first: float
        second: float
        b0: float
        b1: float
        b2: float
        a1: float
        a2: float

    def block(state, distance, scale, sample_rate):
        gain = 10.0 ** (-0.05 * limited(distance * scale, 0.0, 1e4) / 40.0)
        angle = 2.0 * math.pi * min(20000.0, 0.49 * sample_rate) / sample_rate
        tilt = math.cos(angle)
        slope = math.sin(angle) * math.sqrt(2.0 * gain)
        whole = (gain + 1.0) - (gain - 1.0) * tilt + slope
        state.b0 = gain * ((gain + 1.0) + (gain - 1.0) * tilt + slope) / whole
        state.b1 = -2.0 * gain * ((gain - 1.0) + (gain + 1.0) * tilt) / whole
        state.b2 = gain * ((gain + 1.0) + (gain - 1.0) * tilt - slope) / whole
        state.a1 = 2.0 * ((gain - 1.0) - (gain + 1.0) * tilt) / whole
        state.a2 = ((gain + 1.0) - (gain - 1.0) * tilt - slope) / whole

    def step(state, audio):
        sample = state.b0 * audio + state.first
        state.first = state.b1 * audio - state.a1 * sample + state.second
        state.second = state.b2 * audio - state.a2 * sample
        return float32(sample)
