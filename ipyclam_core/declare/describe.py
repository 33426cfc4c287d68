"""Reading a class into a `Declaration`: what it declares, and clear errors if something is wrong."""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import DefinitionError, suggest
from ..parameters import ParameterSpec
from ..proxy import PortSpec, TypeSpec
from . import mistaken_frames, mistakes
from .arguments import arguments_of
from .declaration import FORMS, Array, Declaration, Declared, Form, Length, Seldom, StateField, Table
from .unseen import MOST

OURS = "ipyclam_core.processings"


def describe(cls: type, *, category: str, source: str, name: str, role: str, synonyms: tuple[str, ...]) -> Declaration:
    """Read a class into a `Declaration`."""
    mistakes.check_decorator(cls.__name__, name, category, source, role, synonyms)
    members = _members(cls)
    items = tuple(value for value in members.values() if isinstance(value, Declared))
    forms = [form for form in FORMS if form in vars(cls)] or [form for form in FORMS if form in members]
    if len(forms) != (0 if role else 1):
        raise DefinitionError(name, f"has both {' and '.join(forms)}. Keep one" if forms else "needs a step, process or receive function")
    mistakes.check(name, members, items)
    mistaken_frames.check_ports(name, "device" if role else forms[0], members, items)
    members = {member: mistakes.plain_function(value) for member, value in members.items()}
    form: Form = "device" if role else forms[0]
    function = None if role else members[form]
    fields = (*_fields(name, members.get("State"), False), *_fields(name, members.get("Prepared"), True))
    _check_from_config(name, items, open_counts="ports" in members)
    items = tuple(map(_counting(items), items))
    items = tuple(map(_in_pieces(items), items))
    sides: dict[str, Any] = {
        side: tuple(item.spec for item in items if item.role == side) for side in ("inports", "outports", "incontrols", "outcontrols")
    }
    spec = TypeSpec(
        name,
        **sides,
        config={item.spec.name: item.spec for item in items if item.role == "config"},
        doc=inspect.cleandoc(cls.__doc__ or ""),
        category=category,
        origin=_origin(cls, function),
        synonyms=tuple(synonyms),
    )
    optional: dict[str, Any] = {key: members.get(key) for key in mistakes.BESIDE}
    known = arguments_of(items, bool(fields))
    for key in (form, "block"):
        if members.get(key) is not None:
            mistakes.check_arguments(name, key, members, known)
    if not role:
        mistakes.check_form(name, form, members, known)
    optional["initial"] = _with_defaults(members.get("State"), optional["initial"])
    arguments = tuple(inspect.signature(function).parameters) if function else ()
    owner = f"{spec.origin or cls.__module__}.{cls.__qualname__}"
    return Declaration(name, spec, owner, form, function, items, fields, source, role, **optional, arguments=arguments)


def _members(cls: type) -> dict[str, Any]:
    """The declarations of a class and its bases. A name that is declared again keeps its position."""
    members: dict[str, Any] = {}
    for each in reversed(cls.__mro__[:-1]):
        members.update(vars(each))
    return members


def _origin(cls: type, function: Callable[..., Any] | None) -> str:
    """Where somebody else can find this type: a module's name, a file's path, ``"__main__"`` for the prompt, ``""`` for ours."""
    module = cls.__module__
    if module.startswith(OURS):
        return ""
    if module != "__main__":
        return module
    file = os.path.abspath(function.__code__.co_filename) if function else ""
    return file if os.path.isfile(file) else module


def _check_from_config(name: str, items: tuple[Declared, ...], open_counts: bool) -> None:
    parameters = {item.spec.name: item.spec for item in items if item.role == "config"}
    for item in items:
        for wanted in (item.from_config, "" if open_counts else getattr(item.spec, "count", "")):
            if wanted and wanted not in parameters:
                raise DefinitionError(
                    name, f"{item.attribute} refers to a parameter {wanted!r}, which is not declared{suggest(wanted, parameters)}"
                )
        counted = parameters.get(getattr(item.spec, "count", ""))
        if counted is not None and counted.type != "int":
            raise DefinitionError(name, f"{item.attribute} is counted by {counted.name}, a {counted.type}. Declare an int: config(2)")
        held = parameters.get(item.from_config)
        if held is not None and held.type not in ("float", "int", "bool", "enum", "floats", "ints"):
            raise DefinitionError(name, f"{item.attribute} takes its value from {held.name}, which is a {held.type}, not a number")


