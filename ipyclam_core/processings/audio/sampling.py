"""Sample and hold."""

from __future__ import annotations

from numpy import float32

from ...declare import config, in_port, out_port, processing


@processing(category="ipyclam", source="analogue synthesizers", synonyms=("s&h", "s/h", "sah", "latch", "decimator", "bitcrusher"))
class AudioSampleAndHold:
    """Sample and hold: whenever `Trigger` rises above `Threshold`, takes the value of the input, and outputs it until the next time."""

    Threshold = config(0.0)
    audio = in_port("Audio Input")
    trigger = in_port("Trigger")
    output = out_port("Audio Output")

    class State:
        held: float32
        high: bool

    def step(state, audio, trigger, Threshold):
        high = trigger > Threshold
        state.held = audio if high and not state.high else state.held
        state.high = high
        return state.held
