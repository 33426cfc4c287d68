"""Arenas: the memory for the signals of programs, reused by later programs."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from .shared import POISONED, shared


class Arenas:
    """A pool of memory for signals, usable from any thread.

    Parameters
    ----------
    kept : number of free arenas to keep for reuse (the newest).
    largest : size limit of an arena to keep, in floats; None for no limit.
    touch : whether to write to new memory first, so that the audio thread causes no page faults.
    """

    def __init__(self, kept: int, largest: int | None = None, *, touch: bool) -> None:
        self._kept, self._largest, self._touch = kept, largest, touch
        self._free: list[np.ndarray[Any, Any]] = []
        self._lock = threading.Lock()

    def take(self, size: int) -> np.ndarray[Any, Any]:
        """An uninitialised float32 array of this size, aligned for vector instructions."""
        if POISONED:
            return shared(np.full(size + -size % 16, np.nan, np.float32), 64)
        with self._lock:
            for k, held in enumerate(self._free):
                if size <= held.size <= 4 * size + 65536:
                    return self._free.pop(k)
        memory = np.empty(size + size // 4 + 1024, np.float32)
        memory = memory[-memory.ctypes.data % 64 // 4 :]  # numpy aligns to 16 bytes, vector instructions need 64
        if self._touch:
            memory.fill(0.0)
        return memory

    def give_back(self, arena: np.ndarray[Any, Any]) -> None:
        """Return an arena that is not used any more."""
        if POISONED:
            return  # the next program has another one
        with self._lock:
            if self._largest is None or arena.size <= self._largest:
                self._free = [*self._free, arena][-self._kept :]
