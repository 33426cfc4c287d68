"""Rings that record the latest samples of out ports, for displays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .arrays import Ints
from .shared import shared


@dataclass
class Tap:
    """A ring that follows an out port."""

    ring: np.ndarray[Any, Any]
    count: Ints = field(default_factory=lambda: shared(np.zeros(1, np.int64)))

    def last(self, frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The last frames, zeros before the first."""
        end = int(self.count[0])
        wanted = min(frames, end)
        result = np.zeros(frames, np.float32)
        result[frames - wanted :] = self.ring[np.arange(end - wanted, end) & (len(self.ring) - 1)]
        return result
