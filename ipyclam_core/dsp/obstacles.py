"""What stands in the way of a file: something else at its path, or a disk that is full."""

from __future__ import annotations

import os
import shutil
from typing import Final

from .. import regular
from ..display import brief, warn

__all__ = ["ALMOST_FULL", "brief", "kind_of", "reason", "regular", "warn"]

ALMOST_FULL: Final = 1 << 20  # bytes


def kind_of(path: str) -> str:
    """What there is instead of a file, in words."""
    return regular.kind_of(os.stat(path).st_mode)


def reason(path: str, error: Exception) -> str:
    """Why a file could not be written: the library that writes sound files says "System error" of every cause."""
    folder = os.path.dirname(path) or "."
    full = os.path.isdir(folder) and shutil.disk_usage(folder).free < ALMOST_FULL
    return f"the disk is full ({error})" if full else str(error)
