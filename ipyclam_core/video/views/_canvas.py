"""The canvas of all views: pixels (one number each), lines and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Pixels = NDArray[np.uint32]

BACKGROUND = "#0d1117"
GRID = "#242c36"
LETTERS = "#8b97a5"


class Canvas:
    """A picture to draw on.

    Parameters
    ----------
    size : (height, width) in pixels.
    background : its colour, ``"#rrggbb"``.

    Attributes
    ----------
    pixels : one number per pixel, of shape ``size``; assign the result of `colour`.
    frame : the same memory as bgra bytes, ``size + (4,)``.
    """

    def __init__(self, size: Sequence[int], background: str = BACKGROUND) -> None:
        height, width = size
        if height < 16 or width < 16:
            raise ValueError(f"a view needs at least 16 x 16 pixels, not {tuple(size)}")
        self.frame: NDArray[np.uint8] = np.empty((height, width, 4), np.uint8)
        self.pixels: Pixels = self.frame.view("<u4")[..., 0]
        self.pixels[:] = colour(background)

    def text(self, x: int, y: int, words: str, ink: str = LETTERS, scale: int = 1) -> None:
        """Write `words` with their upper left corner at (x, y); they are clipped at the edges."""
        letters = _font.text(words, scale)
        part = self.pixels[max(y, 0) : y + len(letters), max(x, 0) : x + letters.shape[1]]
        shown = letters[max(-y, 0) :, max(-x, 0) :][: part.shape[0], : part.shape[1]]
        part[shown] = colour(ink)

    def letters(self) -> tuple[NDArray[np.intp], ...]:
        """The indices of the text pixels, on a canvas with nothing but text."""
        return np.nonzero(self.pixels != self.pixels[-1, -1])

    def rows(self, ink: str, positions: Sequence[int]) -> None:
        """Draw horizontal lines."""
        self.pixels[np.clip(positions, 0, len(self.pixels) - 1)] = colour(ink)

    def columns(self, ink: str, positions: Sequence[int]) -> None:
        """Draw vertical lines."""
        self.pixels[:, np.clip(positions, 0, self.pixels.shape[1] - 1)] = colour(ink)


def colour(name: str) -> np.uint32:
    """The pixel of a colour, ``"#rrggbb"`` or ``"#rgb"``."""
    digits = name.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    try:
        if len(digits) != 6 or not name.startswith("#"):
            raise ValueError
        return np.uint32(0xFF000000 | int(digits, 16))
    except ValueError:
        raise ValueError(f"a colour must be written '#rrggbb', not {name!r}") from None


def gradient(names: Sequence[str], steps: int) -> Pixels:
    """`steps` pixels of a gradient through all colours."""
    known = np.array([[int(colour(name)) >> shift & 255 for shift in (16, 8, 0)] for name in names], float)
    places = np.linspace(0, len(names) - 1, steps)
    red, green, blue = (np.interp(places, range(len(names)), known[:, k]).astype(np.uint32) for k in range(3))
    pixels: Pixels = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    return pixels


def dimmed(name: str, share: float, background: str = BACKGROUND) -> str:
    """A colour mixed with the background; `share` is the share of the colour."""
    pixel = int(gradient([background, name], 101)[round(share * 100)])
    return f"#{pixel & 0xFFFFFF:06x}"


def last(samples: ArrayLike, count: int) -> NDArray[np.float32]:
    """The last `count` samples of one channel (channels are averaged), padded with zeros at the beginning."""
    heard = channels(samples)
    heard = heard[-count:]
    one = heard[:, 0] if heard.shape[1] == 1 else heard.mean(axis=1)
    if len(one) < count:
        one = np.concatenate([np.zeros(count - len(one), np.float32), one])
    return one


def channels(samples: ArrayLike) -> NDArray[np.float32]:
    """Samples as float32 ``(frames, channels)``; NaN and infinity become 0."""
    heard: NDArray[Any] = np.asarray(samples, np.float32)
    if heard.ndim not in (1, 2):
        raise ValueError(f"samples must have the shape (frames,) or (frames, channels), not {heard.shape}")
    if heard.ndim == 1:
        heard = heard[:, None]
    if not np.isfinite(heard).all():
        heard = np.nan_to_num(heard, nan=0.0, posinf=0.0, neginf=0.0)
    clipped: NDArray[np.float32] = np.clip(heard, -1e6, 1e6)  # larger values are not sound, and their squares overflow float32
    return clipped
