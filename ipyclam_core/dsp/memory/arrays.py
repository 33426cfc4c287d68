"""Array types for planning, and helpers for offsets in them."""

from __future__ import annotations

from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Samples = np.ndarray[Any, np.dtype[np.float32]]


def begins(counts: Ints) -> Ints:
    """Exclusive prefix sum of `counts`: the offset of each group."""
    return np.cumsum(counts) - counts


def in_lines(floats: Ints) -> Ints:
    """Numbers of floats, rounded up to whole cache lines, to which vectors are aligned."""
    return floats + -floats % 16
