"""The engine ``jack``: the live graph of a JACK server, or of PipeWire's, as a network.

Every client is a processing, and its audio and MIDI ports are ports. Clients of other programs are connected here and
configured there. LV2 plugins are started as separate clients, with their control inputs as controls and parameters.

More information on a client or port (latency, aliases, metadata) is read from JACK on request,
``net.system.playback_1.facts``, never for tab. The samples of out ports are not available: a process callback in Python would
cause dropouts in the whole server.
"""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

from ...errors import DeviceError, EngineError, NoSuchType, NotSupported
from ...following.graph import FollowedGraph
from ...plugins.lv2 import Plugins
from ...proxy import Change, ConnectorId, NetworkInfo, Observer, ProcessingState, Status, TypeSpec, Wire
from ...system.display import warn
from ...variables import variable_of
from . import facts
from .client import OurClient, check_name
from .follower import Follower
from .notifications import PluginEnded
from .package import package
from .patchbay import Patchbay
from .rack import Rack
from .server import Server, runs
from .types import FOREIGN, LaunchedClient, Types

DEVICES: Final = ("auto", "jack")
"""The server's device, by either name."""


def create(
    *,
    name: str = "ipyclam-patchbay",
    server: str | None = None,
    start_server: bool = False,
    sample_rate: int = 48_000,
    block_size: int = 256,
) -> JackProxy:
    """The network of a JACK server.

    Parameters
    ----------
    name : the name of ipyclam's own client, which is not shown.
    server : the name of the server; None for JACK's default server (``JACK_DEFAULT_SERVER``).
    start_server : if no server is running, start one, with the first sound card if there is one. It ends with the network.
    sample_rate : sample rate of a started server, in Hz.
    block_size : block size of a started server, in frames; a power of two.

    Raises
    ------
    NoJackServer
        No server is running, or none of that name.
    DeviceError
        JACK's library or the package JACK-Client is not installed, or the server could not be started.
    """
    client = OurClient(name, server)
    started = Server(server, sample_rate, block_size) if start_server and not runs(server) else None
    return JackProxy(client, started)


