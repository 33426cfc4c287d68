"""Times of smoothing."""

from __future__ import annotations

import math

from ._limits import limited


def weight(milliseconds, sample_rate):
    """The share of the way to its goal that a smoothed value goes in one frame, for a time constant (63 %); 1 for a time of 0."""
    frames = limited(milliseconds, 0.0, 1e9) * 0.001 * sample_rate
    return 1.0 - math.exp(-1.0 / frames) if frames > 1e-3 else 1.0
