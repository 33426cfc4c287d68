"""Reasons why a file cannot be read or written: something else at its path, a full disk, no permission."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from typing import Any, Final

from . import regular

ALMOST_FULL: Final = 1 << 20  # bytes


def kind_of(path: str) -> str:
    """A folder, a pipe or a device, in words."""
    return regular.kind_of(os.stat(path).st_mode)


def reason(path: str, error: Exception) -> str:
    """Why a file could not be written: the library that writes sound files says "System error" of every cause."""
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder!r}"
    if getattr(error, "errno", None) == errno.ENOSPC or shutil.disk_usage(folder).free < ALMOST_FULL:
        return "the disk is full"
    if not hasattr(error, "errno") and not os.access(path if os.path.exists(path) else folder, os.W_OK):
        return "permission denied"
    return str(getattr(error, "strerror", None) or error).removesuffix(".")


def put(file: Any, samples: Any) -> None:
    """Write samples to a sound file; OSError where some are not written, of which its library only asserts that it never happens."""
    try:
        file.write(samples)
    except AssertionError as error:
        raise OSError("the system took only a part of it") from error


LOST: Final = "it was moved, removed or replaced while it was written"
"""Of a file that is not at its path any more."""


def kept(info: Callable[[str], Any], path: str) -> str:
    """A sentence that tells how much sound there is in a file that was closed too early; `info` reads that."""
    try:
        return f". The file has the first {info(path).duration:.2f} seconds"
    except (OSError, RuntimeError):
        return ""
