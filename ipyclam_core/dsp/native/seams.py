"""Seams: where a stream breaks off or goes on otherwise, its step and the change of its slope fade out, so that nothing clicks.

To the new samples, something is added that begins as the old ones would have gone on, and fades out without an edge: the response of
a filter with two equal poles.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..memory.queues import SEAM_BEFORE, SEAM_LAST, SEAM_STEP, SEAM_STEP_BEFORE
from .memory import load_f32, load_f64, store_f32, store_f64
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
apart = njit(error_model="numpy", fastmath=STRICT, _nrt=False)

GONE = 1e-7


@inline
def begin_seam(seam, first, second):  # type: ignore[no-untyped-def]
    """A seam before samples of which these are the first two."""
    slope = second - first
    store_f64(seam, SEAM_STEP, load_f64(seam, SEAM_LAST) - (first - slope))
    store_f64(seam, SEAM_STEP_BEFORE, load_f64(seam, SEAM_BEFORE) - (first - slope - slope))


@inline
def is_smoothing(seam):  # type: ignore[no-untyped-def]
    """Whether something is still to be added."""
    return load_f64(seam, SEAM_STEP) != 0.0 or load_f64(seam, SEAM_STEP_BEFORE) != 0.0


@apart
def smooth(seam, samples, count, decay):  # type: ignore[no-untyped-def]
    """Add to some samples what is left of the step."""
    one, two = load_f64(seam, SEAM_STEP), load_f64(seam, SEAM_STEP_BEFORE)
    for i in range(count):
        now = 2.0 * decay * one - decay * decay * two
        if abs(now) < GONE and abs(one) < GONE:
            now = 0.0
        store_f32(samples, i, np.float32(np.float64(load_f32(samples, i)) + now))
        one, two = now, one
    store_f64(seam, SEAM_STEP, one)
    store_f64(seam, SEAM_STEP_BEFORE, two)


@inline
def remember(seam, samples, count):  # type: ignore[no-untyped-def]
    """The last of the samples that have left."""
    before = np.float64(load_f32(samples, count - 2)) if count > 1 else load_f64(seam, SEAM_LAST)
    store_f64(seam, SEAM_BEFORE, before)
    store_f64(seam, SEAM_LAST, np.float64(load_f32(samples, count - 1)))
