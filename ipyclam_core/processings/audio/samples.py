"""CLAM's sample-by-sample processings: here they run in blocks, like all others."""

from __future__ import annotations

import numpy as np
from numpy import float32

from ...declare import Array, config, in_control, in_port, out_port, processing

FRAMES = "kept for CLAM's files"


@processing(category="Sample by Sample (experimental)", source="CLAM SilentSource", synonyms=("zero", "null"))
class SilentSource:
    """Outputs silence."""

    FrameSize = config(512, minimum=1, unit="frames", doc=FRAMES)
    output = out_port("Output")

    def step():
        return float32(0.0)


@processing(category="Sample by Sample (experimental)", source="CLAM DataSink", synonyms=("null", "terminator", "end"))
class DataSink:
    """Takes a signal, and does nothing with it."""

    FrameSize = config(512, minimum=1, unit="frames", doc=FRAMES)
    audio = in_port("Input")

    def process(audio):
        pass


@processing(category="Sample by Sample (experimental)", source="CLAM DataAdder", synonyms=("sum", "mixer"))
class DataAdder:
    """Adds two signals."""

    first = in_port("First Data Input")
    second = in_port("Second Data Input")
    output = out_port("Data Output")

    def step(first, second):
        return first + second


@processing(category="Sample by Sample (experimental)", source="CLAM DataMultiplier", synonyms=("ring modulator", "vca", "am", "product"))
class DataMultiplier:
    """Multiplies two signals (ring modulation, amplitude modulation)."""

    first = in_port("First Data Input")
    second = in_port("Second Data Input")
    output = out_port("Data Output")

    def step(first, second):
        return first * second


@processing(category="Sample by Sample (experimental)", source="CLAM DataGain", synonyms=("vca", "volume", "level", "mute", "amplifier"))
class DataGain:
    """Amplifies a signal by a gain, initially 0."""

    FrameSize = config(512, minimum=1, unit="frames", doc=FRAMES)
    audio = in_port("Input")
    output = out_port("Output")
    gain = in_control("Gain", 0.0, smooth=True)

    def step(audio, gain):
        return audio * float32(gain)


@processing(category="Sample by Sample (experimental)", source="CLAM Data2Audio", synonyms=("bypass", "thru", "identity"))
class Data2Audio:
    """Passes a signal through unchanged."""

    FrameSize = config(512, minimum=1, unit="frames", doc=FRAMES)
    audio = in_port("Input")
    output = out_port("Output")

    def step(audio):
        return audio


@processing(category="Sample by Sample (experimental)", source="CLAM AudioStreamer", synonyms=("bypass", "thru", "buffer", "latency"))
class AudioStreamer:
    """Passes a signal on, 512 frames later: CLAM collects a block of that length before it lets its samples out."""

    FrameSize = config(512, minimum=1, unit="frames", doc=FRAMES)
    audio = in_port("Input")
    output = out_port("Output")

    class State:
        line: Array[float32]
        place: int

    def initial():
        return {"line": np.zeros(512, float32)}

    def step(state, audio):
        late = state.line[state.place]
        state.line[state.place] = audio
        state.place = (state.place + 1) % len(state.line)
        return late
