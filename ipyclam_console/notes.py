"""Warnings at the prompt: a line of output, without the file and line of ours that gave it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import ipyclam_core
from ipyclam_core.system.display import IpyclamWarning

from .saying import say

OURS = (str(Path(__file__).parent), *ipyclam_core.__path__)


def install() -> Callable[[], None]:
    """Print our warnings as notes from now on, others as before. Call the returned function to undo this."""
    before = warnings.showwarning

    def show(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None, line: str | None = None
    ) -> None:
        if file is None and (issubclass(category, IpyclamWarning) or filename.startswith(OURS)):
            say(f"note: {message}")
        else:
            before(message, category, filename, lineno, file, line)

    warnings.showwarning = show

    def restore() -> None:
        if warnings.showwarning is show:  # else another hook has replaced it, which keeps a reference to the earlier one
            warnings.showwarning = before

    return restore


class shown_warnings(warnings.catch_warnings):
    """Prints every warning in the block as a note."""

    def __init__(self) -> None:
        super().__init__(record=False)

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *rest: say(f"note: {message}")
