"""What a completer knows: the word under the cursor, and what the paths before it lead to in the network.

Everything here reads; the engine is asked for its processings, wires and types once each at the most.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ipyclam_core.errors import NameError_
from ipyclam_core.frontend import names
from ipyclam_core.frontend.groups import Group, GroupConnectors
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.processing import Processing
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ConnectorId, Direction, Kind, NetworkProxy, ProcessingState, TypeSpec, Wire

from ._offers import MANY
from ._typed import Path, Step, Typed

SIDES = {scope: side for side, scope in names.SCOPES.items()}
"""``_inports`` ... and the kind and direction of its connectors."""


@dataclass(frozen=True, slots=True)
class TheNetwork:
    """The path is a network."""


@dataclass(frozen=True, slots=True)
class TheTypes:
    """The path is ``net.types``."""


@dataclass(frozen=True, slots=True)
class TheType:
    """The path is a type, ``net.types.Oscillator``."""

    spec: TypeSpec


@dataclass(frozen=True, slots=True)
class TheProcessing:
    """The path is a processing."""

    state: ProcessingState


@dataclass(frozen=True, slots=True)
class TheConnectors:
    """The path is several connectors: those of one side (``_inports``) or of all, whole or a slice of them."""

    state: ProcessingState
    side: tuple[Kind, Direction] | None
    which: slice = field(default_factory=lambda: slice(None))


@dataclass(frozen=True, slots=True)
class TheConnector:
    """The path is one connector."""

    state: ProcessingState
    end: ConnectorId


@dataclass(frozen=True, slots=True)
class TheConfiguration:
    """The path is a configuration, or one nested in it."""

    parameters: Sequence[ParameterSpec]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TheParameter:
    """The path is a parameter."""

    spec: ParameterSpec
    value: Any


@dataclass(frozen=True, slots=True)
class TheGroup:
    """The path is a group of processings, of which there is one at least."""

    states: Sequence[ProcessingState]


@dataclass(frozen=True, slots=True)
class TheGroupConnectors:
    """The path is one connector of each processing of a group."""

    states: Sequence[ProcessingState]
    end: ConnectorId


Place = (
    TheNetwork
    | TheTypes
    | TheType
    | TheProcessing
    | TheConnectors
    | TheConnector
    | TheConfiguration
    | TheParameter
    | TheGroup
    | TheGroupConnectors
)


Roots = Callable[[str], tuple[NetworkProxy, tuple[Step, ...]] | None]
"""From a variable's name: the network it belongs to, and the steps that lead from the network to it."""


def root(held: object) -> tuple[NetworkProxy, tuple[Step, ...]] | None:
    """What `Roots` gives for a variable that holds `held`: told by its class, nothing of it is run."""
    if isinstance(held, Network):
        return held._proxy, ()
    if isinstance(held, Processing):
        return held._proxy, (Step(held._name, True),)
    if isinstance(held, Group):
        return held._proxy, (Step(tuple(held._names), True),)
    if isinstance(held, GroupConnectors):
        return held._proxy, (Step(tuple(held._names), True), Step(held._which or "", True))
    return None


class Asked:
    """One press of tab."""

    def __init__(self, typed: Typed, proxy: NetworkProxy, roots: Roots, variables: Iterable[str] = ()) -> None:
        self.typed = typed
        self._proxy = proxy
        self._roots = roots
        self._variables = variables

    @cached_property
    def processings(self) -> Mapping[str, ProcessingState]:
        return self._proxy.processings()

    @cached_property
    def wires(self) -> Collection[Wire]:
        return self._proxy.wires()

    @cached_property
    def types(self) -> Mapping[str, TypeSpec]:
        return self._proxy.types()

    @cached_property
    def owner(self) -> Place | None:
        """What the path before the word leads to."""
        return self.place(self.typed.owner)

    @cached_property
    def left(self) -> Place | None:
        """What the path on the other side of the arrow leads to."""
        return self.place(self.typed.left) if self.typed.left is not None else None

    @cached_property
    def variables(self) -> Sequence[tuple[str, Place]]:
        """The variables that hold this network, or something of it."""
        places = ((name, self.place(Path(name))) for name in self._variables)
        return [(name, place) for name, place in places if place is not None]

    def steps(self, path: Path) -> tuple[Step, ...] | None:
        """The steps from the network to where a path leads; None when it begins elsewhere."""
        found = self._roots(path.root)
        return (*found[1], *path.steps) if found is not None and found[0] is self._proxy else None

    def place(self, path: Path) -> Place | None:
        """What a path leads to; None when it leads nowhere, or to something that needs to be run to be known."""
        steps = self.steps(path)
        if steps is None:
            return None
        place: Place | None = TheNetwork()
        for step in steps:
            try:
                place = self._step(place, step)
            except NameError_:
                return None
        return place

    def _step(self, place: Place | None, step: Step) -> Place | None:
        match place:
            case TheNetwork():
                return self._from_network(step)
            case TheTypes():
                name = names.resolve(step.key, self.types, "net.types") if isinstance(step.key, str) else None
                return TheType(self.types[name]) if name is not None else None
            case TheProcessing(state):
                return _from_processing(state, step)
            case TheConnectors():
                return _from_connectors(place, step)
            case TheGroup(states):
                return _from_group(states, step)
            case TheGroupConnectors(states, end) if isinstance(step.key, slice):
                return TheGroupConnectors(states[step.key], end) if states[step.key] else None
            case TheGroupConnectors(states, end) if isinstance(step.key, int):
                return _from_processing(states[step.key], Step(end.name, True)) if -len(states) <= step.key < len(states) else None
            case TheConfiguration(parameters, values):
                if not isinstance(step.key, str) or (not step.subscript and step.key in names.reserved("Configuration")):
                    return None
                return _from_parameter(names.find_parameter(parameters, step.key, ""), values)
        return None

    def _from_network(self, step: Step) -> Place | None:
        if isinstance(step.key, tuple):
            states = [self.processings[name] for name in step.key if name in self.processings]
            return TheGroup(states) if states else None
        if not isinstance(step.key, str):
            return None
        if not step.subscript:
            if step.key == "types":
                return TheTypes()
            if step.key in names.reserved("Network"):
                return None
        name = names.resolve(step.key, self.processings)
        return TheProcessing(self.processings[name]) if name is not None else None


