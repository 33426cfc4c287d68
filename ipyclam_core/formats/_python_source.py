"""Parses the statements of a Python file in bounded time and memory, without running it.

The parser of Python receives a few kilobytes at a time. Statements that are too long or nested too deeply, and f-strings,
are refused before they reach the parser.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from ..errors import FormatError
from ..frontend.names import quoted
from ._loading import read_network_file

MAX_BYTES: Final = 64 << 20
MAX_DEPTH: Final = 40  # of brackets
MAX_CODE: Final = 201_000  # characters of one statement without its strings: the parser may take a kilobyte for each
MAX_STATEMENT: Final = 1 << 24  # characters of one statement with its strings
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
    """The statements of a file in turn, each with the offset of its line numbers.

    Raises ``FormatError`` with the line if the file is not valid Python or exceeds a limit.
    """
    for batch, line in _batches(_text(path), path):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about odd escapes and comparisons: the interpreter refuses what is not allowed
                tree = ast.parse(batch)
        except SyntaxError as error:
            raise FormatError(path, line + (error.lineno or 1), f"this is not valid Python: {error.msg}") from None
        except (RecursionError, MemoryError):
            raise FormatError(path, line + _deep_line(batch), "a statement is nested too deeply") from None
        except (ValueError, OverflowError) as error:
            raise FormatError(path, line + 1, f"this is not valid Python: {error}") from None
        for statement in tree.body:
            yield statement, line


def is_too_long(statement: str) -> bool:
    """Whether a statement of one line exceeds the limits of `statements`."""
    if len(statement) <= MAX_CODE:
        return False
    strings = sum(len(token[0]) for token in _TOKEN.finditer(statement) if token.lastgroup == "string")
    return len(statement) >= MAX_STATEMENT or len(statement) - strings >= MAX_CODE


def not_allowed(what: str, path: str | os.PathLike[str]) -> str:
    """The message for statements and expressions of Python that network files may not contain."""
    return f"{what} are not allowed in network files. {if_trusted(path)}"


def if_trusted(path: str | os.PathLike[str]) -> str:
    """The sentence that says how to run a file as Python."""
    return f"If you trust the file, run it as Python: net.load({quoted(os.fspath(path))}, trusted=True), in the console %open --trusted"


def _text(path: str | os.PathLike[str]) -> str:
    data = read_network_file(path, MAX_BYTES).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise FormatError(path, data.count(b"\n", 0, data.index(b"\0")) + 1, "the file contains a null byte")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise FormatError(path, data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8") from None


def _batches(text: str, path: str | os.PathLike[str]) -> Iterator[tuple[str, int]]:
    """Batches of complete statements, each with the number of lines before it."""
    line = start = statement = depth = strings = 0

    def refuse(where: int, why: str) -> FormatError:
        return FormatError(path, line + text.count("\n", start, where) + 1, why)

    for token in _TOKEN.finditer(text):
        kind, place, end = token.lastgroup, token.start(), token.end()
        if kind == "string":
            strings += end - place
            if _FORMATTED.search(text, max(0, place - 3), place):
                raise refuse(place, not_allowed("f-strings", path))
        if end - statement - strings > MAX_CODE or end - statement > MAX_STATEMENT:
            raise refuse(statement, "this statement is too long for a network file")
        if kind == "stray":
            found = "unexpected backslash" if token[0] == "\\" else "unterminated string"
            raise refuse(place, f"this is not valid Python: {found}")
        if kind == "open":
            depth += 1
            if depth > MAX_DEPTH:
                raise refuse(place, f"brackets are nested too deeply. The limit is {MAX_DEPTH} levels")
        elif kind == "close":
            depth -= 1
            if depth < 0:
                raise refuse(place, f"this is not valid Python: unmatched {token[0]!r}")
        elif kind == "end" and not depth:
            if text[end : end + 1] in (" ", "\t", "#", "\n"):
                continue  # perhaps the body of a block: it belongs to the statement before
            statement, strings = end, 0
            if statement - start > _BATCH:
                yield text[start:statement], line
                line += text.count("\n", start, statement)
                start = statement
    yield text[start:], line


def _deep_line(batch: str) -> int:
    """The line of a statement that is nested too deeply: the first line at which the parser gives up. Python does not report it."""
    lines = batch.split("\n")

    def gives_up(count: int) -> bool:
        try:
            ast.parse("\n".join(lines[:count]))
        except (RecursionError, MemoryError):
            return True
        except (SyntaxError, ValueError):
            return False  # an incomplete statement
        return False

    return bisect_left(range(len(lines)), True, key=lambda count: gives_up(count + 1)) + 1
