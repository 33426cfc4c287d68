"""Writes rows of numbers to a text file, outside the audio thread."""

from __future__ import annotations

import os
from typing import Any

from ...declare.maths import publish, published
from ...errors import FileInUse
from ...in_use import InUse
from ...system.display import warn
from ...system.given import fault_of_path
from ...system.obstacles import LOST, kind_of, reason
from ._streams import DRAINED, FILLED, made_here, remember


class TraceDrain:
    """Writes a ring buffer of rows to a file: a line for each row.

    Attributes
    ----------
    trouble : why it cannot be written any more.
    notice : that a file is overwritten which was not made here.

    Parameters
    ----------
    state : the processing's memory, with ``ring`` and ``counters``.
    path : the file; an existing one is overwritten.
    columns : how many numbers a row has.
    """

    def __init__(self, state: Any, path: str, columns: int) -> None:
        self._rows = state.ring.reshape(-1, columns)
        self._counters = state.counters
        self._path = path
        self.trouble = self.notice = ""
        self._drained = int(self._counters[FILLED])
        self._counters[DRAINED] = self._drained
        self._file: Any = None
        self._use: InUse | None = None
        try:
            ours = made_here(path)
            self._use = InUse(path, "written")
            if self._use.held and not ours:
                self.notice = f"{path!r} is overwritten"
            self._file = os.fdopen(self._use.descriptor, "w", encoding="ascii")
        except (OSError, ValueError) as error:
            self._give_up(error)

    def service(self) -> None:
        """Write the rows received."""
        filled = int(published(self._counters, FILLED))
        if self._file is None or self._drained == filled:
            return
        rows = (self._rows[k % len(self._rows)] for k in range(self._drained, filled))
        try:
            self._file.writelines(" ".join(f"{value:.9g}" for value in row) + "\n" for row in rows)
            self._file.flush()
        except OSError as error:
            self._give_up(error)
        self._drained = filled
        publish(self._counters, DRAINED, filled)

    def close(self) -> None:
        """Write the remaining rows, and close the file."""
        self.service()
        lost = self._file is not None and self._use is not None and self._use.is_lost
        self._end()
        if lost and not self.trouble:
            self.trouble = f"{self._path!r}: {LOST}"
            warn(self.trouble, stacklevel=2)

    def _end(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
                remember(self._path)
        except OSError as error:
            self._give_up(error)
        finally:
            if self._use is not None:
                self._use.end()

    def _give_up(self, error: Exception) -> None:
        """A full disk or a missing folder: warn once. Playing continues."""
        self._end()
        if not self.trouble:
            own = isinstance(error, FileInUse)
            self.trouble = str(error) if own else f"{self._path!r} cannot be written: {reason(self._path, error)}"
            warn(self.trouble, stacklevel=3)


def problem_of_target(path: str) -> str:
    """Why a trace cannot be written, or ``""``."""
    if not path:
        return "no file is chosen: set TraceFile"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder!r}"
    if os.path.exists(path) and not os.path.isfile(path):
        return f"{path!r} is {kind_of(path)}, not a file"
    return ""
