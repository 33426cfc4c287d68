"""Many at once: a bank of processings of one type, and bundles of wires between banks, kept as columns.

A network of a thousand voices is made in a few milliseconds this way: an engine that `CanBank` keeps a bank folded, as it
was given, until somebody asks for one of its processings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from .bank_names import BankNames
from .errors import NoSuchParameter
from .parameters import Value
from .proxy import Connectors, Kind, ProcessingState, TypeSpec, Wire


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Processings of one type and with the same connectors, made at once.

    Attributes
    ----------
    names : of the processings, in order.
    connectors : of each.
    config : what they all have.
    columns : the parameters that differ: for each a value by processing, in the order of `names`.
    """

    names: BankNames
    spec: TypeSpec
    connectors: Connectors
    config: Mapping[str, Value]
    columns: Mapping[str, Sequence[Value]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def state(self, k: int) -> ProcessingState:
        """The processing number `k`, as it was made."""
        config = self.config
        if self.columns:
            config = MappingProxyType({**config, **{name: column[k] for name, column in self.columns.items()}})
        return ProcessingState(self.names[k], self.spec, self.connectors, config)

    def states(self) -> Iterator[ProcessingState]:
        """All of them, in order."""
        return map(self.state, range(len(self.names)))


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Wires between connectors of the same names: from or to each processing of a bank.

    Attributes
    ----------
    source, target : a bank, or the name of a processing that has all these wires; two banks are wired one to one.
    """

    kind: Kind
    source: Bank | str
    source_connector: str
    target: Bank | str
    target_connector: str

    def __len__(self) -> int:
        return len(self.source if isinstance(self.source, Bank) else self.target)

    def wires(self) -> Iterator[Wire]:
        """Each of them, in order."""
        source: Any = repeat(self.source) if isinstance(self.source, str) else self.source.names
        target: Any = repeat(self.target) if isinstance(self.target, str) else self.target.names
        for one, other in zip(source, target, strict=False):
            yield Wire(self.kind, one, self.source_connector, other, self.target_connector)

    @property
    def banks(self) -> list[Bank]:
        """Those at its ends."""
        return [end for end in (self.source, self.target) if isinstance(end, Bank)]


def checked_columns(spec: TypeSpec, columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> dict[str, Sequence[Value]]:
    """The values as the engine keeps them; what is refused is so in the words of the processing it is meant for."""
    checked: dict[str, Sequence[Value]] = {}
    for name, column in columns.items():
        parameter = spec.config.get(name)
        if parameter is None:
            raise NoSuchParameter(names[0], name, tuple(spec.config))
        plain = parameter.type == "float" and set(map(type, column)) == {float} and math.isfinite(sum(column))
        low, high = parameter.minimum, parameter.maximum
        if plain and (low is None or min(column) >= low) and (high is None or max(column) <= high):
            checked[name] = tuple(column)
        else:
            checked[name] = tuple(parameter.check(value, owner) for value, owner in zip(column, names, strict=True))
    return checked


@runtime_checkable
class CanBank(Protocol):
    """An engine that takes in many processings, and many wires, at once."""

    def add_bank(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> Bank | None:
        """Make processings of a type, all of them or none; None, and nothing is done, where they have to be made one by one.

        Parameters
        ----------
        config : what they shall all have, beside the defaults.
        columns : a value for each, by parameter, as many as there are names.
        """

    def folded(self, bank: Bank) -> bool:
        """Whether nobody has asked for a processing of the bank yet, so that they are what they were made."""

    def connect_bundles(self, bundles: Sequence[Bundle]) -> bool:
        """Make all the wires of some bundles, types and kinds being right.

        False, and nothing is done, where they have to be made one by one: one of them may be there already.
        """
