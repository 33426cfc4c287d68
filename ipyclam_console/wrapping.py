"""Lines that end between words, at the width of the terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO

NARROWEST = 20
"""Columns that lines have at least."""

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_LEAD = frozenset("│├└─")
_BELOW = str.maketrans("├└─", "│  ")
"""What is below the branches of a tree, in further rows of the same item."""

_DRAWN = frozenset("┐┘")
_DEFINITION = re.compile(r"\s*(?:--?\w|\*{0,2}\w[\w ,*]* : )")
"""A parameter or an option: lines that are indented more go on with it."""

_APART = re.compile(r"\s*(?:$|[-*•>=%$#:]|\.\.\. |\w+(?:,? \w+){0,2} ?:|.* [>=] |.*  #)")
"""A line of its own: a definition, an item, a prompt, an underline, a statement. Other lines are of a paragraph."""

_SOURCE = re.compile(r"^(?:\x1b\[[0-9;]*m)*Source:", re.MULTILINE)
"""Where the code begins that ``??`` shows."""


def columns(stream: TextIO | None = None) -> int | None:
    """How long a line may be on the terminal that a stream writes to; None if it writes to something else."""
    stream = sys.stdout if stream is None else stream
    try:
        return max((os.get_terminal_size(stream.fileno()).columns or 80) - 1, NARROWEST) if stream.isatty() else None
    except (AttributeError, OSError, ValueError):  # a stream of somebody's own, or one that is closed
        return None


def wrapped(text: str, width: int | None, hang: int = 2) -> str:
    """A text whose lines end between words, at `width`. Further rows of a line are indented as it is, and by `hang` more.

    Spaces, styles and the branches of trees are kept. Words that are longer than a row are not cut.
    """
    if width is None or (len(text) <= width and text.isascii()):
        return text
    return "\n".join(row for line in text.split("\n") for row in _rows(line, width, hang))


def reflowed(page: str, width: int | None) -> str:
    """A page of help for a terminal: paragraphs are filled again where they are too wide, pictures omitted, and code is kept."""
    if width is None:
        return page
    code = _SOURCE.search(page)
    text, rest = (page[: code.start()], page[code.start() :]) if code else (page, "")
    found: list[str] = []
    for empty, lines in groupby(text.split("\n"), lambda line: not line.strip()):
        block = list(lines)
        if empty:
            found += block if found[-1:] != [""] else block[1:]  # where a picture was
        elif not (_is_drawn(block) and max(map(cells, block)) > width):
            found += (wrapped(line, width, 4 if _DEFINITION.match(_bare(line)) else 0) for line in _filled(block, width))
    return "\n".join(found) + rest


def cells(text: str) -> int:
    """The columns that a text takes in a terminal."""
    bare = _bare(text) if "\x1b" in text else text
    if bare.isascii():
        return len(bare)
    from prompt_toolkit.utils import get_cwidth

    return get_cwidth(bare)


def _rows(line: str, width: int, hang: int) -> Iterator[str]:
    if cells(line) <= width:
        yield line
        return
    pieces = re.split("( +)", line)
    lead = _lead(pieces)
    row = "".join(pieces[:lead])
    below = _bare(row).translate(_BELOW)[: width // 2] + " " * hang
    taken, begun = cells(row), False
    for gap, word in zip(["", *pieces[lead + 1 :: 2]], pieces[lead::2], strict=False):
        long = cells(word)
        if begun and taken + len(gap) + long > width:
            yield row
            row, taken = below + word, len(below) + long
        else:
            row, taken = row + gap + word, taken + len(gap) + long
        begun = True
    yield row


def _lead(pieces: Sequence[str]) -> int:
    """How many of the pieces, spaces and words by turns, are the indent of a line and the branches of a tree."""
    for k in range(0, len(pieces), 2):
        if set(_bare(pieces[k])) - _LEAD:
            return k
    return 0


def _filled(block: Sequence[str], width: int) -> Iterator[str]:
    """The lines of a block; those of a paragraph or a definition that is too wide as one line."""
    lines = list(block)
    while lines:
        line = lines.pop(0)
        if cells(line) > width:
            bare = _bare(line)
            indent, defines, apart = _indent(bare), _DEFINITION.match(bare), _APART.match(bare)
            while lines and not _APART.match(_bare(lines[0])) and _goes_on(_indent(lines[0]), indent, bool(defines), bool(apart)):
                line += " " + lines.pop(0).strip()
        yield line


def _goes_on(indent: int, first: int, defines: bool, apart: bool) -> bool:
    """Whether a line so indented belongs to one above."""
    return indent > first if defines else indent == first and not apart


def _bare(line: str) -> str:
    return _STYLE.sub("", line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_drawn(block: Sequence[str]) -> bool:
    """Whether it is a picture of boxes; a tree has branches only."""
    return any(_DRAWN & set(line) for line in block)
