"""One cycle of a wave as tables without aliasing: each has no harmonic above half the sample rate at the pitches it is for.

There are three tables for each octave of pitch. So no harmonic below 79 % of half the sample rate is missing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, uint32

from ...declare.maths import cycles, table_pair, to_phase

MOST = 1024  # harmonics: below 0.05 % of the sample rate (24 Hz at 48 kHz) the highest ones are missing
AN_OCTAVE = 3  # tables for each octave
FADE = 0.01  # seconds of a crossfade between two tables
SHORTEST = 10  # a table's length, as a power of 2
HIGHEST = 0.5 / MOST * 2.0 ** (np.arange(10 * AN_OCTAVE + 1) / AN_OCTAVE)  # the highest pitch of each table, in cycles per frame
HARMONICS = np.append(np.floor(0.5 / HIGHEST + 1e-9), 0.0).astype(int)  # above half the sample rate there is silence


def tables(spectrum, mean=0.0, longest=14, faint=3e-6):
    """All tables of a wave, one after the other; where each begins; and its length as a power of 2.

    `spectrum` has the complex amplitudes of the harmonics from the first one on: a sine of amplitude 1 is -1j. Straight lines
    between the points of a table of length n mirror harmonic k, weaker by (k / n)². A table is so long that this stays below
    `faint` (-110 dB), beside the loudest harmonic, but at most 2 to the power of `longest`. It has one point more, after its end.
    """
    parts, places, bits, made = [], [], [], {}
    sizes = np.abs(spectrum) * np.arange(1, len(spectrum) + 1) ** 2.0
    loudest = max(np.abs(spectrum).max(initial=0.0), 1e-30)
    for most in np.minimum(HARMONICS, len(spectrum)).tolist():
        if most not in made:
            mirrored = sizes[:most].max(initial=0.0) / loudest
            size = math.ceil(0.5 * math.log2(max(mirrored / faint, 1.0)))
            size = min(max(size, SHORTEST, (2 * most).bit_length()), longest)
            bins = np.zeros(2 ** (size - 1) + 1, complex)
            bins[0], bins[1 : most + 1] = mean, 0.5 * np.asarray(spectrum[:most])
            wave = np.fft.irfft(bins * 2**size)
            made[most] = sum(map(len, parts)), size
            parts.append(np.append(wave, wave[0]))
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
    """The value at a phase in the table that begins at `place`, on a straight line between two points."""
    low, high = table_pair(samples, uint32(place + (phase >> ((32 - bits) & 31))))  # `& 31` keeps the shift one of 32 bits
    part = cycles(uint32((phase << (bits & 31)) & 0xFFFFFFFF) ^ uint32(0x80000000))  # from the middle between the two
    return (low + high) * float32(0.5) + (high - low) * part


def choose(state, places, sizes, pitch, sample_rate):
    """Begin a block: step and table for a pitch. Into the next table it crossfades; a pitch that jumps further has its table at once."""
    part = abs(pitch) / sample_rate
    state.turn = to_phase(pitch / sample_rate)
    state.wanted = table_for(part) if part != state.part else state.wanted
    state.part, state.rise = part, float32(1.0 / (FADE * sample_rate))
    state.fading = state.fading and state.share < float32(1.0)
    if not state.fading:
        state.fading = state.running and (state.wanted == state.number + 1 or state.wanted + 1 == state.number)
        state.old_place, state.old_bits, state.share = places[state.number], sizes[state.number], float32(0.0)
        state.number = state.wanted
    state.place, state.bits, state.running = places[state.number], sizes[state.number], True


def faded(state, samples, phase):
    """The value at a phase in the table of now; while it is `fading`, crossfaded with that of before."""
    value = looked_up(samples, state.place, state.bits, phase)
    if state.fading:
        share = min(state.share, float32(1.0))
        before = looked_up(samples, state.old_place, state.old_bits, phase)
        value = before + (value - before) * (share * share * (float32(3.0) - share - share))
    return value
