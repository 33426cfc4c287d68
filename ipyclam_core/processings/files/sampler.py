"""A sampler: an audio file in memory, played whenever it is triggered, at any speed."""

from __future__ import annotations

import math
import os
import weakref

import numpy as np
from numpy import float32, float64, int64, uint32

from ...declare import Array, config, in_control, out_control, out_port, processing
from ...declare.maths import multiply_add
from .._limits import limited
from .readers import problem_in_memory, whole_channel

ONE_SHOT, LOOP = range(2)
FASTEST = 16.0  # times the speed of the file
REACH = 8  # zero crossings of the interpolating sinc on each side
POINTS = 512  # of the sinc's table between two of them
FADE = 0.005  # seconds in which a sound that is cut off ends

_PLACES = np.arange(REACH * POINTS + 2) / POINTS
SINC = np.sinc(_PLACES) * np.i0(8.0 * np.sqrt(np.maximum(1.0 - (_PLACES / REACH) ** 2, 0.0))) / np.i0(8.0)
SINC[POINTS::POINTS] = 0.0  # so that samples of the file itself are exact
SINC[REACH * POINTS :] = 0.0
RISES = np.append(np.diff(SINC), 0.0)
# the same for a place between two frames: a row for each part of a frame, with the weights of the 16 frames around it
WEIGHTS = SINC[np.abs(np.arange(POINTS + 1)[:, None] - (np.arange(2 * REACH) - REACH + 1) * POINTS)]
STEPS = np.diff(WEIGHTS, axis=0)

_held: weakref.WeakValueDictionary[tuple[object, ...], np.ndarray] = weakref.WeakValueDictionary()


def in_loop(place, begin, end, inside):
    """The frame of the file at a place that may be beyond the end of the loop, or before its beginning once it is `inside`."""
    if end > begin and (place >= end or (inside and place < begin)):
        return begin + (place - begin) % (end - begin)
    return place


def advanced(place, speed, begin, end, inside):
    """The next place, and whether it is inside the loop for good."""
    place += speed
    if end > begin and (place >= end or (place < begin and (inside or speed < 0.0))):
        return begin + (place - begin) % float(end - begin), True
    return place, inside


def sample_at(samples, offset, length, place, rate, begin, end, inside):
    """The value at a place between frames: a windowed sinc, wide enough that what is played faster does not alias.

    The channel has `length` frames, from index `offset` on.
    """
    stretch = max(abs(rate), 1.0)
    whole = math.floor(place)
    if stretch == 1.0 and place == whole:
        frame = in_loop(int(place), begin, end, inside)
        return float(samples[offset + frame]) if 0 <= frame < length else 0.0
    first, last = math.ceil(place - REACH * stretch), math.floor(place + REACH * stretch)
    inner = first >= (begin if inside else 0) and last < (end if end > begin else length)
    if inner and stretch == 1.0:
        return interpolated(samples, offset + first, place - whole)
    scale = POINTS / stretch
    total, other = 0.0, 0.0
    if inner:
        for k in range(first, last, 2):
            total += samples[uint32(offset + k)] * sinc(abs(place - k) * scale)
            other += samples[uint32(offset + k + 1)] * sinc(abs(place - (k + 1)) * scale)
        if (last - first) % 2 == 0:
            total += samples[offset + last] * sinc(abs(place - last) * scale)
        return (total + other) / stretch
    for k in range(first, last + 1):
        frame = in_loop(k, begin, end, inside)
        if 0 <= frame < length:
            total += samples[offset + frame] * sinc(abs(place - k) * scale)
    return total / stretch


def sinc(distance):
    """The windowed sinc at a distance in points of its table."""
    point = uint32(distance)
    return multiply_add(distance - point, RISES[point], SINC[point])


def interpolated(samples, first, part):
    """The sum of 16 frames in a row, weighted by the sinc for a place that is `part` of a frame behind the eighth."""
    distance = part * POINTS
    row = int(distance)
    share = distance - row
    even, odd = 0.0, 0.0
    for k in range(0, 2 * REACH, 2):
        even += samples[first + k] * multiply_add(share, STEPS[row, k], WEIGHTS[row, k])
        odd += samples[first + k + 1] * multiply_add(share, STEPS[row, k + 1], WEIGHTS[row, k + 1])
    return even + odd


