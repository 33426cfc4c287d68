"""Ends the callbacks before the process ends: at exit, and at the signals that end it."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from types import FrameType
from typing import Final, Protocol

from ...system.living import Living

SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Closing(Protocol):
    """An object that has to be closed."""

    def close(self) -> None:
        """Close it. Calling it twice is allowed."""


_open: Final[Living[Closing]] = Living()
_caught: Final[dict[int, object]] = {}
_closing: Final[list[threading.Thread]] = []


def watch_over(player: Closing) -> None:
    """Close it at the end, unless it has been closed before."""
    _open.add(player)
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            if number not in _caught and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)
                _caught[number] = None


def forget(player: Closing) -> None:
    """It has been closed."""
    _open.discard(player)
    if not _open.all() and threading.current_thread() is threading.main_thread():
        for number in list(_caught):
            if signal.getsignal(number) is _leave:
                signal.signal(number, signal.SIG_DFL)
            del _caught[number]


def _close_all() -> None:
    for player in _open.all():
        try:
            player.close()
        except Exception:  # the others must still end: their threads would run in a process that is being torn down
            sys.excepthook(*sys.exc_info())


def _leave(number: int, frame: FrameType | None) -> None:
    """Close everything, then end the process by the signal; a second signal ends it at once.

    Another thread does the closing: the interrupted code may hold a lock that closing waits for, and can go on.
    """
    if _closing:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        return

    def close() -> None:
        try:
            _close_all()
        finally:
            os.kill(os.getpid(), number)

    _closing.append(threading.Thread(target=close, name="ipyclam leaves"))
    _closing[0].start()


def _begin_anew() -> None:
    """Start with an empty list in a forked child, which has copies of the players but none of their threads."""
    _open.clear()
    _closing.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
