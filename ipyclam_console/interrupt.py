"""Ctrl-C as a wish instead of an exception, so that what is under way ends where it can end cleanly."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType


@contextmanager
def interruptible() -> Iterator[Event]:
    """The first Ctrl-C in the block sets the event; another raises ``KeyboardInterrupt``, for what does not heed it."""
    wish = Event()
    if current_thread() is not main_thread():  # Python hands signals to the main thread only
        yield wish
        return

    def heard(number: int, frame: FrameType | None) -> None:
        if wish.is_set():
            raise KeyboardInterrupt
        wish.set()

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield wish
    finally:
        signal.signal(signal.SIGINT, before)
