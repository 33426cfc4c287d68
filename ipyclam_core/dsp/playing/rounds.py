"""The loop body of a thread that must not end: each step runs even if an earlier one failed. `status` shows the errors."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import Final

SHOWN: Final = 3  # number of different errors kept


class Rounds:
    """The repeated steps of one thread.

    Parameters
    ----------
    where : the name of the thread in messages.
    """

    def __init__(self, where: str = "the audio service thread") -> None:
        self._where = where
        self._errors: dict[str, None] = {}

    def go(self, *steps: Callable[[], object]) -> None:
        """One round: every step, in order."""
        for step in steps:
            try:
                step()
            except (Exception, SystemExit) as error:  # user code may call sys.exit
                self._keep(error)

    @property
    def messages(self) -> tuple[str, ...]:
        """The errors so far, one line each, oldest first."""
        return tuple(self._errors)

    def _keep(self, error: BaseException) -> None:
        *_, (frame, line) = traceback.walk_tb(error.__traceback__)
        line_of = f"{os.path.basename(frame.f_code.co_filename)} line {line}"
        if len(self._errors) < SHOWN:
            self._errors[f"internal error in {self._where}: {in_words(error)}, in {line_of} (please report it)"] = None


def in_words(error: BaseException) -> str:
    """An error as Python shows it, in one line; user-defined errors may have no text."""
    return " ".join(traceback.format_exception_only(error)[-1].split())
