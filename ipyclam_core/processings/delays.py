"""Delays."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ..declare import Array, config, in_control, in_port, out_port, processing


@processing(category="Plugins", source="CLAM TimeDelay")
class TimeDelay:
    """A signal some seconds later. When the time is changed, what was heard fades into what is heard in one block."""

    MaxDelay = config(30, minimum=1, maximum=3600, unit="s", doc="the longest delay")
    audio = in_port("Input")
    output = out_port("Output")
    delay = in_control("Delay", 0.0, 0.0, 30.0, unit="s")

    class State:
        line: Array[float32]
        place: int64
        distance: int64
        running: bool

    def initial(MaxDelay, sample_rate):
        return {"line": np.zeros(round(MaxDelay * sample_rate) + 1, float32)}

    def process(state, audio, output, delay, sample_rate, frames):
        line = state.line
        length = len(line)
        wanted = int64(min(max(delay * sample_rate + 0.5, 0.0), length - 1.0))
        before = state.distance if state.running else wanted
        place = state.place if state.place < length else 0
        for i in range(frames):
            line[place] = audio[i]
            new = line[place - wanted if place >= wanted else place - wanted + length]
            if before == wanted:
                output[i] = new
            else:
                old = line[place - before if place >= before else place - before + length]
                output[i] = old + (new - old) * (float32(i + 1) / float32(frames))
            place = place + 1 if place + 1 < length else 0
        state.place = place
        state.distance = wanted
        state.running = True