def ends(place: Place | None, direction: Direction) -> Iterable[tuple[ConnectorId, str]]:
    """The connectors of one direction that a place stands for when it is connected, with their types."""
    match place:
        case TheProcessing(state):
            yield from _ends(state, ("Port", direction))
            yield from _ends(state, ("Control", direction))
        case TheConnectors(state, None, which):
            yield from _ends(state, ("Port", direction), which)
            yield from _ends(state, ("Control", direction), which)
        case TheConnectors(state, side, which) if side is not None and side[1] == direction:
            yield from _ends(state, side, which)
        case TheConnector(state, end) if end.direction == direction:
            specs = state.connectors.of(end.kind, direction)
            yield end, next(spec.type for spec in specs if spec.name == end.name)
        case TheGroup(states):
            for state in states[:MANY]:
                yield from ends(TheProcessing(state), direction)
        case TheGroupConnectors(states, end) if end.direction == direction:
            for state in states[:MANY]:
                yield from (found for found in _ends(state, (end.kind, direction)) if found[0].name == end.name)


def _ends(state: ProcessingState, side: tuple[Kind, Direction], which: slice = slice(None)) -> Iterable[tuple[ConnectorId, str]]:
    for spec in state.connectors.of(*side)[which]:
        yield ConnectorId(state.name, *side, spec.name), spec.type


def _from_processing(state: ProcessingState, step: Step) -> Place | None:
    if isinstance(step.key, slice):
        return TheConnectors(state, None, step.key)
    if isinstance(step.key, int):
        return TheConnectors(state, None, slice(step.key, step.key + 1 or None))
    if isinstance(step.key, tuple):
        return None
    if not step.subscript:
        if step.key == "_config":
            return TheConfiguration(state.spec.parameters, state.config)
        if step.key in SIDES:
            return TheConnectors(state, SIDES[step.key])
        if step.key in names.reserved("Processing"):
            return None
    found = names.find(state, step.key)
    return _from_parameter(found, state.config) if isinstance(found, ParameterSpec) else TheConnector(state, found)


def _from_group(states: Sequence[ProcessingState], step: Step) -> Place | None:
    if isinstance(step.key, slice):
        return TheGroup(states[step.key]) if states[step.key] else None
    if isinstance(step.key, int):
        return TheProcessing(states[step.key]) if -len(states) <= step.key < len(states) else None
    if not isinstance(step.key, str) or (not step.subscript and step.key in names.reserved("Group")):
        return None
    found = names.find(states[0], step.key)
    return _from_parameter(found, states[0].config) if isinstance(found, ParameterSpec) else TheGroupConnectors(states, found)


def _from_connectors(place: TheConnectors, step: Step) -> Place | None:
    if isinstance(step.key, tuple):
        return None
    if isinstance(step.key, str):
        return None if place.side is None else TheConnector(place.state, names.find_connector(place.state, place.side, step.key))
    if place.which != slice(None):
        return None
    if isinstance(step.key, slice):
        return TheConnectors(place.state, place.side, step.key)
    if place.side is None:
        return None
    specs = place.state.connectors.of(*place.side)[step.key : step.key + 1 or None]
    return TheConnector(place.state, ConnectorId(place.state.name, *place.side, specs[0].name)) if specs else None


def _from_parameter(spec: ParameterSpec, values: Mapping[str, Any]) -> Place:
    value = values[spec.name]
    return TheConfiguration(spec.fields, value) if spec.type == "config" else TheParameter(spec, value)
