"""Processings whose files have not been looked at: a network file may name any path, so loading it opens none.

The numbers of connectors that depend on a file are known when it is opened. Until then a processing has those that the wires
of the network file need.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..parameters import PATHS, ParameterSpec
from ..proxy import ConnectorId, ConnectorSpecs, ControlSpec, PortSpec, TypeSpec, numbered_name

MOST: Final = 1024
"""Connectors of one kind and direction that are assumed of a processing."""

Counts = Mapping[str, int | tuple[str, ...]]
"""The numbers of connectors, or their names, by the name of their count."""


def names_files(parameters: Iterable[ParameterSpec], config: Mapping[str, Any]) -> bool:
    """Whether a configuration holds a path."""
    return any(
        names_files(parameter.fields, config[parameter.name]) if parameter.type == "config" else parameter.type in PATHS
        and bool(config[parameter.name])
        for parameter in parameters
    )  # fmt: skip


def without_files(parameters: Iterable[ParameterSpec], config: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with the default in place of each path."""
    hidden = dict(config)
    for parameter in parameters:
        if parameter.type == "config":
            hidden[parameter.name] = without_files(parameter.fields, config[parameter.name])
        elif parameter.type in PATHS:
            hidden[parameter.name] = parameter.default
    return hidden


def joined(one: Counts, other: Counts) -> dict[str, int | tuple[str, ...]]:
    """As many connectors as either has."""
    result = dict(one)
    for name, count in other.items():
        held = result.get(name, 0)
        if isinstance(held, tuple) and isinstance(count, tuple):
            result[name] = tuple(dict.fromkeys((*held, *count)))
        elif isinstance(held, tuple) or isinstance(count, tuple):
            result[name] = held if isinstance(held, tuple) else count
        else:
            result[name] = max(held, count)
    return result


def with_connector(spec: TypeSpec, connectors: ConnectorSpecs, counts: Counts, end: ConnectorId) -> dict[str, int | tuple[str, ...]] | None:
    """The numbers of connectors with which `end` is one of them; None if the type can have no such connector."""
    for declared in _open_ended(spec, end):
        held = counts.get(declared.count, 0)
        number = _number_of(declared, end.name)
        if number is not None and not isinstance(held, tuple):
            return {**counts, declared.count: max(held, number + 1)}
        if _takes_any_name(declared):
            names = held if isinstance(held, tuple) else tuple(numbered_name(declared, k) for k in range(held))
            if len(names) < MOST:
                return {**counts, declared.count: (*names, end.name)}
    return None


def _open_ended(spec: TypeSpec, end: ConnectorId) -> list[PortSpec | ControlSpec]:
    """The declared connectors of the kind and direction of `end` whose number no parameter gives."""
    side = f"{end.direction.lower()}{end.kind.lower()}s"
    return [declared for declared in getattr(spec, side) if declared.count and declared.count not in spec.config and not declared.names]


def _number_of(declared: PortSpec | ControlSpec, name: str) -> int | None:
    """The number, from 0, of the connector that is called `name`, or has it as its alias."""
    found = re.search(r"([0-9]{1,4})\Z", name, re.ASCII)
    number = int(found[1]) - declared.first if found else -1
    if not 0 <= number < MOST:
        return None
    exact = numbered_name(declared, number)
    return number if name in (exact, re.sub(r"\W+", "_", exact)) else None


def _takes_any_name(declared: PortSpec | ControlSpec) -> bool:
    """Whether a file may name the connectors: those that are only numbered else."""
    return declared.name in ("{}", "{:02}")
