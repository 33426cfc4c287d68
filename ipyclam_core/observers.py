"""Telling observers of changes: in order, each change once, and never inside a lock.

An engine notes a change while it holds its lock, and tells after it has let go of it. One thread tells at a time: changes
that other threads note meanwhile, or an observer itself, are told by the same thread after the present one. So an
observer may edit the network, and may wait for other threads that do.
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
        """Tell `observer` of every change that is noted from now on; calling the result ends that."""
        entry: Observer = lambda change: observer(change)  # noqa: E731 - its own entry, where one observer is added twice
        self._observers += (entry,)

        def cancel() -> None:
            self._observers = tuple(other for other in self._observers if other is not entry)

        return cancel

    def note(self, change: Change) -> None:
        """Remember a change to tell; changes are noted in the order in which they happen, so by whoever holds the lock."""
        if self._observers:
            self._noted.append(change)

    def tell(self) -> None:
        """Tell what has been noted, holding no lock. Returns at once where another thread, or this one, is telling already."""
        while self._noted and self._telling.acquire(blocking=False):
            try:
                while self._noted:
                    self._tell(self._noted.popleft())
            finally:
                self._telling.release()

    def clear(self) -> None:
        """Forget the observers, and what they have not heard yet."""
        self._observers = ()
        self._noted.clear()

    def _tell(self, change: Change) -> None:
        for observer in self._observers:
            try:
                observer(change)
            except Exception:
                sys.excepthook(*sys.exc_info())  # one observer that fails is no reason for others not to hear
