"""Shared by the spectral views: levels of the FFT bins, and a logarithmic frequency axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Levels = NDArray[np.float32]

FFT: Final = 2048
"""FFT size in samples: the bins are 23 Hz apart at 48 kHz."""

LOWEST: Final = 40.0
"""Lowest frequency of an axis, in Hz."""

FLOOR: Final = -96.0
"""Level at the bottom of an axis, in dB relative to a sine of amplitude 1."""

# normalised so that a sine of amplitude 1 has 0 dB
_WINDOW: Final = np.hanning(FFT).astype(np.float32) * np.float32(4 / FFT)


def levels(samples: NDArray[np.float32]) -> Levels:
    """Levels in dB of the ``FFT // 2 + 1`` bins, for samples ``(FFT,)`` or ``(n, FFT)``."""
    bins = np.fft.rfft(samples * _WINDOW)
    power = bins.real**2 + bins.imag**2
    answer: Levels = (10 * np.log10(power + 1e-12)).astype(np.float32)
    return answer


class Axis:
    """A logarithmic frequency axis from `LOWEST` to half the sample rate.

    Parameters
    ----------
    length : in pixels.
    sample_rate : in Hz.
    """

    def __init__(self, length: int, sample_rate: float) -> None:
        self.length = length
        self._top = sample_rate / 2
        edges = LOWEST * (self._top / LOWEST) ** (np.arange(length + 1) / length)
        bins = edges * FFT / sample_rate
        self._centres = np.sqrt(bins[1:] * bins[:-1]).astype(np.float32)
        self._low = np.minimum(self._centres.astype(np.intp), FFT // 2 - 1)
        self._share = self._centres - self._low
        self._starts = np.minimum(np.round(bins[:-1]).astype(np.intp), FFT // 2)
        self._wide = np.searchsorted(np.diff(bins), 1.0)  # from here on a pixel covers more than one bin: take the maximum

    def of(self, values: Levels) -> Levels:
        """Map the values of bins ``(..., bins)`` to the pixels of the axis ``(..., length)``."""
        lower = values[..., self._low]
        shown: Levels = lower + (values[..., self._low + 1] - lower) * self._share
        if self._wide < self.length:
            shown[..., self._wide :] = np.maximum.reduceat(values, self._starts[self._wide :], axis=-1)
        return shown

    def place(self, frequency: float) -> int:
        """The pixel of a frequency."""
        return round(float(np.log(max(frequency, 1.0) / LOWEST) / np.log(self._top / LOWEST)) * (self.length - 1))

    def marks(self) -> dict[int, str]:
        """The pixels of the labels, and their text."""
        marks = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
        return {self.place(hertz): f"{hertz // 1000}k" if hertz >= 1000 else str(hertz) for hertz in marks if hertz < self._top}


def height(level: NDArray[np.float32], rows: int) -> NDArray[np.int16]:
    """The row of a level, 0 dB at the top and `FLOOR` at the bottom."""
    rows_of: NDArray[np.int16] = np.clip(level * ((rows - 1) / FLOOR), 0, rows - 1).astype(np.int16)
    return rows_of
