"""What the console prints: names and paths in it cannot command the terminal."""

from __future__ import annotations

from typing import TextIO

from ipyclam_core.system.display import escaped_lines

from .wrapping import columns, wrapped


def say(text: str, file: TextIO | None = None) -> None:
    """Print a text, wrapped at the width of the terminal."""
    print(wrapped(escaped_lines(text), columns(file)), file=file)
