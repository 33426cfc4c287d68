"""Writes a network as XML for CLAM: all parameters, in declared order, with bools as 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..errors import NotWritable
from ..frontend.code import relative_paths
from ..frontend.history import RecordingProxy
from ..frontend.names import index
from ..proxy import ConnectorId, Direction, Kind, ProcessingState, Wire
from ._clam_document import KINDS
from ._clam_names import SIDES, UNTITLED, Ends
from ._clam_placeholders import natural
from ._clam_values import as_elements, number, write_config
from ._xml_tree import Element

CLAM_VERSION: Final = "1.4.1"

_TAG: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_IMPOSSIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT: Final = str.maketrans(_ESCAPES)
_ATTRIBUTE: Final = str.maketrans(_ESCAPES | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def write(proxy: RecordingProxy, folder: str | None) -> str:
    """The text of the file.

    Parameters
    ----------
    proxy : the network.
    folder : the folder of the file, to which its paths are relative; None: relative to the current directory.

    Raises
    ------
    NotWritable : XML cannot contain a name or a value, or a wire would be read as another wire.
    """
    info = proxy.info()
    processings = proxy.processings()
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="no" ?>']
    lines.append(f'<network clamVersion="{CLAM_VERSION}" id="{_attribute(info.title or UNTITLED)}">\n')
    if info.description:
        lines.append(f"  <description>{_text(info.description)}</description>\n")
    for state in processings.values():
        lines.extend(_processing(state, folder))
    known = {name: frozenset(_connectors(state)) for name, state in processings.items() if not state.placeholder}
    ends = Ends(processings, lambda end: (end.kind, end.direction, end.name) in known.get(end.processing, ()))
    made = sorted(proxy.wires(), key=_order(processings))
    for tag, kind in KINDS.items():
        for wire in made:
            if wire.kind == kind:
                lines.append(_wire(tag, _checked(wire.out_end, ends), _checked(wire.in_end, ends)))
        for wire in info.waiting:
            if wire.kind == kind and wire not in proxy.wires():
                lines.append(_wire(tag, _written(wire.out_end), _written(wire.in_end)))
    lines.append("</network>\n")
    return "\n".join(lines)


def _order(processings: Mapping[str, ProcessingState]) -> Callable[[Wire], tuple[Any, ...]]:
    """The canonical order, as in ``net.code()``. Connectors of placeholders are sorted by name, as after loading."""
    places = {name: place for place, name in enumerate(processings)}

    def connector(end: ConnectorId) -> Any:
        state = processings[end.processing]
        return natural(end.name) if state.placeholder else index(state, end)

    return lambda wire: (places[wire.source], connector(wire.out_end), places[wire.target], connector(wire.in_end))


def _processing(state: ProcessingState, folder: str | None) -> Iterator[str]:
    attributes = f'id="{_attribute(state.name)}" type="{_attribute(state.spec.name)}"'
    for name, pair in (("position", state.position), ("size", state.size)):
        if pair is not None:
            attributes += f' {name}="{number(pair[0])},{number(pair[1])}"'
    if state.placeholder:
        children = list(as_elements(state.config))
    else:
        children = list(write_config(state.spec.parameters, relative_paths(state.spec.parameters, state.config, folder)))
    if not children:
        yield f"  <processing {attributes}/>\n"
        return
    yield f"  <processing {attributes}>"
    for child in children:
        try:
            yield from _element(child, "    ")
        except NotWritable as error:
            raise NotWritable(f"{state.name}: {error}. Save as .py instead") from None
    yield "  </processing>\n"


def _element(element: Element, indent: str) -> Iterator[str]:
    if not _TAG.fullmatch(element.tag):
        raise NotWritable(f"XML cannot contain a parameter called {element.tag!r}")
    attributes = "".join(f' {name}="{_attribute(value)}"' for name, value in element.attributes.items())
    if not element.children:
        yield f"{indent}<{element.tag}{attributes}>{_text(element.text)}</{element.tag}>"
        return
    yield f"{indent}<{element.tag}{attributes}>"
    for child in element.children:
        yield from _element(child, indent + "  ")
    yield f"{indent}</{element.tag}>"


def _wire(tag: str, out: str, into: str) -> str:
    return f"  <{tag}>\n    <out>{_text(out)}</out>\n    <in>{_text(into)}</in>\n  </{tag}>\n"


def _written(end: ConnectorId) -> str:
    return f"{end.processing}.{end.name}"


def _checked(end: ConnectorId, ends: Ends) -> str:
    """The text of a connector; raises `NotWritable` if it would be read as another connector."""
    text = _written(end)
    if ends.read(text, end.kind, end.direction) != end:
        raise NotWritable(
            f"{text!r} (connector {end.name!r} of {end.processing!r}) would be read as another connector, because of the dots. "
            "Rename the processing, or save as .py"
        )
    return text


def _connectors(state: ProcessingState) -> Iterator[tuple[Kind, Direction, str]]:
    for side in SIDES:
        for spec in state.connectors.of(*side):
            yield (*side, spec.name)


def _text(text: str) -> str:
    return _possible(text).translate(_TEXT)


def _attribute(text: str) -> str:
    return _possible(text).translate(_ATTRIBUTE)


def _possible(text: str) -> str:
    if _IMPOSSIBLE.search(text):
        raise NotWritable(f"XML cannot contain the characters of {text[:60]!r}")
    return text
