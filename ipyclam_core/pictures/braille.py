"""Plots of samples in braille characters, which have eight dots each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..system.display import escaped
from .plot import limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""The bit of each dot in a character, ``(4 rows, 2 columns)``."""

MARGIN = 9
"""Characters for the numbers at the left of a plot."""


def room(width: int) -> int:
    """The columns of a plot where a line has so many characters: at most 72."""
    return max(min(72, width - MARGIN), 20)


def plot(samples: NDArray[np.float32], title: str = "", columns: int = 72, rows: int = 10, marks: Sequence[tuple[float, str]] = ()) -> str:
    """A plot of `columns` x `rows` characters, with a title above, the range on the left, and the `marks` of the other axis below.

    >>> import numpy as np
    >>> print(plot(np.sin(np.arange(64) / 5), "a sine", columns=16, rows=3))
    a sine
          1 ┤⢠⠞⠙⣆⠀⠀⠀⠀⣠⠏⠳⡄⠀⠀⠀⠀
          0 ┤⠋⠀⠀⠘⣆⠀⠀⢰⠃⠀⠀⠹⡄⠀⠀⡴
         -1 ┤⠀⠀⠀⠀⠘⢦⣰⠋⠀⠀⠀⠀⠹⣄⡼⠁
    """
    finite = np.nan_to_num(np.asarray(samples, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    body = lines(finite, *limits(finite), columns, rows)
    if marks:
        body.append(_axis(marks, columns))
    return "\n".join([escaped(title), *body] if title else body)


def _axis(marks: Sequence[tuple[float, str]], columns: int) -> str:
    """The words of an axis, each about where it belongs; those in the middle that have no room are left out."""
    (_, first), (_, last) = marks[0], marks[-1]
    line = first
    for share, words in marks[1:-1]:
        begin = round(share * (columns - 1) - len(words) / 2)
        if begin >= len(line) + 2 and begin + len(words) <= columns - len(last) - 2:
            line = line.ljust(begin) + words
    return " " * MARGIN + line + last.rjust(max(columns - len(line), len(last) + 1))


def lines(samples: NDArray[np.float64], low: float, high: float, columns: int, rows: int) -> list[str]:
    """The rows of a plot from `low` to `high`, which are on the left; `MARGIN` characters wider than `columns`."""
    lit = _lit((high - samples) / (high - low), columns * 2, rows * 4)
    codes = (lit.reshape(rows, 4, columns, 2) * DOTS[None, :, None, :]).sum(axis=(1, 3)) + 0x2800
    drawn = ["".join(map(chr, row)) for row in codes]
    zero = min(int(high / (high - low) * rows), rows - 1)
    labels = {0: f"{high:.3g}", rows - 1: f"{low:.3g}"}
    if 0 < zero < rows - 1 and low < 0 < high:
        labels[zero] = "0"
    return [f"{labels.get(k, ''):>{MARGIN - 2}} {'┤' if k in labels else '│'}{row}" for k, row in enumerate(drawn)]


def _lit(share: NDArray[np.float64], columns: int, rows: int) -> NDArray[np.bool_]:
    """The dots of a line through values from 0 (top) to 1 (bottom), connected from column to column."""
    count = len(share)
    places = np.arange(columns) * (count - 1) / max(columns - 1, 1)
    here = np.interp(places, np.arange(count), share)
    low, high = here.copy(), here.copy()
    if count > columns:
        edges = np.arange(columns) * count // columns
        low, high = np.minimum.reduceat(share, edges), np.maximum.reduceat(share, edges)
    middle = (here[1:] + here[:-1]) / 2
    for part, pick in ((low, np.minimum), (high, np.maximum)):
        pick(part[1:], middle, out=part[1:])
        pick(part[:-1], middle, out=part[:-1])
    top, bottom = (np.clip(np.round(part * (rows - 1)), 0, rows - 1) for part in (low, high))
    numbers = np.arange(rows)[:, None]
    lit: NDArray[np.bool_] = (numbers >= top) & (numbers <= bottom)
    return lit
