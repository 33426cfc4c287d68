"""A drawing that moves in the terminal until a key is pressed. The terminal is afterwards as it was before."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.system.display import escaped

from .drawing import Line
from .interactive import in_notebook, is_interactive
from .interrupt import interruptible

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

FRAME: Final = 0.04
"""Seconds from drawing to drawing."""

_AFRESH: Final = 25
"""Drawings after which the screen is drawn from nothing, in case something else has written to it."""

_SETTLE: Final = 0.05
"""Seconds without a key after which all of what was pressed has arrived: a key may send several characters."""

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h\x1b[?1049l"
"""To a screen of its own, without cursor and line breaks; and back."""

_COLOURS: Final = {"dim": "2", "bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "bold cyan": "1;36"}

Draw = Callable[[int, int], Sequence[Line]]
"""Gives the rows of a drawing for so many columns and rows."""


def has_screen(shell: InteractiveShell) -> bool:
    """Whether drawings can move here: a person looks at a terminal."""
    dumb = termios is None or os.environ.get("TERM", "dumb") == "dumb"
    return is_interactive(shell) and not in_notebook(shell) and not dumb and sys.stdin.isatty() and sys.stdout.isatty()


def animate(shell: InteractiveShell, draw: Draw) -> None:
    """Draw again and again until a key or Ctrl-C is pressed."""
    colours = shell.colors.lower() != "nocolor" and not os.environ.get("NO_COLOR")
    with interruptible() as wish, _keys() as pressed, _screen():
        before: Sequence[str] = ()
        count, size = 0, _size()
        while not wish.is_set():
            began, last, size = time.monotonic(), size, _size()
            drawn = [*draw(size.columns, max(1, size.lines - 1))[: size.lines - 1], [("Press any key to end.", "dim")]]
            rows = [_painted(line, colours) for line in drawn]
            if size != last or count % _AFRESH == 0 or len(rows) != len(before):
                before = ()
            changed = [f"\x1b[{place + 1};1H{row}\x1b[K" for place, row in enumerate(rows) if not before or row != before[place]]
            below = f"\x1b[{len(rows) + 1};1H\x1b[J" if not before and len(rows) < size.lines else ""
            sys.stdout.write("".join(changed) + below)
            sys.stdout.flush()
            before, count = rows, count + 1
            if pressed(max(FRAME / 4, FRAME - (time.monotonic() - began))):
                break


def _size() -> os.terminal_size:
    return os.get_terminal_size(sys.stdout.fileno())


@contextmanager
def _screen() -> Iterator[None]:
    """A screen of its own."""
    try:
        sys.stdout.write(_ENTER)
        yield
    finally:
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()


@contextmanager
def _keys() -> Iterator[Callable[[float], bool]]:
    """Keys are neither shown nor kept; what is yielded waits so many seconds for one."""
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    mode = termios.tcgetattr(descriptor)
    mode[3] &= ~(termios.ICANON | termios.ECHO)
    mode[6][termios.VSUSP] = b"\0"  # Ctrl-Z is a key like others: a program that stops here would leave the terminal so

    def pressed(seconds: float) -> bool:
        found = False
        while select.select([descriptor], [], [], _SETTLE if found else seconds)[0]:
            found = True
            if not os.read(descriptor, 1024):  # the terminal is gone
                break
        return found

    try:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, mode)
        yield pressed
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


def _painted(line: Line, colours: bool) -> str:
    return "".join(f"\x1b[{_COLOURS[style]}m{escaped(text)}\x1b[0m" if colours and style else escaped(text) for text, style in line)
