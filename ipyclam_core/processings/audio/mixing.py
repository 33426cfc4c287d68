"""Mixers, amplifiers, switches and panners."""

from __future__ import annotations

import math

from numpy import float32, int64

from ...declare import Seldom, config, in_control, in_port, out_port, processing
from .._limits import limited


def add_scaled(total, samples, start, goal, first):
    """Add a signal to `total` (the `first` one overwrites it), with a gain ramp from `start` to `goal` over the block."""
    frames = len(total)
    gain = float32(start)
    rise = float32((goal - start) / frames)
    if first and rise == float32(0.0):
        for i in range(frames):
            total[i] = samples[i] * gain
    elif first:
        for i in range(frames):
            total[i] = samples[i] * (gain + rise * float32(i))
    elif rise == float32(0.0):
        for i in range(frames):
            total[i] += samples[i] * gain
    else:
        for i in range(frames):
            total[i] += samples[i] * (gain + rise * float32(i))


@processing(category="Arithmetic Operations", source="CLAM AudioMixer", synonyms=("sum", "volume", "mixing desk"))
class AudioMixer:
    """Mixes signals: the sum of all inputs, each with a gain, divided by the number of inputs, connected or not.

    Gain changes are ramped over a block.
    """

    NumberOfInPorts = config(2, minimum=1, maximum=1024)
    DefaultGains = config((1.0, 1.0), type="floats", doc="the initial gains; 1 for those not given")
    inputs = in_port("Input {}", count="NumberOfInPorts", first=0)
    output = out_port("Output Audio")
    gains = in_control("Gain {}", 1.0, from_config="DefaultGains", smooth=True, count="NumberOfInPorts", first=0)

    class State:
        running: bool

    def process(state, inputs, output, gains):
        share = 1.0 / len(inputs)
        for k in range(len(inputs)):
            start, goal = gains[k]
            add_scaled(output, inputs[k], (start if state.running else goal) * share, goal * share, k == 0)
        state.running = True


@processing(category="Arithmetic Operations", source="CLAM AudioAmplifier", synonyms=("vca", "volume", "level", "mute"))
class AudioAmplifier:
    """Amplifies signals by one common gain.

    Gain changes are ramped over a block, or immediate if `DoesGainInterpolation` is off.
    """

    MaxGain = config(1.0, minimum=0.0, doc="upper end of the slider; a higher Gain is accepted, as in CLAM")
    InitGain = config(1.0, doc="the initial gain")
    PortsNumber = config(1, minimum=1, maximum=1024)
    DoesGainInterpolation = config(True)
    inputs = in_port("Input Audio", count="PortsNumber")
    outputs = out_port("Audio Output", count="PortsNumber")
    gain = in_control("Gain", 1.0, 0.0, 1.0, from_config="InitGain", smooth=True)

    def process(inputs, outputs, gain, DoesGainInterpolation):
        start, goal = gain
        for k in range(len(inputs)):
            add_scaled(outputs[k], inputs[k], start if DoesGainInterpolation else goal, goal, True)


@processing(category="Arithmetic Operations", source="CLAM AudioAdder", synonyms=("sum", "mixer"))
class AudioAdder:
    """Adds two signals."""

    first = in_port("First Audio Input")
    second = in_port("Second Audio Input")
    audio = out_port("Audio Output")

    def step(first, second):
        return first + second


@processing(category="Arithmetic Operations", source="CLAM AudioMultiplier", synonyms=("ring modulator", "vca", "am", "tremolo", "product"))
class AudioMultiplier:
    """Multiplies two signals (ring modulation, amplitude modulation)."""

    first = in_port("First Audio Input")
    second = in_port("Second Audio Input")
    audio = out_port("Audio Output")

    def step(first, second):
        return first * second


