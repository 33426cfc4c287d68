"""Configuration parameters: how a type declares them, and how their values are checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from .errors import NoSuchParameter, ParameterTypeError, ParameterValueError
from .system.display import brief, number
from .system.given import listed, real

ParameterType = Literal[
    "float", "int", "bool", "str", "text", "enum", "file", "outfile", "directory", "midi input", "midi output", "floats", "ints", "config"
]  # fmt: skip

Value = Any
"""``float | int | bool | str | None``, a tuple of numbers, or a read-only mapping of these (a nested configuration)."""

_MANY, _FEW = 16, 3
"""An error lists all choices if there are at most `_MANY`, else the first `_FEW`."""

LARGEST_INT: Final = (1 << 63) - 1
"""Engines hold integers in 64 bits."""

PATHS: Final = frozenset({"file", "outfile", "directory"})
"""The types whose values are paths."""

MIDI_PORTS: Final = frozenset({"midi input", "midi output"})
"""The types whose values are names of MIDI ports, or parts of them."""


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One configuration parameter.

    Parameters
    ----------
    name : the name of the parameter, as its author spelled it.
    default : the value in a new processing.
    type : the type of its value. ``file``, ``outfile`` and ``directory`` are paths, ``text`` is a string of several lines,
        ``midi input`` and ``midi output`` are names of MIDI ports,
        ``floats`` and ``ints`` are tuples of numbers, ``config`` is a nested configuration (see `fields`).
    minimum, maximum : the inclusive range of a number.
    choices : the values of an ``enum``.
    optional : whether ``None`` is accepted.
    unit : the unit to display: ``"Hz"``, ``"s"``, ``"dB"``.
    fields : the parameters of a nested configuration.
    sets_others : whether setting it also sets other parameters, as a preset does. Files that contain it also contain all other
        parameters, after it, even those at their defaults.
    """

    name: str
    default: Value = 0.0
    type: ParameterType = "float"
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    unit: str = ""
    doc: str = ""
    fields: tuple[ParameterSpec, ...] = ()
    sets_others: bool = False

    @staticmethod
    def of(name: str, declared: object) -> ParameterSpec:
        """The parameter declared by a default value, a nested dict, or a spec without a name."""
        if isinstance(declared, ParameterSpec):
            return declared if declared.name == name else replace(declared, name=name)
        if isinstance(declared, Mapping):
            fields = tuple(ParameterSpec.of(str(key), value) for key, value in declared.items())
            return ParameterSpec(name, None, "config", fields=fields)
        if isinstance(declared, bool):
            return ParameterSpec(name, declared, "bool")
        if isinstance(declared, int):
            return ParameterSpec(name, declared, "int")
        if isinstance(declared, float):
            return ParameterSpec(name, declared, "float")
        if isinstance(declared, str):
            return ParameterSpec(name, declared, "str")
        if isinstance(declared, (tuple, list)):
            kind: ParameterType = "ints" if declared and all(type(item) is int for item in declared) else "floats"
            return ParameterSpec(name, tuple(declared), kind)
        raise TypeError(f"{name}: {brief(declared)} cannot be a default value. Use a number, bool, str, list of numbers or dict")

    @property
    def initial(self) -> Value:
        """The default value; for a nested configuration, the defaults of its fields, or None if it is optional."""
        return defaults(self.fields) if self.type == "config" and not self.optional else self.default

    def check(self, value: object, owner: str) -> Value:
        """`value` as the engine stores it. Raises ``TypeError`` or ``ValueError``; their message names `owner`, ``"osc"``."""
        if value is None:
            if self.optional:
                return None
            raise ParameterTypeError(owner, self.name, value, self.expected)
        return _CHECKS[self.type](self, value, owner)

    @property
    def expected(self) -> str:
        """The accepted values, for messages: ``"a float from 0 to 1"``."""
        if self.type == "enum":
            return "one of " + ", ".join(map(repr, self.choices))
        text = _WORDS[self.type]
        if self.minimum is not None and self.maximum is not None:
            return f"{text} from {number(self.minimum)} to {number(self.maximum)}"
        if self.minimum is not None:
            return f"{text} of at least {self.minimum:g}"
        if self.maximum is not None:
            return f"{text} of at most {self.maximum:g}"
        return text


def defaults(parameters: Sequence[ParameterSpec]) -> Mapping[str, Value]:
    """The configuration of a new processing, in declared order."""
    return MappingProxyType({parameter.name: parameter.initial for parameter in parameters})


