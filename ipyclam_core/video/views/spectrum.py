"""Spectrum: the current level of all frequencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._canvas import BACKGROUND, GRID, LETTERS, Canvas, colour, gradient, last
from ._spectra import FFT, FLOOR, Axis, height, levels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


class Spectrum:
    """Levels from 0 dB (a sine of amplitude 1) down to -96 dB, on a logarithmic frequency axis.

    Parameters
    ----------
    size : (height, width) in pixels.
    sample_rate : in Hz.
    rate : frames per second; levels fall by 40 dB per second.
    title : text in the upper left corner.
    ink, background : colours, ``"#rrggbb"``.
    """

    window = FFT

    def __init__(
        self,
        size: Sequence[int] = (480, 640),
        sample_rate: float = 48_000,
        rate: float = 25,
        title: str = "",
        ink: str = "#5fd7ff",
        background: str = BACKGROUND,
    ) -> None:
        self._canvas = Canvas(size, background)
        rows, columns = self._canvas.pixels.shape
        self._axis = Axis(columns, sample_rate)
        self._letters = paper(self._canvas, self._axis, title)
        self._empty = self._canvas.pixels.copy()
        self._fill = np.repeat(gradient([ink, background], rows)[:, None], columns, axis=1)
        self._rows = np.arange(rows, dtype=np.int16)[:, None]
        self._ink = colour(LETTERS)
        self._fall = 40.0 / rate
        self._held = np.full(columns, FLOOR, np.float32)

    def draw(self, samples: ArrayLike) -> NDArray[np.uint8]:
        """Draw the last samples."""
        now = self._axis.of(levels(last(samples, FFT)))
        np.maximum(now, self._held - self._fall, out=self._held)
        self._canvas.pixels[:] = self._empty
        np.copyto(self._canvas.pixels, self._fill, where=self._rows >= height(self._held, len(self._rows)))
        self._canvas.pixels[self._letters] = self._ink
        return self._canvas.frame


def paper(canvas: Canvas, axis: Axis, title: str) -> tuple[NDArray[np.intp], ...]:
    """Draw grid lines and labels: frequencies at the lower edge, levels at the left. Returns the indices of the label pixels."""
    rows = len(canvas.pixels)
    letters = Canvas(canvas.pixels.shape)
    marks = axis.marks()
    canvas.columns(GRID, list(marks))
    for level in range(-24, int(FLOOR), -24):
        row = round(level * (rows - 1) / FLOOR)
        canvas.rows(GRID, [row])
        letters.text(4, row + 3, f"{level} dB")
    for column, label in marks.items():
        letters.text(column + 3, rows - 10, label)
    letters.text(8, 8, title, scale=1 + rows // 400)
    where = letters.letters()
    canvas.pixels[where] = colour(LETTERS)
    return where


create = Spectrum