def copied(samples, length, place, level, outputs, start, frames, stop):
    """Play frames of the file as they are, up to `stop`; returns their number."""
    first = int64(place)
    count = min(frames - start, stop - first)
    for c in range(len(outputs)):
        output, begin = outputs[c], c * length + first
        for i in range(count):
            output[start + i] = float32(level * samples[begin + i])
    return count


@processing(
    category="ipyclam",
    source="resampling with a windowed sinc",
    synonyms=("sample player", "player", "looper", "loop points", "soundfile", "wav", "sample", "drum", "rompler"),
)
class Sampler:
    """Plays an audio file from memory whenever it is triggered, at any speed.

    A value above 0 at `Trigger` starts the sound from `Start`, and sets its amplitude. It has to come while the network plays: a
    value that was set before starts nothing. In a render, let another processing send it, such as an `LFO`. `Rate` is the speed:
    2 is an octave higher, -1 plays backwards, from the end.

    `One-Shot` plays to the end. `Loop` goes on at `LoopStart` whenever it reaches `LoopEnd`, until `Trigger` receives 0. If that
    is heard as a click, set `LoopFade`: the end of the loop is crossfaded with the sound before `LoopStart`. A sound that is cut
    off fades out in 5 ms. `State` sends 1 when a sound starts, and 0 when it ends.

    For a stereo file set `NumberOfChannels` to 2. Samplers that play the same sound share its memory.

    Notes
    -----
    At a `Rate` of 1 the frames of the file are copied. At others each frame is interpolated from 16 or more frames of the file,
    without aliasing. This takes over ten times as long as scsynth's PlayBuf, which interpolates from four.
    """

    SourceFile = config("", type="file")
    SelectedChannel = config(0, minimum=0, doc="counted from 0; the first one if there are several")
    NumberOfChannels = config(1, minimum=1, maximum=64, doc="channels that are played, from SelectedChannel on; 2 for stereo")
    Playback = config("One-Shot", choices=("One-Shot", "Loop"))
    Start = config(0.0, minimum=0.0, unit="s")
    LoopStart = config(0.0, minimum=0.0, unit="s")
    LoopEnd = config(0.0, minimum=0.0, unit="s", doc="0: the end of the file")
    LoopFade = config(0.0, minimum=0.0, unit="s", doc="crossfade before LoopEnd; no longer than LoopStart, or than the loop")
    Rate = config(1.0, minimum=-FASTEST, maximum=FASTEST, doc="speed; 1 is that of the file")
    outputs = out_port("Audio Output", count="NumberOfChannels")
    trigger = in_control("Trigger")
    rate = in_control("Rate", 1.0, -FASTEST, FASTEST, from_config="Rate", smooth=True)
    position = out_control("Position", unit="s")
    sounding = out_control("State")

    class State:
        place: float64
        level: float64
        inside: bool
        playing: bool
        told: bool
        cut: float64  # the level of a sound that was cut off, its place, and how much of it is left
        cut_place: float64
        cut_inside: bool
        fade: float64

    class Prepared:
        samples: Array[float32]

    def problem(SourceFile, SelectedChannel, NumberOfChannels, LoopStart, LoopEnd):
        if 0.0 < LoopEnd <= LoopStart:
            return f"the loop is empty: LoopEnd ({LoopEnd:g} s) must be after LoopStart ({LoopStart:g} s), or 0 for the end of the file"
        return problem_in_memory(SourceFile, SelectedChannel) or problem_in_memory(SourceFile, SelectedChannel + NumberOfChannels - 1)

    def prepare(SourceFile, SelectedChannel, NumberOfChannels, Playback, LoopStart, LoopEnd, LoopFade, sample_rate):
        loop = (LoopStart, LoopEnd, LoopFade) if Playback == "Loop" and LoopFade > 0.0 else None
        return {"samples": loaded(SourceFile, SelectedChannel, NumberOfChannels, loop, sample_rate)}

    def process(
        state, outputs, trigger, trigger_arrived, rate, Playback, Start, LoopStart, LoopEnd, position, sounding, sample_rate, frames
    ):  # fmt: skip
        samples = state.samples
        length = len(samples) // len(outputs)
        begin, end = 0, 0
        if Playback == LOOP:
            end = frame_of(LoopEnd, sample_rate, length) if LoopEnd > 0.0 else length
            begin = frame_of(LoopStart, sample_rate, end)
        slow, fast = limited(rate[0], -FASTEST, FASTEST), limited(rate[1], -FASTEST, FASTEST)
        begins = trigger_arrived > 0 and trigger > 0.0
        if begins or (trigger_arrived > 0 and Playback == LOOP):
            if state.playing:
                state.cut, state.cut_place, state.cut_inside, state.fade = state.level, state.place, state.inside, 1.0
                state.playing = False
            if begins:
                state.level = limited(trigger, 0.0, 1e6)
                state.inside = False
                state.place = Start * sample_rate if fast >= 0.0 else float((end if end > begin else length) - 1)
                state.playing = 0.0 <= state.place < length
        if state.playing:
            position.send(state.place / sample_rate)
        fading = 1.0 / max(FADE * sample_rate, 1.0)
        i = 0
        while i < frames:
            stop = end if end > begin else length
            as_it_is = slow == 1.0 and fast == 1.0 and state.fade <= 0.0 and state.place == math.floor(state.place)
            if state.playing and as_it_is and state.place < stop:
                count = copied(samples, length, state.place, state.level, outputs, i, frames, stop)
                state.place, state.inside = advanced(state.place, float(count), begin, end, state.inside)
                state.playing = state.place < length
                i += count
                continue
            if not state.playing and state.fade <= 0.0:
                for c in range(len(outputs)):
                    for k in range(i, frames):
                        outputs[c][k] = float32(0.0)
                break
            speed = slow + (fast - slow) * (i + 1) / frames
            for c in range(len(outputs)):
                offset = c * length
                value = 0.0
                if state.playing:
                    value = state.level * sample_at(samples, offset, length, state.place, speed, begin, end, state.inside)
                if state.fade > 0.0:
                    left = sample_at(samples, offset, length, state.cut_place, speed, begin, end, state.cut_inside)
                    value += state.fade * state.cut * left
                outputs[c][i] = float32(value)
            if state.playing:
                state.place, state.inside = advanced(state.place, speed, begin, end, state.inside)
                state.playing = 0.0 <= state.place < length
            if state.fade > 0.0:
                state.cut_place, state.cut_inside = advanced(state.cut_place, speed, begin, end, state.cut_inside)
                state.fade -= fading
            i += 1
        if begins or state.playing != state.told:
            state.told = state.playing
            sounding.send(1.0 if state.playing else 0.0)


