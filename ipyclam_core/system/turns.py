"""Taking turns: of the threads and processes that would do the same work, one does it, and the others wait for it.

A turn is a file that is locked. The system unlocks it when the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Final

PATIENCE: Final = 60.0
"""Seconds after which another process is no longer waited for: it may be suspended. Then the work is done twice."""

_free = threading.Condition()
_busy: Final[dict[Path, int]] = {}  # the threads of this process whose turn it is
_stands_back = False


@contextlib.contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until nobody else has the turn of this name, and have it in a ``with`` block.

    A thread that has a turn waits for no other. Where no file can be locked, only the threads of this process take turns.
    """
    me = threading.get_ident()
    if me in _busy.values():  # a signal handler
        yield
        return
    try:
        with _free:
            _free.wait_for(lambda: path not in _busy)
            _busy[path] = me
        with _locked(path):
            yield
    finally:
        with _free:
            if _busy.get(path) == me:  # else it was interrupted while it waited
                del _busy[path]
            _free.notify_all()


def stand_back() -> None:
    """Let nobody wait for this process from now on: it has the lowest priority."""
    global _stands_back
    _stands_back = True


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lock a file among processes, or do without; it is removed afterwards."""
    file = _lock(path)
    try:
        if file is not None and _stands_back:
            _release(path, file)
        yield
    finally:
        if file is not None:
            _release(path, file)


def _lock(path: Path) -> FileIO | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            file = FileIO(str(path), "ab", opener=_open)
        except OSError:
            return None
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(file.fileno()).st_nlink:  # else it was removed by the one that had it
                return file
        except (BlockingIOError, PermissionError):
            time.sleep(0.02)
        except OSError:
            return None
        file.close()
    return None


def _open(path: str, flags: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _release(path: Path, file: FileIO) -> None:
    if not file.closed:
        with contextlib.suppress(OSError):
            path.unlink()
        file.close()


def _begin_again() -> None:
    """In a child process: the other threads are not in it."""
    global _free
    _free = threading.Condition()
    _busy.clear()


os.register_at_fork(after_in_child=_begin_again)
