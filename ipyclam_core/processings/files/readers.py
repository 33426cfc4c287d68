"""Audio file players: streamed from disk outside the audio thread, or loaded into memory."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...declare import Array, config, in_control, out_control, out_port, processing
from ...declare.maths import publish, published
from ...system import regular
from .._limits import limited
from ._streams import (
    ASKED,
    AT_ONCE,
    BASE,
    COUNTERS,
    END,
    LENGTH,
    LOOPS,
    READ,
    SERVED,
    START,
    TARGET,
    WRITTEN,
    FileStream,
    frames_and_channels,
    opened,
    problem_of,
    ring_frames,
    say_resampled,
)  # fmt: skip

MOST = 1024  # channels
LARGEST = 1 << 28  # frames that are loaded into memory: a gigabyte


def sample_of(ring, place, end):
    """One sample of a channel's ring buffer, silence from `end` on."""
    return ring[place % len(ring)] if place < end else float32(0.0)


def play(state, channel, output, frames):
    """Fill `output` from one channel of the ring buffer; returns the number of frames available.

    After a seek, the old position is crossfaded into the new one.
    """
    counters = state.counters
    capacity = state.capacity
    ring = state.ring[channel * capacity : (channel + 1) * capacity]
    read = counters[READ]
    end = min(published(counters, WRITTEN), counters[END])
    if state.jumped:
        start = counters[START]
        for i in range(frames):
            old, new = sample_of(ring, read + i, start), sample_of(ring, start + i, end)
            output[i] = old + (new - old) * (float32(i + 1) / float32(frames))
        return min(max(end - start, 0), frames)
    there = min(max(end - read, 0), frames)
    for i in range(there):
        output[i] = ring[(read + i) % capacity]
    for i in range(there, frames):
        output[i] = float32(0.0)
    return there


def look(state):
    """Begin a block: check for a completed seek; returns the current frame of the file."""
    counters = state.counters
    served = published(counters, SERVED)
    state.jumped = served != state.served
    state.served = served
    length = max(counters[LENGTH], 1)
    begin = counters[START] if state.jumped else counters[READ]
    place = counters[BASE] + begin - counters[START]
    return place % length if place > length else place


def ask(state, part, place):
    """Request a seek to a position (0 to 1) in the file."""
    target = int64(limited(part, 0.0, 1.0) * state.counters[LENGTH])
    if target != place:
        state.wanted = target
        state.waits = True


def finish(state, there, frames):
    """End a block: publish the read position, and pass on a requested seek unless one is in progress."""
    counters = state.counters
    begin = counters[START] if state.jumped else counters[READ]
    if there < frames and begin + there < counters[END]:
        state.starved += frames - there
    publish(counters, READ, begin + there)
    if state.waits and counters[ASKED] == state.served:
        counters[TARGET] = state.wanted
        state.waits = False
        publish(counters, ASKED, counters[ASKED] + 1)


def memory(channels, sample_rate, block_size):
    """The initial state of a ring buffer."""
    frames = ring_frames(sample_rate, block_size)
    return {"ring": np.zeros(channels * frames, float32), "counters": np.zeros(COUNTERS, np.int64), "capacity": frames}


@processing(
    category="Audio File I/O", source="CLAM MonoAudioFileReader", synonyms=("sampler", "player", "looper", "soundfile", "wav", "sample")
)
class MonoAudioFileReader:
    """Plays one channel of an audio file, resampled if its rate differs from the network's.

    `Seek` jumps to a position in the file, 0 to 1. If the disk is too slow, silence is played, and the missing frames are
    counted in the state's `starved`.
    """

    SourceFile = config("", type="file")
    SelectedChannel = config(0, minimum=0, doc="counted from 0")
    Loop = config(False)
    output = out_port("Samples Read")
    seek = in_control("Seek", 0.0, 0.0, 1.0)
    time = out_control("Current Time Position", unit="ms")
    frame = out_control("Current Frame Position", type="int")
    progress = out_control("Progress")

    class State:
        ring: Array[float32]
        counters: Array[int64]
        capacity: int64
        served: int64
        wanted: int64
        starved: int64
        jumped: bool
        waits: bool

    def problem(SourceFile, SelectedChannel):
        return problem_of(SourceFile, [SelectedChannel])

    def initial(sample_rate, block_size):
        return memory(1, sample_rate, block_size)

    def companion(state, SourceFile, SelectedChannel, Loop, sample_rate):
        return FileStream(state, SourceFile, [SelectedChannel], Loop, sample_rate)

    def process(state, output, seek, seek_arrived, time, frame, progress, sample_rate, frames):
        place = look(state)
        if seek_arrived > 0:
            ask(state, seek, place)
        time.send(1000.0 * place / sample_rate)
        frame.send(float(place))
        progress.send(place / max(state.counters[LENGTH], 1))
        finish(state, play(state, 0, output, frames), frames)


