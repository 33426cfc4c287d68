"""Ctrl-C at any moment: an operation is whole, or has not happened.

Python runs signal handlers in the main thread, between any two instructions. Within `whole` they wait until the operation is
over, or until it comes to a `safe_point`, from where it can be taken back. Where an operation hangs, a second Ctrl-C some time
after the first one is not held back.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the functions of `signal` itself, without its enumerations, which take ten times as long
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ContextDecorator
from types import FrameType, TracebackType
from typing import Any, Final

SIGNALS: Final = tuple(
    int(getattr(signal, name)) for name in ("SIGINT", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGUSR1", "SIGUSR2") if hasattr(signal, name)
)
"""Signals whose handlers may raise in the middle of an operation. Those that ask the process to end are not held back."""

INSIST_SECONDS: Final = 1.0
"""After the first signal that was held back; from then on signals are heard at once."""

_Handler = Callable[[int, FrameType | None], Any]
_main = threading.main_thread().ident
_before: Final[dict[int, _Handler]] = {}
_waiting: Final[list[tuple[int, float]]] = []
_depth = 0


class whole(ContextDecorator):
    """Hold back what signal handlers would raise, in a ``with`` block or a decorated function; blocks may be nested.

    In other threads than the main one it does nothing: no handler runs there.
    """

    def __enter__(self) -> None:
        global _depth
        if threading.get_ident() != _main:
            return
        if not _depth:
            try:
                for number in SIGNALS:
                    handler = _signal.getsignal(number)
                    if callable(handler):
                        _before[number] = handler
                        _signal.signal(number, _hold)
            except BaseException:  # a handler that was not replaced yet
                _restore()
                raise
        _depth += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        global _depth
        if threading.get_ident() != _main:
            return
        _depth -= 1
        if not _depth:
            _restore()
            _deliver()


def safe_point() -> None:
    """Let signals that were held back be heard now: the operation can be taken back from here."""
    if _waiting and _depth and threading.get_ident() == _main:
        _deliver()


def _hold(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _waiting and now - _waiting[0][1] > INSIST_SECONDS:
        _waiting.clear()
        handler = _before.get(number)
        if handler is not None:
            handler(number, frame)
        return
    _waiting.append((number, now))


def _restore() -> None:
    for number, handler in _before.items():
        _signal.signal(number, handler)


def _deliver() -> None:
    """Call the handlers of the signals that wait, once each."""
    waiting = dict.fromkeys(number for number, _ in _waiting)
    _waiting.clear()
    for number in waiting:
        _before[number](number, None)


def _begin_again() -> None:
    """In a child process, whose only thread is its main one."""
    global _main, _depth
    _main, _depth = threading.get_ident(), 0
    _waiting.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_again)
