"""When two sounds are the same."""

from __future__ import annotations

import numpy as np

SAME = 90.0
"""Decibels of signal to error from which two sounds are the same."""


def decibels(expected: np.ndarray, heard: np.ndarray) -> float:
    """Signal-to-error ratio; 400 where there is no error at all."""
    expected, heard = np.asarray(expected, float), np.asarray(heard, float)
    error = float(np.sum((expected - heard) ** 2))
    signal = float(np.sum(expected**2))
    if error == 0.0:
        return 400.0
    return 10.0 * float(np.log10(signal / error)) if signal > 0.0 else -400.0
