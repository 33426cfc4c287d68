"""Controls that sound sends: triggers, a clock for controls, and the energy of buffers."""

from __future__ import annotations

import numpy as np
from numpy import float64, int64

from ...data.buffers import AudioBuffer
from ...declare import Array, config, in_control, in_port, out_control, processing

CATEGORY = "[plugin] Time Domain Effects"
HISTORY = 43  # buffers whose mean energy an onset exceeds: half a second of 512 frames
RISE = 2.0
SILENCE = 1e-8  # mean square: -80 dB


@processing(category="Plugins", source="CLAM ThresholdTrigger", synonyms=("gate", "onset", "drum trigger", "peak", "clap"))
class ThresholdTrigger:
    """Sends 1 when a sample is above `Threshold`, in either direction, and 0 after a block in which none was."""

    audio = in_port("Audio Input")
    threshold = in_control("Threshold", 0.5, 0.0, 1.0)
    trigger = out_control("Trigger")

    class State:
        above: bool

    def process(state, audio, threshold, trigger, frames):
        above = False
        for i in range(frames):
            above = above or abs(audio[i]) > threshold
        if above != state.above:
            trigger.send(1.0 if above else 0.0)
        state.above = above


@processing(category=CATEGORY, source="CLAM SynchronousControl", synonyms=("clock", "sample and hold", "throttle", "frame rate"))
class SynchronousControl:
    """Sends the latest value of its control `ControlsPerSecond` times a second, as long as sound runs."""

    SampleRate = config(48000, minimum=1, unit="Hz", doc="kept for CLAM's files: the rate is the network's")
    ControlsPerSecond = config(24, minimum=1)
    sync = in_port("sync", "AudioBuffer")
    control = in_control("in control")
    output = out_control("out control")

    class State:
        part: float = 1.0

    def process(state, sync, control, ControlsPerSecond, output, sample_rate, frames):
        if state.part >= 1.0:
            state.part %= 1.0
            output.send(control)
        state.part += ControlsPerSecond * frames / sample_rate


@processing(category=CATEGORY, source="CLAM EnergyFeatures", synonyms=("onset", "attack", "beat", "loudness", "analysis", "transient"))
class EnergyFeatures:
    """Sends the energy of each buffer (the sum of its squared samples), its change, and the number of buffers between onsets.

    An onset is a buffer with more than twice the mean energy of the 43 buffers before it: half a second, at 512 frames.
    The number is sent at each onset.
    """

    SourceID = config(0, minimum=0, doc="the number that is sent as `ID number of Source`")
    buffer = in_port("Input", AudioBuffer)
    identity = out_control("ID number of Source", type="int")
    energy = out_control("Energy Output")
    change = out_control("delta Energy Output")
    distance = out_control("Frames between Onsets", type="int")

    class State:
        past: Array[float64]
        place: int64
        before: float64
        since: int64
        risen: bool

    def initial():
        return {"past": np.zeros(HISTORY)}

    def process(state, buffer, SourceID, identity, energy, change, distance):
        total = 0.0
        for i in range(len(buffer.samples)):
            total += float64(buffer.samples[i]) * float64(buffer.samples[i])
        mean = 0.0
        for k in range(HISTORY):
            mean += state.past[k] / HISTORY
        identity.send(float(SourceID))
        energy.send(total)
        change.send(total - state.before)
        state.since += 1
        risen = total > RISE * mean and total > SILENCE * len(buffer.samples)
        if risen and not state.risen:
            distance.send(float(state.since))
            state.since = 0
        state.risen = risen
        state.before = total
        state.past[state.place] = total
        state.place = (state.place + 1) % HISTORY
