"""The members that handles offer to tab: processings, their parameters and connectors, and processing types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..errors import AmbiguousName
from ..parameters import ParameterSpec, Value
from ..proxy import ConnectorId, ProcessingState, TypeSpec
from . import described, names
from .exploring import Member, Selection


class OfNetwork(Member):
    """A processing."""

    __slots__ = ("_state",)
    connectable = True

    def __init__(self, name: str, state: ProcessingState) -> None:
        self.name, self._state = name, state

    def says(self) -> str:
        return described.processing(self._state)

    def connects(self) -> Iterable[Selection]:
        return (Selection(self._state),)


class OfTypes(Member):
    """A processing type, offered by its title where it has one."""

    __slots__ = ("_spec", "also")

    def __init__(self, name: str, title: str, spec: TypeSpec) -> None:
        self.name, self.also, self._spec = title or name, name if title else "", spec

    def says(self) -> str:
        return described.type_(self._spec)


class OfConfigurations(Member):
    """A parameter of one configuration, or of several."""

    __slots__ = ("_spec", "_values")

    def __init__(self, name: str, spec: ParameterSpec, values: Sequence[Mapping[str, Value]]) -> None:
        self.name, self._spec, self._values = name, spec, values

    def says(self) -> str:
        return described.parameters(self._spec, self._values)


class OfConnectors(Member):
    """A connector of one processing, or that of each of several."""

    __slots__ = ("_end", "_states")
    connectable = True

    def __init__(self, name: str, end: ConnectorId, states: Sequence[ProcessingState]) -> None:
        self.name, self._end, self._states = name, end, states

    def says(self) -> str:
        kind, direction, name = self._end.kind, self._end.direction, self._end.name
        spec = self._states[0].connectors.find(kind, direction, name)
        return "" if spec is None else described.connector(kind, direction, spec)

    def connects(self) -> Iterable[Selection]:
        return (Selection(state, self._end.kind, self._end.direction, name=self._end.name) for state in self._states)


def by_attribute(states: Sequence[ProcessingState], words: Collection[str], side: names.Scope | None = None) -> Iterator[Member]:
    """The parameters and connectors that attributes reach, of one processing or of each of several that are like the first.

    Parameters
    ----------
    words : our own on that handle, which come first.
    side : the kind and direction of the connectors, where it has only those.
    """
    configs = [state.config for state in states]
    for text in names.connector_attributes(states[0], side) if states else ():
        if text in words:
            continue
        try:
            found = names.find(states[0], text) if side is None else names.find_connector(states[0], side, text)
        except AmbiguousName:
            continue
        yield OfConfigurations(text, found, configs) if isinstance(found, ParameterSpec) else OfConnectors(text, found, states)


def by_name(states: Sequence[ProcessingState], sides: Iterable[names.Scope] | None = None) -> Iterator[Member]:
    """The members that subscripts reach: parameters and connectors, or the connectors of some sides only."""
    if not states:
        return
    configs = [state.config for state in states]
    for parameter in states[0].spec.parameters if sides is None else ():
        yield OfConfigurations(parameter.name, parameter, configs)
    for kind, direction in names.SCOPES if sides is None else sides:
        for spec in states[0].connectors.of(kind, direction):
            yield OfConnectors(spec.name, ConnectorId(states[0].name, kind, direction, spec.name), states)
