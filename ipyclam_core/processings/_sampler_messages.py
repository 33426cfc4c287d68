"""The messages that start and stop the voices of a sampler: as controls are numbers, each is packed into one."""

from __future__ import annotations

MESSAGE = "SamplerMessage"
"""The type of the controls that carry them."""
PLAYS, LOOPS, VOICE = 1, 2, 4


def packed(voice, plays, loops):
    """The message that lets a voice, counted from 0, play or be silent, and begin again at its end or not."""
    return VOICE * voice + (LOOPS if loops else 0) + (PLAYS if plays else 0)
