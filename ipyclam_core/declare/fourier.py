"""Fourier transforms, of any size, for the functions of processing types; and the two forms of a spectrum.

``prepare`` makes a `table` for a size, and ``initial`` its `workspace`. In compiled code nothing else is allocated. The transforms
are plain Python here, so you can try them at the prompt; `ipyclam_core.dsp.native.fourier` has their compiled forms.

All is computed in float64, which is as fast as float32 up to a size of 4096.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import Any, Final

import numpy as np
from numpy import float32, float64

from ..registry import engines

FORWARD: Final = 0  # words of a table: the addresses of the compiled transforms, as the bits of a float64
INVERSE: Final = 1
SIZE: Final = 2
CHIRPED: Final = 3  # for a size that has a large prime factor: the size of the transforms that it is computed by; else 0
COUNT: Final = 4  # how many of the factors belong to the passes
RADICES: Final = 5  # the radix of each pass, and then 0; of an odd size first the largest prime factor
FACTORS: Final = 32  # the first of the factors
LARGEST: Final = 43  # of the prime factors of sizes that are computed directly


def table(size: int) -> Any:
    """The factors of the transforms of a size.

    Parameters
    ----------
    size : number of samples, 1 or more. Sizes with small prime factors (2, 3, 5, 7) are several times as fast as those with a large
        one.
    """
    numbers = size if size % 2 else size // 2  # of even sizes pairs of samples are taken as complex numbers
    chirped = _chirped(numbers)
    odd = size % 2 == 1 and not chirped
    order = _odd_radices(size) if odd else radices(chirped or numbers)
    parts = [_odd_factors(size) if odd else _factors(chirped or numbers)]
    words = np.zeros(FACTORS)
    words[[SIZE, CHIRPED, COUNT]] = size, chirped, len(parts[0])
    words[RADICES : RADICES + len(order)] = order
    if chirped:
        squares = np.arange(numbers, dtype=np.int64) ** 2 % (2 * numbers)
        chirp = np.exp(-1j * np.pi * squares / numbers)
        around = np.zeros(chirped, complex)
        around[:numbers] = chirp.conj()
        around[chirped - numbers + 1 :] = chirp[1:][::-1].conj()
        spectrum = np.fft.fft(around) / chirped
        parts += [chirp.real, chirp.imag, spectrum.real, spectrum.imag]
    if size % 2 == 0:
        last = np.exp(-2j * np.pi * np.arange(numbers) / size)
        parts += [last.real, last.imag]
    clam = engines.load("clam")
    addresses = np.array([clam.transform("forward"), clam.transform("inverse")], np.int64)
    words[[FORWARD, INVERSE]] = addresses.view(float64)
    return np.concatenate([words, *parts])


def radices(size: int) -> list[int]:
    """The radices of the passes of a complex transform: fours, then odd primes; last, what is left of the twos."""
    found = []
    last = 8 if size % 8 == 0 and size.bit_length() % 2 == 0 and size & (size - 1) == 0 else 1
    size //= last
    while size % 4 == 0:
        found.append(4)
        size //= 4
    for radix in range(3, LARGEST + 1, 2):
        while size % radix == 0:
            found.append(radix)
            size //= radix
    left = size * last
    return [*found, *[left] * (left > 1)]


def _chirped(size: int) -> int:
    """The size of the transforms by which complex numbers are transformed whose count has a large prime factor; 0 for others."""
    if max(radices(size), default=1) <= LARGEST:
        return 0
    least = 2 * size - 1
    return min(4 * odd << (-(-least // (4 * odd)) - 1).bit_length() for odd in (1, 3, 5, 9, 15, 27, 45))


def _odd_radices(size: int) -> list[int]:
    """The largest prime factor of an odd size, and the radices of the quotient."""
    largest = max(radices(size), default=1)
    return [largest, *radices(size // largest)]


def _odd_factors(size: int) -> Any:
    """The factors of the pass over real samples, of half of its results, and those of the passes after it."""
    largest = max(radices(size), default=1)
    rest = size // largest
    turns = np.exp(-2j * np.pi * np.outer(np.arange(1, largest // 2 + 1), np.arange(rest)) / size).reshape(-1)
    angles = 2.0 * np.pi * np.arange(largest) / largest
    return np.concatenate([turns.real, turns.imag, np.cos(angles), np.sin(angles), _factors(rest)])


def _factors(size: int) -> Any:
    """The factors of the passes of a complex transform."""
    parts = [np.zeros(0)]
    for radix in radices(size):
        turns = np.exp(-2j * np.pi * np.outer(np.arange(1, radix), np.arange(size // radix)) / size).reshape(-1)
        parts += [turns.real, turns.imag]
        if radix > 7:
            roots = np.exp(-2j * np.pi * np.arange(radix) / radix)
            parts += [roots.real, roots.imag]
        size //= radix
    return np.concatenate(parts)


def workspace(size: int) -> Any:
    """The memory that the transforms of a size compute in."""
    return np.zeros(max(4 * _chirped(size if size % 2 else size // 2), 4 * size if size % 2 else 2 * size, 8), float64)


def forward(factors: Any, work: Any, audio: Any, real: Any, imaginary: Any) -> None:
    """The spectrum of samples.

    Parameters
    ----------
    factors, work : the `table` and the `workspace` of ``len(audio)``.
    audio : float32 or float64 ``(size,)``.
    real, imaginary : float32 or float64 ``(size // 2 + 1,)``, both of one type: the result, from 0 Hz to half the sample rate.
    """
    spectrum = np.fft.rfft(np.asarray(audio, float64))
    real[:], imaginary[:] = spectrum.real, spectrum.imag


def inverse(factors: Any, work: Any, real: Any, imaginary: Any, audio: Any) -> None:
    """The samples of a spectrum: the inverse of `forward`, with the same arguments; `audio` is the result."""
    audio[:] = np.fft.irfft(np.asarray(real, float64) + 1j * np.asarray(imaginary, float64), len(audio))


def to_polar(real: Any, imaginary: Any, magnitude: Any, phase: Any) -> None:
    """Magnitudes and phases of a spectrum, exact to float32. The phase of 0 is 0.

    Parameters
    ----------
    real, imaginary : arrays of numbers.
    magnitude, phase : float32 arrays of the same length: the result, phases from -pi to pi.
    """
    for k in range(min(min(len(real), len(imaginary)), min(len(magnitude), len(phase)))):
        x, y = float64(real[k]), float64(imaginary[k])
        magnitude[k] = float32(sqrt(x * x + y * y))
        across, up = abs(x), abs(y)
        a = min(across, up) / max(max(across, up), 1e-300)
        s = a * a
        r = ((0.0028662257 * s - 0.0161657367) * s + 0.0429096138) * s - 0.0752896400
        r = (((r * s + 0.1065626393) * s - 0.1420889944) * s + 0.1999355085) * s - 0.3333314528
        r = r * s * a + a
        r = 1.5707963267948966 - r if up > across else r
        r = 3.141592653589793 - r if x < 0.0 else r
        phase[k] = float32(-r if y < 0.0 else r)


def sine_of_cycles(cycles: float) -> float:
    """The sine of a number of cycles, exact to 2e-8."""
    t = cycles - floor(cycles + 0.5)
    u = 0.25 - abs(abs(t) - 0.25)
    q = u * u
    s = ((((39.709885 * q - 76.57486) * q + 81.602226) * q - 41.34168) * q + 6.2831853) * u
    return s if t >= 0.0 else -s


def to_complex(magnitude: Any, phase: Any, real: Any, imaginary: Any) -> None:
    """The real and imaginary parts of magnitudes and phases; bins beyond the last magnitude are 0."""
    bins = min(min(len(real), len(imaginary)), min(len(magnitude), len(phase)))
    for k in range(bins):
        cycles, size = float64(phase[k]) * 0.15915494309189535, float64(magnitude[k])
        real[k], imaginary[k] = size * sine_of_cycles(cycles + 0.25), size * sine_of_cycles(cycles)
    for k in range(bins, min(len(real), len(imaginary))):
        real[k], imaginary[k] = 0.0, 0.0