@processing(
    category="Audio File I/O", source="CLAM MultiChannelAudioFileReader", synonyms=("sampler", "player", "soundfile", "wav", "sample")
)
class MultiChannelAudioFileReader:
    """Plays all or selected channels of an audio file, resampled if its rate differs from the network's."""

    SourceFile = config("", type="file")
    SelectedChannels = config(None, type="ints", optional=True, minimum=0, doc="counted from 0; None for all")
    outputs = out_port("Channel #{}", count="channels", first=0)
    time = out_control("Current Time Position", unit="ms")

    class State:
        ring: Array[float32]
        counters: Array[int64]
        capacity: int64
        served: int64
        wanted: int64
        starved: int64
        jumped: bool
        waits: bool

    def problem(SourceFile, SelectedChannels):
        if len(SelectedChannels or ()) > MOST:
            return f"SelectedChannels has {len(SelectedChannels):,} channels: a reader has at most {MOST}"
        return problem_of(SourceFile, SelectedChannels or ())

    def ports(SourceFile, SelectedChannels):
        return {"channels": len(channels_of(SourceFile, SelectedChannels))}

    def initial(SourceFile, SelectedChannels, sample_rate, block_size):
        return memory(max(len(channels_of(SourceFile, SelectedChannels)), 1), sample_rate, block_size)

    def companion(state, SourceFile, SelectedChannels, sample_rate):
        channels = channels_of(SourceFile, SelectedChannels)
        return FileStream(state, SourceFile, channels, False, sample_rate) if channels else None

    def process(state, outputs, time, sample_rate, frames):
        time.send(1000.0 * look(state) / sample_rate)
        there = 0
        for k in range(len(outputs)):
            there = play(state, k, outputs[k], frames)
        finish(state, there, frames)


def channels_of(path, selected):
    """The channels to play: those selected, else all of the file; none if it cannot be read."""
    if selected is not None:
        return list(selected[:MOST])
    try:
        return list(range(frames_and_channels(path)[1]))
    except (OSError, RuntimeError, ValueError):
        return []


@processing(
    category="[plugin] Sndfile Read/Write", source="CLAM SndfilePlayer", synonyms=("sampler", "looper", "soundfile", "wav", "sample")
)
class SndfilePlayer:
    """Plays all channels of an audio file, with pause, loop and seek, resampled if its rate differs from the network's.

    `Pause in-Control` of 0.5 or more pauses. `Loop in-Control` of 0.5 or more continues from the beginning at the end.
    `Seek in-Control` jumps to a position in the file, 0 to 1.
    """

    SourceFile = config("", type="file")
    Loop = config(False)
    SavedNumberOfChannels = config(0, minimum=0, maximum=1024, doc="number of outputs while the file cannot be read; 0 means one")
    outputs = out_port("out{}", count="channels", first=0)
    seek = in_control("Seek in-Control", 0.0)
    pause = in_control("Pause in-Control", 0.0)
    loop = in_control("Loop in-Control", 0.0, from_config="Loop")
    position = out_control("Position out-Control")

    class State:
        ring: Array[float32]
        counters: Array[int64]
        capacity: int64
        served: int64
        wanted: int64
        starved: int64
        jumped: bool
        waits: bool

    def problem(SourceFile):
        return problem_of(SourceFile, ())

    def ports(SourceFile, SavedNumberOfChannels):
        return {"channels": len(channels_of(SourceFile, None)) or SavedNumberOfChannels or 1}

    def initial(SourceFile, sample_rate, block_size):
        return memory(max(len(channels_of(SourceFile, None)), 1), sample_rate, block_size)

    def companion(state, SourceFile, Loop, sample_rate):
        return FileStream(state, SourceFile, channels_of(SourceFile, None), Loop, sample_rate)

    def process(state, outputs, seek, seek_arrived, pause, loop, position, frames):
        state.counters[LOOPS] = int64(loop >= 0.5)
        place = look(state)
        if seek_arrived > 0:
            ask(state, seek, place)
        position.send(place / max(state.counters[LENGTH], 1))
        there = 0
        if pause < 0.5 or state.jumped:
            for k in range(len(outputs)):
                there = play(state, k, outputs[k], frames)
            finish(state, there, frames)
        else:
            for k in range(len(outputs)):
                for i in range(frames):
                    outputs[k][i] = float32(0.0)
            finish(state, 0, 0)


