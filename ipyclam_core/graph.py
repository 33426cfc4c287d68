"""A network in plain Python structures. It implements `NetworkProxy` for engines that keep their network in this process.

An engine derives from `Graph` and overrides its hooks: which connectors a configuration has, why a processing cannot play,
and what to do after a change. The cost of an operation does not depend on the size of the network.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from .errors import (
    ConnectionError_,
    ConnectionExists,
    DifferentConnectorType,
    InvalidName,
    NameAlreadyExists,
    NoSuchConnector,
    NoSuchProcessing,
    NoSuchType,
    NotConnected,
    ParameterValueError,
    PortTaken,
)
from .observers import Observers
from .parameters import PATHS, Value, control_value, merge
from .proxy import (
    Change,
    ConnectorId,
    ConnectorSpec,
    ConnectorSpecs,
    Direction,
    Kind,
    NetworkInfo,
    Observer,
    PortSpec,
    ProcessingState,
    TypeSpec,
    Wire,
)
from .system.display import warn
from .wires import SIDES, wires_at

LONGEST_NAME: Final = 1000
"""Characters of the name of a processing."""

_Operation = TypeVar("_Operation", bound=Callable[..., Any])


def exclusive(operation: _Operation) -> _Operation:
    """Decorator: hold the lock during an operation, and notify the observers after releasing it."""

    @wraps(operation)
    def locked(self: Graph, *args: Any, **kwargs: Any) -> Any:
        with self.alone():
            return operation(self, *args, **kwargs)

    return cast(_Operation, locked)


class Graph:
    """The state of a network and the operations on it.

    Parameters
    ----------
    types : the processing types, by name. The mapping is not copied: types may be added to it later.
    """

    engine = "graph"

    def __init__(self, types: Mapping[str, TypeSpec]) -> None:
        self._types = types
        self._lock = threading.RLock()
        self._processings: dict[str, ProcessingState] = {}
        self._wires: dict[Wire, None] = {}
        self._peers: dict[ConnectorId, dict[ConnectorId, None]] = {}
        self._wired: dict[str, int] = {}  # the number of wires at each processing that has some
        self._info = NetworkInfo()
        self._observers = Observers()
        self._inside = 0  # depth of nested operations in the thread that holds the lock
        self._depth = 0
        self._lenient = 0
        self._dirty = False

    # -- inspection

    def types(self) -> Mapping[str, TypeSpec]:
        return self._types

    def processings(self) -> Mapping[str, ProcessingState]:
        return MappingProxyType(self._processings)

    def wires(self) -> Collection[Wire]:
        return self._wires.keys()

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        return tuple(self._peers.get(connector, ()))

    def is_wired(self, name: str) -> bool:
        """Whether a processing has wires: that costs less than to look at each of its connectors."""
        return name in self._wired

    def value(self, control: ConnectorId) -> float:
        with self._lock:
            spec = self._connector(control)
            state = self._processings[control.processing]
        default = getattr(spec, "default", 0.0)
        return state.controls.get(control.name, default) if control.direction == "In" else default

    def info(self) -> NetworkInfo:
        return self._info

    # -- operations

    @exclusive
    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        self._check_new(name)
        type_name = type.name if isinstance(type, TypeSpec) else str(type)
        spec = self._types.get(type_name)
        placeholder = spec is None
        if spec is None:
            if not isinstance(type, TypeSpec):
                raise NoSuchType(type_name, self.engine, self._types)
            spec = type
        config = spec.defaults
        connectors = spec.connectors(config) if placeholder else self._connectors_of(spec, config)
        state = ProcessingState(name, spec, connectors, config, placeholder=placeholder)
        problem = self._problem_of(state)
        if problem:
            state = replace(state, problem=problem)
        self._put(state)
        if index is not None:
            self._move_to(name, index)
        self._changed(Change("added", (name,), None, state))

    @exclusive
    def add_many(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> None:
        """Add processings of one type, all or none; see `CanAddMany`."""
        spec = self._types.get(type)
        if spec is None:
            raise NoSuchType(type, self.engine, self._types)
        states: dict[str, ProcessingState] = {}
        shared = merge(spec.parameters, spec.defaults, config, names[0]) if names else {}
        connectors = self._connectors_of(spec, shared) if names else ConnectorSpecs()
        for k, name in enumerate(names):
            self._check_new(name, states)
            own = shared
            if columns:
                own = merge(spec.parameters, shared, {parameter: column[k] for parameter, column in columns.items()}, name)
                connectors = self._connectors_of(spec, own)
            state = ProcessingState(name, spec, connectors, own)
            problem = self._problem_of(state)
            states[name] = replace(state, problem=problem) if problem else state
        with self.batch():
            for name, state in states.items():
                self._put(state)
                self._changed(Change("added", (name,), None, state))

    @exclusive
    def connect_many(self, wires: Iterable[Wire]) -> dict[Wire, ConnectionError_]:
        """Connect wires; returns those that were refused, with the reason; see `CanAddMany`."""
        refused: dict[Wire, ConnectionError_] = {}
        with self.batch():
            for wire in wires:
                try:
                    self._connect(wire)
                except (DifferentConnectorType, ConnectionExists, PortTaken) as error:
                    refused[wire] = error
        return refused

    @exclusive
    def remove(self, name: str) -> None:
        state = self._state(name)
        self._cut(state, state.connectors)
        del self._processings[name]
        self._changed(Change("removed", (name,), state, None))

    @exclusive
    def rename(self, old: str, new: str) -> None:
        state = self._state(old)
        if not isinstance(new, str):
            raise InvalidName(new, "a name must be a str")
        if old == new:
            return
        self._check_new(new)
        touching = list(self._wires_at(state, state.connectors))
        for wire in touching:
            self._unlink(wire)
        self._processings = {new if key == old else key: value for key, value in self._processings.items()}
        self._processings[new] = replace(state, name=new)
        for wire in touching:
            source = new if wire.source == old else wire.source
            target = new if wire.target == old else wire.target
            self._link(replace(wire, source=source, target=target))
        self._changed(Change("renamed", (old, new), old, new))

    @exclusive
    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        before = self._state(name)
        config = merge(before.spec.parameters, before.config, changes, name)
        if config == before.config and _types_of(config) == _types_of(before.config):
            return
        spec = before.spec
        connectors = spec.connectors(config) if before.placeholder else self._connectors_with(before, config)
        if connectors == before.connectors:
            connectors = before.connectors
        controls = before.controls
        if connectors is not before.connectors:
            kept = {spec.name for spec in connectors.incontrols}
            controls = MappingProxyType({key: value for key, value in controls.items() if key in kept})
        after = replace(before, config=config, connectors=connectors, controls=controls)
        problem = self._problem_of(after)
        if problem != before.problem:
            if problem and not self._lenient:
                blamed = min(changes, key=lambda key: (before.spec.config[key].type not in PATHS, config[key] == before.config[key]))
                raise ParameterValueError(name, blamed, config[blamed], "", problem=problem)
            if problem:
                warn(f"{name}: {problem}", stacklevel=2)
            after = replace(after, problem=problem)
        if connectors is not before.connectors:
            self._cut(before, gone(before.connectors, connectors))
        self._put(after)
        self._changed(Change("configured", (name,), before, after))

    @exclusive
    def connect(self, wire: Wire) -> None:
        self._connect(wire)

    def _connect(self, wire: Wire) -> None:
        source, target = self._connector(wire.out_end), self._connector(wire.in_end)
        if source.type != target.type:
            out, into = _texts(wire)
            raise DifferentConnectorType(out, source.type, into, target.type)
        if wire in self._wires:
            raise ConnectionExists(*_texts(wire))
        if isinstance(target, PortSpec) and target.single:
            for held in self._peers.get(wire.in_end, ()):
                raise PortTaken(*_texts(wire), f"{held.processing}[{held.name!r}]")
        self._link(wire)
        self._changed(Change("connected", (wire.source, wire.target), None, wire))

    @exclusive
    def disconnect(self, wire: Wire) -> None:
        if wire not in self._wires:
            self._connector(wire.out_end), self._connector(wire.in_end)
            raise NotConnected(*_texts(wire))
        self._unlink(wire)
        self._changed(Change("disconnected", (wire.source, wire.target), wire, None))

    @exclusive
    def set_control(self, name: str, control: str, value: float | None) -> None:
        self._connector(ConnectorId(name, "Control", "In", control))
        state = self._state(name)
        before = state.controls.get(control)
        controls = {key: held for key, held in state.controls.items() if key != control or value is not None}
        if value is not None:
            controls[control] = value = control_value(name, control, value)
        elif before is None:
            return
        self._put(replace(state, controls=MappingProxyType(controls)))
        self._changed(Change("control", (name, control), before, value))

    @exclusive
    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        state = self._state(name)
        if (state.position, state.size) == (position, size):
            return
        self._put(replace(state, position=position, size=size))
        self._changed(Change("placed", (name,), (state.position, state.size), (position, size)))

    @exclusive
    def set_info(self, info: NetworkInfo) -> None:
        before, self._info = self._info, info
        if before != info:
            self._changed(Change("info", (), before, info))

    @contextmanager
    def batch(self, *, lenient: bool = False) -> Iterator[None]:
        with self._lock:  # batches of several threads may overlap: the last one to end settles all
            self._depth += 1
            self._lenient += lenient
        try:
            yield
        finally:
            with self.alone():
                self._depth -= 1
                self._lenient -= lenient
                if not self._depth and self._dirty:
                    self._dirty = False
                    self._settle()

    # -- observers

    def observe(self, callback: Observer) -> Callable[[], None]:
        return self._observers.add(callback)

    def close(self) -> None:
        self._observers.clear()

    # -- hooks for engines

    def _connectors_of(self, spec: TypeSpec, config: Mapping[str, Value]) -> ConnectorSpecs:
        """The connectors of a configuration; raises to refuse the configuration."""
        return spec.connectors(config)

    def _connectors_with(self, before: ProcessingState, config: Mapping[str, Value]) -> ConnectorSpecs:
        """The connectors of a processing with another configuration; raises to refuse the configuration."""
        return self._connectors_of(before.spec, config)

    def _problem_of(self, state: ProcessingState) -> str:
        """Why a processing cannot play with its configuration (a missing file, for example); ``""`` if it can."""
        return ""

    def _heed(self, change: Change) -> None:
        """Called after each change, before the observers; also inside a batch."""

    def _settle(self) -> None:
        """Called after each change outside a batch, and at the end of each batch: the time to plan."""

    # -- inside

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock, and notify the observers after releasing it."""
        outermost = False
        try:
            with self._lock:
                self._inside += 1
                try:
                    yield
                finally:
                    self._inside -= 1
                    outermost = not self._inside
        finally:
            if outermost:
                self._observers.tell()

    def _changed(self, change: Change) -> None:
        self._heed(change)
        if self._depth:
            self._dirty = True
        else:
            self._settle()
        self._tell(change)

    def _tell(self, change: Change) -> None:
        """Queue a change for the observers, who are notified after the lock is released."""
        self._observers.note(change)

    def _check_new(self, name: object, others: Container[str] = ()) -> None:
        """Refuse a name that is invalid, or that already exists in the network or in `others`. Any UTF-8 text is valid."""
        if not isinstance(name, str):
            raise InvalidName(name, "a name must be a str")
        if not name:
            raise InvalidName(name, "it is empty")
        if len(name) > LONGEST_NAME:
            raise InvalidName(name, f"it has {len(name):,} characters. A name has at most {LONGEST_NAME:,}")
        try:
            name.encode()
        except UnicodeEncodeError:
            raise InvalidName(name, "it cannot be encoded in UTF-8") from None
        if name in others:
            raise InvalidName(name, "it is given twice. Each needs a name of its own")
        if name in self._processings:
            raise NameAlreadyExists(name, f"del net[{name!r}]")

    def _state(self, name: str) -> ProcessingState:
        state = self._processings.get(name)
        if state is None:
            raise NoSuchProcessing(name, self._processings)
        return state

    def _put(self, state: ProcessingState) -> None:
        self._processings[state.name] = state

    def _connector(self, end: ConnectorId) -> ConnectorSpec:
        connectors = self._state(end.processing).connectors
        spec = connectors.find(end.kind, end.direction, end.name)
        if spec is None:
            raise NoSuchConnector(end.processing, end.name, [spec.name for spec in connectors.of(end.kind, end.direction)])
        return spec

    def _link(self, wire: Wire) -> None:
        out, into = wire.out_end, wire.in_end
        self._wires[wire] = None
        self._peers.setdefault(out, {})[into] = None
        self._peers.setdefault(into, {})[out] = None
        self._wired[out.processing] = self._wired.get(out.processing, 0) + 1
        self._wired[into.processing] = self._wired.get(into.processing, 0) + 1

    def _unlink(self, wire: Wire) -> None:
        del self._wires[wire]
        for end, other in ((wire.out_end, wire.in_end), (wire.in_end, wire.out_end)):
            others = self._peers[end]
            del others[other]
            if not others:
                del self._peers[end]
            self._wired[end.processing] -= 1
            if not self._wired[end.processing]:
                del self._wired[end.processing]

    def _wires_at(self, state: ProcessingState, connectors: ConnectorSpecs) -> Iterator[Wire]:
        """The wires connected to these connectors of a processing, each once."""
        if state.name not in self._wired:
            return iter(())
        return wires_at(state, lambda end: self._peers.get(end, ()), connectors)

    def _cut(self, state: ProcessingState, connectors: ConnectorSpecs) -> None:
        for wire in list(self._wires_at(state, connectors)):
            self._unlink(wire)
            self._changed(Change("disconnected", (wire.source, wire.target), wire, None))

    def _move_to(self, name: str, index: int) -> None:
        names = [other for other in self._processings if other != name]
        names.insert(index, name)
        self._processings = {other: self._processings[other] for other in names}


def _texts(wire: Wire) -> tuple[str, str]:
    return f"{wire.source}[{wire.source_connector!r}]", f"{wire.target}[{wire.target_connector!r}]"


def gone(before: ConnectorSpecs, after: ConnectorSpecs) -> ConnectorSpecs:
    """The connectors of `before` that `after` does not have, or has with another type."""

    def side(kind: Kind, direction: Direction) -> tuple[Any, ...]:
        old, new = before.of(kind, direction), after.of(kind, direction)
        if old is new or new[: len(old)] == old:
            return ()
        kept = {(spec.name, spec.type) for spec in new}
        return tuple(spec for spec in old if (spec.name, spec.type) not in kept)

    return ConnectorSpecs(*(side(kind, direction) for kind, direction in SIDES))


def _types_of(config: Mapping[str, Value]) -> list[object]:
    """The types of all values: in a configuration 1, 1.0 and True are different, although Python says 1 == 1.0 == True."""
    return [_types_of(value) if isinstance(value, Mapping) else type(value) for value in config.values()]
