"""Offset, scaling and wave shaping, sample by sample."""

from __future__ import annotations

from numpy import float32

from ...declare import Seldom, config, in_control, in_port, out_port, processing
from ...declare.maths import tanh
from .._limits import limited


@processing(category="ipyclam", synonyms=("dc", "add", "plus", "bias", "constant"))
class Offset:
    """Adds a constant to a signal. Changes are ramped over a block.

    Notes
    -----
    One addition a frame takes less time than its memory: no engine is much faster, and scsynth's ``+`` takes about as long.
    """

    InitialOffset = config(0.0)
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    offset = in_control("Offset", 0.0, -1.0, 1.0, from_config="InitialOffset", smooth=True)

    def step(audio, offset):
        return float32(audio + offset)


@processing(category="ipyclam", synonyms=("range", "map", "linlin", "unipolar", "bipolar", "normalize"))
class Scale:
    """Maps a signal linearly from one range to another, such as an LFO from -1 to 1 to a range of 0 to 1.

    Values outside the input range are mapped outside the output range. An empty input range is mapped to `Output Low`.
    Changes are ramped over a block.

    Notes
    -----
    A multiplication and an addition a frame take less time than their memory. scsynth's MulAdd is two to three times as fast, as
    it computes in float32, and this in float64.
    """

    InputLow = config(-1.0)
    InputHigh = config(1.0)
    OutputLow = config(0.0)
    OutputHigh = config(1.0)
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    input_low = in_control("Input Low", -1.0, from_config="InputLow")
    input_high = in_control("Input High", 1.0, from_config="InputHigh")
    output_low = in_control("Output Low", 0.0, from_config="OutputLow")
    output_high = in_control("Output High", 1.0, from_config="OutputHigh")

    class State:
        factor: float
        offset: float
        factor_rise: float
        offset_rise: float
        factor_goal: float
        offset_goal: float
        running: bool
        moving: Seldom

    def block(state, input_low, input_high, output_low, output_high, frames):
        state.factor, state.offset = state.factor_goal, state.offset_goal
        low, high = limited(input_low, -1e12, 1e12), limited(output_low, -1e12, 1e12)
        width = limited(input_high, -1e12, 1e12) - low
        state.factor_goal = (limited(output_high, -1e12, 1e12) - high) / width if width != 0.0 else 0.0
        state.offset_goal = high - state.factor_goal * low
        if not state.running:
            state.factor, state.offset, state.running = state.factor_goal, state.offset_goal, True
        state.moving = (state.factor_goal != state.factor) | (state.offset_goal != state.offset)
        state.factor_rise = (state.factor_goal - state.factor) / frames
        state.offset_rise = (state.offset_goal - state.offset) / frames

    def step(state, audio):
        if state.moving:
            state.factor += state.factor_rise
            state.offset += state.offset_rise
        return float32(audio * state.factor + state.offset)


@processing(category="ipyclam", synonyms=("clamp", "limiter", "hard clipper", "clipping", "min", "max", "waveshaper"))
class Clip:
    """Limits a signal to the range from `Low` to `High`; if they are crossed, the output is `High`. Changes are ramped over a block.

    Notes
    -----
    Two comparisons a frame take less time than their memory: no engine is much faster, and scsynth's Clip takes about as long.
    """

    InitialLow = config(-1.0)
    InitialHigh = config(1.0)
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    low = in_control("Low", -1.0, -1.0, 1.0, from_config="InitialLow", smooth=True)
    high = in_control("High", 1.0, -1.0, 1.0, from_config="InitialHigh", smooth=True)

    def step(audio, low, high):
        raised = float32(low) if audio < float32(low) else audio
        return float32(high) if raised > float32(high) else raised


@processing(category="ipyclam", synonyms=("soft clipper", "saturation", "overdrive", "distortion", "waveshaper", "tube", "warm"))
class Tanh:
    """Soft clipper: the hyperbolic tangent of the signal times `Drive`. The output is between -1 and 1."""

    InitialDrive = config(1.0)
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    drive = in_control("Drive", 1.0, 0.0, 20.0, from_config="InitialDrive", smooth=True)

    def step(audio, drive):
        return tanh(audio * float32(drive))
