"""Noise with a falling spectrum: white noise, filtered."""

from __future__ import annotations

import math

from numpy import float32, float64, uint32

from ...declare import config, in_control, out_port, processing
from ...declare.maths import cycles
from .._random import scrambled

EVEN = math.sqrt(12.0)  # makes the deviation of numbers from -0.5 to 0.5 one
# pink: one-pole low-passes side by side, fitted to -3.01 dB an octave from 0.00009 to 0.456 of the sample rate, within 0.07 dB
DECAYS = (1.0 - 0.0005076974, 1.0 - 0.003109558, 1.0 - 0.01532519, 1.0 - 0.07328879, 1.0 - 0.3187286)
GAINS = (0.01174253, 0.01657686, 0.03523413, 0.07709798, 0.1693865)
DIRECT, DELAYED = 0.2084560672, 0.0541299536
CORNER = 5.0  # of brown noise, in Hz
ZERO = 0.17  # of brown noise: corrects the slope near half the sample rate


@processing(category="ipyclam", source="one-pole filters side by side, fitted to the slope", synonyms=("1/f", "flicker", "random"))
class PinkNoise:
    """Pink noise: the spectrum falls by 3 dB an octave, within 0.1 dB from 20 Hz to 20 kHz at sample rates from 44.1 to 192 kHz.

    `Amplitude` is the RMS level; peaks are about four times as high. Each PinkNoise in a network has a sequence of its own.
    """

    Amplitude = config(0.25, doc="RMS level")
    output = out_port("Audio Output")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        count: uint32
        before: float64
        first: float64
        second: float64
        third: float64
        fourth: float64
        fifth: float64

    def initial(seed):
        return {"count": seed}

    def step(state, amplitude):
        white = cycles(scrambled(state.count)) * EVEN
        state.count += 1
        state.first = state.first * DECAYS[0] + white * GAINS[0]
        state.second = state.second * DECAYS[1] + white * GAINS[1]
        state.third = state.third * DECAYS[2] + white * GAINS[2]
        state.fourth = state.fourth * DECAYS[3] + white * GAINS[3]
        state.fifth = state.fifth * DECAYS[4] + white * GAINS[4]
        low = state.first + state.second + state.third + state.fourth + state.fifth
        sample = low + white * DIRECT + state.before * DELAYED
        state.before = white
        return float32(sample * amplitude)


@processing(
    category="ipyclam",
    source="a leaky integrator",
    synonyms=("brownian", "red noise", "random walk", "rumble", "random"),
)
class BrownNoise:
    """Brown (red) noise: the spectrum falls by 6 dB an octave, within 0.5 dB from 20 Hz to 20 kHz, and is flat below 5 Hz.

    `Amplitude` is the RMS level; peaks are about four times as high. Each BrownNoise in a network has a sequence of its own.
    """

    Amplitude = config(0.25, doc="RMS level")
    output = out_port("Audio Output")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        count: uint32
        before: float64
        sum: float64

    class Prepared:
        decay: float64
        gain: float64

    def initial(seed):
        return {"count": seed}

    def prepare(sample_rate):
        decay = math.exp(-2.0 * math.pi * CORNER / sample_rate)
        power = (1.0 + ZERO * ZERO + 2.0 * ZERO * decay) / (1.0 - decay * decay)
        return {"decay": decay, "gain": EVEN / math.sqrt(power)}

    def step(state, amplitude):
        white = cycles(scrambled(state.count)) * state.gain
        state.count += 1
        state.sum = state.sum * state.decay + (white + state.before * ZERO)
        state.before = white
        return float32(state.sum * amplitude)
