"""Audio file recorders: a ring buffer that is written to disk outside the audio thread."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_port, processing
from ...declare.maths import publish, published
from ._drains import COUNTERS, DRAINED, FILLED
from ._sound_drain import SoundDrain, problem_of_sound_target
from ._streams import ring_frames

BY_SUFFIX = "Choose a format"
FORMATS = {
    "Wav Integer 16 bit": ("WAV", "PCM_16"),
    "Wav Integer 24 bit": ("WAV", "PCM_24"),
    "Wav Integer 32 bit": ("WAV", "PCM_32"),
    "Wav Float 32 bit": ("WAV", "FLOAT"),
    "Wav Float 64 bit": ("WAV", "DOUBLE"),
    "FLAC 16 bit": ("FLAC", "PCM_16"),
}
"""The formats that CLAM offers: those of the file and of its samples."""
FLAC_CHANNELS = 8


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


def problem_of_channels(format_, channels):
    """Why a file of this format cannot have so many channels, or ``""``."""
    if FORMATS.get(format_, ("",))[0] == "FLAC" and channels > FLAC_CHANNELS:
        return f"a FLAC file has at most {FLAC_CHANNELS} channels, not {channels}: choose a Wav format"
    return ""


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
        return problem_of_sound_target(TargetFile)

    def initial(sample_rate, block_size):
        return memory(1, sample_rate, block_size)

    def companion(state, TargetFile, SampleRate, sample_rate):
        return SoundDrain(state, TargetFile, 1, SampleRate, sample_rate)

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
        return problem_of_sound_target(TargetFile)

    def initial(NChannels, sample_rate, block_size):
        return memory(NChannels, sample_rate, block_size)

    def companion(state, TargetFile, SampleRate, NChannels, sample_rate):
        return SoundDrain(state, TargetFile, NChannels, SampleRate, sample_rate)

    def process(state, inputs, frames):
        room = room_for(state, frames)
        for k in range(len(inputs)):
            record(state, k, inputs[k], room)
        publish(state.counters, FILLED, state.counters[FILLED] + room)


@processing(
    category="[plugin] Sndfile Read/Write",
    source="CLAM SndfileWriter",
    synonyms=("recorder", "soundfile", "wav", "flac", "bounce"),
)
class SndfileWriter:
    """Records one or more signals to the channels of an audio file, in a chosen format.

    Without a `Format`, the suffix sets it (.wav, .flac, .ogg, .aiff ...). Frames lost because the disk is too slow are counted in
    the state's `lost`.
    """

    TargetFile = config("", type="outfile")
    Format = config(BY_SUFFIX, choices=(BY_SUFFIX, *FORMATS), doc="of the file and its samples; not chosen: the suffix sets it")
    SampleRate = config(44100, minimum=1, maximum=768000, unit="Hz", doc="of the file; resampled if the network's rate differs")
    NumberChannels = config(0, minimum=0, maximum=1024, doc="0 means one")
    BufferSize = config(16384, minimum=1, unit="frames", doc="kept for CLAM's files")
    inputs = in_port("in{}", count="channels")

    class State:
        ring: Array[float32]
        counters: Array[int64]
        capacity: int64
        lost: int64

    def problem(TargetFile, Format, NumberChannels):
        return problem_of_sound_target(TargetFile, Format != BY_SUFFIX) or problem_of_channels(Format, NumberChannels)

    def ports(NumberChannels):
        return {"channels": max(NumberChannels, 1)}

    def initial(NumberChannels, sample_rate, block_size):
        return memory(max(NumberChannels, 1), sample_rate, block_size)

    def companion(state, TargetFile, Format, SampleRate, NumberChannels, sample_rate):
        return SoundDrain(state, TargetFile, max(NumberChannels, 1), SampleRate, sample_rate, FORMATS.get(Format))

    def process(state, inputs, frames):
        room = room_for(state, frames)
        for k in range(len(inputs)):
            record(state, k, inputs[k], room)
        publish(state.counters, FILLED, state.counters[FILLED] + room)
