"""Gains on their way: what appears or disappears while it plays does so in a few milliseconds, so that there is no click."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from .context import STORE_8
from .instances import Message, bits_of
from .program import FADE_WORDS
from .shared import shared

_FLOAT: Final = np.dtype(np.float64)


@dataclass(slots=True, eq=False)
class Fade:
    """One gain, in three words that the audio thread reads and moves: where it is, where it goes, how far in a frame."""

    appears: bool
    frames: int
    cells: np.ndarray[Any, Any] = field(default_factory=lambda: shared(np.zeros(FADE_WORDS)))

    def __post_init__(self) -> None:
        step = 1.0 / self.frames
        self.cells[:] = (0.0, 1.0, step) if self.appears else (1.0, 0.0, -step)

    @property
    def address(self) -> int:
        return int(self.cells.ctypes.data)

    @property
    def over(self) -> bool:
        """Whether it has got to where it goes; one that was turned round a moment ago may not know of it yet."""
        return bool(self.cells[0] == (1.0 if self.appears else 0.0))

    def turn(self) -> list[Message]:
        """Have it go back from where it is; what to tell the audio thread."""
        self.appears = not self.appears
        goal, step = (1.0, 1.0 / self.frames) if self.appears else (0.0, -1.0 / self.frames)
        return [(STORE_8, self.address + 8, bits_of(goal, _FLOAT), 0), (STORE_8, self.address + 16, bits_of(step, _FLOAT), 0)]

    def wait(self, frames: int) -> None:
        """Begin so many frames later; only before the audio thread knows of it."""
        self.cells[0] -= self.cells[2] * frames
