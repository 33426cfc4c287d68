"""Several views in one frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ._canvas import BACKGROUND, Canvas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from . import View


class Grid:
    """Views in rows and columns.

    Parameters
    ----------
    makers : a function for each view, called with the size of its cell.
    size : (height, width) of the frame, in pixels.
    columns : number of columns; None chooses it for a good aspect ratio.
    """

    def __init__(
        self, makers: Sequence[Callable[[tuple[int, int]], View]], size: Sequence[int] = (480, 640), columns: int | None = None
    ) -> None:
        if not makers:
            raise ValueError("a grid needs at least one view")
        across = columns or max(1, min(len(makers), round(math.sqrt(len(makers) * size[1] / size[0] / 1.6))))
        down = math.ceil(len(makers) / across)
        self._canvas = Canvas(size, BACKGROUND)
        self._places = [
            (slice(_cut(size[0], k // across, down), _cut(size[0], k // across + 1, down) - (k // across < down - 1)),
             slice(_cut(size[1], k % across, across), _cut(size[1], k % across + 1, across) - (k % across < across - 1)))
            for k in range(len(makers))
        ]  # fmt: skip
        self.views = [make((y.stop - y.start, x.stop - x.start)) for make, (y, x) in zip(makers, self._places, strict=True)]
        self.window = max(view.window for view in self.views)

    def draw(self, samples: Sequence[ArrayLike]) -> NDArray[np.uint8]:
        """Draw the last samples of each view, in the order of the views."""
        for view, (y, x), heard in zip(self.views, self._places, samples, strict=True):
            self._canvas.frame[y, x] = view.draw(heard)
        return self._canvas.frame


def _cut(length: int, k: int, parts: int) -> int:
    return k * length // parts
