"""Melodies of random notes."""

from __future__ import annotations

import math

import numpy as np
from numpy import float64, int64, uint32

from ...declare import Array, config, in_control, out_control, processing
from .._random import scrambled
from .._ticks import is_due

DICE = 7


def thrown(state):
    """A random number from 0 to 1, below 1."""
    state.count += 1
    return scrambled(state.count) / 4294967296.0


def frequency(low, high, part):
    """The frequency in Hz of the note at a part of the way from one note to another, of 0 to 1, below 1."""
    note = min(low, high) + math.floor(part * (abs(high - low) + 1))
    return 440.0 * 2.0 ** ((note - 69) / 12.0)


class _Notes:
    Name = config("", type="str")
    DelayFactor = config(10, minimum=1, doc="length of a note, in steps of 512 frames")
    MinNote = config(36, doc="MIDI note")
    MaxNote = config(98, doc="MIDI note")
    factor = in_control("In delay factor", from_config="DelayFactor", doc="length of a note, in steps of 512 frames")
    output = out_control("Out frequency", unit="Hz")


@processing(category="Controls", source="CLAM Random", synonyms=("random melody", "sample and hold", "dice", "chance", "generative"))
class Random(_Notes):
    """Sends the frequency of a random note, again and again: each note from `MinNote` to `MaxNote` is as likely as any other.

    A value that arrives at `In delay factor` begins the next note at once. Each Random in a network has a sequence of its own,
    the same in every render.
    """

    Name = config("Random", type="str")

    class State:
        count: uint32
        wait: int64

    def initial(seed):
        return {"count": seed}

    def process(state, factor, factor_arrived, MinNote, MaxNote, output, frames):
        if factor_arrived > 0:
            state.wait = 0
        if is_due(state, factor, frames):
            output.send(frequency(MinNote, MaxNote, thrown(state)))


@processing(
    category="Controls", source="CLAM OneOverF; R. F. Voss's dice", synonyms=("1/f", "pink", "fractal", "random melody", "generative")
)
class OneOverF(_Notes):
    """Sends the frequencies of a random melody whose notes stay near each other for a while and then move on: its spectrum is 1/f.

    Each note is the sum of `Dices` dice. The first one is thrown for every note, the second for every other note, the third for
    every fourth, and so on. Notes in the middle between `MinNote` and `MaxNote` are the most likely. A value that arrives at
    `In delay factor` begins the next note at once.
    """

    Name = config("OneOverF", type="str")
    Dices = config(4, minimum=1, maximum=DICE, doc="number of dice")

    class State:
        dice: Array[float64]
        index: int64
        count: uint32
        wait: int64

    def initial(seed):
        return {"dice": np.zeros(DICE), "count": seed}

    def process(state, factor, factor_arrived, MinNote, MaxNote, Dices, output, frames):
        if factor_arrived > 0:
            state.wait = 0
        if is_due(state, factor, frames):
            total = 0.0
            for k in range(Dices):
                if state.index % (1 << k) == 0:
                    state.dice[k] = thrown(state)
                total += state.dice[k]
            state.index += 1
            output.send(frequency(MinNote, MaxNote, total / Dices))
