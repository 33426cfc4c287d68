"""Audio file recorders: a ring buffer that is written to disk outside the audio thread."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_port, processing
from ...declare.maths import publish, published
from ._streams import COUNTERS, DRAINED, FILLED, FileDrain, problem_of_target, ring_frames


def record(state, channel, samples, room):
    """Write `room` samples to one channel of the ring buffer."""
    capacity = state.capacity
    filled = state.counters[FILLED]
    base = channel * capacity
    for i in range(room):
        state.ring[base + (filled + i) % capacity] = samples[i]


def room_for(state, frames):
    """The number of `frames` that fit into the ring buffer. The others are counted as lost."""
    counters = state.counters
    room = min(state.capacity - (counters[FILLED] - published(counters, DRAINED)), frames)
    state.lost += frames - room
    return room


def memory(channels, sample_rate, block_size):
    """The initial state of a ring buffer."""
    frames = ring_frames(sample_rate, block_size)
    return {"ring": np.zeros(channels * frames, float32), "counters": np.zeros(COUNTERS, np.int64), "capacity": frames}


@processing(category="Audio File I/O", source="CLAM MonoAudioFileWriter", synonyms=("recorder", "soundfile", "export"))
class MonoAudioFileWriter:
    """Records a signal to an audio file. The suffix sets the format (.wav, .flac, .ogg, .aiff ...).

    Frames lost because the disk is too slow are counted in the state's `lost`.
    """

    TargetFile = config("", type="outfile")
    SampleRate = config(44100.0, minimum=1.0, maximum=768000.0, unit="Hz", doc="of the file; resampled if the network's rate differs")
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


@processing(category="Audio File I/O", source="CLAM MultiChannelAudioFileWriter", synonyms=("recorder", "soundfile", "export"))
class MultiChannelAudioFileWriter:
    """Records several signals to the channels of one audio file. The suffix sets the format (.wav, .flac, .ogg, .aiff ...)."""

    TargetFile = config("", type="outfile")
    SampleRate = config(44100.0, minimum=1.0, maximum=768000.0, unit="Hz", doc="of the file; resampled if the network's rate differs")
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
