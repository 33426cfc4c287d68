"""One cycle of a wave as tables without aliasing: each has no harmonic above half the sample rate at the pitches it is for.

There are three tables for each octave of pitch. So no harmonic below 79 % of half the sample rate is missing.
"""

from __future__ import annotations

import numpy as np
from numpy import float32, uint32

from ...declare.maths import cycles, table_value

MOST = 1024  # harmonics: below 0.05 % of the sample rate (24 Hz at 48 kHz) the highest ones are missing
AN_OCTAVE = 3  # tables for each octave
SHORTEST, LONGEST = 9, 13  # lengths of tables, as powers of 2
HIGHEST = 0.5 / MOST * 2.0 ** (np.arange(10 * AN_OCTAVE + 1) / AN_OCTAVE)  # the highest pitch of each table, in cycles per frame
HARMONICS = np.append(np.floor(0.5 / HIGHEST + 1e-9), 0.0).astype(int)  # above half the sample rate there is silence


def tables(spectrum, mean=0.0, points=16):
    """All tables of a wave, one after the other; where each begins; and its length as a power of 2.

    `spectrum` has the complex amplitudes of the harmonics from the first one on: a sine of amplitude 1 is -1j. A table has at least
    `points` for each cycle of its highest harmonic, if that is not too long. One of length n has three points more: one before its
    beginning, two after its end.
    """
    parts, places, bits, made = [], [], [], {}
    for most in np.minimum(HARMONICS, len(spectrum)).tolist():
        if most not in made:
            size = min(max((points * most - 1).bit_length(), SHORTEST), LONGEST)
            bins = np.zeros(2 ** (size - 1) + 1, complex)
            bins[0], bins[1 : most + 1] = mean, 0.5 * np.asarray(spectrum[:most])
            wave = np.fft.irfft(bins * 2**size)
            made[most] = sum(map(len, parts)), size
            parts.append(np.concatenate([wave[-1:], wave, wave[:2]]))
        places.append(made[most][0])
        bits.append(made[most][1])
    return np.concatenate(parts).astype(np.float32), np.array(places, np.uint32), np.array(bits, np.uint32)


def table_for(part):
    """The number of the table for a pitch of so many cycles per frame, by bisection."""
    number = 0
    for step in (16, 8, 4, 2, 1):
        after = number + step
        number = after if after <= len(HIGHEST) and HIGHEST[after - 1] < part else number
    return number


def looked_up(samples, place, bits, phase):
    """The value at a phase in the table that begins at `place`: a cubic through the four points around it."""
    first = uint32(place + (phase >> (uint32(32) - bits)))
    v = cycles(uint32((phase << bits) & 0xFFFFFFFF) ^ uint32(0x80000000))  # from the middle between the second and the third
    a, b = table_value(samples, first), table_value(samples, uint32(first + 1))
    c, d = table_value(samples, uint32(first + 2)), table_value(samples, uint32(first + 3))
    near, far = b + c, a + d
    rise = c - b
    bend = (d - a) * float32(1.0 / 6.0) - rise * float32(0.5)
    curve = (far - near) * float32(0.25)
    square = v * v
    return (near * float32(0.5) - curve * float32(0.25) + curve * square) + v * (rise - bend * float32(0.25) + bend * square)
