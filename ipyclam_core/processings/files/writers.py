"""Audio files that record: a ring that is emptied outside the audio thread."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_port, processing
from ...declare.maths import publish, published
from ._streams import COUNTERS, DRAINED, FILLED, FileDrain, problem_of_target, ring_frames


def record(state, channel, samples, room):
    """Put as many samples as there is room for into one channel of the ring."""
    capacity = state.capacity
    filled = state.counters[FILLED]
    base = channel * capacity
    for i in range(room):
        state.ring[base + (filled + i) % capacity] = samples[i]


def room_for(state, frames):
    """How many of so many frames find room; the others are counted."""
    counters = state.counters
    room = min(state.capacity - (counters[FILLED] - published(counters, DRAINED)), frames)
    state.lost += frames - room
    return room


def memory(channels, sample_rate, block_size):
    """The initial values of a ring."""
    frames = ring_frames(sample_rate, block_size)
    return {"ring": np.zeros(channels * frames, float32), "counters": np.zeros(COUNTERS, np.int64), "capacity": frames}


@processing(category="Audio File I/O", source="CLAM MonoAudioFileWriter")
class MonoAudioFileWriter:
    """Records a signal into a file; its suffix says the format (.wav, .flac, .ogg, .aiff ...).

    Frames that a disk is too slow for are counted in the state's `lost`.
    """

    TargetFile = config("", type="outfile")
    SampleRate = config(44100.0, minimum=1.0, maximum=768000.0, unit="Hz", doc="of the file; resampled where the network has another")
    audio = in_port("Samples Write")

    class State:
        ring: Array[float32]
        counters: Array[int64]
        capacity: int64
        lost: int64

    def problem(TargetFile):
        return problem_of_target(TargetFile)

    def initial(sample_rate, block_size):
        return memory(1, sample_rate, block_size)

    def companion(state, TargetFile, SampleRate, sample_rate):
        return FileDrain(state, TargetFile, 1, SampleRate, sample_rate)

    def process(state, audio, frames):
        room = room_for(state, frames)
        record(state, 0, audio, room)
        publish(state.counters, FILLED, state.counters[FILLED] + room)


@processing(category="Audio File I/O", source="CLAM MultiChannelAudioFileWriter")
class MultiChannelAudioFileWriter:
    """Records several signals into the channels of one file; its suffix says the format."""

    TargetFile = config("", type="outfile")
    SampleRate = config(44100.0, minimum=1.0, maximum=768000.0, unit="Hz", doc="of the file; resampled where the network has another")
    NChannels = config(2, minimum=1, maximum=1024)
    inputs = in_port("Channel #{}", count="NChannels", first=0)

    class State:
        ring: Array[float32]
        counters: Array[int64]
        capacity: int64
        lost: int64

    def problem(TargetFile):
        return problem_of_target(TargetFile)

    def initial(NChannels, sample_rate, block_size):
        return memory(NChannels, sample_rate, block_size)

    def companion(state, TargetFile, SampleRate, NChannels, sample_rate):
        return FileDrain(state, TargetFile, NChannels, SampleRate, sample_rate)

    def process(state, inputs, frames):
        room = room_for(state, frames)
        for k in range(len(inputs)):
            record(state, k, inputs[k], room)
        publish(state.counters, FILLED, state.counters[FILLED] + room)
