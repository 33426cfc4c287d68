"""Random numbers that are the same in every render: a hash of a count."""

from __future__ import annotations

from numpy import uint32


def scrambled(count):
    """Pseudo-random 32-bit number for a count: a hash (C. Wellons' lowbias32)."""
    x = uint32(int(count) & 0xFFFFFFFF)  # of 32 bits, so that the compiler multiplies many at once
    x = uint32(x ^ (x >> uint32(16)))
    x = uint32((int(x) * 0x7FEB352D) & 0xFFFFFFFF)
    x = uint32(x ^ (x >> uint32(15)))
    x = uint32((int(x) * 0x846CA68B) & 0xFFFFFFFF)
    return uint32(x ^ (x >> uint32(16)))
