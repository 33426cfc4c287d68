"""The constant Q transform: a spectrum whose bins are equally wide in semitones, from an ordinary spectrum.

After Brown and Puckette (1992), An efficient algorithm for the calculation of a constant Q transform.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, log2
from typing import Any, Final, NamedTuple

import numpy as np

SIZE: Final = 32768  # frames of the ordinary transform
LOWEST: Final = 98.0  # Hz: a G
PER_OCTAVE: Final = 36
TOP: Final = 2.1  # the sample rate is so many times the highest frequency
THRESHOLD: Final = 0.0054  # smaller numbers of a kernel count as 0


class Kernel(NamedTuple):
    """The numbers that the bins of a spectrum are multiplied with.

    Attributes
    ----------
    places : for each bin of the constant Q transform, the first bin of the spectrum that it is made of; and where its numbers begin.
        At the end, 0 and how many numbers there are.
    real, imaginary : the numbers, bin after bin.
    """

    places: Any
    real: Any
    imaginary: Any


@lru_cache(maxsize=4)
def kernel(rate: float) -> Kernel:
    """The kernel of a sample rate, of all whole octaves. The windows of its bins, which are shorter for high ones, have one end."""
    quality = 1.0 / (2.0 ** (1.0 / PER_OCTAVE) - 1.0)
    octaves = max(ceil(PER_OCTAVE * log2(rate / TOP / LOWEST)) // PER_OCTAVE, 0)
    places, parts = [], [np.zeros(0, complex)]
    count = 0
    for k in range(octaves * PER_OCTAVE):
        length = min(ceil(quality * rate / (LOWEST * 2.0 ** (k / PER_OCTAVE))), SIZE)
        times = np.arange(length)
        window = 0.54 - 0.46 * np.cos(2.0 * np.pi * times / max(length - 1, 1))
        wave = np.zeros(SIZE, complex)
        wave[SIZE - length :] = window / length * np.exp(2j * np.pi * LOWEST * 2.0 ** (k / PER_OCTAVE) / rate * times)
        spectrum = np.fft.fft(wave)[: SIZE // 2 + 1]
        (heard,) = np.nonzero(np.abs(spectrum) > THRESHOLD)
        part = spectrum[heard[0] : heard[-1] + 1]
        part[np.abs(part) <= THRESHOLD] = 0.0
        places += [int(heard[0]), count]
        parts.append(part.conj() / SIZE)
        count += len(part)
    numbers = np.concatenate(parts)
    made = Kernel(np.array([*places, 0, count], np.int64), numbers.real.copy(), numbers.imag.copy())
    for array in made:
        array.flags.writeable = False
    return made
