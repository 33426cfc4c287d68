"""Text files of numbers that are written outside the audio thread."""

from __future__ import annotations

import os
from typing import Any

from ...declare.maths import publish, published
from ._drains import DRAINED, FILLED, Drain


class TraceDrain(Drain):
    """Writes a ring buffer of rows to a file: a line for each row.

    Parameters
    ----------
    state : the processing's memory, with ``ring`` and ``counters``.
    path : the file; an existing one is overwritten.
    columns : how many numbers a row has.
    """

    def __init__(self, state: Any, path: str, columns: int) -> None:
        self._rows = state.ring.reshape(-1, columns)
        super().__init__(state, path)

    def _opened(self, descriptor: int) -> Any:
        return os.fdopen(descriptor, "w", encoding="ascii")

    def _write(self, last: bool) -> None:
        filled = int(published(self._counters, FILLED))
        rows = (self._rows[k % len(self._rows)] for k in range(self._drained, filled))
        self._file.writelines(" ".join(f"{value:.9g}" for value in row) + "\n" for row in rows)
        self._file.flush()
        self._drained = filled
        publish(self._counters, DRAINED, filled)
