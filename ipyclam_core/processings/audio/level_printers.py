"""Level meters that print."""

from __future__ import annotations

import math
import sys

import numpy as np
from numpy import float64, int64

from ...declare import Array, in_port, processing
from ...declare.maths import publish, published

FLOOR = 1e-10  # of an amplitude: -200 dB


class _LevelPrinter:
    """Prints the level of each second of sound, in dB of full scale. `level` is the last one, as an amplitude."""

    audio = in_port("Input")

    class State:
        level: Array[float64]
        count: Array[int64]
        gathered: float64
        heard: int64

    def initial():
        return {"level": np.zeros(1), "count": np.zeros(1, np.int64)}


class _Printer:
    """Prints each level that a processing has published."""

    def __init__(self, state, word):
        self._state, self._word = state, word
        self._told = int(state.count[0])

    def service(self):
        seconds = int(published(self._state.count, 0))
        if seconds > self._told:
            self._told = seconds
            sys.stdout.write(f"{self._word}: {20.0 * math.log10(max(float(self._state.level[0]), FLOOR)):.1f} dB\n")

    def close(self):
        self.service()


def second_over(state, frames, sample_rate):
    """Whether so many frames more make a second."""
    state.heard += frames
    return state.heard >= sample_rate


def tell(state, level):
    """Publish the level of a second, and begin the next one."""
    state.level[0] = level
    state.gathered = 0.0
    state.heard = 0
    publish(state.count, 0, state.count[0] + 1)


@processing(category="Analysis", source="CLAM VumeterPrinter", synonyms=("meter", "peak", "level", "clipping", "volume"))
class VumeterPrinter(_LevelPrinter):
    """Level meter that prints the peak of each second of sound, in dB of full scale."""

    def companion(state):
        return _Printer(state, "Peak")

    def process(state, audio, sample_rate, frames):
        for i in range(frames):
            state.gathered = max(state.gathered, abs(float64(audio[i])))
        if second_over(state, frames, sample_rate):
            tell(state, state.gathered)


@processing(category="Analysis", source="CLAM VumeterRMSPrinter", synonyms=("meter", "loudness", "level", "volume"))
class VumeterRMSPrinter(_LevelPrinter):
    """Level meter that prints the root mean square (RMS) of each second of sound, in dB of full scale."""

    def companion(state):
        return _Printer(state, "RMS")

    def process(state, audio, sample_rate, frames):
        for i in range(frames):
            state.gathered += float64(audio[i]) * float64(audio[i])
        if second_over(state, frames, sample_rate):
            tell(state, math.sqrt(state.gathered / state.heard))
