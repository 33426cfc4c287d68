"""The logarithmic axis of frequencies, on which spectra are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST = 20.0
"""Hz at the left, which is about the lowest tone that one hears; the width of a bin if that is more."""

Marks = list[tuple[float, str]]
"""Where words stand along an axis, from 0 (left) to 1 (right)."""


def logarithmic(values: NDArray[np.float64], top: float, columns: int) -> tuple[NDArray[np.float64], Marks]:
    """The values of bins from 0 to `top` Hz in `columns` steps of equal ratio, and the marks of the axis.

    A step with several bins shows the highest of them, so that no peak is lost.

    >>> levels, marks = logarithmic(np.arange(5.0), 24000.0, 3)
    >>> levels.round(2).tolist(), marks
    ([1.0, 3.0, 4.0], [(0.0, '6 kHz'), (0.37, '10 kHz'), (1.0, '24 kHz')])
    """
    last = len(values) - 1
    lowest = max(LOWEST, top / last)
    places = np.geomspace(lowest, top, columns) * (last / top)
    shown = np.interp(places, np.arange(last + 1), values)
    for k in range(columns):  # the bins between the middles to its neighbours
        first = int(np.ceil((places[max(k - 1, 0)] + places[k]) / 2))
        end = int((places[k] + places[min(k + 1, columns - 1)]) / 2) + 1
        if end > first:
            shown[k] = max(shown[k], values[first:end].max())
    decades = [f for f in (100.0, 1000.0, 10000.0) if lowest * 1.2 < f < top / 1.2]
    share = np.log([lowest, *decades, top]) - np.log(lowest)
    return shown, [(round(float(s / share[-1]), 2), _in_words(f)) for s, f in zip(share, (lowest, *decades, top), strict=True)]


def _in_words(frequency: float) -> str:
    return f"{frequency:.3g} Hz" if frequency < 1000.0 else f"{frequency / 1000.0:.4g} kHz"
