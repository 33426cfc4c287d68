"""Escapes names, texts and values from anywhere for display: in messages, tables, pictures, at the prompt.

A name may hold any character, and a network file may come from anybody. Control characters would reach the terminal as
commands: they set its title, hide text, or change the order in which it is read.
"""

from __future__ import annotations

import math
import struct
import unicodedata
import warnings
from typing import Final

LONGEST: Final = 60
"""Characters of a value that a message shows."""

_DIGITS: Final = 9
"""Enough for every number of 32 bits."""

_PLAIN: Final = 1e9
"""Whole numbers below it are written without an exponent."""

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


def number(value: float) -> str:
    """A number for people: ``440``, ``0.3``. One that fits into 32 bits has enough digits to tell it from all others that do.

    >>> number(440.0), number(0.30000001192092896), number(1 / 3)
    ('440', '0.3', '0.333333333')
    """
    if abs(value) < _PLAIN and value == int(value):
        return f"{value:.0f}"
    if _single(value) == value:
        return next(text for digits in range(1, _DIGITS + 1) if _single(float(text := f"{value:.{digits}g}")) == value)
    return f"{value:.{_DIGITS}g}"


class IpyclamWarning(UserWarning):
    """A warning of ipyclam."""


def warn(text: str, stacklevel: int = 1) -> None:
    """``warnings.warn``, with a text that is safe to show."""
    warnings.warn(escaped_lines(text), IpyclamWarning, stacklevel=stacklevel + 1)


def _single(value: float) -> float:
    """The nearest number of 32 bits; infinity beyond them."""
    try:
        nearest: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.inf
    return nearest


def _shown(letter: str) -> str:
    return repr(letter)[1:-1] if unicodedata.category(letter) in _UNSAFE else letter
