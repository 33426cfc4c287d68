"""Dynamics: automatic gain, normalization and DC removal."""

from __future__ import annotations

from numpy import float32

from ...declare import config, in_control, in_port, out_port, processing
from .._limits import limited


def within_reach(gain):
    """Clamp an adaptive gain to 0 to 100 (40 dB): else it grows without limit in silence, and the next loud sample makes it NaN."""
    return limited(gain, 0.0, 100.0)


@processing(
    category="[plugin] Guitar Effects", source="CLAM AutomaticGainControl", synonyms=("compressor", "leveller", "leveler", "volume")
)
class AutomaticGainControl:
    """Automatic gain control (AGC): adapts the gain until the square of the output averages `OutputReference`.

    The gain is limited to 0 to 100 (40 dB).
    """

    AdaptationStep = config(0.1, minimum=0.0, maximum=1.0, doc="adaptation rate per frame")
    audio = in_port("Input Audio")
    output = out_port("Audio Output")
    reference = in_control("OutputReference", 0.1, 0.0, 1.0)

    class State:
        gain: float

    def initial():
        return {"gain": 1.0}

    def step(state, audio, reference, AdaptationStep):
        sample = audio * state.gain
        state.gain = within_reach(state.gain + AdaptationStep * (reference - sample * sample))
        return float32(sample)


@processing(category="Plugins", source="CLAM AudioNormalization", synonyms=("vca", "volume", "level"))
class AudioNormalization:
    """Multiplies a signal by a value (a gain)."""

    audio = in_port("Input")
    output = out_port("Output")
    value = in_control("AudioNormalization Value", 1.0, 0.0, 2.0, smooth=True)

    def step(audio, value):
        return audio * float32(value)


@processing(category="[plugin] Guitar Effects", source="CLAM DCRemoval", synonyms=("highpass", "hpf", "dc blocker"))
class DCRemoval:
    """Removes DC offset: subtracts the smoothed mean of each block (half-life 512 frames)."""

    audio = in_port("Input Audio")
    output = out_port("Audio Output")

    class State:
        offset: float

    def process(state, audio, output, frames):
        total = 0.0
        for i in range(frames):
            total += audio[i]
        state.offset += (total / frames - state.offset) * (1.0 - 0.5 ** (frames / 512.0))
        for i in range(frames):
            output[i] = audio[i] - float32(state.offset)
