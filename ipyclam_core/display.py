"""How names, texts and values from anywhere are shown: in messages, tables, pictures, at the prompt.

A name may hold any character, and a network file may come from anybody. Control characters would reach the terminal as commands:
they set its title, hide text, or change the order in which it is read.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
"""Characters of a value that a message shows."""

_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: the commands of terminals
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # nothing to see, or the order of what is seen
    "\ud800-\udfff\U000e0000-\U000e0fff]"  # halves of characters, and tags
)
_UNSAFE_IN_TEXT: Final = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


def escaped(text: str) -> str:
    """One line that is safe to show: each character that is not visible as Python writes it in a string, ``\\x1b``."""
    return _UNSAFE.sub(_as_python, text)


def escaped_lines(text: str) -> str:
    """A text that is safe to show, with its line ends and tabs."""
    return _UNSAFE_IN_TEXT.sub(_as_python, text)


def brief(value: object, longest: int = LONGEST) -> str:
    """The repr of a value, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # an int of thousands of digits: Python refuses to write it in decimals
        text = hex(value) if isinstance(value, int) else f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _as_python(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
