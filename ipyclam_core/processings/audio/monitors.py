"""Monitors: oscilloscopes and level meters, without outputs."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64, uint8

from ...declare import Array, in_port, processing
from ...declare.maths import publish
from .._limits import limited

SEEN = 16384
STEPS = 64


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


@processing(category="Graphical Monitors", source="CLAM AudioPortMonitor", synonyms=("oscilloscope", "scope", "plot", "waveform"))
class AudioPortMonitor(Oscilloscope):
    """Oscilloscope, by the name that older networks have for it: keeps the last 16384 samples of a signal for display."""


@processing(category="Graphical Monitors", source="CLAM AudioBuffPortMonitor", synonyms=("oscilloscope", "scope", "plot", "waveform"))
class AudioBuffPortMonitor(Oscilloscope):
    """Oscilloscope, by another name that older networks have for it: keeps the last 16384 samples of a signal for display."""


@processing(category="Graphical Monitors", source="CLAM HistogramView", synonyms=("distribution", "amplitudes", "statistics", "clipping"))
class HistogramView:
    """Histogram: `counts` tells how many of the last 16384 samples lie in each of 64 equal steps from -1 to 1.

    Louder samples count in the outermost steps.
    """

    audio = in_port("Input")

    class State:
        counts: Array[int64]
        line: Array[uint8]  # the step of each sample
        seen: int64

    def initial():
        return {"counts": np.zeros(STEPS, np.int64), "line": np.zeros(SEEN, np.uint8)}

    def process(state, audio, frames):
        counts, line = state.counts, state.line
        for i in range(frames):
            place = state.seen % len(line)
            if state.seen >= len(line):
                counts[line[place]] -= 1
            step = int64(limited(0.5 * (audio[i] + 1.0), 0.0, 1.0) * STEPS)
            line[place] = min(step, STEPS - 1)
            counts[line[place]] += 1
            state.seen += 1


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
