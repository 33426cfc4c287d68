"""Functions for kernels, as plain Python; `ipyclam_core.dsp.native.maths` gives their compiled forms.

A phase is a uint32 that goes round once in 2**32, so that it wraps for free.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

TURN: Final = 4294967296.0


def to_phase(cycles: float) -> int:
    """A phase, or the step of one, from a number of cycles; any size and sign."""
    return round((cycles - math.floor(cycles)) * TURN) % 4294967296


def sine(phase: int) -> Any:
    """The sine of a phase as float32, true to 140 dB."""
    return np.float32(math.sin(phase * (2.0 * math.pi / TURN)))


def sine_of(radians: float) -> Any:
    """The sine of an angle in radians, as float32; true to 120 dB within a few turns of zero."""
    return np.float32(math.sin(radians))


def cycles(phase: int) -> Any:
    """A phase as float32 cycles from -0.5 to 0.5."""
    return np.float32(((phase + 2147483648) % 4294967296 - 2147483648) / TURN)


def multiply_add(a: float, b: float, c: float) -> Any:
    """``a * b + c``, in one instruction and with one rounding where the machine has it."""
    return a * b + c


def published(counters: Any, k: int) -> Any:
    """A counter that another thread set with `publish`, and with it all that it had written before."""
    return counters[k]


def publish(counters: Any, k: int, value: int) -> None:
    """Set a counter for another thread, after all that was written before."""
    counters[k] = value
