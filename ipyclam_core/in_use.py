"""The files that this process writes or reads in a stream: none is written twice at once, nor written over while it is read."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Final, Literal

from .errors import FileInUse
from .system import regular

Use = Literal["written", "read"]

_uses: Final[weakref.WeakSet[InUse]] = weakref.WeakSet()
_lock = threading.RLock()  # one thread may come here twice: collecting an object closes a file


class InUse:
    """An open file, from now until `end`.

    Parameters
    ----------
    path : the file. One that is to be written is created, and emptied.
    use : whether it is written or read. Several may read it.

    Attributes
    ----------
    held : whether there was something in it.

    Raises
    ------
    FileInUse
        It is written already, or is to be written while it is read. It has not changed.
    OSError
        The system refuses it.
    """

    def __init__(self, path: str, use: Use) -> None:
        self.path, self.use = path, use
        with _lock:
            check(path, use)
            self.descriptor, self.held = regular.open_to_write(path) if use == "written" else (regular.open_to_read(path), True)
            self._file = _identity(os.fstat(self.descriptor))
            _uses.add(self)

    def is_file(self, found: os.stat_result) -> bool:
        """Whether it is that file, whatever its path is called."""
        return self._file == _identity(found)

    @property
    def is_lost(self) -> bool:
        """Whether the file is no longer at its path: somebody has moved, removed or replaced it."""
        try:
            return not self.is_file(os.stat(self.path))
        except OSError:
            return True

    def end(self) -> None:
        """It is no longer in use. The owner of the descriptor closes it."""
        with _lock:
            _uses.discard(self)

    def turn_away(self) -> None:
        """In a child process: nothing that is written from here reaches the file any more, which the parent goes on with."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self.descriptor, inheritable=False)
        os.close(nowhere)


def check(path: str, use: Use = "written") -> None:
    """`FileInUse` if that is not possible now."""
    try:
        found = os.stat(path)
    except OSError:  # there is no such file yet, or opening it will raise the error
        return
    with _lock:
        for other in list(_uses):
            if other.is_file(found) and "written" in (use, other.use):
                raise FileInUse(path, use, other.use)


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _leave_to_the_parent() -> None:
    global _lock
    _lock = threading.RLock()
    for each in list(_uses):
        each.turn_away()
    _uses.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_the_parent)
