"""The pace of CLAM's controls: some types step once in each of CLAM's blocks, which have 512 frames."""

from __future__ import annotations

from ._limits import limited

TICK = 512
FIRST = TICK - 1  # where `place` begins, so that the first frame is a tick


def ticks(state, frames):
    """The number of ticks in the next `frames` frames; `state.place` is the place after the last tick."""
    place = state.place + frames
    state.place = place % TICK
    return place // TICK


def is_due(state, period, frames):
    """Whether something that comes every `period` ticks, 1 at least, comes in the next `frames` frames; `state.wait` counts down to it."""
    due = state.wait < frames
    if due:
        state.wait += int(limited(period, 1.0, 1e6) * TICK)
    state.wait = max(state.wait - frames, 0)
    return due
