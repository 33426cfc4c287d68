"""Filters, their state in float64."""

from __future__ import annotations

import math

from numpy import float32

from ..declare import config, in_control, in_port, out_port, processing
from ..dsp.maths import multiply_add


@processing(category="[plugin] Filters", source="CLAM Notch2ndOrder")
class Notch2ndOrder:
    """Takes one frequency out: two zeros on the unit circle, two poles close to them."""

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


@processing(category="ipyclam", source="V. Zavalishin: The Art of VA Filter Design (2012), chapter 4")
class ResonantLowPass:
    """A low-pass of 12 dB an octave that may ring: a state-variable filter whose frequency can be moved without harm."""

    Cutoff = config(1000.0, minimum=0.0, unit="Hz")
    Resonance = config(0.7071067811865476, minimum=0.01, doc="Q: 0.71 is flat, more rings at the cutoff")
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

    def block(state, frequency, q, sample_rate):
        part = min(max(frequency / sample_rate, 1e-5), 0.49)
        slope = math.tan(math.pi * part)
        state.slope = slope
        state.first = 1.0 / (1.0 + slope * (slope + 1.0 / max(q, 0.01)))
        state.second = slope * state.first

    def step(state, audio):
        band = multiply_add(state.first, state.band, state.second * (audio - state.low))
        low = multiply_add(state.slope, band, state.low)
        state.band = multiply_add(2.0, band, -state.band)
        state.low = multiply_add(2.0, low, -state.low)
        return float32(low)
