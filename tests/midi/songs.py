"""MIDI files for tests."""

from __future__ import annotations

from pathlib import Path

import mido

BEAT = 480
"""Ticks; half a second."""

Row = tuple[float, list[int]]
"""The time in beats, and the bytes of a message."""


def write(path: Path, rows: list[Row]) -> str:
    """Write a file of one track, at 120 beats a minute; returns its path."""
    song, track = mido.MidiFile(ticks_per_beat=BEAT), mido.MidiTrack()
    before = 0
    for beats, data in rows:
        now = round(beats * BEAT)
        track.append(mido.Message.from_bytes(data, time=now - before))
        before = now
    song.tracks.append(track)
    song.save(path)
    return str(path)
