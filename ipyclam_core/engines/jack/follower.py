"""Following a JACK server: its notifications update the graph, and the network is restored after a restart of the server."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...errors import DeviceError, IpyclamError
from ...following.graph import FollowedGraph, Loss
from ...following.worker import Worker
from ...proxy import Change, State
from . import notifications
from .client import OurClient
from .notifications import ClientCame, ClientWent, Linked, Notification, PluginEnded, PortCame, PortRenamed, PortWent, ServerGone, Unlinked
from .patchbay import Patchbay
from .rack import Rack
from .types import FOREIGN


def enter(graph: FollowedGraph, heard: Notification, own: str) -> Loss:
    """Enter one notification in the graph; returns what is lost. ipyclam's own client, called `own`, is not shown."""
    match heard:
        case ClientCame(name) if name != own:
            graph.came(client_of(name), FOREIGN)
        case ClientWent(name):
            return graph.went(client_of(name))
        case PortCame(key, fullname, _, is_input) if (client := client_of(fullname)) != own:
            graph.came(client, FOREIGN)
            return graph.connector_came(key, client, "In" if is_input else "Out", heard.spec)
        case PortWent(key):
            return graph.connector_went(key)
        case PortRenamed(key, fullname):
            graph.connector_renamed(key, fullname.partition(":")[2])
        case Linked(source, target):
            graph.linked(source, target)
        case Unlinked(source, target):
            return graph.unlinked(source, target)
    return Loss()


def client_of(name: str) -> str:
    """The client in a port's name: JACK allows a client ``a:b``, but its port ``a:b:left`` belongs to ``a`` for all programs."""
    return name.partition(":")[0]


class Follower:
    """Keeps the graph in sync with the server. If the server stops, clients and wires wait until it is back.

    It has two threads. The first enters JACK's notifications and never waits. The second notifies observers, and requests from
    the server what has to be done.
    """

    def __init__(self, graph: FollowedGraph, client: OurClient, patchbay: Patchbay, rack: Rack, messages: deque[str]) -> None:
        self._graph, self._client, self._patchbay, self._rack, self._messages = graph, client, patchbay, rack, messages
        self._ear: Worker[Notification] = Worker("ipyclam jack")
        self._hand: Worker[Callable[[], None]] = Worker("ipyclam jack, acting")
        self._entering = threading.Lock()
        self._driving = threading.RLock()
        self._leaving = self._stopped = False
        self._last_state: State = "stopped"

    def start(self) -> None:
        """Start following, with an open client."""
        self._enter_all()
        self._ear.start(self._heard, settled=lambda: self._hand.put(self._settle))
        self._hand.start(lambda act: act(), idle=self._idle)

    def stop(self) -> None:
        """Stop following."""
        self._stopped = True
        self._ear.stop()
        self._hand.stop()

    def hear(self, heard: Notification) -> None:
        """Queue a notification; from any thread."""
        self._ear.put(heard)

    @contextmanager
    def driving(self, to: State) -> Iterator[None]:
        """Within it the transport is brought to a state: those in between, such as a pause before the beginning, are not told."""
        with self._driving:
            yield
            self._state_is(to)

    def _state_is(self, now: State) -> None:
        """Notify observers if the state of the transport has changed."""
        if now != self._last_state:
            before, self._last_state = self._last_state, now
            self._graph.tell(Change("state", (), before, now))

    def _enter_all(self) -> None:
        """Enter all clients, ports and connections; notifications that arrive meanwhile are entered after them."""
        client = self._client.alive()
        notifications.listen(client, self.hear, self._client.count_xrun)
        with self._entering:
            client.activate()
            there = notifications.snapshot(client)
            with self._graph.entering():
                for heard in there:
                    enter(self._graph, heard, self._client.name)
        self._last_state = self._client.rolling().state()

    # -- in the first thread

    def _heard(self, heard: Notification) -> None:
        with self._entering, self._graph.entering():
            match heard:
                case ServerGone(reason):
                    self._lose(reason)
                case PluginEnded(name, pid):
                    self._rack.mourn(name, pid)
                case _:
                    if isinstance(heard, ClientCame):
                        self._patchbay.came(client_of(heard.name))
                    elif isinstance(heard, ClientWent):
                        self._patchbay.leaves(client_of(heard.name))
                    self._patchbay.lost(enter(self._graph, heard, self._client.name))

    def _lose(self, reason: str) -> None:
        """The server has stopped: clients started here are kept, to be restarted, and wires wait."""
        graph = self._graph
        if not self._client.there:
            return
        live = [wire for wire in graph.wires() if graph.is_live(wire.source) and graph.is_live(wire.target)]
        states, end_programs = self._rack.let_go()
        for name in graph.live():
            self._patchbay.lost(graph.went(name))
        for state in states:
            graph.keep(state, "waiting for the JACK server")
        graph.add_waiting(live)
        why = f" ({reason})" if reason else ""
        self._messages.append(f"the JACK server has stopped{why}. This network is restored when the server is back")
        self._leaving = True
        close = self._client.let_go()

        def leave() -> None:
            end_programs()
            close()
            self._leaving = False
            self._state_is("stopped")

        self._hand.put(leave)

    # -- in the second thread

    def _settle(self) -> None:
        self._graph.catch_up()
        self._patchbay.make_waiting()

    def _idle(self) -> None:
        transport = self._client.transport
        if transport is not None:
            if self._driving.acquire(blocking=False):
                try:
                    self._state_is(transport.state())
                finally:
                    self._driving.release()
            self._patchbay.make_waiting(again=True)
        elif not (self._leaving or self._stopped):
            self._come_back()

    def _come_back(self) -> None:
        try:
            self._client.open()
        except DeviceError:
            return
        self._enter_all()
        self._messages.append("the JACK server is back")
        for state in [state for state in self._graph.processings().values() if self._graph.is_kept(state.name)]:
            self._graph.remove(state.name)
            try:
                self._rack.launch(state.name, state.spec, state.config)
            except IpyclamError as exc:
                self._messages.append(f"{state.name} could not be restarted: {exc}")
        self._patchbay.forgive()
        self._patchbay.make_waiting()
