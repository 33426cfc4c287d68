"""The planner: makes programs of one score, and keeps what one leaves for the next: memory, and the times measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .channels import Channels
from .order import Ints
from .plan import Kernels, Plan, Program
from .score import Score
from .taps import Tap


class Planner:
    """Makes programs of one score.

    Parameters
    ----------
    score : what to plan.
    kernels : asked for at each plan, as types may have come.
    block : frames of the buffers.
    offline : whether there is no audio thread, which must not be the first to touch memory.
    """

    def __init__(self, score: Score, kernels: Callable[[], Kernels], block: int, offline: bool = False) -> None:
        self.score = score
        self.block = block
        self._offline = offline
        self._kernels = kernels
        self._arenas: list[np.ndarray[Any, Any]] = []
        self._last: Program | None = None
        self.times: dict[int, Ints] = {}

    def plan(
        self, channels: Channels, taps: Mapping[tuple[int, int], Tap], inputs: Ints | None = None, outputs: Ints | None = None
    ) -> Program:
        """The program of the score as it is now.

        `taps` are by place of node and out port; `inputs` and `outputs` are the device's own tables of channels, for
        devices that have them (JACK's port handles).
        """
        self._last = Plan(self, self._kernels(), channels, taps, inputs, outputs).program()
        return self._last

    def arena(self, size: int) -> np.ndarray[Any, Any]:
        """Memory for float32, touched already where there is an audio thread. What is in it is of no use."""
        for k, held in enumerate(self._arenas):
            if size <= held.size <= 4 * size + 65536:
                del self._arenas[k]
                return held
        memory = np.empty(size + size // 4 + 1024, np.float32)
        memory = memory[-memory.ctypes.data % 64 // 4 :]  # numpy aligns to 16 bytes, vectors want 64
        if not self._offline:
            memory.fill(0.0)
        return memory

    def reserve(self) -> None:
        """Have memory ready for the first edits: touching it for the first time takes longer than planning does."""
        arenas = [self.arena(held.arena.size) for held in (self._last, self._last) if held is not None]
        self._arenas += arenas

    def retire(self, program: Program) -> None:
        """The audio thread has done with a program."""
        if len(self._arenas) < 3:
            self._arenas.append(program.arena)
