"""Levels in words: for the toolbar the loudest sinks, for %status all of them and what the limiter did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ipyclam_core.proxy import Levels, SinkLevel

LOUDEST: Final = 3
"""Sinks that the toolbar shows."""

LISTED: Final = 8
"""Sinks that %status lists."""

_NAME: Final = 12
"""Characters of a name in the toolbar."""


def meters(levels: Levels, room: int) -> str:
    """The loudest sinks, as many as have room, in a row: ``out -3.0, bass -12.4 dB``; ``""`` if there is room for none."""
    loudest = sorted(levels.sinks, key=lambda sink: -sink.now)[:LOUDEST]
    while loudest:
        text = ", ".join(f"{_cut(sink.name)} {decibels(sink.now)}" for sink in loudest) + " dB"
        if len(text) <= room:
            return text
        loudest.pop()
    return ""


def report(levels: Levels) -> Iterator[str]:
    """The sinks, loudest first, and the limiter; nothing of a network that has not played."""
    loudest = sorted(levels.sinks, key=lambda sink: -sink.peak)
    for sink in loudest[:LISTED]:
        yield _sink(sink)
    if len(loudest) > LISTED:
        yield f"and {len(loudest) - LISTED} more sinks"
    if levels.blocks:
        blocks = f"{levels.blocks} block{'' if levels.blocks == 1 else 's'}"
        yield f"limiter: {levels.limited:.1f} s limited, in {blocks}, by {levels.reduction:.1f} dB at most"


def decibels(level: float) -> str:
    """``-3.0``, ``+12.1``, ``-inf``"""
    return f"{level:+.1f}" if level > 0.05 else f"{level:.1f}".replace("-0.0", "0.0")


def _sink(sink: SinkLevel) -> str:
    clipped = f", CLIP: {sink.clipped} samples above full scale" if sink.clipped else ""
    peak = "less than 0.1 dB above full scale" if sink.clipped and 0.0 < sink.peak <= 0.05 else f"{decibels(sink.peak)} dB"
    return f"{sink.name}: peak {peak}, now {decibels(sink.now)} dB{clipped}"


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
