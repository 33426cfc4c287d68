"""A sampler: an audio file in memory, played whenever it is triggered, at any speed."""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64, int64

from ...declare import Array, config, in_control, out_control, out_port, processing
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


def sample_at(samples, place, rate, begin, end, inside):
    """The value at a place between frames: a windowed sinc, wide enough that what is played faster does not alias."""
    stretch = max(abs(rate), 1.0)
    if stretch == 1.0 and place == math.floor(place):
        frame = in_loop(int(place), begin, end, inside)
        return float(samples[frame]) if 0 <= frame < len(samples) else 0.0
    first, last = math.ceil(place - REACH * stretch), math.floor(place + REACH * stretch)
    total = 0.0
    for k in range(first, last + 1):
        frame = in_loop(k, begin, end, inside)
        if 0 <= frame < len(samples):
            distance = abs(place - k) / stretch * POINTS
            point = int(distance)
            weight = SINC[point] + (SINC[point + 1] - SINC[point]) * (distance - point)
            total += samples[frame] * weight
    return total / stretch


@processing(
    category="ipyclam",
    source="resampling with a windowed sinc",
    synonyms=("sample player", "player", "looper", "loop points", "soundfile", "wav", "sample", "drum", "rompler"),
)
class Sampler:
    """Plays one channel of an audio file from memory whenever it is triggered, at any speed.

    A value above 0 at `Trigger` starts the sound from `Start`, and sets its amplitude. `Rate` is the speed: 2 is an octave
    higher, -1 plays backwards, from the end.

    `One-Shot` plays to the end. `Loop` goes on at `LoopStart` whenever it reaches `LoopEnd`, until `Trigger` receives 0. A sound
    that is cut off fades out in 5 ms. `State` sends 1 when a sound starts, and 0 when it ends.
    """

    SourceFile = config("", type="file")
    SelectedChannel = config(0, minimum=0, doc="counted from 0")
    Playback = config("One-Shot", choices=("One-Shot", "Loop"))
    Start = config(0.0, minimum=0.0, unit="s")
    LoopStart = config(0.0, minimum=0.0, unit="s")
    LoopEnd = config(0.0, minimum=0.0, unit="s", doc="0: the end of the file")
    Rate = config(1.0, minimum=-FASTEST, maximum=FASTEST, doc="speed; 1 is that of the file")
    audio = out_port("Audio Output")
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

    def problem(SourceFile, SelectedChannel, LoopStart, LoopEnd):
        if 0.0 < LoopEnd <= LoopStart:
            return f"the loop is empty: LoopEnd ({LoopEnd:g} s) must be after LoopStart ({LoopStart:g} s), or 0 for the end of the file"
        return problem_in_memory(SourceFile, SelectedChannel)

    def prepare(SourceFile, SelectedChannel, sample_rate):
        return {"samples": whole_channel(SourceFile, SelectedChannel, sample_rate)}

    def process(
        state, audio, trigger, trigger_arrived, rate, Playback, Start, LoopStart, LoopEnd, position, sounding, sample_rate, frames
    ):  # fmt: skip
        samples = state.samples
        length = len(samples)
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
        for i in range(frames):
            speed = slow + (fast - slow) * (i + 1) / frames
            value = 0.0
            if state.playing:
                value = state.level * sample_at(samples, state.place, speed, begin, end, state.inside)
                state.place, state.inside = advanced(state.place, speed, begin, end, state.inside)
                state.playing = 0.0 <= state.place < length
            if state.fade > 0.0:
                value += state.fade * state.cut * sample_at(samples, state.cut_place, speed, begin, end, state.cut_inside)
                state.cut_place, state.cut_inside = advanced(state.cut_place, speed, begin, end, state.cut_inside)
                state.fade -= fading
            audio[i] = float32(value)
        if begins or state.playing != state.told:
            state.told = state.playing
            sounding.send(1.0 if state.playing else 0.0)


def frame_of(seconds, sample_rate, most):
    """The frame of a file at a time, at most its end."""
    return int64(min(seconds * sample_rate + 0.5, float(most)))
