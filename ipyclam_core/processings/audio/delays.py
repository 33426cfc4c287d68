"""Delays."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from .._limits import limited

LONGEST = 1.36531246  # seconds: CLAM's default, a line of 65536 frames at 48 kHz
RATE = "kept for CLAM's files; the network's sample rate is used"


@processing(category="Plugins", source="CLAM TimeDelay", synonyms=("echo",))
class TimeDelay:
    """Delays a signal by a time in seconds. Changes of the delay are crossfaded over one block."""

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
        delayed(state, 1, 0, audio, output, delay * sample_rate, frames)


@processing(category="Plugins", source="CLAM DelayWetDry", synonyms=("echo",))
class DelayWetDry:
    """Delay with wet/dry mix (0 = delayed only, 1 = dry only)."""

    MaxDelay = config(30, minimum=1, maximum=3600, unit="s", doc="the longest delay")
    audio = in_port("Input")
    output = out_port("Output")
    delay = in_control("Delay", 0.0, 0.0, 30.0, unit="s")
    balance = in_control("Wet/Dry", 0.0, smooth=True)

    class State:
        line: Array[float32]
        place: int64
        distance: int64
        running: bool

    def initial(MaxDelay, sample_rate):
        return {"line": np.zeros(round(MaxDelay * sample_rate) + 1, float32)}

    def process(state, audio, output, delay, balance, sample_rate, frames):
        start = balance[0] if state.running else balance[1]
        delayed(state, 1, 0, audio, output, delay * sample_rate, frames)
        for i in range(frames):
            dry = float32(start + (balance[1] - start) * ((i + 1.0) / frames))
            output[i] = audio[i] * dry + output[i] * (float32(1.0) - dry)


@processing(category="[plugin] New Spectral Processing", source="CLAM SampleAccurateStreamDelay", synonyms=("echo", "latency"))
class SampleAccurateStreamDelay:
    """Delays one or more signals by a whole number of frames. Changes of the delay are crossfaded over one block."""

    MaxDelayInSeconds = config(LONGEST, minimum=0.01, maximum=600.0, unit="s")
    SampleRate = config(48000, minimum=1, unit="Hz", doc=RATE)
    InitialDelayInSamples = config(0, minimum=0, unit="frames")
    PortsNumber = config(1, minimum=1, maximum=1024)
    inputs = in_port("Audio Input", count="PortsNumber")
    outputs = out_port("Audio Output", count="PortsNumber")
    delay = in_control("Delay in Samples", from_config="InitialDelayInSamples", unit="frames")

    class State:
        line: Array[float32]
        place: int64
        distance: int64
        running: bool

    def initial(MaxDelayInSeconds, PortsNumber, sample_rate):
        return {"line": np.zeros(PortsNumber * (round(MaxDelayInSeconds * sample_rate) + 1), float32)}

    def process(state, inputs, outputs, delay, frames):
        for k in range(len(inputs)):
            delayed(state, len(inputs), k, inputs[k], outputs[k], delay, frames)


@processing(category="[plugin] New Spectral Processing", source="CLAM SampleAccurateBufferDelay", synonyms=("echo", "latency"))
class SampleAccurateBufferDelay(SampleAccurateStreamDelay):
    """`SampleAccurateStreamDelay` for buffers."""

    inputs = in_port("Audio Input", "AudioBuffer", count="PortsNumber")
    outputs = out_port("Audio Output", "AudioBuffer", count="PortsNumber")


@processing(category="[plugin] New Spectral Processing", source="CLAM FractionalBufferDelay", synonyms=("echo", "latency"))
class FractionalBufferDelay:
    """Delays buffers by a fractional number of frames (linear interpolation). Changes of the delay are ramped over a block."""

    MaxDelayInSeconds = config(LONGEST, minimum=0.01, maximum=600.0, unit="s")
    SampleRate = config(48000, minimum=1, unit="Hz", doc=RATE)
    audio = in_port("InputBuffer", "AudioBuffer")
    output = out_port("OutputBuffer", "AudioBuffer")
    delay = in_control("Delay in Samples", 0.0, smooth=True, unit="frames")

    class State:
        line: Array[float32]
        place: int64
        running: bool

    def initial(MaxDelayInSeconds, sample_rate):
        return {"line": np.zeros(round(MaxDelayInSeconds * sample_rate) + 2, float32)}

    def process(state, audio, output, delay, frames):
        line = state.line
        length = len(line)
        start = delay[0] if state.running else delay[1]
        for i in range(frames):
            line[state.place] = audio[i]
            wanted = start + (delay[1] - start) * ((i + 1.0) / frames)
            wanted = limited(wanted, 0.0, length - 2.0)
            whole = int64(wanted)
            part = float32(wanted - whole)
            near, far = line[(state.place - whole) % length], line[(state.place - whole - 1) % length]
            output[i] = near + (far - near) * part
            state.place = (state.place + 1) % length
        state.running = True


@processing(category="[plugin] Time Domain Effects", source="CLAM DopplerFractionalDelay")
class DopplerFractionalDelay:
    """Doppler effect: a delay set by distance, with a pitch shift while the distance changes.

    As in CLAM, 340 m are 1000 frames at 44.1 kHz (times the scaler), not one second. A change of distance by more than 10 m
    is a jump. Smaller changes are ramped over 40 ms.
    """

    MaxDelayInSeconds = config(LONGEST, minimum=1.0, maximum=600.0, unit="s")
    Distance = config(0.0, minimum=0.0, unit="m")
    ShiftGain = config(1.0, minimum=0.0)
    audio = in_port("InputBuffer", "AudioBuffer")
    output = out_port("OutputBuffer", "AudioBuffer")
    distance = in_control("relative distance in mts", 0.0, 0.0, 500.0, from_config="Distance", unit="m")
    scale = in_control("freq shift scaler", 1.0, 1.0, 20.0, from_config="ShiftGain")

    class State:
        line: Array[float32]
        place: int64
        at: float
        goal: float
        speed: float
        past: float32
        running: bool

    def initial(MaxDelayInSeconds, sample_rate):
        return {"line": np.zeros(int(MaxDelayInSeconds * sample_rate) + 2, float32)}

    def process(state, audio, output, distance, scale, sample_rate, frames):
        line = state.line
        length = len(line)
        wanted = limited(distance, -1e6, 1e6)
        if not state.running or abs(wanted - state.goal) > 10.0:
            state.at, state.goal, state.speed, state.running = wanted, wanted, 0.0, True
        elif wanted != state.goal:
            state.goal, state.speed = wanted, (wanted - state.at) / (0.04 * sample_rate)
        per_metre = 1000.0 * limited(scale, 0.0, 1e6) / 340.0 * (sample_rate / 44100.0)
        for i in range(frames):
            line[state.place] = audio[i]
            delay = float32(min(abs(state.at) * per_metre, length - 3.0))
            whole = int64(delay)
            part = float32(1.0) - (delay - float32(whole))
            near, far = line[(state.place - whole) % length], line[(state.place - whole - 1) % length]
            state.past = far + part * near - part * state.past
            output[i] = state.past
            state.at += state.speed
            if (state.goal - state.at) * state.speed <= 0.0:
                state.at, state.speed = state.goal, 0.0
            state.place = (state.place + 1) % length


def delayed(state, lines, k, audio, output, frames_late, frames):
    """Delay a signal by a number of frames, in one of several delay lines stored side by side.

    A change of the delay is crossfaded over the block.
    """
    length = len(state.line) // lines
    line = state.line[k * length : (k + 1) * length]
    wanted = int64(limited(frames_late + 0.5, 0.0, length - 1.0))
    before = min(state.distance, length - 1) if state.running else wanted
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
    if k == lines - 1:
        state.place, state.distance, state.running = place, wanted, True
