"""Numbers that stay within bounds, for what is remembered from frame to frame."""

from __future__ import annotations


def limited(value, low, high):
    """A value within bounds, 0 or the bound next to it for NaN: what is remembered would never be a number again."""
    number = value if value == value else 0.0
    return min(max(number, low), high)
