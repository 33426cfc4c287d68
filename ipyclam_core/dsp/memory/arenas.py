"""Arenas: the memory in which programs keep their signals, which one leaves for the next."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from .shared import POISONED, shared


class Arenas:
    """Memory for signals, given out and taken back, from any thread.

    Parameters
    ----------
    kept : how many are kept for later, the newest.
    largest : floats of one that is kept, at most; None keeps any.
    touch : whether what is new is touched before it is given out, as an audio thread must not be the first to do so.
    """

    def __init__(self, kept: int, largest: int | None = None, *, touch: bool) -> None:
        self._kept, self._largest, self._touch = kept, largest, touch
        self._free: list[np.ndarray[Any, Any]] = []
        self._lock = threading.Lock()

    def take(self, size: int) -> np.ndarray[Any, Any]:
        """Room for so many float32, where vectors want them. What is in it is of no use."""
        if POISONED:
            return shared(np.full(size + -size % 16, np.nan, np.float32), 64)
        with self._lock:
            for k, held in enumerate(self._free):
                if size <= held.size <= 4 * size + 65536:
                    return self._free.pop(k)
        memory = np.empty(size + size // 4 + 1024, np.float32)
        memory = memory[-memory.ctypes.data % 64 // 4 :]  # numpy aligns to 16 bytes, vectors want 64
        if self._touch:
            memory.fill(0.0)
        return memory

    def give_back(self, arena: np.ndarray[Any, Any]) -> None:
        """Nobody reads or writes it any more."""
        if POISONED:
            return  # the next program has another one
        with self._lock:
            if self._largest is None or arena.size <= self._largest:
                self._free = [*self._free, arena][-self._kept :]
