"""A network that follows a server: the server's processings, and others that only this process has.

One thread enters the server's notifications, and never waits. Other threads can read at any moment, and get a network
in a consistent state. They can send requests to the server, and wait for its notification (`FollowedGraph.wait_for`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, get_args

from ..graph import Graph
from ..observers import Observers
from ..parameters import Value
from ..proxy import (
    Change,
    ChangeKind,
    ConnectorId,
    ConnectorSpec,
    ConnectorSpecs,
    Direction,
    Kind,
    PortSpec,
    ProcessingState,
    TypeSpec,
    Wire,
)
from ..wires import SIDES, between

EVERYTHING: Final[frozenset[str]] = frozenset(get_args(ChangeKind))
PRESENCE: Final[frozenset[str]] = frozenset({"added", "removed", "configured"})
"""The kinds of changes when a processing is added or removed."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Connectors that were removed, in order, and wires that were removed with them."""

    ends: tuple[ConnectorId, ...] = ()
    wires: tuple[Wire, ...] = ()


class FollowedGraph(Graph):
    """A `Graph` that mirrors a server.

    A processing is *live* while the server has it. It changes by the methods that say what the server has told: `came` and
    `went`, `connector_came`, `connector_went` and `connector_renamed`, `linked` and `unlinked`, `update`. What the server tells
    twice changes nothing the second time.

    All others are edited by the operations of `Graph`: placeholders, for what a file names and the server has not, and what is
    *kept* of a server that is gone (`keep`). When the server has one of that name, it takes their place.

    Parameters
    ----------
    types : what can be made.
    engine : the engine's name.
    """

    def __init__(self, types: Mapping[str, TypeSpec], engine: str) -> None:
        super().__init__(types)
        self.engine = engine
        self.changed = threading.Condition(self._lock)
        """Notified of each change."""
        self._view: Mapping[str, ProcessingState] | None = None
        self._wires_view: Collection[Wire] | None = None
        self._connectors: dict[Hashable, tuple[str, Direction, ConnectorSpec]] = {}
        self._keys: dict[str, dict[Hashable, None]] = {}
        self._unkeyed: dict[str, ConnectorSpecs] = {}
        self._expected: dict[str, tuple[TypeSpec, Mapping[str, Value], ConnectorSpecs]] = {}
        self._places: dict[str, tuple[tuple[float, float] | None, tuple[float, float] | None]] = {}
        self._hushed: list[tuple[frozenset[str], Container[str]]] = []
        self._asked = 0

    # -- reading, from any thread

    def processings(self) -> Mapping[str, ProcessingState]:
        view = self._view
        if view is None:
            with self._lock:
                view = self._view = MappingProxyType(dict(self._processings))
        return view

    def wires(self) -> Collection[Wire]:
        view = self._wires_view
        if view is None:
            with self._lock:
                view = self._wires_view = dict(self._wires).keys()
        return view

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        with self._lock:
            return super().peers(connector)

    def value(self, control: ConnectorId) -> float:
        with self._lock:
            return super().value(control)

    def state(self, name: str) -> ProcessingState:
        """A processing; raises `NoSuchProcessing`."""
        return self._state(name)

    def connector(self, end: ConnectorId) -> ConnectorSpec:
        """A connector; raises `NoSuchProcessing`, `NoSuchConnector`."""
        return self._connector(end)

    def wires_of(self, name: str) -> list[Wire]:
        """The wires at a processing, each once."""
        with self._lock:
            state = self._state(name)
            return list(self._wires_at(state, state.connectors))

    def has_wire(self, wire: Wire) -> bool:
        """Whether the wire exists; unlike a search in `wires`, in constant time."""
        return wire in self._wires

    def is_live(self, name: str) -> bool:
        """Whether the server has a processing called `name`."""
        return name in self._keys

    def is_kept(self, name: str) -> bool:
        """Whether `name` is kept from a server that has stopped."""
        state = self._processings.get(name)
        return state is not None and not state.placeholder and not self.is_live(name)

    def live(self) -> list[str]:
        """The names of all processings of the server."""
        return list(self._keys)

    # -- several steps as one, and who hears of them

    @contextmanager
    def hushed(self, *names: str, kinds: Container[str] = EVERYTHING) -> Iterator[None]:
        """Do not notify observers of these processings, or of some kinds of changes: `tell` sums them up afterwards."""
        hush = frozenset(names), kinds
        with self._lock:
            self._hushed.append(hush)
        try:
            yield
        finally:
            with self._lock:
                self._hushed.remove(hush)

    def tell(self, change: Change) -> None:
        """Notify observers of a change that is not a change of the graph, or that sums up suppressed changes."""
        with self.alone():
            self._tell(change)

    # -- news from the server

    @contextmanager
    def expecting(self, name: str, spec: TypeSpec, config: Mapping[str, Value], connectors: ConnectorSpecs) -> Iterator[None]:
        """While the block runs, a new processing of this name gets this type, this configuration and these connectors."""
        self._expected[name] = (spec, config, connectors)
        try:
            yield
        finally:
            del self._expected[name]

    def came(self, name: str, spec: TypeSpec) -> None:
        """A processing was added on the server: of the expected type, else of the given type, without connectors."""
        with self.alone():
            before = self._processings.get(name)
            if self.is_live(name):
                return
            if before is not None:
                self.add_waiting(self._wires_at(before, before.connectors))
                super().remove(name)
            spec, config, connectors = self._expected.get(name, (spec, spec.defaults, ConnectorSpecs()))
            position, size = self._places.get(name, (None, None))
            state = ProcessingState(name, spec, connectors, config, position=position, size=size)
            self._keys[name] = {}
            self._unkeyed[name] = connectors
            self._put(state)
            self._changed(Change("added", (name,), None, state))

    def went(self, name: str) -> Loss:
        """A processing was removed on the server."""
        with self.alone():
            if not self.is_live(name):
                return Loss()
            ends = tuple(self._end(key) for key in self._keys[name])
            wires = tuple(self.wires_of(name))
            self.remove(name)
            return Loss(ends, wires)

    def connector_came(self, key: Hashable, name: str, direction: Direction, spec: ConnectorSpec) -> Loss:
        """A connector of `name` was added, with the server's `key`. If the type declares the connector, it is the declared one.

        An earlier one with this key or name is lost: the server did not report its end.
        """
        with self.alone():
            known = self._connectors.get(key)
            if known is not None and (known[0], known[2].name) == (name, spec.name):
                return Loss()
            losses = [self.connector_went(key)] if known is not None else []
            losses += [self.connector_went(other) for other in list(self._keys[name]) if self._connectors[other][2].name == spec.name]
            state = self._processings[name]
            declared = state.spec.connectors(state.config).find(_kind(spec), direction, spec.name)
            own = declared if declared is not None and declared.type == spec.type else spec
            self._connectors[key] = (name, direction, own)
            self._keys[name][key] = None
            self._reconnect(name)
            return Loss(tuple(end for loss in losses for end in loss.ends), tuple(wire for loss in losses for wire in loss.wires))

    def connector_went(self, key: Hashable) -> Loss:
        """A connector was removed."""
        with self.alone():
            if key not in self._connectors:
                return Loss()
            end = self._end(key)
            wires = self._cut_at(key)
            del self._connectors[key], self._keys[end.processing][key]
            self._reconnect(end.processing)
            return Loss((end,), wires)

    def connector_renamed(self, key: Hashable, name: str) -> None:
        """A connector was renamed; its wires remain."""
        with self.alone():
            if key not in self._connectors:
                return
            host, direction, spec = self._connectors[key]
            if spec.name == name:
                return
            wires = self._cut_at(key)
            self._connectors[key] = (host, direction, replace(spec, name=name))
            self._reconnect(host)
            for wire in wires:
                self._tie(replace(wire, target_connector=name) if direction == "In" else replace(wire, source_connector=name))

    def linked(self, a: Hashable, b: Hashable) -> None:
        """Two connectors were connected, given in either order."""
        with self.alone():
            wire = self._wire(a, b)
            if wire is not None and wire not in self._wires:
                self._tie(wire)

    def unlinked(self, a: Hashable, b: Hashable) -> Loss:
        """Two connectors were disconnected."""
        with self.alone():
            wire = self._wire(a, b)
            if wire is None or wire not in self._wires:
                return Loss()
            super().disconnect(wire)
            return Loss(wires=(wire,))

    def update(self, after: ProcessingState, change: Change | None = None) -> None:
        """Replace the state of a live processing by `after`; observers receive `change`, or that it was configured."""
        with self.alone():
            before = self._processings[after.name]
            self._put(after)
            self._changed(change or Change("configured", (after.name,), before, after))

    def keep(self, state: ProcessingState, problem: str) -> None:
        """Keep a processing of a stopped server, to restore it when the server is back."""
        with self.alone():
            kept = replace(state, problem=problem)
            self._put(kept)
            self._changed(Change("added", (kept.name,), None, kept))

    # -- asking the server, and entering its answers

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Let no other thread in, as `alone` does, and leave it to `catch_up` to tell observers.

        An observer may wait for a thread that asks the server, and so for the thread that enters its answers.
        """
        with self._lock:
            self._inside += 1
            try:
                yield
            finally:
                self._inside -= 1

    def catch_up(self) -> None:
        """Notify observers of pending changes, unless a thread with a request to the server will do so."""
        if not self._asked:
            self._tell_now()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Send requests to the server in the block. Observers receive the resulting changes before it ends."""
        with self._lock:
            self._asked += 1
        try:
            yield
        finally:
            self._tell_now()
            with self._lock:
                self._asked -= 1
            self._tell_now()  # changes that came in between

    def wait_for(self, true: Callable[[], bool], patience: float) -> bool:
        """Wait until `true`, at most `patience` seconds, and not while `alone`; returns whether it is. Each change checks it again."""
        with self.changed:
            return self.changed.wait_for(true, patience)

    def forsake(self) -> None:
        """In a child process: the threads that held the lock do not exist, and nothing follows the server."""
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self._inside = self._asked = 0
        self._observers = Observers()

    # -- wires that wait

    def add_waiting(self, wires: Iterable[Wire]) -> None:
        """Add wires that wait for a missing end."""
        waiting = self._info.waiting
        self._wait((*waiting, *(wire for wire in wires if wire not in waiting)))

    def drop_waiting(self, wires: Container[Wire]) -> None:
        """Remove these waiting wires."""
        self._wait(wire for wire in self._info.waiting if wire not in wires)

    # -- operations

    def remove(self, name: str) -> None:
        with self.alone():
            self._state(name)
            for key in self._keys.pop(name, ()):
                del self._connectors[key]
            self._unkeyed.pop(name, None)
            super().remove(name)

    def rename(self, old: str, new: str) -> None:
        with self.alone():
            super().rename(old, new)
            if self.is_live(old) and old != new:
                keys = self._keys[new] = self._keys.pop(old)
                self._unkeyed[new] = self._unkeyed.pop(old)
                for key in keys:
                    self._connectors[key] = (new, *self._connectors[key][1:])

    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        with self.alone():
            super().place(name, position, size)
            self._places[name] = (position, size)  # for when it comes again

    def move(self, name: str, index: int) -> None:
        """Move a processing to an index of the order."""
        with self._lock:
            self._move_to(name, index)
            self._view = None

    def check_new(self, name: object) -> None:
        """Raise an error if `name` cannot be the name of a new processing."""
        self._check_new(name)

    # -- inside

    def _tell_now(self) -> None:
        with self.alone():
            pass

    def _heed(self, change: Change) -> None:
        self._wires_view = None
        if change.kind not in ("connected", "disconnected"):
            self._view = None
        self.changed.notify_all()

    def _tell(self, change: Change) -> None:
        if not any(names.intersection(change.names) and change.kind in kinds for names, kinds in self._hushed):
            self._observers.note(change)

    def _wait(self, wires: Iterable[Wire]) -> None:
        with self.alone():
            self.set_info(replace(self._info, waiting=tuple(wires)))

    def _end(self, key: Hashable) -> ConnectorId:
        name, direction, spec = self._connectors[key]
        return ConnectorId(name, _kind(spec), direction, spec.name)

    def _wire(self, a: Hashable, b: Hashable) -> Wire | None:
        """The wire between two connectors; None where one is unknown, or they are not an output and an input of one kind."""
        if a not in self._connectors or b not in self._connectors:
            return None
        one, other = self._end(a), self._end(b)
        return between(one, other) if one.kind == other.kind and one.direction != other.direction else None

    def _tie(self, wire: Wire) -> None:
        self._link(wire)
        self._changed(Change("connected", (wire.source, wire.target), None, wire))

    def _cut_at(self, key: Hashable) -> tuple[Wire, ...]:
        """Remove the wires at a connector; returns them."""
        host, direction, spec = self._connectors[key]
        state, alone = self._processings[host], _connectors(ConnectorSpecs(), [(direction, spec)])
        wires = tuple(self._wires_at(state, alone))
        self._cut(state, alone)
        return wires

    def _reconnect(self, name: str) -> None:
        """Give a processing the connectors known from the server."""
        known = [self._connectors[key][1:] for key in self._keys[name]]
        self.update(replace(self._processings[name], connectors=_connectors(self._unkeyed[name], known)))


def _kind(spec: ConnectorSpec) -> Kind:
    return "Port" if isinstance(spec, PortSpec) else "Control"


def _connectors(first: ConnectorSpecs, others: Iterable[tuple[Direction, ConnectorSpec]]) -> ConnectorSpecs:
    """Connectors, with some more behind them."""
    found = {side: [*first.of(*side)] for side in SIDES}
    for direction, spec in others:
        found[_kind(spec), direction].append(spec)
    return ConnectorSpecs(*(tuple(specs) for specs in found.values()))  # type: ignore[arg-type]  # each side has specs of its kind
