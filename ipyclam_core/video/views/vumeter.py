"""Level meter: RMS level and peak of every channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._canvas import BACKGROUND, GRID, Canvas, channels, colour, dimmed, gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_BOTTOM = -60.0
_COLOURS = ("#26a641", "#39d353", "#e3b341", "#f85149")


class VuMeter:
    """A bar for each channel, filled to the RMS level, with a line at the recent peak. The line is red if the channel clips.

    Parameters
    ----------
    size : (height, width) in pixels.
    sample_rate : in Hz.
    rate : frames per second; bars fall by 30 dB per second.
    title : text in the upper left corner.
    ink, background : the colours of the peak lines and of the background, ``"#rrggbb"``.
    seconds : the averaging time of the level.
    """

    def __init__(
        self,
        size: Sequence[int] = (480, 640),
        sample_rate: float = 48_000,
        rate: float = 25,
        title: str = "",
        ink: str = "#f0f6fc",
        background: str = BACKGROUND,
        seconds: float = 0.1,
    ) -> None:
        self._canvas = Canvas(size, background)
        rows, columns = self._canvas.pixels.shape
        self._left, self._right = min(48, columns // 4), columns - 8
        self._top = 12 + 8 * (1 + rows // 400)
        for level in range(0, int(_BOTTOM), -6):
            x = self._column(level)
            self._canvas.pixels[self._top :, x] = colour(GRID)
            if level % 12 == 0:
                self._canvas.text(x - 8, rows - 10, str(level))
        self._canvas.text(8, 6, title, scale=1 + rows // 400)
        self._empty = self._canvas.pixels.copy()
        self._bright = gradient(_COLOURS, self._right - self._left)
        self._dark = gradient([dimmed(name, 0.18, background) for name in _COLOURS], self._right - self._left)
        self._ink = ink
        self.window = round(seconds * sample_rate)
        self._fall = 30.0 / rate
        self._means = self._peaks = np.empty(0, np.float32)

    def draw(self, samples: ArrayLike) -> NDArray[np.uint8]:
        """Draw the last samples."""
        heard = channels(samples)[-self.window :]
        self._follow(heard if len(heard) else np.zeros((1, heard.shape[1]), np.float32))
        pixels = self._canvas.pixels
        pixels[:] = self._empty
        room = (len(pixels) - self._top - 16) / max(len(self._means), 1)
        for k, (mean, peak) in enumerate(zip(self._means, self._peaks, strict=True)):
            upper = self._top + round(k * room)
            lower = max(upper + 1, self._top + round((k + 1) * room - max(2, room * 0.15)))
            to, line = self._column(float(mean)), self._column(float(peak))
            bar = pixels[upper:lower]
            bar[:, self._left : self._right] = self._dark
            bar[:, self._left : to] = self._bright[: to - self._left]
            bar[:, max(line - 2, self._left) : line] = colour(_COLOURS[-1] if peak >= 0 else self._ink)
            self._canvas.text(8, (upper + lower) // 2 - 3, f"{peak:5.1f}" if peak > _BOTTOM else " -inf")
        return self._canvas.frame

    def _follow(self, heard: NDArray[np.float32]) -> None:
        """Update the levels: fast attack, slow release."""
        power = np.mean(heard * heard, axis=0) * 2  # a sine of amplitude 1 has 0 dB
        loudest = np.abs(heard).max(axis=0)
        means, peaks = (10 * np.log10(power + 1e-12), 20 * np.log10(loudest + 1e-6))
        if len(self._means) != len(means):
            self._means, self._peaks = means, peaks
        self._means = np.maximum(means, self._means - self._fall)
        self._peaks = np.maximum(peaks, self._peaks - self._fall / 3)

    def _column(self, level: float) -> int:
        share: float = min(max(1 - level / _BOTTOM, 0.0), 1.0)
        return int(self._left + share * (self._right - self._left) + 0.5)


create = VuMeter
