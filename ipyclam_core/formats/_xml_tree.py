"""A small, hardened XML reader. Elements know their line. XML features that network files do not need are refused.

Document types and entities are refused: nothing is expanded, nothing is fetched. Size, depth and number of elements are
limited.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from ..errors import FormatError
from ._loading import read_network_file

MAX_BYTES: Final = 64 << 20
MAX_ELEMENTS: Final = 1_000_000
MAX_DEPTH: Final = 50
MAX_ATTRIBUTES: Final = 100


@dataclass(slots=True)
class Element:
    """One element. Only elements without children may have text."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)


def parse(path: str | os.PathLike[str]) -> Element:
    """The root element of the XML file at `path`. Raises ``FormatError`` with the line of the error.

    The default encoding is UTF-8. Files that are not valid UTF-8 are read as Latin-1, like those of old CLAM versions.
    """
    data = read_network_file(path, MAX_BYTES)
    if not data.strip():
        raise FormatError(path, 1, "the file is empty")
    return _Reader(path, data).root


class _Reader:
    def __init__(self, path: str | os.PathLike[str], data: bytes) -> None:
        self._path = path
        self._count = 0
        self._open: list[Element] = []
        self._parser = parser = expat.ParserCreate(_override(data))
        parser.buffer_text = True
        parser.buffer_size = 1 << 20
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        self.root = Element("", {}, 1)
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code) or "unknown error"
            raise FormatError(path, error.lineno, f"this is not well-formed XML: {reason}") from None
        except (LookupError, ValueError) as error:  # an encoding that is unknown to Python, or multi-byte
            if isinstance(error, FormatError):
                raise
            raise FormatError(path, 1, f"the encoding is not supported: {error}. Save the file as UTF-8") from None

    def _refuse(self, why: str) -> FormatError:
        return FormatError(self._path, self._parser.CurrentLineNumber, why)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise self._refuse(f"the file has too many elements. The limit is {MAX_ELEMENTS:,}")
        if len(self._open) >= MAX_DEPTH:
            raise self._refuse(f"elements are nested too deeply. The limit is {MAX_DEPTH} levels")
        if len(attributes) > MAX_ATTRIBUTES:
            raise self._refuse(f"<{tag[:60]}> has too many attributes. The limit is {MAX_ATTRIBUTES}")
        element = Element(tag, attributes, self._parser.CurrentLineNumber)
        if self._open:
            parent = self._open[-1]
            if parent.text.strip():
                raise self._refuse(f"text is not allowed beside <{tag[:60]}>: {parent.text.strip()[:40]!r}")
            parent.text = ""
            parent.children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, tag: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if not element.children:
            element.text += text
        elif text.strip():
            raise self._refuse(f"text is not allowed beside <{element.children[-1].tag[:60]}>: {text.strip()[:40]!r}")

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise self._refuse("document types (<!DOCTYPE ...>) and entities are not allowed in network files")


def _override(data: bytes) -> str | None:
    """Latin-1 for a file that should be UTF-8, declared or by default, but is not valid UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] in (b"\x00<\x00?", b"<\x00?\x00"):
        return None
    declared = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", data[:200].lstrip(b"\xef\xbb\xbf \r\n\t"))
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8"):
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        return "iso-8859-1"
    return None