def merge(
    parameters: Sequence[ParameterSpec], current: Mapping[str, Value], changes: Mapping[str, object], owner: str
) -> Mapping[str, Value]:
    """A copy of `current` with `changes` checked and applied; raises if one of them is refused."""
    known = {parameter.name: parameter for parameter in parameters}
    merged = dict(current)
    for name, value in changes.items():
        parameter = known.get(name)
        if parameter is None:
            raise NoSuchParameter(owner, name, tuple(known))
        if parameter.type == "config" and isinstance(value, Mapping):
            merged[name] = merge(parameter.fields, fields_held(parameter, current[name]), value, f"{owner}.{name}")
        else:
            merged[name] = parameter.check(value, owner)
    return MappingProxyType(merged)


def fields_held(parameter: ParameterSpec, value: Value) -> Mapping[str, Value]:
    """The fields of a nested configuration: their defaults where an optional one is None."""
    return defaults(parameter.fields) if value is None else value


def control_value(owner: str, control: str, value: object) -> float:
    """The value of a control as a float; an error if it is not a finite number."""
    number = value if type(value) is float else real(value)  # the usual case costs no call
    if number is None:
        raise ParameterTypeError(owner, control, value, "a number")
    if not math.isfinite(number):
        raise ParameterValueError(owner, control, value, "a finite number")
    return number


def _number(parameter: ParameterSpec, value: object, owner: str) -> Value:
    try:
        if isinstance(value, (bool, str, bytes)):
            raise TypeError
        number = _whole(value) if parameter.type == "int" else float(value)  # type: ignore[arg-type]
    except OverflowError:  # an int that no float can hold
        raise ParameterValueError(owner, parameter.name, value, parameter.expected) from None
    except (TypeError, ValueError):
        raise ParameterTypeError(owner, parameter.name, value, parameter.expected) from None
    low, high = parameter.minimum, parameter.maximum
    whole = parameter.type == "int"
    if not whole and not math.isfinite(number):
        raise ParameterValueError(owner, parameter.name, value, parameter.expected.replace("a float", "a finite float", 1))
    fits = not whole or abs(number) <= LARGEST_INT
    if not fits or (low is not None and number < low) or (high is not None and number > high):
        raise ParameterValueError(owner, parameter.name, value, parameter.expected)
    return number


def _whole(value: object) -> int:
    """An int, or a type that converts to int without loss, such as numpy integers; floats are refused."""
    index = getattr(value, "__index__", None)
    if index is None:
        raise TypeError
    return int(index())


def _bool(parameter: ParameterSpec, value: object, owner: str) -> Value:
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return bool(value)
    raise ParameterTypeError(owner, parameter.name, value, parameter.expected)


def plain_text(text: str) -> str:
    """The text of a str, without the type of a subclass such as numpy's or an `Enum`'s, which files could not be written with."""
    return text if type(text) is str else str.__str__(text)


def _string(parameter: ParameterSpec, value: object, owner: str) -> Value:
    if parameter.type in PATHS and hasattr(value, "__fspath__"):
        value = value.__fspath__()
    if not isinstance(value, str):
        raise ParameterTypeError(owner, parameter.name, value, parameter.expected)
    return plain_text(value)


def _enum(parameter: ParameterSpec, value: object, owner: str) -> Value:
    if isinstance(value, str) and value in parameter.choices:
        return plain_text(value)
    choices = parameter.choices
    few = ", ".join(map(repr, choices[:_FEW]))
    expected = parameter.expected if len(choices) <= _MANY else f"one of {len(choices)} values, such as {few}"
    if not isinstance(value, str):
        raise ParameterTypeError(owner, parameter.name, value, expected)
    raise ParameterValueError(owner, parameter.name, value, expected, choices=choices)


def _numbers(parameter: ParameterSpec, value: object, owner: str) -> Value:
    entries = None if isinstance(value, Mapping) else listed(value)
    if entries is None:
        raise ParameterTypeError(owner, parameter.name, value, parameter.expected)
    item: ParameterType = "int" if parameter.type == "ints" else "float"
    element = replace(parameter, type=item)
    return tuple(_number(element, entry, owner) for entry in entries)


def _nested(parameter: ParameterSpec, value: object, owner: str) -> Value:
    if not isinstance(value, Mapping):
        raise ParameterTypeError(owner, parameter.name, value, parameter.expected)
    return merge(parameter.fields, defaults(parameter.fields), value, f"{owner}.{parameter.name}")


_CHECKS: Final = {
    "float": _number, "int": _number, "bool": _bool, "enum": _enum, "floats": _numbers, "ints": _numbers,
    "config": _nested, "str": _string, "text": _string, **dict.fromkeys(PATHS | MIDI_PORTS, _string),
}  # fmt: skip

_WORDS: Final = {
    "float": "a float", "int": "an int", "bool": "True or False", "str": "a str", "text": "a str",
    "file": "the path of a file", "outfile": "the path of a file to write", "directory": "the path of a directory",
    "midi input": "the name of a MIDI port", "midi output": "the name of a MIDI port",
    "floats": "a sequence of floats", "ints": "a sequence of ints", "config": "a dict of its fields",
}  # fmt: skip