def _in_pieces(items: tuple[Declared, ...]) -> Callable[[Declared], Declared]:
    """A function that says of ports with a size how long their pieces are, where that is a number or a parameter."""
    parameters = {key: item.spec.name for item in items if item.role == "config" for key in (item.attribute, item.spec.name)}

    def said(length: Length) -> str:
        return str(length) if isinstance(length, int) else parameters.get(length, "")

    def described(item: Declared) -> Declared:
        spec, size, hop = item.spec, said(item.size), said(item.hop)
        if not isinstance(spec, PortSpec) or not item.size:
            return item
        words = [f"of {size} frames"] if size else []
        words += [f"every {hop} frames"] if hop and hop != size else []
        return replace(item, spec=replace(spec, pieces=", ".join(words) or "of several frames"))

    return described


def _counting(items: tuple[Declared, ...]) -> Callable[[Declared], Declared]:
    """A function that gives the parameters that count connectors a minimum of 0 and a maximum, unless they have them."""
    counts = {getattr(item.spec, "count", "") for item in items}

    def bounded(item: Declared) -> Declared:
        spec = item.spec
        if not isinstance(spec, ParameterSpec) or spec.name not in counts:
            return item
        minimum = 0 if spec.minimum is None else spec.minimum
        maximum = max(MOST, spec.initial or 0) if spec.maximum is None else spec.maximum
        return replace(item, spec=replace(spec, minimum=minimum, maximum=maximum))

    return bounded


def _fields(name: str, inner: Any, prepared: bool) -> Iterator[StateField]:
    if inner is None:
        return
    holder = "Prepared" if prepared else "State"
    if not isinstance(inner, type):
        raise DefinitionError(name, f"{holder} must be a class whose fields are numbers: class {holder}: ...")
    annotations: dict[str, Any] = {}
    for each in reversed(inner.__mro__[:-1]):
        try:
            annotations |= inspect.get_annotations(each, eval_str=True)
        except NameError as error:
            raise DefinitionError(name, f"{holder}: {error}") from None
    for key in _members(inner):
        if not key.startswith("__") and key not in annotations:
            raise DefinitionError(name, f"{holder}.{key} has no type. Write {key}: float")
    for key, annotation in annotations.items():
        if annotation is Seldom:
            yield StateField(key, np.dtype(bool), prepared=prepared, seldom=not prepared)
            continue
        if annotation is Table:
            yield StateField(key, np.dtype(np.float32), prepared=prepared, table=True)
            continue
        array = getattr(annotation, "__origin__", None) is Array
        yield StateField(key, _dtype(name, f"{holder}.{key}", annotation.__args__[0] if array else annotation), array, prepared)


def _dtype(name: str, field: str, annotation: Any) -> np.dtype[Any]:
    """The type of a field. Python types that hold several values are not numbers."""
    dtype: np.dtype[Any] = np.dtype(object)
    with contextlib.suppress(TypeError):
        dtype = np.dtype(annotation)
    if annotation is None or dtype.kind not in "iufb":
        words = annotation.__name__ if isinstance(annotation, type) and not getattr(annotation, "__args__", ()) else repr(annotation)
        raise DefinitionError(name, f"{field} is {words}. A field is a number such as float, or an array of numbers such as Array[float]")
    if dtype.kind == "f" and dtype.itemsize not in (4, 8):
        raise DefinitionError(name, f"{field} is {dtype}, which compiled code does not have. Use np.float32 or float")
    return dtype


def _with_defaults(inner: Any, initial: Callable[..., Mapping[str, Any]] | None) -> Callable[..., Mapping[str, Any]] | None:
    """``initial``, completed by the values that the fields have in the class: ``phase: float = 0.5``."""
    values = {key: value for key, value in _members(inner).items() if not key.startswith("__")} if inner is not None else {}
    if not values:
        return initial

    def begin(**given: Any) -> Mapping[str, Any]:
        return {**values, **(initial(**given) if initial is not None else {})}

    begin.__signature__ = inspect.signature(initial) if initial is not None else inspect.Signature()  # type: ignore[attr-defined]
    begin.__qualname__ = getattr(initial, "__qualname__", "State")
    return begin
