"""Modulation sources: they send a control once a block."""

from __future__ import annotations

import math

from numpy import float64, uint32

from ...declare import config, in_control, out_control, processing
from .._limits import limited
from .._random import scrambled

SINE, TRIANGLE, SAW_UP, SAW_DOWN, SQUARE, RANDOM = range(6)
STEP, LINEAR = range(2)
FAR = 1e9  # cycles in a block


def part_of(count):
    """A pseudo-random number from 0 to 1 for a count."""
    return scrambled(count) / 4294967295.0


def between(low, high, part):
    """The value at a part of the way from one limit to the other."""
    return limited(low, -1e30, 1e30) * (1.0 - part) + limited(high, -1e30, 1e30) * part


def height(shape, cycles, count):
    """The value of an LFO, from 0 to 1, at so many cycles after the beginning of cycle `count`."""
    whole = math.floor(cycles)
    x = cycles - whole
    if shape == SINE:
        return 0.5 + 0.5 * math.sin(2.0 * math.pi * x)
    if shape == TRIANGLE:
        return 1.0 - 2.0 * abs((x + 0.25 if x < 0.75 else x - 0.75) - 0.5)
    if shape == SAW_UP:
        return x
    if shape == SAW_DOWN:
        return 1.0 - x
    if shape == SQUARE:
        return 1.0 if x < 0.5 else 0.0
    return part_of(int(count) + int(whole))


@processing(
    category="ipyclam",
    source="analogue synthesizers",
    synonyms=("low frequency oscillator", "low-frequency oscillator", "modulator", "modulation", "vibrato", "tremolo", "wobble"),
)
class LFO:
    """Low-frequency oscillator: sends a control once a block, that moves between `Minimum` and `Maximum`.

    `Sine` and `Triangle` begin in the middle and rise, `Square` is at the maximum in the first half of the cycle, and `Random`
    takes a new value in each cycle (sample and hold). `Reset` begins a new cycle, whatever its value is.

    Notes
    -----
    It takes some 60 ns a block, one and a half times as long as scsynth's SinOsc.kr: with one call a block for each LFO, the call
    takes as long as the sine.
    """

    Shape = config("Sine", choices=("Sine", "Triangle", "Saw Up", "Saw Down", "Square", "Random"))
    Rate = config(1.0, unit="Hz")
    Phase = config(0.0, minimum=0.0, maximum=1.0, doc="where in the cycle it begins, as a part of the cycle")
    Minimum = config(-1.0)
    Maximum = config(1.0)
    rate = in_control("Rate", from_config="Rate", unit="Hz")
    low = in_control("Minimum", from_config="Minimum")
    high = in_control("Maximum", from_config="Maximum")
    reset = in_control("Reset")
    output = out_control("Output")

    class State:
        cycles: float64
        count: uint32

    def initial(seed):
        return {"count": seed}

    def process(state, Shape, Phase, rate, low, high, reset_arrived, output, sample_rate, frames):
        if reset_arrived > 0:
            state.cycles = 0.0
            state.count += 1
        output.send(between(low, high, height(Shape, state.cycles + Phase, state.count)))
        state.cycles += limited(rate * frames / sample_rate, -FAR, FAR)
        whole = math.floor(state.cycles)
        state.cycles -= whole
        state.count = uint32((int(state.count) + int(whole)) & 0xFFFFFFFF)


@processing(
    category="ipyclam",
    source="analogue synthesizers",
    synonyms=("sample and hold", "s&h", "random walk", "drift", "dice", "chance"),
)
class RandomControl:
    """Sends random numbers between `Minimum` and `Maximum`: `Rate` times a second, and whenever `Trigger` receives any value.

    With the interpolation `Step` it jumps to each new number; with `Linear` it moves there in a straight line, and sends once a
    block. Each RandomControl in a network has a sequence of its own, the same in every render.

    Notes
    -----
    It takes some 30 ns a block, about as long as scsynth's LFNoise0.kr: most of that is the call.
    """

    Interpolation = config("Step", choices=("Step", "Linear"))
    Rate = config(1.0, minimum=0.0, unit="Hz", doc="0: only `Trigger`")
    Minimum = config(0.0)
    Maximum = config(1.0)
    rate = in_control("Rate", from_config="Rate", unit="Hz")
    low = in_control("Minimum", from_config="Minimum")
    high = in_control("Maximum", from_config="Maximum")
    trigger = in_control("Trigger")
    output = out_control("Output")

    class State:
        cycles: float64
        count: uint32
        sent: bool

    def initial(seed):
        return {"count": seed}

    def process(state, Interpolation, rate, low, low_arrived, high, high_arrived, trigger_arrived, output, sample_rate, frames):
        if trigger_arrived > 0:
            state.cycles = 0.0
            state.count += 1
        whole = math.floor(state.cycles)
        state.cycles -= whole
        state.count = uint32((int(state.count) + int(whole)) & 0xFFFFFFFF)
        new = whole > 0 or not state.sent or low_arrived + high_arrived + trigger_arrived > 0
        if new or Interpolation == LINEAR:
            part = part_of(state.count)
            if Interpolation == LINEAR:
                part += (part_of(int(state.count) + 1) - part) * state.cycles
            output.send(between(low, high, part))
            state.sent = True
        state.cycles += limited(rate * frames / sample_rate, 0.0, FAR)
