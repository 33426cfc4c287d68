"""The formats of sound files, by the suffix of their path."""

from __future__ import annotations

import os
import shlex
from typing import Final

_OTHERS: Final = {"AIF": "AIFF", "OGA": "OGG", "OPUS": "OGG"}
"""Suffixes that are not the name of their format."""

_UNFIT: Final = ("SD2",)
"""Formats of two files, which are not found without each other."""


def suffixes() -> tuple[str, ...]:
    """The suffixes of sound files that can be written."""
    import soundfile  # at the first use: it loads a library

    known = [name for name in soundfile.available_formats() if soundfile.check_format(name) and name not in _UNFIT]
    return tuple(f".{name.lower()}" for name in (*known, *_OTHERS))


def format_of(path: str | os.PathLike[str]) -> str:
    """The name of a path's format, as soundfile takes it; ``""`` if no format has that suffix."""
    import soundfile

    suffix = os.path.splitext(path)[1][1:].upper()
    name = _OTHERS.get(suffix, suffix)
    return name if name in soundfile.available_formats() else ""


_HEADER: Final = 1024
"""Bytes that a sound file may have without samples."""


def says_no_samples(path: str | os.PathLike[str]) -> str:
    """A message about a sound file with 0 frames. A program that was killed leaves a WAV file whose header counts none of its samples."""
    name = os.fspath(path)
    if os.path.getsize(path) <= _HEADER:
        return f"{name!r} holds no samples"
    repaired = f"{os.path.splitext(name)[0]}-repaired.wav"
    return (
        f"{name!r} holds no samples according to its header, which the program that wrote it did not complete. "
        f"To repair it: ffmpeg -ignore_length 1 -i {shlex.quote(name)} {shlex.quote(repaired)}"
    )
