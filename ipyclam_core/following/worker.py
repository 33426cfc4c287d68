"""A thread that processes a queue. To follow a server takes two: one enters notifications, the other does slow work."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Worker(Generic[Item]):
    """A thread, called `name`, that works from `start` to `stop`."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(
        self,
        work: Callable[[Item], None],
        settled: Callable[[], None] | None = None,
        idle: Callable[[], None] | None = None,
        pause: float = 0.5,
    ) -> None:
        """Call `work` with each item that is `put`, in order, `settled` when none is left, and `idle` about every `pause` seconds."""
        self._work, self._settled, self._idle, self._pause = work, settled, idle, pause
        self._thread.start()

    def put(self, item: Item) -> None:
        """Add an item, from any thread; never waits."""
        self._queue.put(item)

    def stop(self) -> None:
        """Process the remaining items, and end."""
        self._queue.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(10)

    def _run(self) -> None:
        next_idle = time.monotonic() + self._pause
        while True:
            try:
                item = self._queue.get(timeout=None if self._idle is None else max(0.0, next_idle - time.monotonic()))
                if item is None:
                    return
                self._attempt(self._work, item)
                if self._settled is not None and self._queue.empty():
                    self._attempt(self._settled)
            except queue.Empty:
                pass
            if self._idle is not None and time.monotonic() >= next_idle:
                self._attempt(self._idle)
                next_idle = time.monotonic() + self._pause

    def _attempt(self, act: Callable[..., None], *arguments: Item) -> None:
        try:
            act(*arguments)
        except Exception as error:  # it is shown, and the next item is another matter
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, self._thread)))
