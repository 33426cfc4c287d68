"""State-variable filters with several outputs. Their state is float64."""

from __future__ import annotations

import math

from numpy import float32

from ...declare import Seldom, config, in_control, in_port, out_port, processing
from ...declare.maths import multiply_add
from .._limits import limited


@processing(
    category="ipyclam",
    source="V. Zavalishin: The Art of VA Filter Design (2012), chapter 4",
    synonyms=("svf", "vcf", "lowpass", "lpf", "highpass", "hpf", "bandpass", "bpf", "bandstop", "multimode"),
)
class StateVariableFilter:
    """State-variable filter, 12 dB per octave, with low-pass, band-pass, high-pass and notch outputs at the same time.

    Cutoff and Q can be modulated: changes are ramped over a block. The gain of the band-pass is 1 at the cutoff, so that the
    low-pass, band-pass and high-pass outputs add up to the input, and low-pass and high-pass to the notch.

    Notes
    -----
    It is just under four times as fast as scsynth's RLPF: it computes four outputs, that one a single one.
    """

    Cutoff = config(1000.0, minimum=0.0, unit="Hz")
    Resonance = config(0.7071067811865476, minimum=0.01, doc="Q: 0.71 is flat, higher values resonate at the cutoff")
    audio = in_port("Audio Input")
    low_pass = out_port("Low Pass")
    band_pass = out_port("Band Pass")
    high_pass = out_port("High Pass")
    notch = out_port("Notch")
    frequency = in_control("Frequency", 1000.0, 20.0, 20000.0, from_config="Cutoff", unit="Hz")
    q = in_control("Q", 0.7071067811865476, 0.5, 20.0, from_config="Resonance")

    class State:
        band: float
        low: float
        slope: float
        damping: float
        first: float
        slope_rise: float
        damping_rise: float
        slope_goal: float
        damping_goal: float
        frequency: float
        q: float
        tuned: bool
        moving: Seldom

    def block(state, frequency, q, sample_rate, frames):
        if not (abs(state.band) < 1e15 and abs(state.low) < 1e15):  # NaN or infinity came in
            state.band, state.low = 0.0, 0.0
        changed = not state.tuned or frequency != state.frequency or q != state.q
        if not (changed or state.moving):
            return
        if state.moving:
            state.slope, state.damping = state.slope_goal, state.damping_goal
        if changed:
            state.frequency, state.q = frequency, q
            state.slope_goal = math.tan(math.pi * limited(frequency / sample_rate, 1e-5, 0.49))
            state.damping_goal = 1.0 / limited(q, 0.01, 1e6)
        if not state.tuned:
            state.slope, state.damping = state.slope_goal, state.damping_goal
        state.moving, state.tuned = changed and state.tuned, True
        state.slope_rise = (state.slope_goal - state.slope) / frames
        state.damping_rise = (state.damping_goal - state.damping) / frames
        state.first = 1.0 / multiply_add(state.slope, state.slope + state.damping, 1.0)

    def step(state, audio):
        if state.moving:
            state.slope += state.slope_rise
            state.damping += state.damping_rise
            state.first = 1.0 / multiply_add(state.slope, state.slope + state.damping, 1.0)
        high = (audio - state.low - (state.slope + state.damping) * state.band) * state.first
        band = multiply_add(state.slope, high, state.band)
        low = multiply_add(state.slope, band, state.low)
        state.band = multiply_add(2.0, band, -state.band)
        state.low = multiply_add(2.0, low, -state.low)
        return float32(low), float32(state.damping * band), float32(high), float32(low + high)
