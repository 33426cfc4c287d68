"""Escapes names, texts and values from anywhere for display: in messages, tables, pictures, at the prompt.

A name may hold any character, and a network file may come from anybody. Control characters would reach the terminal as
commands: they set its title, hide text, or change the order in which it is read.
"""

from __future__ import annotations

import unicodedata
import warnings
from typing import Final

LONGEST: Final = 60
"""Characters of a value that a message shows."""

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls (C0, C1), formats (direction, zero width), halves of characters, other line ends."""


def escaped(text: str) -> str:
    """One line that is safe to show: each control, zero-width and direction character as Python writes it, ``\\x1b``."""
    return text if text.isprintable() else "".join(map(_shown, text))


def escaped_lines(text: str) -> str:
    """A text that is safe to show, with its line ends and tabs."""
    return text if text.isprintable() else "".join(letter if letter in "\n\t" else _shown(letter) for letter in text)


def is_safe(text: str) -> bool:
    """Whether a line is shown as it is."""
    return text.isprintable() or escaped(text) == text


def brief(value: object, longest: int = LONGEST) -> str:
    """The repr of a value, in one line, cut where it is long."""
    try:
        text = repr(value)
    except Exception:  # an int of thousands of digits, which Python refuses to write in decimals; what anybody's class does
        text = hex(value) if type(value) is int else f"a {type(value).__name__} that cannot be shown"
    if "\n" in text:  # an array of several rows
        text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def warn(text: str, stacklevel: int = 1) -> None:
    """``warnings.warn``, with a text that is safe to show."""
    warnings.warn(escaped_lines(text), stacklevel=stacklevel + 1)


def _shown(letter: str) -> str:
    return repr(letter)[1:-1] if unicodedata.category(letter) in _UNSAFE else letter
