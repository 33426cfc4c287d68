"""Converts parameter values from and to the XML of CLAM. Values without a declared parameter stay strings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ..errors import FormatError, NameError_, NoSuchParameter, ParameterTypeError, ParameterValueError
from ..parameters import ParameterSpec
from ._clam_upgrades import DROPPED, file_name
from ._xml_tree import Element

_INT: Final = re.compile(r"[+-]?[0-9]{1,40}", re.ASCII)
_FLOAT: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_BOOLS: Final = {"0": False, "1": True, "false": False, "true": True}
_WORDS: Final = {
    "float": "a number", "int": "a whole number", "bool": "0, 1, true or false",
    "floats": "as many numbers as its attribute size says", "ints": "as many whole numbers as its attribute size says",
}  # fmt: skip


def read_config(
    parameters: Iterable[ParameterSpec], parent: Element, owner: str, path: str | os.PathLike[str], dropped: list[str]
) -> dict[str, Any]:
    """The values of `parameters` in the children of `parent`, which may have any order.

    Parameters without a child are omitted, except optional ones: CLAM treats them as unset (None). Those that only older versions
    of CLAM had are added to `dropped`.
    """
    known = {spec.name: spec for spec in parameters}
    config: dict[str, Any] = {}
    for child in parent.children:
        spec = known.get(child.tag)
        if spec is None and child.tag in DROPPED:
            dropped.append(f"{owner}.{child.tag}")
            continue
        try:
            if spec is None:
                raise NoSuchParameter(owner, child.tag, known)
            if child.tag in config:
                raise FormatError(path, child.line, f"{owner}.{child.tag} appears twice. Delete one of them")
            if spec.type == "config":
                config[spec.name] = read_config(spec.fields, child, f"{owner}.{spec.name}", path, dropped)
            else:
                config[spec.name] = spec.check(_read(spec, child, owner), owner)
        except (NameError_, ParameterTypeError, ParameterValueError) as error:
            raise FormatError(path, child.line, str(error)) from error
    if not parent.children and parent.text.strip():
        raise FormatError(path, parent.line, f"{owner} must contain an element for each parameter, not the text {_brief(parent.text)}")
    config.update({spec.name: None for spec in known.values() if spec.optional and spec.name not in config})
    return config


def _read(spec: ParameterSpec, element: Element, owner: str) -> Any:
    """Parse the text of an element."""
    element = file_name(element) if spec.type == "file" else element
    if element.children:
        raise ParameterTypeError(owner, spec.name, f"<{element.children[0].tag}>", spec.expected)
    if spec.type == "enum":
        return element.text if element.text in spec.choices else element.text.strip()
    if spec.type not in _WORDS:
        return element.text
    try:
        if spec.type in ("floats", "ints"):
            return _read_array(element, _INT if spec.type == "ints" else _FLOAT)
        text = element.text.strip()
        if spec.type == "bool":
            return _BOOLS[text.lower()]
        return _number(text, _INT if spec.type == "int" else _FLOAT)
    except (KeyError, ValueError):
        raise ParameterValueError(owner, spec.name, element.text, _WORDS[spec.type]) from None


def _read_array(element: Element, item: re.Pattern[str]) -> tuple[float, ...]:
    """Numbers separated by spaces; points are in braces, ``{x y} {x y}``. The attribute size is optional, but must be correct."""
    words = element.text.replace("{", " ").replace("}", " ").split()
    size = element.attributes.get("size", "").strip()
    count = element.text.count("{") or len(words)
    if size and int(size) != count:
        raise ValueError
    return tuple(_number(word, item) for word in words)


def _number(text: str, form: re.Pattern[str]) -> float:
    if not form.fullmatch(text):
        raise ValueError
    return int(text) if form is _INT else float(text)


def write_config(parameters: Iterable[ParameterSpec], config: Mapping[str, Any]) -> Iterator[Element]:
    """All parameters in declared order, as CLAM requires. Those that are None are omitted."""
    for spec in parameters:
        value = config[spec.name]
        if value is None:
            continue
        element = Element(spec.name, {}, 0)
        if spec.type == "config":
            element.children = list(write_config(spec.fields, value))
        elif spec.type in ("floats", "ints"):
            points = spec.name == "Points"  # of a breakpoint function: CLAM writes pairs in braces
            items = (
                [f"{{{number(x)} {number(y)}}}" for x, y in zip(value[::2], value[1::2], strict=False)] if points else map(number, value)
            )
            element.text = " ".join(items)
            element.attributes["size"] = str(len(value) // 2 if points else len(value))
        else:
            element.text = value if isinstance(value, str) else number(value)
        yield element


def number(value: float) -> str:
    """A number as CLAM writes it: ``440``, ``0.5``, ``1e-06``; bools as 1 and 0."""
    text = repr(int(value) if isinstance(value, bool) else value)
    return text.removesuffix(".0")


def as_config(element: Element) -> dict[str, Any]:
    """The content of an element of unknown type; `as_elements` converts it back without loss.

    Values stay strings. An element with children becomes a nested mapping. The second element with the same tag becomes
    ``"Tag 2"``, an attribute ``"@name"``, the text of an element with attributes ``"#text"``. None of these is a valid tag.
    """
    config: dict[str, Any] = {f"@{name}": value for name, value in element.attributes.items()}
    seen: dict[str, int] = {}
    for child in element.children:
        seen[child.tag] = count = seen.get(child.tag, 0) + 1
        value = as_config(child) if child.children or child.attributes else child.text
        config[child.tag if count == 1 else f"{child.tag} {count}"] = value
    if element.attributes and not element.children and element.text:
        config["#text"] = element.text
    return config


def as_elements(config: Mapping[str, Any]) -> Iterator[Element]:
    """The inverse of `as_config`; any other configuration is converted as closely as XML allows."""
    for name, value in config.items():
        if name.startswith(("@", "#")):
            continue
        element = Element(name.split(" ")[0], {}, 0)
        if isinstance(value, Mapping):
            element.attributes = {key[1:]: str(text) for key, text in value.items() if key.startswith("@")}
            element.text = str(value.get("#text", ""))
            element.children = list(as_elements(value))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            element.attributes["size"] = str(len(value))
            element.text = " ".join(map(number, value))
        elif value is not None:
            element.text = value if isinstance(value, str) else number(value)
        yield element


def _brief(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= 40 else text[:37] + "...")
