"""The server's graph as a network that follows JACK's notifications.

One thread applies what JACK tells; any thread may read at any moment and gets a network that was true as a whole.
Observers are called outside of the lock, in order.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ...graph import Graph
from ...parameters import Value
from ...proxy import Change, ConnectorId, Connectors, Direction, NetworkInfo, PortSpec, ProcessingState, TypeSpec, Wire
from .notifications import ClientCame, ClientWent, Linked, Notification, PortCame, PortRenamed, PortWent, Unlinked

FOREIGN = TypeSpec(
    "JACK client",
    category="JACK client",
    doc="A program that is a client of the JACK server. It is connected here, and configured in its own window.",
)


class LiveGraph(Graph):
    """A `Graph` whose clients, ports and wires are those that JACK has told of.

    Parameters
    ----------
    types : what can be launched.
    own_name : gives the name of our own client, which is not shown.
    """

    engine = "jack"

    def __init__(self, types: Mapping[str, TypeSpec], own_name: Callable[[], str]) -> None:
        super().__init__(types)
        self._own_name = own_name
        self._told = threading.Condition(self._lock)
        self._telling = threading.RLock()
        self._untold: deque[Change] = deque()
        self._view: Mapping[str, ProcessingState] | None = None
        self._wires_view: Collection[Wire] | None = None
        self._ports: dict[int, tuple[str, Direction, PortSpec]] = {}
        self._keys: dict[str, dict[int, None]] = {}
        self._places: dict[str, tuple[tuple[float, float] | None, tuple[float, float] | None]] = {}
        self._quiet: set[str] = set()  # of these, coming, going and ports are told when all of it has happened
        self._renaming: set[str] = set()  # of these, nothing is told
        self._launching: dict[str, tuple[TypeSpec, Mapping[str, Value]]] = {}

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

    # -- what JACK tells

    def apply(self, heard: Notification) -> None:
        """Follow one notification. One that tells what is known already changes nothing."""
        with self._lock:
            match heard:
                case ClientCame(name):
                    if name != self._own_name():
                        self._known(_client(name))
                case ClientWent(name):
                    self._forget(_client(name))
                case PortCame():
                    self._port_came(heard)
                case PortWent(key):
                    self._port_went(key)
                case PortRenamed(key, fullname):
                    self._port_renamed(key, fullname)
                case Linked(source, target):
                    wire = self._wire(source, target)
                    if wire is not None and wire not in self._wires:
                        self._link(wire)
                        self._changed(Change("connected", (wire.source, wire.target), None, wire))
                case Unlinked(source, target):
                    wire = self._wire(source, target)
                    if wire is not None and wire in self._wires:
                        self._unlink(wire)
                        self._changed(Change("disconnected", (wire.source, wire.target), wire, None))
            self._told.notify_all()

    def tell(self) -> None:
        """Call the observers with what they have not heard yet."""
        with self._telling:
            while self._untold:
                self._observers.note(self._untold.popleft())
            self._observers.tell()

    def _known(self, name: str) -> ProcessingState:
        state = self._processings.get(name)
        if state is not None and self._is_live(name):
            return state
        if state is not None:  # the client has come that a placeholder stood for
            super().remove(name)
        spec, config = self._launching.get(name, (FOREIGN, FOREIGN.defaults))
        controls = Connectors(incontrols=tuple(spec.incontrols), outcontrols=tuple(spec.outcontrols))
        position, size = self._places.get(name, (None, None))
        state = ProcessingState(name, spec, controls, config, position=position, size=size)
        self._processings[name] = state
        self._keys[name] = {}
        self._changed(Change("added", (name,), None, state))
        return state

    def _forget(self, name: str) -> None:
        if name not in self._keys:
            return
        for key in list(self._keys[name]):
            self._port_went(key)
        del self._keys[name]
        super().remove(name)

    def _port_came(self, port: PortCame) -> None:
        client, short = _client(port.fullname), port.fullname.partition(":")[2]
        if client == self._own_name():
            return
        known = self._ports.get(port.key)
        if known is not None:
            if (known[0], known[2].name) == (client, short):
                return
            self._port_went(port.key)
        self._known(client)
        for key in [key for key in self._keys[client] if self._ports[key][2].name == short]:
            self._port_went(key)  # its going was not told
        direction: Direction = "In" if port.is_input else "Out"
        declared = self._processings[client].spec.inports if port.is_input else self._processings[client].spec.outports
        spec = next((spec for spec in declared if (spec.name, spec.type) == (short, port.type)), PortSpec(short, port.type, port.doc))
        self._ports[port.key] = (client, direction, spec)
        self._keys[client][port.key] = None
        self._ports_changed(client)

    def _port_went(self, key: int) -> None:
        gone = self._ports.get(key)
        if gone is None:
            return
        client, direction, spec = gone
        state = self._processings[client]
        alone = Connectors(inports=(spec,)) if direction == "In" else Connectors(outports=(spec,))
        self._cut(state, alone)
        del self._ports[key], self._keys[client][key]
        self._ports_changed(client)

    def _port_renamed(self, key: int, fullname: str) -> None:
        known = self._ports.get(key)
        client, _, short = fullname.partition(":")
        if known is None or known[0] != client or known[2].name == short:
            return
        direction, spec = known[1], known[2]
        state = self._processings[client]
        alone = Connectors(inports=(spec,)) if direction == "In" else Connectors(outports=(spec,))
        wires = list(self._wires_at(state, alone))
        self._cut(state, alone)
        self._ports[key] = (client, direction, replace(spec, name=short))
        self._ports_changed(client)
        for wire in wires:
            moved = replace(wire, target_connector=short) if direction == "In" else replace(wire, source_connector=short)
            self._link(moved)
            self._changed(Change("connected", (moved.source, moved.target), None, moved))

    def _ports_changed(self, client: str) -> None:
        before = self._processings[client]
        ports = [self._ports[key] for key in self._keys[client]]
        connectors = replace(
            before.connectors,
            inports=tuple(spec for _, direction, spec in ports if direction == "In"),
            outports=tuple(spec for _, direction, spec in ports if direction == "Out"),
        )
        after = replace(before, connectors=connectors)
        self._processings[client] = after
        self._changed(Change("configured", (client,), before, after))

    def _wire(self, a: int, b: int) -> Wire | None:
        """The wire between two ports, whichever order they were told in; None when one of them is not shown."""
        source, target = self._ports.get(a), self._ports.get(b)
        if source is None or target is None:
            return None
        if source[1] == "In":
            source, target = target, source
        return Wire("Port", source[0], source[2].name, target[0], target[2].name)

    def _is_live(self, name: str) -> bool:
        """Whether `name` is a client of the server, not a placeholder of ours."""
        return name in self._keys

    # -- what was launched here, while there is no server

    def _is_kept(self, name: str) -> bool:
        """Whether `name` was launched here, on a server that is gone."""
        state = self._processings.get(name)
        return state is not None and not state.placeholder and not self._is_live(name)

    def _keep(self, state: ProcessingState) -> None:
        kept = self._processings[state.name] = replace(state, problem="it waits for the JACK server")
        self._changed(Change("added", (state.name,), None, kept))

    def _let_go(self, name: str) -> None:
        super().remove(name)

    # -- hooks of Graph

    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        with self._lock:
            super().place(name, position, size)
            self._places[name] = (position, size)  # for when the client comes again
        self.tell()

    def set_info(self, info: NetworkInfo) -> None:
        super().set_info(info)
        self.tell()

    def _heed(self, change: Change) -> None:
        self._wires_view = None
        if change.kind not in ("connected", "disconnected"):
            self._view = None

    def _tell(self, change: Change) -> None:
        names = set(change.names)
        if not (self._renaming & names or (change.kind in ("added", "removed", "configured") and self._quiet & names)):
            self._untold.append(change)


def _client(name: str) -> str:
    """What the ports of a client begin with: JACK lets one be called ``a:b``, and its port ``a:b:left`` is `a`'s to everybody."""
    return name.partition(":")[0]
