"""A network that follows a server: what the server has, and beside it what only this process knows.

One thread enters what the server tells, and never waits for anything. Any other may read at any moment, and gets a network
that was true as a whole; it may ask the server for something, and wait until that is told (`FollowedGraph.wait_for`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, get_args

from ..graph import Graph
from ..parameters import Value
from ..proxy import (
    Change,
    ChangeKind,
    ConnectorId,
    Connectors,
    ConnectorSpec,
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
"""The kinds of changes by which a processing comes into being and ends."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Connectors that have gone, in order, and wires that were cut."""

    ends: tuple[ConnectorId, ...] = ()
    wires: tuple[Wire, ...] = ()


class FollowedGraph(Graph):
    """A `Graph` of what a server has.

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
        self._unkeyed: dict[str, Connectors] = {}
        self._expected: dict[str, tuple[TypeSpec, Mapping[str, Value], Connectors]] = {}
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
        """Whether there is such a wire; unlike a look into `wires` it costs the same however many there are."""
        return wire in self._wires

    def is_live(self, name: str) -> bool:
        """Whether the server has a processing called `name`."""
        return name in self._keys

    def is_kept(self, name: str) -> bool:
        """Whether `name` is kept of a server that is gone."""
        state = self._processings.get(name)
        return state is not None and not state.placeholder and not self.is_live(name)

    def live(self) -> list[str]:
        """The names of all that the server has."""
        return list(self._keys)

    # -- several steps as one, and who hears of them

    @contextmanager
    def hushed(self, *names: str, kinds: Container[str] = EVERYTHING) -> Iterator[None]:
        """Tell observers nothing of these processings, or no changes of some kinds: `tell` sums them up afterwards."""
        hush = frozenset(names), kinds
        with self._lock:
            self._hushed.append(hush)
        try:
            yield
        finally:
            with self._lock:
                self._hushed.remove(hush)

    def tell(self, change: Change) -> None:
        """Tell observers of a change that is no change of the graph, or sums up what was hushed."""
        with self.alone():
            self._tell(change)

    # -- what the server tells

    @contextmanager
    def expecting(self, name: str, spec: TypeSpec, config: Mapping[str, Value], connectors: Connectors) -> Iterator[None]:
        """What comes under this name meanwhile is of that type, with that configuration, and has these connectors at once."""
        self._expected[name] = (spec, config, connectors)
        try:
            yield
        finally:
            del self._expected[name]

    def came(self, name: str, spec: TypeSpec) -> None:
        """The server has a processing; of the type that is expected, else of the given one, without connectors."""
        with self.alone():
            before = self._processings.get(name)
            if self.is_live(name):
                return
            if before is not None:
                self.add_waiting(self._wires_at(before, before.connectors))
                super().remove(name)
            spec, config, connectors = self._expected.get(name, (spec, spec.defaults, Connectors()))
            position, size = self._places.get(name, (None, None))
            state = ProcessingState(name, spec, connectors, config, position=position, size=size)
            self._keys[name] = {}
            self._unkeyed[name] = connectors
            self._put(state)
            self._changed(Change("added", (name,), None, state))

    def went(self, name: str) -> Loss:
        """The server has a processing no more."""
        with self.alone():
            if not self.is_live(name):
                return Loss()
            ends = tuple(self._end(key) for key in self._keys[name])
            wires = tuple(self.wires_of(name))
            self.remove(name)
            return Loss(ends, wires)

    def connector_came(self, key: Hashable, name: str, direction: Direction, spec: ConnectorSpec) -> Loss:
        """The processing `name` has a connector, which the server calls `key` from now on; where its type declares it, it is that one.

        One that had this key, or this name, before is lost: its going was not told.
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
        """There is no such connector any more."""
        with self.alone():
            if key not in self._connectors:
                return Loss()
            end = self._end(key)
            wires = self._cut_at(key)
            del self._connectors[key], self._keys[end.processing][key]
            self._reconnect(end.processing)
            return Loss((end,), wires)

    def connector_renamed(self, key: Hashable, name: str) -> None:
        """A connector has another name; its wires stay."""
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
        """Two connectors are connected, whichever of them is the out."""
        with self.alone():
            wire = self._wire(a, b)
            if wire is not None and wire not in self._wires:
                self._tie(wire)

    def unlinked(self, a: Hashable, b: Hashable) -> Loss:
        """Two connectors are connected no more."""
        with self.alone():
            wire = self._wire(a, b)
            if wire is None or wire not in self._wires:
                return Loss()
            super().disconnect(wire)
            return Loss(wires=(wire,))

    def update(self, after: ProcessingState, change: Change | None = None) -> None:
        """A live processing is as `after` says now; observers hear of `change`, or that it was configured."""
        with self.alone():
            before = self._processings[after.name]
            self._put(after)
            self._changed(change or Change("configured", (after.name,), before, after))

    def keep(self, state: ProcessingState, problem: str) -> None:
        """Keep a processing of a server that is gone, to have it made again when that is back."""
        with self.alone():
            kept = replace(state, problem=problem)
            self._put(kept)
            self._changed(Change("added", (kept.name,), None, kept))

    # -- asking the server, and entering what it tells

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Let no other thread in, as `alone` does, and leave it to `catch_up` to tell observers.

        An observer may wait for somebody who asks the server, and so for whoever enters what the server tells.
        """
        with self._lock:
            self._inside += 1
            try:
                yield
            finally:
                self._inside -= 1

    def catch_up(self) -> None:
        """Tell observers what they have not heard yet, unless somebody who asks the server will."""
        if not self._asked:
            self._tell_now()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask the server for something: what it tells meanwhile is told to observers here, before this ends."""
        with self._lock:
            self._asked += 1
        try:
            yield
        finally:
            self._tell_now()
            with self._lock:
                self._asked -= 1
            self._tell_now()  # what came in between

    def wait_for(self, true: Callable[[], bool], patience: float) -> bool:
        """Wait until `true`, at most `patience` seconds, and not while `alone`; whether it came to pass. Each change has it looked at."""
        with self.changed:
            return self.changed.wait_for(true, patience)

    # -- wires that wait

    def add_waiting(self, wires: Iterable[Wire]) -> None:
        """Have wires wait for an end that is not there."""
        waiting = self._info.waiting
        self._wait((*waiting, *(wire for wire in wires if wire not in waiting)))

    def drop_waiting(self, wires: Container[Wire]) -> None:
        """Have these wires wait no more."""
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
        """Put a processing at an index of the order."""
        with self._lock:
            self._move_to(name, index)
            self._view = None

    def check_new(self, name: object) -> None:
        """Refuse what cannot name one more processing."""
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
        """The wire between two connectors; None where one is unknown, or they are no out and in of one kind."""
        if a not in self._connectors or b not in self._connectors:
            return None
        one, other = self._end(a), self._end(b)
        return between(one, other) if one.kind == other.kind and one.direction != other.direction else None

    def _tie(self, wire: Wire) -> None:
        self._link(wire)
        self._changed(Change("connected", (wire.source, wire.target), None, wire))

    def _cut_at(self, key: Hashable) -> tuple[Wire, ...]:
        """Cut the wires at a connector; which they were."""
        host, direction, spec = self._connectors[key]
        state, alone = self._processings[host], _connectors(Connectors(), [(direction, spec)])
        wires = tuple(self._wires_at(state, alone))
        self._cut(state, alone)
        return wires

    def _reconnect(self, name: str) -> None:
        """Give a processing the connectors that the server has told of."""
        known = [self._connectors[key][1:] for key in self._keys[name]]
        self.update(replace(self._processings[name], connectors=_connectors(self._unkeyed[name], known)))


def _kind(spec: ConnectorSpec) -> Kind:
    return "Port" if isinstance(spec, PortSpec) else "Control"


def _connectors(first: Connectors, others: Iterable[tuple[Direction, ConnectorSpec]]) -> Connectors:
    """Connectors, with some more behind them."""
    found = {side: [*first.of(*side)] for side in SIDES}
    for direction, spec in others:
        found[_kind(spec), direction].append(spec)
    return Connectors(*(tuple(specs) for specs in found.values()))  # type: ignore[arg-type]  # each side has specs of its kind
