"""Arrays of samples that are displayed as a plot at the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import braille, plot

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 32
"""Arrays with fewer samples are displayed as numbers."""


class ShownSamples(np.ndarray[Any, np.dtype[np.float32]]):
    """An array of samples that Jupyter and IPython display as a plot."""

    title: str = ""

    @staticmethod
    def of(samples: NDArray[np.float32], title: str) -> ShownSamples:
        """The same samples, with a title for the plot."""
        shown = samples.view(ShownSamples)
        shown.title = title
        return shown

    def __array_finalize__(self, other: Any) -> None:
        self.title = getattr(other, "title", "")

    def __reduce__(self) -> Any:
        return np.asarray(self).__reduce__()

    def __repr__(self) -> str:
        return repr(np.asarray(self))

    def _is_plotted(self) -> bool:
        return self.ndim == 1 and len(self) >= FEWEST and self.dtype.kind == "f"

    def _repr_svg_(self) -> str | None:
        return plot.svg(np.asarray(self), self.title) if self._is_plotted() else None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        columns = braille.room(printer.max_width)
        printer.text(braille.plot(np.asarray(self), self.title, columns) if self._is_plotted() else repr(self))