@processing(category="[plugin] Guitar Effects", source="CLAM AudioSwitch", synonyms=("selector", "router"))
class AudioSwitch:
    """Selects one of its inputs, divided by the number of inputs, as in CLAM. Switching is crossfaded over one block."""

    NumberOfInPorts = config(2, minimum=1, maximum=1024)
    FrameSize = config(512, minimum=1, unit="frames", doc="kept for CLAM's files")
    inputs = in_port("Input {}", count="NumberOfInPorts", first=0)
    output = out_port("Output Audio")
    switch = in_control("Switch", 0.0, 0.0, 1.0, doc="index of the input, counted from 0; fractions are truncated")

    class State:
        chosen: int64
        running: bool

    def process(state, inputs, output, switch):
        share = 1.0 / len(inputs)
        chosen = min(max(int64(switch), 0), len(inputs) - 1)
        before = min(state.chosen, len(inputs) - 1) if state.running else chosen
        if before == chosen:
            add_scaled(output, inputs[chosen], share, share, True)
        else:
            add_scaled(output, inputs[before], share, 0.0, True)
            add_scaled(output, inputs[chosen], 0.0, share, False)
        state.chosen, state.running = chosen, True


@processing(category="ipyclam", synonyms=("vca", "volume", "level", "mute", "fader"))
class Gain:
    """Amplifies or attenuates a signal. Gain changes are ramped over a block."""

    InitialGain = config(1.0)
    audio = in_port("Audio Input")
    output = out_port("Audio Output")
    gain = in_control("Gain", 1.0, 0.0, 2.0, from_config="InitialGain", smooth=True)

    def step(audio, gain):
        return audio * float32(gain)


@processing(category="ipyclam", synonyms=("balance",))
class StereoPanner:
    """Pans a signal between left and right at constant power."""

    InitialPosition = config(0.0, minimum=-1.0, maximum=1.0, doc="-1 is left, 1 is right")
    audio = in_port("Audio Input")
    left = out_port("Left")
    right = out_port("Right")
    position = in_control("Position", 0.0, -1.0, 1.0, from_config="InitialPosition")

    class State:
        left_gain: float32
        right_gain: float32
        left_rise: float32
        right_rise: float32
        left_goal: float
        right_goal: float
        position: float
        running: bool

    def block(state, position, frames):
        if position != state.position or not state.running:
            angle = (limited(position, -1.0, 1.0) + 1.0) * (0.25 * math.pi)
            state.left_goal, state.right_goal, state.position = math.cos(angle), math.sin(angle), position
        if not state.running:
            state.left_gain, state.right_gain, state.running = state.left_goal, state.right_goal, True
        state.left_rise = (state.left_goal - state.left_gain) / frames
        state.right_rise = (state.right_goal - state.right_gain) / frames

    def step(state, audio):
        state.left_gain += state.left_rise
        state.right_gain += state.right_rise
        return audio * state.left_gain, audio * state.right_gain


@processing(category="ipyclam", synonyms=("crossfader", "fader", "blend", "morph", "mix", "wet/dry", "balance", "transition"))
class CrossFade:
    """Crossfades between two signals. Changes of the position are ramped over a block.

    Notes
    -----
    It is slower than scsynth's XFade2: two multiplications a frame take less time than reading and writing memory.
    """

    InitialPosition = config(0.0, minimum=0.0, maximum=1.0, doc="0 is A, 1 is B")
    Law = config("Equal Power", choices=("Equal Power", "Linear"), doc="Linear is for signals that are alike, such as dry and wet")
    first = in_port("A")
    second = in_port("B")
    output = out_port("Audio Output")
    position = in_control("Position", 0.0, 0.0, 1.0, from_config="InitialPosition", doc="0 is A, 1 is B")

    class State:
        first_gain: float
        second_gain: float
        first_rise: float
        second_rise: float
        first_goal: float
        second_goal: float
        position: float
        law: int
        running: bool
        moving: Seldom

    def block(state, position, Law, frames):
        changed = not state.running or position != state.position or Law != state.law
        if not (changed or state.moving):
            return
        if state.running:
            state.first_gain, state.second_gain = state.first_goal, state.second_goal
        if changed:
            place = limited(position, 0.0, 1.0)
            state.first_goal = math.cos(0.5 * math.pi * place) if Law == 0 else 1.0 - place
            state.second_goal = math.sin(0.5 * math.pi * place) if Law == 0 else place
            state.position, state.law = position, Law
        if not state.running:
            state.first_gain, state.second_gain = state.first_goal, state.second_goal
        state.moving, state.running = changed and state.running, True
        state.first_rise = (state.first_goal - state.first_gain) / frames
        state.second_rise = (state.second_goal - state.second_gain) / frames

    def step(state, first, second):
        if state.moving:
            state.first_gain += state.first_rise
            state.second_gain += state.second_rise
        return float32(first * state.first_gain + second * state.second_gain)
