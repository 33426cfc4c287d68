"""One thread that works off a queue: the only one that follows what a server tells."""

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

    def start(self, work: Callable[[Item], None], settled: Callable[[], None], idle: Callable[[], None], pause: float = 0.5) -> None:
        """Call `work` with each item that is `put`, in order, `settled` when none is left, and `idle` about every `pause` seconds."""
        self._work, self._settled, self._idle, self._pause = work, settled, idle, pause
        self._thread.start()

    def put(self, item: Item) -> None:
        """From any thread; never waits."""
        self._queue.put(item)

    def wait_for(self, true: Callable[[], bool], changed: threading.Condition, patience: float) -> bool:
        """Wait until `true`, at most `patience` seconds; called by the worker's own work, it works on meanwhile."""
        if threading.current_thread() is not self._thread:
            with changed:
                return changed.wait_for(true, patience)
        until = time.monotonic() + patience
        while not true():
            try:
                item = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return true()
            if item is None:
                self._queue.put(None)
                return true()
            self._work(item)
        return True

    def stop(self) -> None:
        """Work off what is there, and end."""
        self._queue.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(10)

    def _run(self) -> None:
        next_idle = time.monotonic() + self._pause
        while True:
            try:
                item = self._queue.get(timeout=max(0.0, next_idle - time.monotonic()))
                if item is None:
                    return
                self._work(item)
                if self._queue.empty():
                    self._settled()
            except queue.Empty:
                pass
            except Exception as exc:  # it is shown, and the next item is another matter
                self._show(exc)
            if time.monotonic() >= next_idle:
                try:
                    self._idle()
                except Exception as exc:
                    self._show(exc)
                next_idle = time.monotonic() + self._pause

    def _show(self, error: Exception) -> None:
        threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, self._thread)))
