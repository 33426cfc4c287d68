"""Limiters."""

from __future__ import annotations

import numpy as np
from numpy import float32, float64, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from .._times import weight
from .compressors import factor

UNIT = 2.0**30
"""Gains are summed as whole numbers of this many to one: float64 sums of them are exact, so a running sum never drifts."""


def window(look_ahead, sample_rate):
    """The number of frames from the newest to the one that leaves the line."""
    return round(look_ahead * 0.001 * sample_rate) + 1


@processing(category="ipyclam", synonyms=("brickwall", "brick wall", "maximizer", "lookahead", "peak", "dynamics", "protection"))
class Limiter:
    """Look-ahead limiter: no sample exceeds the ceiling, and the gain is lowered gradually before each peak.

    The output is delayed by `LookAhead`. All channels have the same gain. Peaks between samples may exceed the ceiling.

    Notes
    -----
    It takes about ten times as long as scsynth's Limiter: in every frame it finds the peak of the last `LookAhead`.
    """

    NumberOfChannels = config(1, minimum=1, maximum=64)
    LookAhead = config(5.0, minimum=0.0, maximum=100.0, unit="ms", doc="time in which the gain is lowered before a peak")
    InitialCeiling = config(0.0, unit="dB")
    InitialRelease = config(100.0, minimum=0.0, unit="ms")
    inputs = in_port("Audio Input", count="NumberOfChannels")
    outputs = out_port("Audio Output", count="NumberOfChannels")
    ceiling = in_control("Ceiling", 0.0, -60.0, 0.0, from_config="InitialCeiling", unit="dB")
    release = in_control("Release", 100.0, 0.0, 2000.0, from_config="InitialRelease", unit="ms", doc="time constant (63 %)")

    class State:
        line: Array[float32]
        place: int64
        gains: Array[float64]
        total: float
        least: Array[float64]  # a queue of gains, each less than those behind it: the first is the least of the window
        since: Array[int64]
        head: int64
        queued: int64
        clock: int64
        held: float
        window: int64
        ceiling: float
        release: float
        top: float32
        rate: float

    def initial(NumberOfChannels, LookAhead, sample_rate):
        length = window(LookAhead, sample_rate)
        return {
            "line": np.zeros(NumberOfChannels * length, float32),
            "gains": np.zeros(length),
            "least": np.zeros(length),
            "since": np.zeros(length, np.int64),
        }

    def process(state, inputs, outputs, ceiling, release, sample_rate, frames):
        channels = len(inputs)
        length = min(len(state.gains), len(state.line) // channels)
        if length != state.window:
            restart(state, length)
        if ceiling != state.ceiling or release != state.release or state.rate == 0.0:
            state.ceiling, state.release = ceiling, release
            state.top, state.rate = factor(ceiling), weight(release, sample_rate)
        top, rate = state.top, state.rate
        for i in range(frames):
            peak = float32(0.0)
            for k in range(channels):
                peak = max(peak, abs(inputs[k][i]))
                state.line[k * length + state.place] = inputs[k][i]
            needed = least_of_window(state, length, top / float64(peak) if peak > top else 1.0)
            state.held = min(needed, state.held + rate * (1.0 - state.held))
            whole = float64(int64(state.held * UNIT))
            state.total += whole - state.gains[state.place]
            state.gains[state.place] = whole
            state.place = state.place + 1 if state.place + 1 < length else 0
            gain = state.total / (length * UNIT)
            for k in range(channels):
                sample = float32(state.line[k * length + state.place] * gain)
                outputs[k][i] = top if sample > top else -top if sample < -top else sample


def restart(state, length):
    """Begin with a gain of 1."""
    for k in range(length):
        state.gains[k] = UNIT
    state.total, state.held, state.window = length * UNIT, 1.0, length
    state.place, state.head, state.queued = 0, 0, 0


def least_of_window(state, length, gain):
    """The least of the last `length` gains, of which this is the newest."""
    if state.queued > 0 and state.clock - state.since[state.head] >= length:
        state.head = state.head + 1 if state.head + 1 < length else 0
        state.queued -= 1
    while state.queued > 0 and state.least[(state.head + state.queued - 1) % length] >= gain:
        state.queued -= 1
    last = (state.head + state.queued) % length
    state.least[last], state.since[last] = gain, state.clock
    state.queued += 1
    state.clock += 1
    return state.least[state.head]
