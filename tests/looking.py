"""Tells which files of a folder are opened, by whatever library: the kernel says so."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_ACCESS, IN_MODIFY, IN_OPEN, IN_CREATE = 0x1, 0x2, 0x20, 0x100
_HEAD = struct.Struct("iIII")


@contextmanager
def opened_in(folder: Path) -> Iterator[set[str]]:
    """The names of the files in `folder` that are opened, read, written or made while the block runs: in the set after it."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    assert descriptor >= 0, os.strerror(ctypes.get_errno())
    names: set[str] = set()
    try:
        assert libc.inotify_add_watch(descriptor, os.fsencode(folder), IN_ACCESS | IN_MODIFY | IN_OPEN | IN_CREATE) >= 0
        yield names
        names.update(filter(None, _names(descriptor)))
    finally:
        os.close(descriptor)


def _names(descriptor: int) -> Iterator[str]:
    while True:
        try:
            data = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return
        place = 0
        while place < len(data):
            *_, length = _HEAD.unpack_from(data, place)
            place += _HEAD.size
            yield os.fsdecode(data[place : place + length].rstrip(b"\0"))
            place += length
