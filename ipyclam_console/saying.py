"""What the console prints: names and paths in it cannot command the terminal."""

from __future__ import annotations

import sys
from typing import TextIO

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.system.display import escaped_lines

from .wrapping import columns, wrapped


def say(text: str, file: TextIO | None = None) -> None:
    """Print a text, wrapped at the width of the terminal."""
    print(wrapped(escaped_lines(text), columns(file)), file=file)


def remark(shell: InteractiveShell, text: str) -> None:
    """Print a dimmed line."""
    print(dimmed(shell, wrapped(escaped_lines(f"# {text}"), columns())))


def dimmed(shell: InteractiveShell, text: str) -> str:
    """A text, dimmed where the terminal has colours."""
    return f"\x1b[2m{text}\x1b[0m" if shell.colors.lower() != "nocolor" and sys.stdout.isatty() else text