@processing(
    category="Audio File I/O", source="CLAM AudioFileMemoryLoader", synonyms=("sampler", "player", "looper", "soundfile", "wav", "sample")
)
class AudioFileMemoryLoader:
    """Plays one channel of an audio file from memory (the whole file is loaded).

    `Current Time Position (%)` jumps to a position in the file, 0 to 1.
    """

    SourceFile = config("", type="file")
    SelectedChannel = config(0, minimum=0, doc="counted from 0")
    Loop = config(False)
    output = out_port("Samples Read")
    seek = in_control("Current Time Position (%)", 0.0, 0.0, 1.0)
    position = out_control("Current Time Position", doc="as a fraction of the file, 0 to 1")

    class State:
        place: int64

    class Prepared:
        samples: Array[float32]

    def problem(SourceFile, SelectedChannel):
        return problem_in_memory(SourceFile, SelectedChannel)

    def prepare(SourceFile, SelectedChannel, sample_rate):
        return {"samples": whole_channel(SourceFile, SelectedChannel, sample_rate)}

    def process(state, output, seek, seek_arrived, Loop, position, frames):
        samples = state.samples
        length = len(samples)
        if seek_arrived > 0:
            state.place = int64(limited(seek, 0.0, 1.0) * length)
        position.send(state.place / max(length, 1))
        for i in range(frames):
            if state.place >= length and Loop:
                state.place = 0
            if state.place < length:
                output[i] = samples[state.place]
                state.place += 1
            else:
                output[i] = float32(0.0)


def whole_channel(path, channel, sample_rate):
    """One channel of a file, resampled to the network's rate; empty if the file has a `problem`."""
    if problem_in_memory(path, channel):
        return np.zeros(0, np.float32)
    return whole_channels(path, [channel], sample_rate)[0]


def whole_channels(path, channels, sample_rate):
    """Channels of a file that has no `problem`, float32 ``(channels, frames)``, resampled to the network's rate, which is said."""
    held, rate = read_channels(path, channels)
    say_resampled(path, rate, sample_rate)
    return resampled(held, rate, sample_rate)


def read_channels(path, channels):
    """Channels of a file that has no `problem`, float32 ``(channels, frames)``, and its rate."""
    with opened(regular.open_to_read(path)) as file:
        parts = [block[:, list(channels)] for block in file.blocks(AT_ONCE, dtype="float32", always_2d=True, frames=LARGEST)]
        held = np.concatenate(parts) if parts else np.zeros((0, len(channels)), np.float32)
        return np.ascontiguousarray(held.T), file.samplerate


def resampled(held, rate, sample_rate):
    """Channels of a rate at another one."""
    import soxr

    return held if rate == sample_rate else np.ascontiguousarray(soxr.resample(held.T, rate, sample_rate).T)


def problem_in_memory(path, channel):
    """Why a channel of a file cannot be loaded into memory, or ``""``."""
    problem = problem_of(path, [channel])
    if not problem and frames_and_channels(path)[0] > LARGEST:
        return f"{path!r} has more than {LARGEST:,} frames: to play it from disk, use MonoAudioFileReader"
    return problem
