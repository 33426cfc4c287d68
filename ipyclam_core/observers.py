"""Notifies observers of changes: in order, each change once, and never while a lock is held.

An engine queues a change while it holds its lock, and notifies the observers after it has released it. One thread notifies
at a time. Changes queued meanwhile, by other threads or by an observer, are delivered by this same thread after the
current one. So an observer may edit the network, and may wait for other threads that do.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable

from .proxy import Change, Observer


class Observers:
    """The observers of one network."""

    def __init__(self) -> None:
        self._observers: tuple[Observer, ...] = ()
        self._noted: deque[Change] = deque()
        self._telling = threading.Lock()

    def add(self, observer: Observer) -> Callable[[], None]:
        """Call `observer` with every change queued from now on. Returns a function that removes the observer."""
        entry: Observer = lambda change: observer(change)  # noqa: E731 - a new object for each call: an observer may be added twice
        self._observers += (entry,)

        def cancel() -> None:
            self._observers = tuple(other for other in self._observers if other is not entry)

        return cancel

    def note(self, change: Change) -> None:
        """Queue a change. The caller holds the lock of the engine, so the queue has the order of the changes."""
        if self._observers:
            self._noted.append(change)

    def tell(self) -> None:
        """Notify the observers of all queued changes. Call it without a lock. Returns at once if a thread is already doing this."""
        while self._noted and self._telling.acquire(blocking=False):
            try:
                while self._noted:
                    self._tell(self._noted.popleft())
            finally:
                self._telling.release()

    def clear(self) -> None:
        """Remove all observers and all queued changes."""
        self._observers = ()
        self._noted.clear()

    def _tell(self, change: Change) -> None:
        for observer in self._observers:
            try:
                observer(change)
            except Exception:
                sys.excepthook(*sys.exc_info())  # an observer that fails does not stop the others
