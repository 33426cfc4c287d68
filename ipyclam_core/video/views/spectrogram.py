"""Spectrogram: time to the right, frequency upwards, level as colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._canvas import BACKGROUND, Canvas, gradient, last
from ._spectra import FFT, FLOOR, Axis, levels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

HEAT = ("#000004", "#3b0f70", "#8c2981", "#de4968", "#fe9f6d", "#fcfdbf")


class Spectrogram:
    """A spectrogram of the last seconds, scrolling to the left.

    Parameters
    ----------
    size : (height, width) in pixels.
    sample_rate : in Hz.
    rate : frames per second.
    title : text in the upper left corner.
    ink, background : the colours of text and silence, ``"#rrggbb"``; the default ink ``""`` is light grey.
    seconds : the time span from left to right.
    colours : a gradient from silence to 0 dB.
    """

    def __init__(
        self,
        size: Sequence[int] = (480, 640),
        sample_rate: float = 48_000,
        rate: float = 25,
        title: str = "",
        ink: str = "",
        background: str = BACKGROUND,
        seconds: float = 8.0,
        colours: Sequence[str] = HEAT,
    ) -> None:
        self._canvas = Canvas(size, background)
        rows, columns = self._canvas.pixels.shape
        self._axis = Axis(rows, sample_rate)
        self._palette = gradient([background, *colours[1:]], 256)
        self._past = np.full((rows, 2 * columns), self._palette[0])  # stored twice, so that every span is contiguous
        self._at = 0
        self._hop = seconds * sample_rate / columns
        self._step = sample_rate / rate / self._hop
        self._owed = 0.0
        self.window = FFT + round(np.ceil(self._step) * self._hop)
        letters = Canvas(size, "#000000")
        for row, label in self._axis.marks().items():
            if row < rows - 24:
                letters.text(4, rows - 1 - row - 3, label)
        letters.text(8, 8, title, scale=1 + rows // 400)
        self._letters = letters.letters()
        self._ink = gradient([ink or "#d0d7de"], 1)[0]

    def draw(self, samples: ArrayLike) -> NDArray[np.uint8]:
        """Draw the last samples."""
        self._owed += self._step
        count = min(int(self._owed), self._canvas.pixels.shape[1])
        self._owed -= int(self._owed)
        if count:
            self._append(self._columns(samples, count))
        columns = self._canvas.pixels.shape[1]
        np.copyto(self._canvas.pixels, self._past[:, self._at : self._at + columns])
        self._canvas.pixels[self._letters] = self._ink
        return self._canvas.frame

    def _columns(self, samples: ArrayLike, count: int) -> NDArray[np.uint32]:
        """The newest columns of pixels, ``(rows, count)``."""
        back = np.round(np.arange(count)[::-1] * self._hop).astype(np.intp)
        heard = last(samples, FFT + int(back[0]))
        pieces = np.lib.stride_tricks.sliding_window_view(heard, FFT)[len(heard) - FFT - back]
        shown = self._axis.of(levels(pieces))
        shades = np.clip((1 - shown / FLOOR) * 255, 0, 255).astype(np.intp)
        answer: NDArray[np.uint32] = self._palette[shades].T[::-1]
        return answer

    def _append(self, new: NDArray[np.uint32]) -> None:
        columns = self._canvas.pixels.shape[1]
        for column in new.T:
            self._past[:, self._at] = self._past[:, self._at + columns] = column
            self._at = (self._at + 1) % columns


create = Spectrogram
