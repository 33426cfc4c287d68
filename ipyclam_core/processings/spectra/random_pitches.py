"""Random notes, to try out what shows notes."""

from __future__ import annotations

from numpy import float32

from ...data.vectors import FloatVector
from ...declare import config, in_port, out_port, processing
from .._random import scrambled


@processing(category="Generators", source="CLAM RandomPitches", synonyms=("random", "notes", "chroma", "pitch class", "test signal"))
class RandomPitches:
    """Random strengths, from 0 to 1, of the twelve notes, for every 512 frames of its input. It tries out views of notes."""

    Foo = config(None, type="file", optional=True, doc="Without effect; kept for CLAM's files.")
    audio = in_port("Audio Input", size=512)
    profile = out_port("Pitch Profile", FloatVector, size=12, doc="the strength of each note, from G to F#")

    class State:
        count: int

    def initial(seed):
        return {"count": seed}

    def process(state, audio, profile):
        for k in range(len(profile.values)):
            state.count = (state.count + 1) & 0xFFFFFFFF
            profile.values[k] = float32(scrambled(state.count) / 4294967296.0)
