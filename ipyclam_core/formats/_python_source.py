"""The statements of a Python file, in bounded time and memory: parsed, never run.

Python's own parser is given a few kilobytes at a time. What is nested too deeply, too long, or in need of more than a
network file is, is refused before the parser sees it.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..errors import FormatError

MAX_BYTES: Final = 64 << 20
MAX_DEPTH: Final = 40  # of brackets
MAX_CODE: Final = 1 << 18  # characters of one statement, its strings not counted
MAX_STATEMENT: Final = 1 << 24  # with them
_BATCH: Final = 1 << 16

_TOKEN: Final = re.compile(
    r"""[^\n"'\#()\[\]{}\\]++
    | (?P<string> \"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
                | "(?:[^"\\\n]++|\\.)*+" | '(?:[^'\\\n]++|\\.)*+' )
    | (?P<open> [(\[{]) | (?P<close> [)\]}]) | (?P<end> \n) | \#[^\n]*+ | \\\n | (?P<stray> .)""",
    re.VERBOSE | re.DOTALL,
)
_FORMATTED: Final = re.compile(r"(?<!\w)(?:[fF][rR]?|[rR][fF])\Z")


def statements(path: str | os.PathLike[str]) -> Iterator[tuple[ast.stmt, int]]:
    """The statements of a file, one after the other, each with the number to add to its line numbers.

    ``FormatError`` with file and line where it is no Python, or more than a network file may be.
    """
    for batch, line in _batches(_text(path), path):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd escapes and comparisons: what is read decides what is refused
                tree = ast.parse(batch)
        except SyntaxError as error:
            raise FormatError(path, line + (error.lineno or 1), f"this is not Python: {error.msg}") from None
        except (RecursionError, MemoryError):
            raise FormatError(path, line + _deep_line(batch), "a statement is nested too deeply") from None
        except (ValueError, OverflowError) as error:
            raise FormatError(path, line + 1, f"this is not Python: {error}") from None
        for statement in tree.body:
            yield statement, line


def _text(path: str | os.PathLike[str]) -> str:
    size = Path(path).stat().st_size
    if size > MAX_BYTES:
        raise FormatError(path, 1, f"{size:,} bytes are more than a network file may have ({MAX_BYTES:,})")
    data = Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise FormatError(path, data.count(b"\n", 0, data.index(b"\0")) + 1, "there is a null byte in it")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise FormatError(path, data.count(b"\n", 0, error.start) + 1, "it is not UTF-8") from None


def _batches(text: str, path: str | os.PathLike[str]) -> Iterator[tuple[str, int]]:
    """Pieces of whole statements, each with the number of lines before it."""
    line = start = statement = depth = strings = 0

    def refuse(where: int, why: str) -> FormatError:
        return FormatError(path, line + text.count("\n", start, where) + 1, why)

    for token in _TOKEN.finditer(text):
        kind, place, end = token.lastgroup, token.start(), token.end()
        if kind == "string":
            strings += end - place
            if _FORMATTED.search(text, max(0, place - 3), place):
                raise refuse(place, "a network file has no f-strings")
        if end - statement - strings > MAX_CODE or end - statement > MAX_STATEMENT:
            raise refuse(statement, "a statement is longer than those of a network file may be")
        if kind == "stray":
            raise refuse(place, "this is not Python: a stray backslash" if token[0] == "\\" else "this is not Python: a string has no end")
        if kind == "open":
            depth += 1
            if depth > MAX_DEPTH:
                raise refuse(place, f"brackets are nested deeper than {MAX_DEPTH}")
        elif kind == "close":
            depth -= 1
            if depth < 0:
                raise refuse(place, f"{token[0]!r} closes nothing")
        elif kind == "end" and not depth:
            if text[end : end + 1] in (" ", "\t", "#", "\n"):
                continue  # the body of a block, maybe: part of the statement before
            statement, strings = end, 0
            if statement - start > _BATCH:
                yield text[start:statement], line
                line += text.count("\n", start, statement)
                start = statement
    yield text[start:], line


def _deep_line(batch: str) -> int:
    """The line of what is nested too deeply, for which Python's parser names none: the first after which it gives up."""
    lines = batch.split("\n")

    def gives_up(count: int) -> bool:
        try:
            ast.parse("\n".join(lines[:count]))
        except (RecursionError, MemoryError):
            return True
        except (SyntaxError, ValueError):
            return False  # of a statement that was cut
        return False

    return bisect_left(range(len(lines)), True, key=lambda count: gives_up(count + 1)) + 1
