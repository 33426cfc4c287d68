"""Output to terminals whose encoding lacks characters: drawings use ASCII instead, and printing never fails."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from typing import Final

from IPython.core import page
from IPython.core.interactiveshell import InteractiveShell

from .paging import fitted, hooked

NAME: Final = "ipyclam.plain"
"""Of the handler of encoding errors."""

_PLAIN: Final = {
    **dict.fromkeys("─━┄╌", "-"), **dict.fromkeys("│┃┤├┫┣", "|"), **dict.fromkeys("└┘┌┐┴", "+"),
    "▶": ">", "◀": "<", "→": ">", "←": "<", "·": ".", "…": "~", "×": "x", "°": "d", "▸": ">", "●": "*", "█": "#",
}  # fmt: skip
"""ASCII characters as wide as those that are drawn."""

_BRAILLE: Final = 0x2800
_DOTS: Final = " .:-=+*##"
"""For each number of dots in a braille character."""


def plain(character: str) -> str:
    """ASCII for a character that an encoding lacks."""
    dots = ord(character) - _BRAILLE
    if 0 <= dots < 256:
        return _DOTS[dots.bit_count()]
    return _PLAIN.get(character) or character.encode("ascii", "backslashreplace").decode()


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Write so from now on, to streams whose encoding is not UTF-8. Call the returned function to undo this."""
    undo: list[Callable[[], None]] = []
    for stream in (sys.stdout, sys.stderr):
        encoding, before = getattr(stream, "encoding", None), getattr(stream, "errors", None)
        if encoding and not _is_utf(encoding) and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=NAME)
            undo.append(lambda stream=stream, before=before: stream.reconfigure(errors=before))  # type: ignore[misc]
    if undo:
        encoding = sys.stdout.encoding

        def show_in_pager(shell: InteractiveShell, data: object, start: int, screen_lines: int) -> None:
            page.pager_page(fitted(data).encode(encoding, NAME).decode(encoding), start, screen_lines)

        undo.append(hooked(shell, show_in_pager, priority=1))

    def remove() -> None:
        for each in undo:
            each()

    return remove


def _is_utf(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith("utf")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain, error.object[error.start : error.end])), error.end


codecs.register_error(NAME, _replaced)
