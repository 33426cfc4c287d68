"""Fades: signals that appear or disappear during playback fade in or out over a few milliseconds, to avoid clicks."""

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
    """A gain ramp in three words, advanced by the audio thread: level, target, step per frame."""

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
        """Whether it has reached its target; not reliable just after `turn`, before the audio thread has taken the message."""
        return bool(self.cells[0] == (1.0 if self.appears else 0.0))

    def turn(self) -> list[Message]:
        """Reverse it from its current level. Returns the messages for the audio thread."""
        self.appears = not self.appears
        goal, step = (1.0, 1.0 / self.frames) if self.appears else (0.0, -1.0 / self.frames)
        return [(STORE_8, self.address + 8, bits_of(goal, _FLOAT), 0), (STORE_8, self.address + 16, bits_of(step, _FLOAT), 0)]

    def end(self) -> list[Message]:
        """The messages that take it to its target at once."""
        return [(STORE_8, self.address, bits_of(1.0 if self.appears else 0.0, _FLOAT), 0)]

    def wait(self, frames: int) -> None:
        """Delay its start by this number of frames; only before the audio thread uses it."""
        self.cells[0] -= self.cells[2] * frames
