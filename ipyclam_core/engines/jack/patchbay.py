"""Connections on a server: made, cut, and waiting for clients that are not there.

A wire that waited once is kept: when one of its clients goes and comes again, it is made again, until somebody cuts it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...errors import ConnectionExists, DifferentConnectorType, EngineError, IpyclamError, NoJackServer, NotSupported
from ...proxy import Change, ConnectorId, ConnectorSpec, NetworkInfo, ProcessingState, TypeSpec, Wire
from .live_graph import FOREIGN, LiveGraph
from .notifications import Notification, PortCame
from .server import library
from .worker import Worker

_PATIENCE = 3.0
"""Seconds that JACK may take to tell of what it has done."""
_TRIES = 10
"""How often, twice a second, a waiting wire is tried that JACK refuses: a client has its ports before it is active."""
_LEAVING = 2.0
"""A wire cut at most so many seconds before its port goes was cut by the going."""


class Patchbay(LiveGraph):
    """A `LiveGraph` that can be connected.

    Parameters
    ----------
    types : what can be launched.
    server : the server's name, for messages; ``""`` for the default one.
    work, idle : what the worker thread does with a notification, and twice a second.
    """

    def __init__(self, types: Mapping[str, TypeSpec], server: str, work: Callable[[Notification], None], idle: Callable[[], None]) -> None:
        super().__init__(types, lambda: self._client.name if self._client is not None else "")
        self._client: Any = None
        self._server_name = server
        self._messages: deque[str] = deque(maxlen=8)
        self._refused: dict[Wire, int] = {}
        self._kept: dict[Wire, float] = {}
        self._worker: Worker[Notification] = Worker(work, self._make_waiting, idle)

    def connect(self, wire: Wire) -> None:
        with self._lock:
            source, target = self._connector(wire.out_end), self._connector(wire.in_end)
            self._refuse_kept(wire.source, wire.target)
            live = self._is_live(wire.source) and self._is_live(wire.target)
            expected = not live and (self._is_expected(wire.source) or self._is_expected(wire.target))
            if live or expected:
                self._check(wire, source, target)
            if expected:
                self._await([wire])
            elif not live:
                super().connect(wire)
        if live:
            self._ask(wire, True)
        self.tell()

    def disconnect(self, wire: Wire) -> None:
        with self._lock:
            live = wire in self._wires and self._is_live(wire.source) and self._is_live(wire.target)
            self._kept.pop(wire, None)
            if not live and wire in self._info.waiting:
                self._replace_waiting(other for other in self._info.waiting if other != wire)
            elif not live:
                super().disconnect(wire)
        if live:
            self._ask(wire, False)
        self.tell()

    def set_info(self, info: NetworkInfo) -> None:
        super().set_info(info)
        self._refused.clear()
        self._make_waiting()

    def _alive(self) -> Any:
        """The client, while there is a server."""
        if self._client is None:
            raise NoJackServer(self._server_name)
        return self._client

    def _refuse_kept(self, *names: str) -> None:
        """What waits for the server stays as it is meanwhile."""
        if any(map(self._is_kept, names)):
            self._alive()

    def _check(self, wire: Wire, source: ConnectorSpec, target: ConnectorSpec) -> None:
        out, into = f"{wire.source}[{wire.source_connector!r}]", f"{wire.target}[{wire.target_connector!r}]"
        if wire.kind == "Control":
            raise NotSupported(self.engine, "connect controls", "JACK carries audio and MIDI; assign a value: net.plugin.control = 0.5")
        if source.type != target.type:
            raise DifferentConnectorType(out, source.type, into, target.type)
        if wire in self._wires:
            raise ConnectionExists(out, into)
        if wire in self._info.waiting and not (self._is_live(wire.source) and self._is_live(wire.target)):
            raise ConnectionExists(out, into, waiting=True)

    def _ask(self, wire: Wire, make: bool) -> None:
        """Have JACK make or cut a wire, and wait until it has told of it."""
        client = self._alive()
        ends = _names(wire)
        error: Exception | None = None
        try:
            (client.connect if make else client.disconnect)(*ends)
        except library().JackError as exc:
            error = exc
        if self._worker.wait_for(lambda: (wire in self._wires) == make, self._told, 0.2 if error else _PATIENCE):
            return
        with self._lock:  # an end that went meanwhile is what a person wants to know
            self._connector(wire.out_end), self._connector(wire.in_end)
        operation = "connect" if make else "disconnect"
        raise EngineError(f"JACK did not {operation} {ends[0]} and {ends[1]}: {error or 'no answer'}") from error

    # -- waiting

    def _is_expected(self, name: str) -> bool:
        """Whether `name` stands for a client that is not there."""
        state = self._processings[name]
        return state.placeholder and state.spec.name == FOREIGN.name

    def _make_waiting(self, again: bool = False) -> None:
        """Make the waiting wires whose ports are there now; `again` those, too, that were refused."""
        if not self._info.waiting or self._client is None:
            return
        made = set()
        for wire in list(_makeable(self._info.waiting, self.processings())):
            tries = self._refused.get(wire, 0)
            if tries >= _TRIES or (tries and not again) or not (self._is_live(wire.source) and self._is_live(wire.target)):
                continue
            try:
                if wire not in self.wires():
                    self.connect(wire)
                made.add(wire)
                self._kept[wire] = 0.0
                self._refused.pop(wire, None)
            except IpyclamError as exc:
                self._refused[wire] = tries + 1
                if tries + 1 == _TRIES:
                    self._messages.append(f"a waiting connection could not be made: {exc}")
        if made:
            with self._lock:
                self._replace_waiting(wire for wire in self._info.waiting if wire not in made)
            self.tell()

    def _await(self, wires: Iterable[Wire]) -> None:
        """Have wires wait for their clients."""
        new = tuple(wire for wire in wires if wire not in self._info.waiting)
        if new:
            self._replace_waiting(self._info.waiting + new)

    def _replace_waiting(self, wires: Iterable[Wire]) -> None:
        LiveGraph.set_info(self, replace(self._info, waiting=tuple(wires)))

    # -- following

    def _known(self, name: str) -> ProcessingState:
        state = self._processings.get(name)
        if state is not None and not self._is_live(name):  # the client has come that a placeholder stood for
            self._await(self._wires_at(state, state.connectors))
        return super()._known(name)

    def _port_came(self, port: PortCame) -> None:
        super()._port_came(port)
        for wire in [wire for wire in self._refused if port.fullname in _names(wire)]:
            del self._refused[wire]

    def _port_went(self, key: int) -> None:
        gone = self._ports.get(key)
        super()._port_went(key)
        if gone is not None and self._kept:
            now = time.monotonic()
            end = ConnectorId(gone[0], "Port", gone[1], gone[2].name)
            again = [wire for wire, cut in self._kept.items() if end in (wire.out_end, wire.in_end) and now - cut < _LEAVING]
            for wire in again:
                del self._kept[wire]
            self._await(again)

    def _heed(self, change: Change) -> None:
        super()._heed(change)
        if change.kind == "disconnected" and change.before in self._kept:
            self._kept[change.before] = time.monotonic()


def _names(wire: Wire) -> tuple[str, str]:
    """The full names of its ports, as JACK knows them."""
    return f"{wire.source}:{wire.source_connector}", f"{wire.target}:{wire.target_connector}"


def _makeable(waiting: Iterable[Wire], processings: Mapping[str, ProcessingState]) -> Iterator[Wire]:
    """Those of `waiting` whose two ports are there."""
    for wire in waiting:
        if _is_there(wire.out_end, processings) and _is_there(wire.in_end, processings):
            yield wire


def _is_there(end: ConnectorId, processings: Mapping[str, ProcessingState]) -> bool:
    state = processings.get(end.processing)
    return state is not None and any(spec.name == end.name for spec in state.connectors.of(end.kind, end.direction))
