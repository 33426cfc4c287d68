"""The engine ``jack``: the live graph of a JACK server, or of PipeWire's, as a network.

Every client is a processing, its audio and MIDI ports are ports. Clients that other programs made are connected here and
configured there; LV2 plugins are launched as clients of their own, with their control inputs as controls and parameters.

Observers are called on the thread that follows the server for what the server tells, and before an operation returns for
what the operation did. What a client or a port has besides ports, name and type (latency, aliases, metadata) is asked of
JACK when it is wanted, ``net.system.playback_1.facts``, never for tab. An out port's samples are not offered: a process
callback in Python would make the whole server drop out.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping
from typing import Any

from ...errors import DeviceError, EngineError, IpyclamError, NoJackServer, NotSupported
from ...plugins.lv2 import Plugins
from ...proxy import Change, ConnectorId, State, Status
from . import facts, notifications
from .notifications import Notification, PluginEnded, ServerGone
from .rack import Rack
from .server import Server, close_client, library, name_of, open_client
from .transport import Transport
from .types import Program, Types


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
    name : of our own client, which is not shown.
    server : the server's name; None for the one that JACK takes by default (``JACK_DEFAULT_SERVER``).
    start_server : start one where none is running: of the first sound card, or of none. It ends with the network.
    sample_rate : of a server that is started, in Hz.
    block_size : of a server that is started, in frames, a power of two.

    Raises
    ------
    NoJackServer
        None is running, or none of that name.
    DeviceError
        JACK's library, or the package JACK-Client, is not installed; or the server could not be started.
    """
    library()
    started = None
    if start_server:
        try:
            close_client(open_client(name, server))
        except NoJackServer:
            started = Server(server, sample_rate, block_size)
    return JackProxy(name, server, started)


class JackProxy(Rack):
    """A `NetworkProxy` of a running JACK server; see `create`."""

    def __init__(self, name: str, server: str | None, started: Server | None = None) -> None:
        try:
            client = open_client(name, server)
        except DeviceError:
            if started is not None:
                started.stop()
            raise
        self._own, self._started = name, started
        self._transport: Transport | None = None
        self._xruns = 0
        self._closed = False
        self._entering = threading.RLock()
        self._last_state: State = "stopped"
        self._prepare(server)
        super().__init__(Types(Plugins(client.samplerate)), name_of(server), self._heard, self._idle)
        try:
            self._enter(client)
        except BaseException:
            self.close()
            raise
        self._untold.clear()
        atexit.register(self.close)  # a client that is active when the interpreter ends takes it down with a segfault

    def facts(self, subject: str | ConnectorId) -> Mapping[str, Any]:
        """What JACK knows of a client or a port beyond its name and type: see `ipyclam_core.engines.jack.facts`."""
        client = self._alive()
        with self._lock:
            name = subject if isinstance(subject, str) else subject.processing
            self._state(name)
            if isinstance(subject, ConnectorId):
                self._connector(subject)
        if not self._is_live(name):
            return {}
        try:
            if isinstance(subject, str):
                return facts.of_client(client, subject)
            return facts.of_port(client, f"{name}:{subject.name}") if subject.kind == "Port" else {}
        except library().JackError as exc:
            raise EngineError(f"JACK tells nothing of {subject}: {exc}") from exc

    # -- playing

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        """Start the transport. The device is the server's; `block_size` changes it for everybody on the server."""
        if device not in ("auto", "jack"):
            raise NotSupported(self.engine, f"play on {device!r}", "The JACK server has its device; start another server for another")
        self._rolling().play(sample_rate, block_size, self._xruns)
        self._state_may_have_changed("playing")

    def pause(self) -> None:
        """Stop the transport where it is."""
        self._rolling().pause()
        self._state_may_have_changed("paused")

    def stop(self) -> None:
        """Stop the transport and go to the beginning."""
        self._rolling().stop()
        self._state_may_have_changed("stopped")

    def status(self) -> Status:
        transport = self._transport
        messages = tuple(reversed(self._messages))
        if transport is None:
            return Status(messages=messages)
        return transport.status(self._xruns, f"jack:{self._server}" if self._server else "jack", messages)

    def locate(self, seconds: float) -> None:
        """Move the transport to `seconds` from its beginning."""
        self._rolling().locate(seconds)

    def freewheel(self, on: bool = True) -> None:
        """Have the server run as fast as it can, for rendering, or in time again; for everybody on it."""
        self._rolling().freewheel(on)

    # -- the end

    def close(self) -> None:
        """Leave the server, and end the plugins and the server that were started here."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        super().close()
        self._worker.stop()
        programs = list(self._programs.values())
        self._programs.clear()
        for program in programs:
            program.stop()
        self._leave()
        if self._started is not None:
            self._started.stop()

    # -- the server

    def _enter(self, client: Any) -> None:
        notifications.listen(client, self._worker.put, self._count_xrun)
        self._client, self._transport = client, Transport(client)
        with self._entering:  # what is heard meanwhile is followed after what was there
            client.activate()
            for there in notifications.snapshot(client):
                self.apply(there)
        self._last_state = self._transport.state()

    def _leave(self) -> None:
        if self._client is not None:
            close_client(self._forget_client())

    def _forget_client(self) -> Any:
        client, self._client, self._transport = self._client, None, None
        return client

    def _rolling(self) -> Transport:
        self._alive()
        assert self._transport is not None
        return self._transport

    def _count_xrun(self) -> None:
        self._xruns += 1

    # -- the worker's part

    def _heard(self, heard: Notification) -> None:
        match heard:
            case ServerGone(reason):
                self._lose(reason)
            case PluginEnded(name, pid):
                self._mourn(name, pid)
            case _:
                with self._entering:
                    self.apply(heard)
        self.tell()

    def _idle(self) -> None:
        if self._closed or (self._transport is None and self._client is not None):
            return
        if self._client is None:
            self._come_back()
        else:
            assert self._transport is not None
            self._state_may_have_changed(self._transport.state())
            self._make_waiting(again=True)

    def _lose(self, reason: str) -> None:
        """The server is gone: what was launched stays, to be launched again, and wires wait."""
        with self._lock:
            if self._client is None:
                return
            live = [wire for wire in self._wires if self._is_live(wire.source) and self._is_live(wire.target)]
            ours = [self._processings[name] for name in self._programs if name in self._processings]
            programs: list[Program] = list(self._programs.values())
            self._programs.clear()
            for name in list(self._keys):
                self._forget(name)
            for state in ours:
                self._keep(state)
            self._await(live)
            why = f" ({reason})" if reason else ""
            self._messages.append(f"the JACK server is gone{why}; this network comes back when it does")
            client = self._forget_client()
        for program in programs:
            program.stop()
        close_client(client)
        self._state_may_have_changed("stopped")

    def _come_back(self) -> None:
        try:
            client = open_client(self._own, self._server)
        except DeviceError:
            return
        self._enter(client)
        self._messages.append("the JACK server is there again")
        for state in [state for state in self.processings().values() if self._is_kept(state.name)]:
            with self._lock:
                self._let_go(state.name)
            try:
                self._launch(state.name, state.spec, state.config, None)
            except IpyclamError as exc:
                self._messages.append(f"{state.name} could not be launched again: {exc}")
        self._refused.clear()
        self._make_waiting()
        self.tell()

    def _state_may_have_changed(self, now: State) -> None:
        if now != self._last_state:
            before, self._last_state = self._last_state, now
            self._tell(Change("state", (), before, now))
            self.tell()
