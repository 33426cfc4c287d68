"""Monitors: oscilloscopes and level meters, without outputs."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...declare import Array, in_port, processing
from ...declare.maths import publish

SEEN = 16384


@processing(category="Graphical Monitors", source="CLAM Oscilloscope", synonyms=("scope", "plot", "waveform"))
class Oscilloscope:
    """Oscilloscope: keeps the last 16384 samples of a signal for display."""

    audio = in_port("Input")

    class State:
        line: Array[float32]
        count: Array[int64]

    def initial():
        return {"line": np.zeros(SEEN, float32), "count": np.zeros(1, np.int64)}

    def process(state, audio, frames):
        line = state.line
        place = state.count[0]
        for i in range(frames):
            line[(place + i) % len(line)] = audio[i]
        publish(state.count, 0, place + frames)


@processing(category="Graphical Monitors", source="CLAM BufferOscilloscope", synonyms=("scope", "plot", "waveform"))
class BufferOscilloscope:
    """Oscilloscope for buffers: keeps the last 16384 samples for display."""

    audio = in_port("Input", "AudioBuffer")

    class State:
        line: Array[float32]
        count: Array[int64]

    def initial():
        return {"line": np.zeros(SEEN, float32), "count": np.zeros(1, np.int64)}

    def process(state, audio, frames):
        line = state.line
        place = state.count[0]
        for i in range(frames):
            line[(place + i) % len(line)] = audio[i]
        publish(state.count, 0, place + frames)


@processing(category="Graphical Monitors", source="CLAM Vumeter", synonyms=("volume", "loudness", "rms", "vu"))
class Vumeter:
    """Level meter: `level` is the mean square over about 0.3 s, `peak` is a peak that decays slowly."""

    audio = in_port("Input")

    class State:
        level: float
        peak: float

    def process(state, audio, sample_rate, frames):
        keep = 1.0 - 1.0 / (0.3 * sample_rate)
        fall = 1.0 - 1.0 / (1.5 * sample_rate)
        for i in range(frames):
            size = float(abs(audio[i]))
            state.level = state.level * keep + size * size * (1.0 - keep)
            state.peak = max(state.peak * fall, size)
