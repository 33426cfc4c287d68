"""The kinds of arrays that planning is made of, and how things lie in them one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Samples = np.ndarray[Any, np.dtype[np.float32]]


def begins(counts: Ints) -> Ints:
    """Where each begins of groups that lie one after the other, from how many are in each."""
    return np.cumsum(counts) - counts


def in_lines(floats: Ints) -> Ints:
    """Numbers of floats, rounded up to whole cache lines, where vectors want to begin."""
    return floats + -floats % 16
