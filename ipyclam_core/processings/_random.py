"""Random numbers that are the same in every render: a hash of a count."""

from __future__ import annotations


def scrambled(count):
    """Pseudo-random 32-bit number for a count: a hash (C. Wellons' lowbias32)."""
    x = int(count) & 0xFFFFFFFF
    x ^= x >> 16
    x = (x * 0x7FEB352D) & 0xFFFFFFFF
    x ^= x >> 15
    x = (x * 0x846CA68B) & 0xFFFFFFFF
    return x ^ (x >> 16)
