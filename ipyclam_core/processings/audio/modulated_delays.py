"""Modulated delays: a delay line with feedback and a tap moved by an LFO; chorus, flanger, vibrato and rotary are built on it.

The moving tap is interpolated by an all-pass. The feedback comes from a fixed tap.
Arithmetic is float32 where CLAM's is, so that the sound is identical to the last bit.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_control, in_port, out_control, out_port, processing
from .._limits import limited

HALF = 0.7071
EVERYTHING = 1.36531246  # seconds: CLAM's default, the longest of a line of 65536 frames at 48 kHz
FACTORY = "J. Dattorro: Effect design, part 2 (1997); CLAM "


def memory(lines, MaxDelayInSeconds, sample_rate):
    """The initial state of several delay lines."""
    return {"line": np.zeros(lines * max(int(MaxDelayInSeconds * sample_rate), 4), float32), "past": np.zeros(lines, float32)}


def whole_frames(milliseconds, sample_rate):
    """A time as a number of frames, at most the length of the longest delay line."""
    return math.floor(limited(milliseconds, -60000.0, 60000.0) / 1000.0 * sample_rate + 0.5)


def turn_of(frequency, sample_rate):
    """The LFO's phase increment per frame, in periods."""
    return float32(float32(limited(frequency, -1e6, 1e6)) / float32(sample_rate))


def swing(state, turn, offset):
    """The phase of the LFO, in radians."""
    return 2.0 * math.pi * state.place * float(turn) + offset


def forward(state, turn):
    """Advance the LFO by one frame. It wraps after a period, so that the phase stays exact."""
    state.place += 1.0
    if state.place * abs(float(turn)) >= 1048576.0:
        state.place -= 1048576.0 / abs(float(turn))


def delayed(state, k, lines, sample, delay, tap, feedback, blend, forth):
    """One sample through delay line `k`: write it with the feedback, read the tap at `delay` frames."""
    length = len(state.line) // lines
    base = k * length
    write = state.write
    fixed = min(max(int64(tap), 0), length - 1)
    fed = float32(sample - feedback * state.line[base + (write - fixed) % length])
    frames = math.floor(delay)
    part = float32(1.0) - (delay - float32(frames))
    # a tap before the present cannot be: it stays where the other one is
    back = int64(frames) if frames >= 0 else fixed
    read = (write - min(back, length - 2)) % length
    state.line[base + write] = fed
    between = state.line[base + (read - 1) % length]
    value = float32(between + part * state.line[base + read] - part * state.past[k])
    state.past[k] = value
    return float32(forth * value + blend * fed)


