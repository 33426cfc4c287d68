"""Reads Standard MIDI Files: the messages of all tracks in the order of time."""

from __future__ import annotations

import io
import os
from functools import lru_cache
from typing import Final

from ..system import regular
from ..system.given import fault_of_path
from .library import missing

Event = tuple[float, int]
"""The time in seconds, and the message: its three bytes in one number."""

LARGEST: Final = 1 << 24
"""Bytes of a file that is read."""

_LONGEST: Final = 3
"""Bytes of a message. A longer one is system exclusive, for a single device."""


class NotMidi(ValueError):
    """A file is not a MIDI file."""


def read(path: str) -> tuple[Event, ...]:
    """The messages of a file. Meta events and system exclusive messages are left out.

    Raises
    ------
    OSError
        When there is no file, or it cannot be opened.
    NotMidi
        When it is damaged, or another kind of file.
    """
    found = os.stat(path)
    return _read(path, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=4)
def _read(path: str, version: tuple[int, ...]) -> tuple[Event, ...]:
    """The messages of one version of a file: it is read to find its faults, and again to play it."""
    import mido

    data = regular.read(path, LARGEST)
    events, seconds = [], 0.0
    try:
        for message in mido.MidiFile(file=io.BytesIO(data)):
            seconds += message.time
            if not message.is_meta:
                part = message.bytes()
                if len(part) <= _LONGEST:
                    first, second, third = (*part, 0, 0)[:_LONGEST]
                    events.append((seconds, first << 16 | second << 8 | third))
    except Exception as error:  # mido raises anything for a damaged file
        raise NotMidi(str(error) or "it ends too early") from None
    return tuple(events)


def problem_of(path: str) -> str:
    """Why a file cannot be played, or ``""``."""
    if not path:
        return "no file is chosen: set SourceFile"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    if absent := missing("mido", "MIDI files need mido"):
        return absent
    try:
        events = read(path)
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {path!r}"
    except (regular.NotRegular, regular.TooLarge) as error:
        return str(error)
    except OSError as error:
        return f"{path!r} cannot be read: {error.strerror}"
    except NotMidi as error:
        return f"{path!r} is not a MIDI file: {error}"
    return "" if events else f"{path!r} has no MIDI messages"
