"""Connections on a server: made, removed, or waiting for missing clients.

A wire that was made here is held: if one of its clients quits, it waits, and is made again when the client comes back, until it
is disconnected. A wire that another program cuts is held no more.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from ...errors import ConnectionExists, DifferentConnectorType, EngineError, IpyclamError, NotSupported
from ...following.graph import FollowedGraph, Loss
from ...proxy import ConnectorId, ConnectorSpec, ProcessingState, Wire
from .client import OurClient
from .package import package
from .types import FOREIGN

_PATIENCE = 3.0
"""Seconds that JACK may take to tell of what it has done."""
_TRIES = 10
"""Attempts, two a second, to make a waiting wire that JACK refuses: the ports of a client exist before it is active."""
_LEAVING = 0.5
"""A wire cut at most so many seconds before its port goes was cut by the going, unless a tool without ports was there to cut it."""


class Patchbay:
    """Makes and removes wires on the server.

    Parameters
    ----------
    graph : what is on the server.
    client : by which the server is asked.
    messages : where it is said that a waiting wire cannot be made.
    """

    def __init__(self, graph: FollowedGraph, client: OurClient, messages: deque[str]) -> None:
        self._graph, self._client, self._messages = graph, client, messages
        # both are touched while nobody else is in the graph
        self._refused: dict[Wire, int] = {}  # how often
        self._held: dict[Wire, float] = {}  # when it was cut
        self._tools: dict[str, float] = {}  # clients that have no ports yet, and when they came

    def connect(self, wire: Wire) -> None:
        graph = self._graph
        with graph.alone():
            source, target = graph.connector(wire.out_end), graph.connector(wire.in_end)
            live = self._is_live(wire)
            expected = not live and (self._is_expected(wire.source) or self._is_expected(wire.target))
            if live or expected:
                self._check(wire, source, target)
            if expected:
                graph.add_waiting([wire])
            elif not live:
                graph.connect(wire)
            if live:
                self._held[wire] = 0.0
        if live:
            try:
                self._ask(wire, True)
            except BaseException:
                with graph.alone():
                    self._held.pop(wire, None)
                raise

    def disconnect(self, wire: Wire) -> None:
        graph = self._graph
        with graph.alone():
            live = graph.has_wire(wire) and self._is_live(wire)
            self._held.pop(wire, None)
            if not live and wire in graph.info().waiting:
                graph.drop_waiting([wire])
            elif not live:
                graph.disconnect(wire)
        if live:
            self._ask(wire, False)

    def make_waiting(self, again: bool = False) -> None:
        """Make the waiting wires whose ports are there now; `again` those, too, that were refused."""
        waiting = self._graph.info().waiting
        if not waiting or not self._client.there:
            return
        for wire in list(_makeable(waiting, self._graph.processings())):
            tries = self._refused.get(wire, 0)
            if tries >= _TRIES or (tries and not again) or not self._is_live(wire):
                continue
            try:
                if not self._graph.has_wire(wire):
                    self.connect(wire)
            except IpyclamError as exc:
                with self._graph.alone():
                    self._refused[wire] = tries + 1
                if tries + 1 == _TRIES:
                    self._messages.append(f"a waiting connection could not be made: {exc}")
            else:
                with self._graph.alone():
                    self._held[wire] = 0.0
                    self._refused.pop(wire, None)
                    self._graph.drop_waiting([wire])

    def forgive(self) -> None:
        """Try refused wires again."""
        with self._graph.alone():
            self._refused.clear()

    def lost(self, loss: Loss) -> None:
        """The server has taken these away: held wires that went with their ports wait for them. Nobody else is in the graph."""
        now, ends = time.monotonic(), set(loss.ends)
        for wire in loss.wires:
            if wire in self._held:
                self._held[wire] = now
        for wire in [wire for wire in self._refused if not ends.isdisjoint((wire.out_end, wire.in_end))]:
            del self._refused[wire]  # it is another port that will come
        again = [wire for wire, cut in self._held.items() if now - cut < _LEAVING and not ends.isdisjoint((wire.out_end, wire.in_end))]
        for wire in again:
            del self._held[wire]
        if again:
            self._graph.add_waiting(again)

    def came(self, name: str) -> None:
        """A client has come. Nobody else is in the graph."""
        self._tools[name] = time.monotonic()

    def leaves(self, name: str) -> None:
        """A client is about to go: one without ports was a tool such as jack_disconnect, and has cut what was cut meanwhile.

        Nobody else is in the graph.
        """
        came = self._tools.pop(name, None)
        state = self._graph.processings().get(name)
        if came is None or (state is not None and state.connectors.inports + state.connectors.outports):
            return
        for wire in [wire for wire, cut in self._held.items() if cut > came]:
            del self._held[wire]

    def release(self, name: str) -> None:
        """A client is ended on purpose: its wires are held no more."""
        with self._graph.alone():
            for wire in [wire for wire in self._held if name in (wire.source, wire.target)]:
                del self._held[wire]

    def _is_live(self, wire: Wire) -> bool:
        """Whether both of its ends are on the server."""
        return self._graph.is_live(wire.source) and self._graph.is_live(wire.target)

    def _is_expected(self, name: str) -> bool:
        """Whether `name` stands for a client that is not there."""
        state = self._graph.state(name)
        return state.placeholder and state.spec.name == FOREIGN.name

    def _check(self, wire: Wire, source: ConnectorSpec, target: ConnectorSpec) -> None:
        out, into = f"{wire.source}[{wire.source_connector!r}]", f"{wire.target}[{wire.target_connector!r}]"
        if wire.kind == "Control":
            raise NotSupported(self._graph.engine, "connect controls", f"JACK carries audio and MIDI only. Assign a value to {into}")
        if source.type != target.type:
            raise DifferentConnectorType(out, source.type, into, target.type)
        if self._graph.has_wire(wire):
            raise ConnectionExists(out, into)
        if wire in self._graph.info().waiting and not self._is_live(wire):
            raise ConnectionExists(out, into, waiting=True)

    def _ask(self, wire: Wire, make: bool) -> None:
        """Have JACK make or cut a wire, and wait until it has told of it."""
        client, graph = self._client.alive(), self._graph
        ends = f"{wire.source}:{wire.source_connector}", f"{wire.target}:{wire.target_connector}"
        error: Exception | None = None
        with graph.asking():
            try:
                (client.connect if make else client.disconnect)(*ends)
            except package().JackError as exc:
                error = exc
            if graph.wait_for(lambda: graph.has_wire(wire) == make, 0.2 if error else _PATIENCE):
                return
        graph.connector(wire.out_end), graph.connector(wire.in_end)  # an end that went meanwhile is what a person wants to know
        operation = "connect" if make else "disconnect"
        raise EngineError(f"JACK did not {operation} {ends[0]} and {ends[1]}: {error or 'no answer'}") from error


def _makeable(waiting: Iterable[Wire], processings: Mapping[str, ProcessingState]) -> Iterator[Wire]:
    """The wires of `waiting` whose two ports exist."""
    for wire in waiting:
        if _is_there(wire.out_end, processings) and _is_there(wire.in_end, processings):
            yield wire


def _is_there(end: ConnectorId, processings: Mapping[str, ProcessingState]) -> bool:
    state = processings.get(end.processing)
    return state is not None and state.connectors.find(end.kind, end.direction, end.name) is not None
