"""From audio to controls and back: sources and targets of modulation."""

from __future__ import annotations

import math

from numpy import float32, float64

from ...declare import config, in_control, in_port, out_control, out_port, processing
from ...declare.maths import multiply_add
from .._limits import limited
from .._times import weight


@processing(
    category="ipyclam", synonyms=("envelope detector", "amplitude follower", "level", "rms", "peak", "meter", "auto-wah", "side chain")
)
class EnvelopeFollower:
    """Envelope follower: measures the level of a signal, as a signal and once a block as a control.

    `Detector` selects the absolute value (Peak), or the root of the mean square (RMS), which is exact where attack and release
    are the same.

    Notes
    -----
    It is about as fast as scsynth's Amplitude. As it also sends a control, it is computed one by one, and each frame waits for the
    one before.
    """

    Detector = config("Peak", choices=("Peak", "RMS"))
    InitialAttack = config(1.0, minimum=0.0, unit="ms")
    InitialRelease = config(100.0, minimum=0.0, unit="ms")
    audio = in_port("Audio Input")
    envelope = out_port("Envelope")
    attack = in_control("Attack", 1.0, 0.0, 1000.0, from_config="InitialAttack", unit="ms", doc="time constant (63 %)")
    release = in_control("Release", 100.0, 0.0, 5000.0, from_config="InitialRelease", unit="ms", doc="time constant (63 %)")
    level = out_control("Level")

    class State:
        level: float
        attack: float
        release: float
        rise: float
        fall: float

    def process(state, audio, envelope, attack, release, Detector, level, sample_rate, frames):
        if attack != state.attack or release != state.release or state.rise == 0.0:
            state.attack, state.release = attack, release
            state.rise, state.fall = weight(attack, sample_rate), weight(release, sample_rate)
        rise, fall = state.rise, state.fall
        stay_rise, stay_fall = 1.0 - rise, 1.0 - fall
        now = state.level
        for i in range(frames):
            size = abs(audio[i])
            wanted = float64(size) if size < float32(1e15) else 0.0  # NaN or infinity would stay for long
            wanted = wanted * wanted if Detector == 1 else wanted
            up, down = multiply_add(now, stay_rise, rise * wanted), multiply_add(now, stay_fall, fall * wanted)
            now = up if wanted > now else down
            envelope[i] = float32(now)
        if Detector == 1:
            for i in range(frames):
                envelope[i] = math.sqrt(envelope[i])
        state.level = now
        level.send(math.sqrt(now) if Detector == 1 else now)


@processing(category="ipyclam", synonyms=("snapshot", "sample and hold", "modulation", "converter", "cv"))
class AudioToControl:
    """Sends a signal as a control, once a block, when it has changed: such as an LFO to the cutoff of a filter."""

    Value = config("Last Sample", choices=("Last Sample", "Mean"), doc="the last sample of each block, or the mean of its samples")
    audio = in_port("Audio Input")
    control = out_control("Control Output")

    class State:
        sent: float
        running: bool

    def process(state, audio, control, Value, frames):
        value = float(audio[frames - 1])
        if Value == 1:
            total = 0.0
            for i in range(frames):
                total += audio[i]
            value = total / frames
        if abs(value) < 1e30 and (value != state.sent or not state.running):  # NaN and infinity are not passed on
            control.send(value)
            state.sent, state.running = value, True


@processing(category="ipyclam", synonyms=("sig~", "line~", "smooth", "lag", "slew", "modulation", "converter", "cv", "dc", "constant"))
class ControlToAudio:
    """Turns a control into a signal: each new value is ramped to over a block, and smoothed by a low-pass of `SmoothingTime`."""

    InitialValue = config(0.0)
    SmoothingTime = config(0.0, minimum=0.0, maximum=10000.0, unit="ms", doc="time constant (63 %)")
    control = in_control("Control Input", from_config="InitialValue", smooth=True)
    output = out_port("Audio Output")

    class State:
        now: float
        time: float
        rate: float
        running: bool

    def block(state, control, SmoothingTime, sample_rate):
        if SmoothingTime != state.time or not state.running:
            state.time, state.rate = SmoothingTime, weight(SmoothingTime, sample_rate)
        if not state.running:
            state.now, state.running = limited(control, -1e30, 1e30), True

    def step(state, control):
        value = limited(control, -1e30, 1e30)
        state.now += state.rate * (value - state.now)
        return float32(state.now)
