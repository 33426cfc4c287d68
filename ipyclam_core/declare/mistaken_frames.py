"""Checks of the ports of types that are called for each frame, and of the data types of all ports."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import DefinitionError, suggest
from .declaration import Declared, Form, Length
from .frames import AUDIO, FrameSpec, frame_types

DATA = "ipyclam_core.data"


def check_ports(name: str, form: Form, members: Mapping[str, Any], items: tuple[Declared, ...]) -> None:
    """Raise `DefinitionError` for ports that could not work."""
    ports = [item for item in items if item.role in ("inports", "outports")]
    for item in ports:
        if item.frame is None:
            _check_type(name, item)
    if not any(item.framed for item in ports):
        for item in ports:
            if item.hop or item.before:
                raise DefinitionError(name, f"{item.attribute} has a hop, but no size. Give both: size=1024, hop=512")
        return
    if form != "process":
        why = "its ports hold frames or have a size, so its function is called for each of these"
        raise DefinitionError(name, f"a {form} type cannot be that: {why}. Write process")
    for item in ports:
        if not item.framed:
            why = "process is called for each frame, not once a block"
            raise DefinitionError(name, f"{item.attribute} needs a size, because other ports hold frames or have one: {why}")
        if item.many and item.frame is None:
            raise DefinitionError(name, f"{item.attribute} has a size and a count. Ports of samples in pieces are declared one by one")
        _check_numbers(name, item, members, items)
    for item in ports:
        if item.role == "outports" and item.frame is not None:
            _check_form(name, item, items)
        elif item.copies:
            raise DefinitionError(name, f"{item.attribute} copies {item.copies!r}, but holds samples. Only a port of a data type copies")


def _check_type(name: str, item: Declared) -> None:
    said = getattr(item.spec, "type", "")
    if said in AUDIO:
        return
    for module in pkgutil.iter_modules(importlib.import_module(DATA).__path__):
        importlib.import_module(f"{DATA}.{module.name}")
    if said in frame_types:
        place = f"from {DATA}.{_module_of(said)} import {_attribute_of(said)}"
        raise DefinitionError(name, f"{item.attribute} has the type {said!r}. Give the data type itself: {place}")
    known = [*AUDIO, *frame_types]
    raise DefinitionError(name, f"{item.attribute} has the type {said!r}, which no data type declares{suggest(str(said), known)}")


def _places(said: str) -> Iterable[tuple[str, str]]:
    for module in pkgutil.iter_modules(importlib.import_module(DATA).__path__):
        for attribute, value in vars(importlib.import_module(f"{DATA}.{module.name}")).items():
            if isinstance(value, FrameSpec) and value.name == said:
                yield module.name, attribute


def _module_of(said: str) -> str:
    return next(iter(_places(said)), ("...", said))[0]


def _attribute_of(said: str) -> str:
    return next(iter(_places(said)), ("...", said))[1]


def _check_numbers(name: str, item: Declared, members: Mapping[str, Any], items: tuple[Declared, ...]) -> None:
    """Sizes are numbers above 0, or names of parameters that are integers, or of what ``ports`` returns."""
    for what in ("size", "hop", "before"):
        _check_number(name, f"the {what} of {item.attribute}", getattr(item, what), members, items, least=0)
    for length, said in item.lengths:
        port, _, theirs = said.partition(".") if isinstance(said, str) else ("", "", "")
        if not theirs:
            _check_number(name, f"the length {length} of {item.attribute}", said, members, items, least=1)
            continue
        source = next((other for other in items if other.attribute == port and other.role == "inports" and other.frame), None)
        if source is None or source.frame is None:
            raise DefinitionError(name, f"the length {length} of {item.attribute} is that of {port!r}, which is no in port of a data type")
        if theirs not in source.frame.lengths:
            raise DefinitionError(name, f"the rows of {port} have no length {theirs!r}{suggest(theirs, source.frame.lengths)}")


def _check_number(name: str, what: str, said: Length, members: Mapping[str, Any], items: tuple[Declared, ...], least: int) -> None:
    if isinstance(said, str):
        parameters = {key: item for item in items if item.role == "config" for key in (item.attribute, item.spec.name)}
        if said in parameters:
            kind = getattr(parameters[said].spec, "type", "")
            if kind != "int":
                raise DefinitionError(name, f"{what} is given by {said}, a {kind}. Declare an int: config(1024)")
        elif members.get("ports") is None:
            raise DefinitionError(name, f"{what} refers to a parameter {said!r}, which is not declared{suggest(said, parameters)}")
    elif isinstance(said, bool) or not isinstance(said, int) or said < least:
        raise DefinitionError(name, f"{what} is {said!r}. It is a number, or the name of a parameter or of a number that ports returns")


def _check_form(name: str, item: Declared, items: tuple[Declared, ...]) -> None:
    """An out port of a data type says how long its rows are."""
    assert item.frame is not None
    if item.copies:
        source = next((other for other in items if other.attribute == item.copies and other.role == "inports"), None)
        counts = [getattr(port.spec, "count", "") for port in (source, item) if port is not None]
        if source is not None and source.frame == item.frame and counts[0] != counts[1]:
            words = [f"count={count!r}" if count else "no count" for count in counts]
            differ = f"{item.attribute} copies {item.copies}, but has {words[1]} where that has {words[0]}"
            raise DefinitionError(name, f"{differ}. Give both the same")
        if source is None or source.frame != item.frame:
            able = [other.attribute for other in items if other.role == "inports" and other.frame == item.frame]
            said = f"{item.attribute} copies {item.copies!r}, which is no in port of the type {item.frame.name}"
            raise DefinitionError(name, f"{said}{suggest(item.copies, able)}")
        return
    given = dict(item.lengths)
    for length in item.frame.lengths:
        if length not in given:
            example = f"out_port({item.spec.name!r}, {item.frame.name}, {length}=513)"
            raise DefinitionError(
                name, f"{item.attribute} does not say how long its rows are: {length}. Give a number or a name: {example}"
            )
    for length in given:
        if length not in item.frame.lengths:
            raise DefinitionError(name, f"the rows of {item.attribute} have no length {length!r}{suggest(length, item.frame.lengths)}")
