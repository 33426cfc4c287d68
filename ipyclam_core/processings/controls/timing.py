"""Controls that come with time: a counter and a delay."""

from __future__ import annotations

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, out_control, processing
from .._limits import limited
from .._ticks import FIRST, TICK, ticks

BITS = 8
WAITING = 4096  # values in a delay


@processing(category="Controls", source="CLAM BinaryCounter", synonyms=("clock divider", "divider", "metronome", "sequencer", "bits"))
class BinaryCounter:
    """Counts from 0 to 255, one every 512 frames, and sends the eight bits of the count. Each output is half as fast as the one before.

    A bit is sent when it changes.
    """

    bits = out_control("{}", type="bool", count="bits", first=0)

    class State:
        place: int64
        count: int64

    def ports():
        return {"bits": BITS}

    def initial():
        return {"place": FIRST, "count": -1}

    def process(state, bits, frames):
        passed = ticks(state, frames)
        if passed > 0:
            before = state.count
            state.count = (before + passed) % (1 << BITS)
            for k in range(len(bits)):
                bit = (state.count >> k) & 1
                if before < 0 or bit != (before >> k) & 1:
                    bits[k].send(float(bit))


@processing(category="[plugin] Time Domain Effects", source="CLAM ControlDelay", synonyms=("echo", "wait", "latency"))
class ControlDelay:
    """Sends each value after a delay, counted in steps of 512 frames: 50 are half a second at 44.1 kHz.

    At most 4096 values wait; if there are more, the oldest are dropped.
    """

    Delay = config(50.0, minimum=0.0, doc="in steps of 512 frames")
    control = in_control("in control")
    delay = in_control("Delay in Samples", from_config="Delay", doc="in steps of 512 frames")
    output = out_control("out control")

    class State:
        values: Array[float64]
        times: Array[int64]
        arrived: int64
        sent: int64
        now: int64

    def initial():
        return {"values": np.zeros(WAITING), "times": np.zeros(WAITING, np.int64)}

    def process(state, control, control_arrived, delay, output, frames):
        if control_arrived > 0:
            state.values[state.arrived % WAITING] = control
            state.times[state.arrived % WAITING] = state.now
            state.arrived += 1
            state.sent = max(state.sent, state.arrived - WAITING)
        state.now += frames
        latest = state.now - int(limited(delay, 0.0, 1e9) * TICK)
        while state.sent < state.arrived and state.times[state.sent % WAITING] < latest:
            output.send(state.values[state.sent % WAITING])
            state.sent += 1
