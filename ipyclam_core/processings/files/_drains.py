"""Files that are written outside the audio thread, from ring buffers in a processing's state: what is common to all kinds of them."""

from __future__ import annotations

import os
from typing import Any, Final

from ...errors import FileInUse
from ...in_use import InUse
from ...system.display import warn
from ...system.given import fault_of_path
from ...system.obstacles import LOST, kind_of, reason

# counters of a ring
FILLED: Final = 0  # by the kernel: frames or rows put into the ring
DRAINED: Final = 1  # by the writer: those taken out of it
FAILED: Final = 2  # by the writer: 1 when the file cannot be written any more
COUNTERS: Final = 3


class Drain:
    """Writes a ring buffer to a file; a derived class says how a file is opened, and what is written to it.

    Attributes
    ----------
    trouble : why it cannot be written any more.
    notice : that a file is overwritten which was not made here.

    Parameters
    ----------
    state : the processing's memory, with ``counters``.
    path : the file; an existing one is overwritten.
    """

    def __init__(self, state: Any, path: str) -> None:
        self._counters = state.counters
        self._path = path
        self.trouble = self.notice = ""
        self._drained = int(self._counters[FILLED])
        self._counters[DRAINED] = self._drained
        self._file: Any = None
        self._use: InUse | None = None
        try:
            made = _identity(path)
            self._use = InUse(path, "written")
            if self._use.held and made not in _made:
                self.notice = f"{path!r} is overwritten"
            self._file = self._opened(self._use.descriptor)
        except (OSError, RuntimeError, ValueError) as error:
            self._give_up(error)

    def _opened(self, descriptor: int) -> Any:
        """The file, open to be written."""
        raise NotImplementedError

    def _write(self, last: bool) -> None:
        """Write what has been received; it is the last time."""
        raise NotImplementedError

    def _rescued(self) -> str:
        """What the file holds if it cannot be written on, to be added to the trouble."""
        return ""

    def service(self) -> None:
        """Write what has been received."""
        self._try(last=False)

    def close(self) -> None:
        """Write what remains, and close the file."""
        self._try(last=True)
        lost = self._file is not None and self._use is not None and self._use.is_lost
        self._end()
        if lost and not self.trouble:
            self.trouble = f"{self._path!r}: {LOST}"
            warn(self.trouble, stacklevel=2)

    def _try(self, last: bool) -> None:
        try:
            if self._file is not None:
                self._write(last)
        except (OSError, RuntimeError) as error:
            self._give_up(error)

    def _end(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
                _remember(self._path)
        except (OSError, RuntimeError) as error:
            self._give_up(error)
        finally:
            if self._use is not None:
                self._use.end()

    def _give_up(self, error: Exception) -> None:
        """A full disk or a missing folder: warn once. Playing continues."""
        began = self._file is not None
        self._counters[FAILED] = 1
        self._end()
        if not self.trouble:
            why = str(error) if isinstance(error, FileInUse) else f"{self._path!r} cannot be written: {reason(self._path, error)}"
            self.trouble = why + (self._rescued() if began else "")
            warn(self.trouble, stacklevel=4)


_made: Final[dict[object, None]] = {}
_REMEMBERED: Final = 1000
"""Files that were written here are overwritten without a word, as long as nobody has changed them since."""


def _remember(path: str) -> None:
    _made[_identity(path)] = None
    while len(_made) > _REMEMBERED:
        del _made[next(iter(_made))]


def _identity(path: str) -> object:
    """What tells a file and its content from others; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def problem_of_target(path: str, parameter: str) -> str:
    """Why the file that a parameter names cannot be written, or ``""``."""
    if not path:
        return f"no file is chosen: set {parameter}"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder!r}"
    if os.path.exists(path) and not os.path.isfile(path):
        return f"{path!r} is {kind_of(path)}, not a file"
    return ""
