"""Reading a class into a `ProcessingType`: what it declares, and what is wrong with it, in the words of its author."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .declaration import FORMS, Array, Declared, Form, ProcessingType, StateField
from .errors import DefinitionError, suggest
from .proxy import TypeSpec

OURS = "ipyclam_core.processings"


def describe(cls: type, *, category: str, source: str, name: str, role: str) -> ProcessingType:
    """Read a class into a `ProcessingType`."""
    members = _members(cls)
    items = tuple(value for value in members.values() if isinstance(value, Declared))
    forms = [form for form in FORMS if form in vars(cls)] or [form for form in FORMS if form in members]
    if len(forms) != (0 if role else 1):
        raise DefinitionError(name, f"define one of step, process and receive, not {' and '.join(forms) or 'none of them'}")
    form: Form = "device" if role else forms[0]
    function = None if role else members[form]
    fields = (*_fields(cls, members.get("State"), False), *_fields(cls, members.get("Prepared"), True))
    _check_from_config(name, items, open_counts="ports" in members)
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
    )
    optional = {key: members.get(key) for key in ("block", "initial", "prepare", "companion", "problem", "ports")}
    known = _known(items, fields)
    for function_ in (function, optional["block"]):
        _check_arguments(name, function_, known if function_ is None or function_.__name__ != "step" else known - {"frames"})
    arguments = tuple(inspect.signature(function).parameters) if function else ()
    owner = f"{spec.origin or cls.__module__}.{cls.__qualname__}"
    return ProcessingType(name, spec, owner, form, function, items, fields, source, role, **optional, arguments=arguments)


def _members(cls: type) -> dict[str, Any]:
    """What a class says, and what those say that it is derived from; a name that is declared anew keeps its place."""
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


def _known(items: tuple[Declared, ...], fields: tuple[StateField, ...]) -> set[str]:
    names = {item.attribute for item in items} | {"sample_rate", "frames"}
    names |= {f"{item.attribute}_arrived" for item in items if item.role == "incontrols" and not item.many}
    return names | {"state"} if fields else names


def _check_arguments(name: str, function: Callable[..., Any] | None, known: set[str]) -> None:
    if function is None:
        return
    for argument in inspect.signature(function).parameters:
        if argument not in known:
            if argument == "self":
                raise DefinitionError(name, f"{function.__name__} takes no 'self': what it needs, it takes by name; memory is 'state'")
            if argument == "state":
                raise DefinitionError(name, f"{function.__name__} takes 'state', but there is no class State that says what it holds")
            raise DefinitionError(name, f"{function.__name__} takes {argument!r}, which is not declared{suggest(argument, sorted(known))}")


def _check_from_config(name: str, items: tuple[Declared, ...], open_counts: bool) -> None:
    parameters = {item.spec.name for item in items if item.role == "config"}
    for item in items:
        for wanted in (item.from_config, "" if open_counts else getattr(item.spec, "count", "")):
            if wanted and wanted not in parameters:
                raise DefinitionError(
                    name, f"{item.attribute} refers to a parameter {wanted!r}, which is not declared{suggest(wanted, parameters)}"
                )


def _fields(cls: type, inner: type | None, prepared: bool) -> Iterator[StateField]:
    if inner is None:
        return
    for key, annotation in inspect.get_annotations(inner, eval_str=True).items():
        if getattr(annotation, "__origin__", None) is Array:
            yield StateField(key, np.dtype(annotation.__args__[0]), True, prepared)
        else:
            dtype = np.dtype(annotation)
            if dtype.kind not in "iufb":
                raise DefinitionError(
                    cls.__name__, f"{inner.__name__}.{key} is {annotation!r}; a field is a number, or an Array of numbers"
                )
            yield StateField(key, dtype, False, prepared)
