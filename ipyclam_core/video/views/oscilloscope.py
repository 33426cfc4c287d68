"""Oscilloscope: the waveform, triggered at a rising zero crossing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._canvas import BACKGROUND, GRID, Canvas, colour, dimmed, last

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


class Oscilloscope:
    """The waveform of the last samples, starting at a rising zero crossing: periodic waves stand still.

    Parameters
    ----------
    size : (height, width) in pixels.
    sample_rate : in Hz.
    rate : frames per second (not used).
    title : text in the upper left corner.
    ink, background : colours, ``"#rrggbb"``.
    seconds : the time span from left to right.
    top : the amplitude at the upper edge.
    """

    def __init__(
        self,
        size: Sequence[int] = (480, 640),
        sample_rate: float = 48_000,
        rate: float = 25,
        title: str = "",
        ink: str = "#5fd7ff",
        background: str = BACKGROUND,
        seconds: float = 0.02,
        top: float = 1.0,
    ) -> None:
        self._canvas = Canvas(size, background)
        rows, columns = self._canvas.pixels.shape
        self._canvas.rows(GRID, [rows // 4, rows // 2, 3 * rows // 4])
        self._canvas.columns(GRID, [k * columns // 8 for k in range(1, 8)])
        self._canvas.text(8, 8, title, scale=1 + rows // 400)
        self._canvas.text(8, rows - 14, f"{seconds * 1000:g} ms")
        self._empty = self._canvas.pixels.copy()
        self._shown = max(2, round(seconds * sample_rate))
        self.window = 2 * self._shown
        self._top = top
        self._rows = np.arange(rows, dtype=np.int16)[:, None]
        self._bright, self._glow = colour(ink), colour(dimmed(ink, 0.35, background))
        self._edges = np.arange(columns) * (self._shown - 1) // columns

    def draw(self, samples: ArrayLike) -> NDArray[np.uint8]:
        """Draw the last samples."""
        wave = self._steady(last(samples, self.window))
        rows = len(self._rows)
        y = np.clip((1 - wave / self._top) * (rows / 2), 1, rows - 2)
        low, high = self._spans(y)
        pixels = self._canvas.pixels
        pixels[:] = self._empty
        for margin, ink in ((1, self._glow), (0, self._bright)):
            lit = (self._rows >= low - margin) & (self._rows <= high + margin)
            np.copyto(pixels, ink, where=lit)
        return self._canvas.frame

    def _steady(self, heard: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples to draw, from the last rising zero crossing with enough samples after it."""
        begin = heard[: self._shown + 1]
        rises = np.flatnonzero((begin[:-1] <= 0) & (begin[1:] > 0))
        start = int(rises[-1]) if len(rises) else self._shown
        return heard[start : start + self._shown]

    def _spans(self, y: NDArray[np.float32]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """The lowest and highest row of the line in each column, joined to the neighbouring columns."""
        if self._shown > 2 * len(self._edges):
            low, high = np.minimum.reduceat(y, self._edges), np.maximum.reduceat(y, self._edges)
        else:
            low = high = np.interp(np.linspace(0, self._shown - 1, len(self._edges)), np.arange(self._shown), y)
        middle = (low[1:] + high[:-1]) / 2
        low, high = low.copy(), high.copy()
        np.minimum(low[1:], middle, out=low[1:])
        np.maximum(high[1:], middle, out=high[1:])
        np.minimum(low[:-1], middle, out=low[:-1])
        np.maximum(high[:-1], middle, out=high[:-1])
        return np.round(low).astype(np.int16), np.round(high).astype(np.int16)


create = Oscilloscope
