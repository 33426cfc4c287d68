"""What the console prints: names and paths in it cannot command the terminal."""

from __future__ import annotations

from typing import TextIO

from ipyclam_core.system.display import escaped_lines


def say(text: str, file: TextIO | None = None) -> None:
    """Print a text."""
    print(escaped_lines(text), file=file)
