"""What stands in the way of a file: something else at its path, or a disk that is full."""

from __future__ import annotations

import os
import shutil
import stat
from typing import Final

ALMOST_FULL: Final = 1 << 20  # bytes


def kind_of(path: str) -> str:
    """What there is instead of a file, in words; to open a pipe would wait for whoever is at its other end."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "a device"


def reason(path: str, error: Exception) -> str:
    """Why a file could not be written: the library that writes sound files says "System error" of every cause."""
    folder = os.path.dirname(path) or "."
    full = os.path.isdir(folder) and shutil.disk_usage(folder).free < ALMOST_FULL
    return f"the disk is full ({error})" if full else str(error)