def loaded(path, first, count, loop, sample_rate):
    """Channels of a file, one after the other; samplers of the same sound share the array. `loop` is its start, end and fade."""
    if problem_in_memory(path, first) or problem_in_memory(path, first + count - 1):
        return np.zeros(0, np.float32)
    found = os.stat(path)
    key = (os.path.abspath(path), found.st_mtime_ns, found.st_size, found.st_ino, first, count, loop, sample_rate)
    samples = _held.get(key)
    if samples is None:
        channels = [whole_channel(path, first + k, sample_rate) for k in range(count)]
        if loop is not None:
            channels = [looped(channel, *loop, sample_rate) for channel in channels]
        samples = np.concatenate(channels).astype(np.float32, copy=False)
        samples.flags.writeable = False
        _held[key] = samples
    return samples


def looped(channel, start, end, fade, sample_rate):
    """A channel whose loop ends with a crossfade to what is before the start of the loop."""
    last = frame_of(end, sample_rate, len(channel)) if end > 0.0 else len(channel)
    first = frame_of(start, sample_rate, last)
    frames = min(round(min(fade, 1e9) * sample_rate), int(first), int(last - first))
    share = np.arange(1, frames + 1) / max(frames, 1)
    channel = np.array(channel)
    channel[last - frames : last] += share * (channel[first - frames : first] - channel[last - frames : last])
    return channel


def frame_of(seconds, sample_rate, most):
    """The frame of a file at a time, at most its end."""
    return int64(min(seconds * sample_rate + 0.5, float(most)))
