"""Limits for the numbers that a processing keeps from frame to frame."""

from __future__ import annotations


def limited(value, low, high):
    """Clamp a value. NaN becomes 0, clamped too: a NaN in the state would stay there."""
    number = value if value == value else 0.0
    return min(max(number, low), high)
