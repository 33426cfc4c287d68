"""The content of a `.clamnetwork` file, parsed without any engine."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from typing import Final

from ..errors import FormatError
from ..proxy import Kind
from ._clam_names import UNTITLED
from ._xml_tree import Element, parse

KINDS: Final[dict[str, Kind]] = {"port_connection": "Port", "control_connection": "Control"}

_NUMBER: Final = r"\s*([+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?)\s*"
_PAIR: Final = re.compile(f"{_NUMBER},{_NUMBER}", re.ASCII)

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ProcessingEntry:
    """A ``<processing>``; the children of `element` are its configuration."""

    name: str
    type: str
    position: Pair | None
    size: Pair | None
    element: Element


@dataclass(frozen=True, slots=True)
class WireEntry:
    """A ``<port_connection>`` or ``<control_connection>``, with its ends as written in the file."""

    kind: Kind
    out: str
    into: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    description: str
    processings: tuple[ProcessingEntry, ...]
    wires: tuple[WireEntry, ...]


def read(path: str | os.PathLike[str]) -> Document:
    """Read a file. Raises ``FormatError`` with the line of the error."""
    root = parse(path)
    if root.tag != "network":
        raise FormatError(path, root.line, f"a CLAM network file must start with <network>, not <{root.tag[:60]}>")
    processings: dict[str, ProcessingEntry] = {}
    wires: list[WireEntry] = []
    texts: list[str] = []
    if root.text.strip():
        raise FormatError(path, root.line, f"text is not allowed in <network>: {root.text.strip()[:40]!r}")
    for child in root.children:
        if child.tag == "processing":
            entry = _processing(child, path)
            if entry.name in processings:
                first = processings[entry.name].element.line
                raise FormatError(path, child.line, f"processing {entry.name!r} already exists: see line {first}")
            processings[entry.name] = entry
        elif child.tag in KINDS:
            wires.append(_wire(child, path))
        elif child.tag in ("description", "information"):
            texts.append(_text(child, path))
        else:
            raise FormatError(path, child.line, f"<{child.tag[:60]}> is not allowed in <network>")
    title = root.attributes.get("id", "")
    return Document(
        title="" if title == UNTITLED else title,
        description="\n".join(filter(None, texts)),
        processings=tuple(processings.values()),
        wires=tuple(wires),
    )


def _processing(element: Element, path: str | os.PathLike[str]) -> ProcessingEntry:
    for attribute in ("id", "type"):
        if not element.attributes.get(attribute):
            raise FormatError(path, element.line, f"<processing> needs the attribute {attribute!r}")
    if not element.children and element.text.strip():
        raise FormatError(path, element.line, f"text is not allowed in <processing>: {element.text.strip()[:40]!r}")
    position, size = _pair(element, "position", path), _pair(element, "size", path)
    return ProcessingEntry(element.attributes["id"], element.attributes["type"], position, size, element)


def _pair(element: Element, attribute: str, path: str | os.PathLike[str]) -> Pair | None:
    text = element.attributes.get(attribute)
    if text is None:
        return None
    match = _PAIR.fullmatch(text) if len(text) < 100 else None
    pair = (float(match[1]), float(match[2])) if match else (math.inf, math.inf)
    if not all(map(math.isfinite, pair)):
        raise FormatError(path, element.line, f'{attribute} must be two numbers such as "12,34", not {text[:40]!r}')
    return pair


def _wire(element: Element, path: str | os.PathLike[str]) -> WireEntry:
    ends: dict[str, str] = {}
    for child in element.children:
        if child.tag not in ("out", "in") or child.tag in ends:
            raise FormatError(path, child.line, f"<{element.tag}> must contain one <out> and one <in>")
        ends[child.tag] = _text(child, path)
        if "." not in ends[child.tag]:
            raise FormatError(path, child.line, f"<{child.tag}> must be Processing.Connector, not {ends[child.tag].strip()[:60]!r}")
    if len(ends) < 2:
        raise FormatError(path, element.line, f"<{element.tag}> must contain one <out> and one <in>")
    return WireEntry(KINDS[element.tag], ends["out"], ends["in"], element.line)


def _text(element: Element, path: str | os.PathLike[str]) -> str:
    if element.children:
        raise FormatError(path, element.children[0].line, f"<{element.tag}> must contain only text, not <{element.children[0].tag[:60]}>")
    return element.text