class JackProxy:
    """A `NetworkProxy` of a running JACK server; see `create`.

    Programs started elsewhere can only be connected. Other operations on them raise `NotSupported`.

    Parameters
    ----------
    client : ipyclam's own client, not yet open.
    started : the server, if it was started for this network. It ends with the network.
    """

    engine = "jack"

    def __init__(self, client: OurClient, started: Server | None = None) -> None:
        self._client, self._started = client, started
        self._closed = False
        self._blind = threading.local()
        try:
            rate = client.open().samplerate
        except DeviceError:
            if started is not None:
                started.stop()
            raise
        self._messages: deque[str] = deque(maxlen=8)
        self._types = Types(Plugins(rate))
        self._graph = FollowedGraph(self._types, self.engine)
        self._patchbay = Patchbay(self._graph, client, self._messages)
        self._rack = Rack(self._graph, self._types, client.server, self._ended, self._messages, partial(variable_of, self))
        self._follower = Follower(self._graph, client, self._patchbay, self._rack, self._messages)
        try:
            self._follower.start()
        except BaseException:
            self.close()
            raise
        _alive.add(self)
        atexit.register(self.close)  # a client that is active when the interpreter ends takes it down with a segfault

    # -- inspection

    def types(self) -> Mapping[str, TypeSpec]:
        return self._types

    def processings(self) -> Mapping[str, ProcessingState]:
        return self._graph.processings()

    def wires(self) -> Collection[Wire]:
        return self._graph.wires()

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        return self._graph.peers(connector)

    def value(self, control: ConnectorId) -> float:
        return self._rack.value(control)

    def info(self) -> NetworkInfo:
        return self._graph.info()

    def facts(self, subject: str | ConnectorId) -> Mapping[str, Any]:
        """Information from JACK about a client or port, besides name and type: see `ipyclam_core.engines.jack.facts`."""
        client, graph = self._client.alive(), self._graph
        name = subject if isinstance(subject, str) else subject.processing
        graph.state(name)
        if isinstance(subject, ConnectorId):
            graph.connector(subject)
        if not graph.is_live(name):
            return {}
        try:
            if isinstance(subject, str):
                return facts.of_client(client, subject)
            return facts.of_port(client, f"{name}:{subject.name}") if subject.kind == "Port" else {}
        except package().JackError as exc:
            raise EngineError(f"JACK gives no information about {subject}: {exc}") from exc

    # -- operations

    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        wanted = type.name if isinstance(type, TypeSpec) else type
        with self._graph.alone():
            if wanted == FOREIGN.name and self._graph.is_live(name):
                return  # a file asks for a client that is there
            self._graph.check_new(name)
            known = wanted in self._types
            if not known and not isinstance(type, TypeSpec):
                if "://" in wanted and self._types.plugins.missing:
                    raise DeviceError(self._types.plugins.missing)
                raise NoSuchType(wanted, self.engine, self._types)
            if not known:
                self._graph.add(name, type, index=index)
        if known:
            check_name(name)
            spec = self._types[wanted]
            self._rack.launch(name, spec, spec.defaults, index, held=getattr(self._blind, "depth", 0) > 0)

    def remove(self, name: str) -> None:
        with self._graph.alone():
            self._graph.state(name)
            self._refuse_kept(name)
            ours = name in self._rack.programs
            if not ours:
                self._refuse_foreign(name, "end", f"Quit that program. To remove only its wires: {name}.disconnect()")
                self._graph.remove(name)
        if ours:
            self._end(name)

    def rename(self, old: str, new: str) -> None:
        """Rename a client that was started here. JACK cannot rename clients, so it is restarted under the new name."""
        graph = self._graph
        with graph.alone():
            state = graph.state(old)
            if old == new:
                return
            self._refuse_kept(old)
            graph.check_new(new)
            if old not in self._rack.programs:
                self._refuse_foreign(old, "rename", "Start it under another name")
                graph.rename(old, new)
                return
            index, wires = list(graph.processings()).index(old), graph.wires_of(old)
        check_name(new)
        with graph.hushed(old, new):
            self._rack.launch(new, state.spec, state.config, index, self._rack.is_held(old))
            try:
                graph.place(new, state.position, state.size)
                for wire in wires:
                    source = new if wire.source == old else wire.source
                    target = new if wire.target == old else wire.target
                    self._patchbay.connect(replace(wire, source=source, target=target))
            except BaseException:
                self._end(new)
                raise
            self._end(old)
        with graph.asking():
            graph.tell(Change("renamed", (old, new), old, new))

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        with self._graph.alone():
            self._graph.state(name)
            if not changes:
                return
            self._refuse_kept(name)
            if name in self._rack.programs:
                self._rack.configure(name, changes)
            else:
                self._refuse_foreign(name, "configure", "Use its own window, or the options it is started with")
                self._graph.configure(name, changes)

    def connect(self, wire: Wire) -> None:
        self._refuse_kept(wire.source, wire.target)
        self._patchbay.connect(wire)

    def disconnect(self, wire: Wire) -> None:
        self._patchbay.disconnect(wire)

    def set_control(self, name: str, control: str, value: float | None) -> None:
        with self._graph.alone():
            self._refuse_kept(name)
            if name in self._rack.programs:
                self._rack.turn(name, control, value)
            else:
                self._graph.set_control(name, control, value)

    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        self._graph.place(name, position, size)

    def set_info(self, info: NetworkInfo) -> None:
        with self._graph.alone():
            self._graph.set_info(info)
        self._patchbay.forgive()
        self._patchbay.make_waiting()

    def batch(self, *, lenient: bool = False) -> AbstractContextManager[None]:
        return self._graph.batch(lenient=lenient)

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """See `CanLoadUnseen.unseen`: networks that are started meanwhile open their files when this one plays."""
        self._blind.depth = getattr(self._blind, "depth", 0) + 1
        try:
            yield
        finally:
            self._blind.depth -= 1

    def assume(self, end: ConnectorId) -> bool:
        """A client has the ports that JACK says."""
        return False

    def is_unseen(self, name: str) -> bool:
        """A client has the ports that JACK says."""
        return False

    def observe(self, callback: Observer) -> Callable[[], None]:
        return self._graph.observe(callback)

    # -- playing

    def devices(self) -> Sequence[str]:
        return DEVICES

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        """Start the transport. The server chooses the device. `block_size` applies to all clients of the server."""
        if device not in DEVICES:
            raise NotSupported(
                self.engine, f"play on {device!r}", "The JACK server chooses its device. For another device, start another server"
            )
        self._rack.go()
        with self._follower.driving("playing"):
            self._client.rolling().play(sample_rate, block_size, self._client.xruns)

    def pause(self) -> None:
        """Stop the transport where it is."""
        with self._follower.driving("paused"):
            self._client.rolling().pause()

    def stop(self) -> None:
        """Stop the transport and go to the beginning."""
        with self._follower.driving("stopped"):
            self._client.rolling().stop()

    def panic(self) -> None:
        """Stop the transport. Programs that do not follow it cannot be silenced by another client."""
        self.stop()
        remedy = f"To cut it off: {variable_of(self)}.NAME.disconnect()"
        warn(f"the transport has stopped. A program that ignores it plays on. {remedy}", stacklevel=3)

    def status(self) -> Status:
        transport = self._client.transport
        messages = tuple(reversed(self._messages))
        if transport is None:
            return Status(messages=messages)
        server = self._client.server
        return transport.status(self._client.xruns, f"jack:{server}" if server else "jack", messages)

    def locate(self, seconds: float) -> None:
        """Move the transport to `seconds` from its beginning."""
        self._client.rolling().locate(seconds)

    def freewheel(self, on: bool = True) -> None:
        """Let the server run faster than real time, for all its clients, or in real time again if `on` is False."""
        self._client.rolling().freewheel(on)

    # -- the end

    def close(self) -> None:
        """Disconnect from the server, and end the plugins and the server that were started here."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._graph.close()
        self._follower.stop()
        _, end_programs = self._rack.let_go()
        end_programs()
        self._client.close()
        if self._started is not None:
            self._started.stop()

    def forsake(self) -> None:
        """In a child process: the client, the programs and the server are the parent's, and the threads that follow them do not exist."""
        self._closed = True
        atexit.unregister(self.close)
        self._rack.forsake()
        self._client.forsake()
        self._graph.forsake()

    # -- inside

    def _end(self, name: str) -> None:
        """End a program of ours."""
        self._patchbay.release(name)
        self._rack.end(name)

    def _ended(self, program: LaunchedClient) -> None:
        """A program of ours has ended by itself."""
        self._follower.hear(PluginEnded(program.name, program.pid))

    def _refuse_kept(self, *names: str) -> None:
        """Processings that wait for the server cannot be changed."""
        if any(map(self._graph.is_kept, names)):
            self._client.alive()

    def _refuse_foreign(self, name: str, verb: str, instead: str) -> None:
        if self._graph.is_live(name):
            raise NotSupported(self.engine, f"{verb} {name}, which is another program", instead)


_alive: Final[weakref.WeakSet[JackProxy]] = weakref.WeakSet()


def _forsake_all() -> None:
    for proxy in list(_alive):
        proxy.forsake()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forsake_all)
