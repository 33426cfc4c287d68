"""Opens regular files and nothing else: a pipe would block until a program opens its other end, a device never ends.

The file is looked at after it is open, so that nothing else can take its place in between.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import Final

_QUIET: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class NotRegular(OSError):
    """There is something else at a path than a file."""

    def __str__(self) -> str:
        return f"{self.filename!r} is {self.strerror}, not a file"


class TooLarge(OSError):
    """A file is larger than its reader allows."""

    def __str__(self) -> str:
        return f"{self.filename!r} {self.strerror}"


def open_to_read(path: str | os.PathLike[str]) -> int:
    """A descriptor of a regular file. It never waits."""
    return _checked(path, os.open(path, os.O_RDONLY | _QUIET))


def open_to_write(path: str | os.PathLike[str]) -> tuple[int, bool]:
    """A descriptor of an empty regular file, made where there is none; and whether what was in it is lost."""
    descriptor = _checked(path, os.open(path, os.O_RDWR | os.O_CREAT | _QUIET, 0o666))
    try:
        held = os.fstat(descriptor).st_size > 0
        os.ftruncate(descriptor, 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, held


def read(path: str | os.PathLike[str], limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes."""
    with open(open_to_read(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = file.read(limit + 1) if size <= limit else b""  # it may grow meanwhile
    if max(size, len(data)) > limit:
        raise TooLarge(errno.EFBIG, f"is too large: {max(size, len(data)):,} bytes. The limit is {limit:,}", os.fspath(path))
    return data


def kind_of(mode: int) -> str:
    """A folder, a pipe or a device, in words."""
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "a device"


def _checked(path: str | os.PathLike[str], descriptor: int) -> int:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    raise NotRegular(errno.EINVAL, kind_of(mode), os.fspath(path))
