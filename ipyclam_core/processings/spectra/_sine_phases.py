"""The phases that sinusoids are made with."""

from __future__ import annotations

from math import floor, pi

from numpy import float32, float64

from .._limits import limited
from .._random import scrambled
from ._sinusoids import nearer_turn

PHASES = ("Align", "Random", "Continuation", "None")
ALIGN, RANDOM, CONTINUATION = range(3)
EXACT = 256  # frames


def clams_step(calls, hop, sample_rate):
    """The time from one frame to the next, in seconds: the difference of times that are rounded to float32, as in CLAM.

    The count begins again after a while: in CLAM the rounding grows until it is heard.
    """
    if calls == 0:
        return float32(0.0)
    count = (calls - 1) % EXACT + 1
    return float32(float32(count * hop / sample_rate) - float32((count - 1) * hop / sample_rate))


def go_on(peaks, count, passed, last_frequency, last_phase, last_track, last_count, phase):
    """The phase of each track goes on, with the mean of its last two frequencies. A new one begins at 0, so long ago.

    All in float32, as in CLAM: what is rounded away adds up.
    """
    half, whole = float32(float32(pi) * passed), float32(float32(2.0 * pi) * passed)
    for k in range(count):
        frequency = float32(limited(peaks.frequency[k], -1e6, 1e6))
        now = float32(whole * frequency)
        for j in range(last_count):
            if last_track[j] == peaks.track[k]:
                now = float32(last_phase[j] + float32(half * float32(last_frequency[j] + frequency)))
                break
        phase[k] = float32(now - float32(float32(2.0 * pi) * float32(floor(float32(now / float32(2.0 * pi))))))


def align(peaks, count, now, pitch, begin, end, phase):
    """Phases are those of the analysis, moved on from the beginning of the last period of the pitch. Returns where periods begin.

    Parameters
    ----------
    begin, end : of the last period, in seconds; a beginning of 0 stands for none.
    """
    period, shift = 1.0 / pitch if pitch > 0.0 else 0.0, 0.0
    if pitch <= 0.0:
        begin = end = 0.0
    elif 0.0 != begin < now:
        mean = (end - begin + period) / 2.0
        whole = floor((now - begin) / mean)
        if now - begin - whole * mean > period:
            whole += 1.0
        shift = now - begin - whole * mean
        begin, end = begin + whole * mean, begin + whole * mean + period
    else:
        begin, end = now, now + period
    for k in range(count):
        phase[k] = float32(nearer_turn(peaks.phase[k] + 2.0 * pi * limited(peaks.frequency[k], -1e6, 1e6) * shift))
    return begin, end


def scatter(peaks, count, seed, last_phase, last_track, last_count, phase):
    """A new track begins at a random phase, which is that of its place, and stays there."""
    for k in range(count):
        phase[k] = float32(2.0 * pi * float64(scrambled(seed + k)) / 4294967296.0)
        for j in range(last_count):
            if last_track[j] == peaks.track[k]:
                phase[k] = last_phase[j]
                break
