"""Checks that a video file is complete: its size must equal the length stored in its container.

An encoder may exit with status 0 although its last write failed on a full disk: ffmpeg 5 does so at the trailer. Reading the
length from the container needs no external program and hardly any time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final


def is_whole(path: Path, suffix: str) -> bool:
    """Whether a video file is complete; `suffix` gives the container."""
    size = os.path.getsize(path)
    with path.open("rb") as file:
        return size > 0 and _CHECKS[suffix](file, size)


def _avi(file: IO[bytes], size: int) -> bool:
    """RIFF chunks up to the end of the file."""
    position = 0
    while position < size:
        head = _at(file, position, 8)
        if head[:4] != b"RIFF":
            return False
        position += 8 + int.from_bytes(head[4:], "little")
    return position == size


def _mp4(file: IO[bytes], size: int) -> bool:
    """Boxes up to the end of the file; if there are fragments, their index (mfra) is the last box."""
    names = []
    position = 0
    while position < size:
        head = _at(file, position, 16)
        length = int.from_bytes(head[:4], "big")
        length = int.from_bytes(head[8:], "big") if length == 1 else length
        if length < 8:
            return False
        names.append(head[4:8])
        position += length
    return position == size and b"moov" in names and (b"moof" not in names or names[-1] == b"mfra")


def _matroska(file: IO[bytes], size: int) -> bool:
    """A header and one segment, whose length is filled in at the end of writing."""
    ends = list(_elements(file, size))
    return len(ends) >= 2 and ends[-1] == size


def _elements(file: IO[bytes], size: int) -> Iterator[int]:
    """The end positions of the top-level elements."""
    position = 0
    while position < size:
        head = _at(file, position, 16)
        name = _length(head[0])
        count = _length(head[name]) if name < len(head) else 0
        field = head[name : name + count]
        if not field or len(field) < count:
            return
        value = int.from_bytes(field, "big") & ((1 << 7 * count) - 1)
        if value == (1 << 7 * count) - 1:  # unknown length: not finished
            return
        position += name + count + value
        yield position


def _length(first: int) -> int:
    """The number of bytes of an EBML number, from its first byte."""
    return 9 - first.bit_length() if first else 9


def _gif(file: IO[bytes], size: int) -> bool:
    return _at(file, 0, 4) == b"GIF8" and _at(file, size - 1, 1) == b";"


def _at(file: IO[bytes], position: int, count: int) -> bytes:
    file.seek(position)
    return file.read(count)


_CHECKS: Final[dict[str, Callable[[IO[bytes], int], bool]]] = {
    ".avi": _avi, ".mp4": _mp4, ".mkv": _matroska, ".webm": _matroska, ".gif": _gif,
}  # fmt: skip

SUFFIXES: Final = tuple(_CHECKS)
"""The suffixes of videos."""
