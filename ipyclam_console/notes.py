"""Warnings at the prompt: a line of output, without the file and line of ours that gave it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import ipyclam_core

from .saying import say

OURS = (str(Path(__file__).parent), *ipyclam_core.__path__)


def install() -> Callable[[], None]:
    """Show what we warn of so from now on, and others' warnings as before; what is returned puts back what was there."""
    before = warnings.showwarning

    def show(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None, line: str | None = None
    ) -> None:
        if file is None and filename.startswith(OURS):
            say(f"note: {message}")
        else:
            before(message, category, filename, lineno, file, line)

    warnings.showwarning = show

    def restore() -> None:
        if warnings.showwarning is show:  # else somebody else has taken it over, who knows what was there
            warnings.showwarning = before

    return restore


class shown_warnings(warnings.catch_warnings):
    """Within it every warning is a note."""

    def __init__(self) -> None:
        super().__init__(record=False)

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *rest: say(f"note: {message}")