def advance(state, lines):
    """Advance every delay line by one frame."""
    state.write = (state.write + 1) % (len(state.line) // lines)


class Modulated:
    """Common parameters and controls of the modulated delays. The control ranges are those of CLAM's sliders."""

    MaxDelayInSeconds = config(EVERYTHING, minimum=0.01, maximum=60.0, unit="s")
    Width = config(1.0, minimum=0.0, unit="ms")
    FreqMod = config(5.0, minimum=0.0, unit="Hz")
    CenterTap = config(2.0, minimum=0.0, unit="ms")
    audio = in_port("InputBuffer", "AudioBuffer")
    width = in_control("width in msecs", 1.0, 0.0, 30.0, from_config="Width", unit="ms")
    frequency = in_control("freq in Hz", 5.0, 0.0, 10.0, from_config="FreqMod", unit="Hz")
    centre = in_control("centerTap msecs", 2.0, 0.0, 30.0, from_config="CenterTap", unit="ms")

    class State:
        line: Array[float32]
        past: Array[float32]
        write: int64
        place: float

    def initial(MaxDelayInSeconds, sample_rate):
        return memory(1, MaxDelayInSeconds, sample_rate)


class ModulatedStereo(Modulated):
    """A modulated delay with two outputs."""

    left = out_port("OutputBufferL", "AudioBuffer")
    right = out_port("OutputBufferR", "AudioBuffer")


@processing(
    category="[plugin] Time Domain Effects",
    source=FACTORY + "MonoFractionalDelayModulation",
    synonyms=("chorus", "vibrato", "flanger"),
)
class MonoFractionalDelayModulation(Modulated):
    """Modulated delay, mono: `variability of parameters` (initially 0) scales width, frequency and centre."""

    PhaseOffset = config(0.0, unit="deg")
    ParamVariability = config(1.0, doc="without effect, as in CLAM")
    output = out_port("OutputBuffer", "AudioBuffer")
    offset = in_control("offset in degrees", 0.0, 0.0, 360.0, from_config="PhaseOffset", unit="deg")
    factor = in_control("variability of parameters", 0.0, 0.5, 1.5)

    def process(state, audio, output, width, frequency, centre, offset, factor, sample_rate, frames):
        scale = limited(factor, -1000.0, 1000.0)
        turn = float32(turn_of(frequency, sample_rate) * float32(scale))
        swung = float(float32(whole_frames(width, sample_rate) * scale))
        middle = float(float32(whole_frames(centre, sample_rate) * scale))
        tap = math.floor(middle + 0.5)
        angle = limited(offset, -1e6, 1e6) * math.pi / 180.0
        for i in range(frames):
            delay = float32(1.0 + middle + swung * math.sin(swing(state, turn, angle)))
            output[i] = delayed(state, 0, 1, audio[i], delay, tap, float32(HALF), float32(HALF), float32(1.0))
            forward(state, turn)
            advance(state, 1)


@processing(
    category="[plugin] Time Domain Effects", source=FACTORY + "FractionalDelayModulation", synonyms=("chorus", "vibrato", "flanger")
)
class FractionalDelayModulation(ModulatedStereo):
    """Modulated delay, with the same signal at both outputs."""

    def process(state, audio, left, right, width, frequency, centre, sample_rate, frames):
        turn = turn_of(frequency, sample_rate)
        swung, middle = whole_frames(width, sample_rate), whole_frames(centre, sample_rate)
        for i in range(frames):
            delay = float32(1.0 + middle + swung * math.sin(swing(state, turn, 0.0)))
            left[i] = delayed(state, 0, 1, audio[i], delay, middle, float32(-HALF), float32(HALF), float32(HALF))
            right[i] = left[i]
            forward(state, turn)
            advance(state, 1)


@processing(category="[plugin] Time Domain Effects", source=FACTORY + "Flanger", synonyms=("comb filter",))
class Flanger(ModulatedStereo):
    """Stereo flanger: two short modulated delays with feedback, the right one slightly shorter."""

    width = in_control("width in msecs", 1.0, 0.0, 3.0, from_config="Width", unit="ms")
    centre = in_control("centerTap msecs", 2.0, 0.0, 15.0, from_config="CenterTap", unit="ms")

    def initial(MaxDelayInSeconds, sample_rate):
        return memory(2, MaxDelayInSeconds, sample_rate)

    def process(state, audio, left, right, width, frequency, centre, sample_rate, frames):
        turn = turn_of(frequency, sample_rate)
        swung, middle = whole_frames(width, sample_rate), whole_frames(centre, sample_rate)
        for i in range(frames):
            moved = swung * math.sin(swing(state, turn, 0.0))
            near, far = float32(1.0 + float(float32(0.8 * middle)) + moved), float32(1.0 + middle + moved)
            left[i] = delayed(state, 0, 2, audio[i], far, middle, float32(-HALF), float32(HALF), float32(HALF))
            right[i] = delayed(state, 1, 2, audio[i], near, middle, float32(-HALF), float32(HALF), float32(HALF))
            forward(state, turn)
            advance(state, 2)


@processing(category="[plugin] Time Domain Effects", source=FACTORY + "RotatingFlanger", synonyms=("leslie",))
class RotatingFlanger(Modulated):
    """Flanger that also sends the angle of its LFO as a control, to rotate something in time with it."""

    output = out_port("OutputBuffer", "AudioBuffer")
    width = in_control("width in msecs", 1.0, 0.0, 3.0, from_config="Width", unit="ms")
    centre = in_control("centerTap msecs", 2.0, 0.0, 15.0, from_config="CenterTap", unit="ms")
    rotation = out_control("flanger rotation", unit="deg")

    def process(state, audio, output, width, frequency, centre, rotation, sample_rate, frames):
        turn = turn_of(frequency, sample_rate)
        swung, middle = whole_frames(width, sample_rate), whole_frames(centre, sample_rate)
        rotation.send((state.place * float(turn)) % 1.0 * 360.0)
        for i in range(frames):
            delay = float32(1.0 + middle + swung * math.sin(swing(state, turn, 0.0)))
            output[i] = delayed(state, 0, 1, audio[i], delay, middle, float32(-HALF), float32(HALF), float32(HALF))
            forward(state, turn)
            advance(state, 1)


@processing(category="[plugin] Time Domain Effects", source=FACTORY + "Chorus", synonyms=("ensemble",))
class Chorus(ModulatedStereo):
    """Stereo chorus: two modulated delays with feedback, a quarter of a period apart."""

    width = in_control("width in msecs", 1.0, 0.0, 10.0, from_config="Width", unit="ms")
    frequency = in_control("freq in Hz", 5.0, 0.0, 0.5, from_config="FreqMod", unit="Hz")

    def initial(MaxDelayInSeconds, sample_rate):
        return memory(2, MaxDelayInSeconds, sample_rate)

    def process(state, audio, left, right, width, frequency, centre, sample_rate, frames):
        turn = turn_of(frequency, sample_rate)
        swung, middle = whole_frames(width, sample_rate), whole_frames(centre, sample_rate)
        for i in range(frames):
            angle = swing(state, turn, 0.0)
            one, other = float32(1.0 + middle + swung * math.sin(angle)), float32(1.0 + middle + swung * math.cos(angle))
            left[i] = delayed(state, 0, 2, audio[i], one, middle, float32(HALF), float32(HALF), float32(1.0))
            right[i] = delayed(state, 1, 2, audio[i], other, middle, float32(HALF), float32(HALF), float32(1.0))
            forward(state, turn)
            advance(state, 2)


@processing(category="[plugin] Time Domain Effects", source=FACTORY + "Vibrato")
class Vibrato(ModulatedStereo):
    """Vibrato: pitch modulation by one modulated delay without feedback and without dry signal, the same at both outputs."""

    width = in_control("width in msecs", 1.0, 0.0, 1.0, from_config="Width", unit="ms")
    centre = in_control("centerTap msecs", 2.0, 0.0, 3.0, from_config="CenterTap", unit="ms")

    def process(state, audio, left, right, width, frequency, centre, sample_rate, frames):
        turn = turn_of(frequency, sample_rate)
        swung, middle = whole_frames(width, sample_rate), whole_frames(centre, sample_rate)
        for i in range(frames):
            delay = float32(1.0 + middle + swung * math.sin(swing(state, turn, 0.0)))
            left[i] = delayed(state, 0, 1, audio[i], delay, middle, float32(0.0), float32(0.0), float32(1.0))
            right[i] = left[i]
            forward(state, turn)
            advance(state, 1)


@processing(category="[plugin] Time Domain Effects", source=FACTORY + "Rotary", synonyms=("leslie", "tremolo"))
class Rotary(ModulatedStereo):
    """Rotary loudspeaker: two modulated delays a quarter of a turn apart, each louder as it approaches and mostly on its own side."""

    width = in_control("width in msecs", 1.0, 0.0, 2.0, from_config="Width", unit="ms")
    centre = in_control("centerTap msecs", 2.0, 0.0, 15.0, from_config="CenterTap", unit="ms")

    def initial(MaxDelayInSeconds, sample_rate):
        return memory(2, MaxDelayInSeconds, sample_rate)

    def process(state, audio, left, right, width, frequency, centre, sample_rate, frames):
        turn = turn_of(frequency, sample_rate)
        swung, middle = whole_frames(width, sample_rate), whole_frames(centre, sample_rate)
        for i in range(frames):
            angle = swing(state, turn, 0.0)
            front, side = math.sin(angle), math.cos(angle)
            far, near = float32(1.0 + middle + swung * front), float32(1.0 + float(float32(0.1 * middle)) + swung * side)
            bass = float32(1.0 + front) * delayed(state, 0, 2, audio[i], far, middle, float32(0.0), float32(0.0), float32(1.0))
            horn = float32(1.0 + side) * delayed(state, 1, 2, audio[i], near, middle, float32(0.0), float32(0.0), float32(1.0))
            left[i] = float32(0.7) * horn + bass
            right[i] = horn + float32(0.7) * bass
            forward(state, turn)
            advance(state, 2)
