"""Operations as JSON lines and back: data that another process can read, and nothing that runs.

A line is a list: the name of the operation, then its fields. A type that the reader may not have, such as one defined at the
prompt, is written once, on a ``Type`` line, before the first operation that names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, get_args

from ..parameters import ParameterSpec
from ..proxy import ControlSpec, NetworkInfo, PortSpec, TypeSpec, Wire
from .levels import checked_volume
from .operations import Add, AddMany, Configure, Connect, ConnectMany, Disconnect, Operation, Place, SetFile, SetInfo, SetVolume

_OPERATIONS: Final[Mapping[str, Any]] = {operation.__name__: operation for operation in get_args(Operation)}
_TYPE: Final = "Type"


class Writer:
    """Writes operations as lines.

    Parameters
    ----------
    types : the types of the engine. Those that come from a module or the prompt are written out.
    """

    def __init__(self, types: Mapping[str, TypeSpec]) -> None:
        self._types = types
        self._written: dict[str, TypeSpec] = {}

    def lines(self, operation: Operation) -> Iterator[str]:
        """The lines of one operation."""
        name, values = type(operation).__name__, list(operation)
        if isinstance(operation, (Add, AddMany)):
            spec = operation.type if isinstance(operation.type, TypeSpec) else self._types.get(operation.type)
            values[1] = operation.type if spec is None else spec.name
            if spec is not None and (spec.origin or self._types.get(spec.name) is None) and self._written.get(spec.name) != spec:
                self._written[spec.name] = spec
                yield _line(_TYPE, spec)
        yield _line(name, *values)


class Reader:
    """Reads the lines that a `Writer` wrote. A line that is damaged raises ``ValueError``.

    Parameters
    ----------
    types : the types of the engine. Processings of others become placeholders.
    """

    def __init__(self, types: Mapping[str, TypeSpec]) -> None:
        self._types = types
        self._read: dict[str, TypeSpec] = {}

    def operations(self, line: str) -> Iterator[Operation]:
        """The operations of a line; none for a line that describes a type."""
        try:
            name, *values = json.loads(line)
            if name == _TYPE:
                spec = _type(values[0])
                self._read[spec.name] = spec
                return
            operation = _operation(name, values)
            if isinstance(operation, (Add, AddMany)) and operation.type not in self._types and operation.type in self._read:
                yield from _placeholders(operation, self._read[operation.type])
            else:
                yield operation
        except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not an operation: {line[:80]!r}") from error


def _placeholders(operation: Add | AddMany, spec: TypeSpec) -> Iterator[Operation]:
    if isinstance(operation, Add):
        yield operation._replace(type=spec)
        return
    for k, name in enumerate(operation.names):
        yield Add(name, spec)
        yield Configure(name, {**operation.config, **{parameter: column[k] for parameter, column in operation.columns.items()}}, {})


def _line(*values: Any) -> str:
    return json.dumps(values, default=_plain, separators=(",", ":")) + "\n"


def _plain(value: Any) -> Any:
    """A value that JSON has no form for, as one that it has."""
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value) if field.init}
    if hasattr(value, "tolist"):  # numpy's arrays and scalars
        return value.tolist()
    return str(value)


def _operation(name: str, values: list[Any]) -> Operation:
    kind = _OPERATIONS[name]
    made: Operation
    if kind in (Connect, Disconnect):
        made = kind(Wire(**values[0]))
        return made
    if kind is ConnectMany:
        return ConnectMany(tuple(Wire(**wire) for wire in values[0]))
    if kind is SetInfo:
        info = values[0]
        waiting = tuple(Wire(**wire) for wire in info["waiting"])
        return SetInfo(NetworkInfo(info["description"], info["title"], waiting, checked_volume(info.get("volume", 0.0))))
    if kind is SetVolume:
        return SetVolume(*map(checked_volume, values))
    if kind is AddMany:
        names, type_, config, columns = values
        return AddMany(tuple(names), type_, config, columns)
    if kind is Place:
        return Place(values[0], *(None if pair is None else (float(pair[0]), float(pair[1])) for pair in values[1:3]))
    if kind is SetFile and not isinstance(values[0], str):
        raise TypeError("a path is a text")
    made = kind(*values)
    return made


def _type(facts: Mapping[str, Any]) -> TypeSpec:
    ports = {side: [PortSpec(**_tuples(port)) for port in facts[side]] for side in ("inports", "outports")}
    controls = {side: [ControlSpec(**_tuples(control)) for control in facts[side]] for side in ("incontrols", "outcontrols")}
    config = {name: _parameter(parameter) for name, parameter in facts["config"].items()}
    return TypeSpec(**{**_tuples(facts), **ports, **controls, "config": config})


def _parameter(facts: Mapping[str, Any]) -> ParameterSpec:
    return ParameterSpec(**{**_tuples(facts), "fields": tuple(map(_parameter, facts["fields"]))})


def _tuples(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
