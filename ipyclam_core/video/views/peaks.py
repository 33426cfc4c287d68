"""Spectral peaks: the partials of a sound, with their frequencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._canvas import BACKGROUND, Canvas, colour, dimmed, last
from ._spectra import FFT, Axis, height, levels
from .spectrum import paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


class Peaks:
    """The spectral peaks as vertical lines; the six highest are labelled with their frequency in Hz.

    Parameters
    ----------
    size : (height, width) in pixels.
    sample_rate : in Hz.
    rate : frames per second (not used).
    title : text in the upper left corner.
    ink, background : colours, ``"#rrggbb"``.
    count : maximum number of peaks.
    threshold : the lowest level of a peak, in dB.
    """

    window = FFT

    def __init__(
        self,
        size: Sequence[int] = (480, 640),
        sample_rate: float = 48_000,
        rate: float = 25,
        title: str = "",
        ink: str = "#ffd75f",
        background: str = BACKGROUND,
        count: int = 40,
        threshold: float = -70.0,
    ) -> None:
        self._canvas = Canvas(size, background)
        self._axis = Axis(self._canvas.pixels.shape[1], sample_rate)
        paper(self._canvas, self._axis, title)
        self._empty = self._canvas.pixels.copy()
        self._hertz = sample_rate / FFT
        self._count, self._threshold = count, threshold
        self._ink, self._stick, self._head = ink, colour(dimmed(ink, 0.6, background)), colour(ink)

    def draw(self, samples: ArrayLike) -> NDArray[np.uint8]:
        """Draw the last samples."""
        frequencies, heights = self.find(last(samples, FFT))
        pixels = self._canvas.pixels
        pixels[:] = self._empty
        tops = height(heights, len(pixels))
        labelled: list[int] = []
        for frequency, top in zip(frequencies, tops, strict=True):
            x = min(max(self._axis.place(float(frequency)), 1), self._axis.length - 2)
            pixels[top:, x] = self._stick
            pixels[max(top - 1, 0) : top + 2, x - 1 : x + 2] = self._head
            if len(labelled) < 6 and all(abs(x - other) > 40 for other in labelled):
                labelled.append(x)
                self._canvas.text(x + 4, max(int(top) - 4, 0), f"{frequency:.0f}", self._ink)
        return self._canvas.frame

    def find(self, heard: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Frequencies in Hz and levels in dB of the peaks, highest first, by parabolic interpolation of three bins."""
        level = levels(heard)
        middle = level[1:-1]
        at = np.flatnonzero((middle > level[:-2]) & (middle >= level[2:]) & (middle > self._threshold)) + 1
        at = at[np.argsort(-level[at])][: self._count]
        before, here, after = level[at - 1], level[at], level[at + 1]
        offset = 0.5 * (before - after) / (before - 2 * here + after)
        return ((at + offset) * self._hertz).astype(np.float32), here - 0.25 * (before - after) * offset


create = Peaks
