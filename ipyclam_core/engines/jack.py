"""The engine ``jack``: the live graph of a JACK server, or of PipeWire's, as a network.

Every client is a processing, its audio and MIDI ports are ports. Clients that other programs made are connected here and
configured there; LV2 plugins are launched as clients of their own, with their control inputs as controls and parameters.
"""

from __future__ import annotations

import atexit
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import (
    ConnectionExists,
    DeviceError,
    DifferentConnectorType,
    EngineError,
    InvalidName,
    IpyclamError,
    NoJackServer,
    NoSuchType,
    NotSupported,
    ParameterTypeError,
    ParameterValueError,
)
from ..jack import facts, notifications, patchbay
from ..jack.jalv import Jalv
from ..jack.live_graph import LiveGraph
from ..jack.notifications import Notification, PluginEnded, ServerGone
from ..jack.plugins import Plugins
from ..jack.server import Server, library, open_client
from ..jack.transport import Transport
from ..jack.types import Types
from ..jack.worker import Worker
from ..parameters import Value, merge
from ..proxy import Change, ConnectorId, NetworkInfo, ProcessingState, State, Status, TypeSpec, Wire

_PATIENCE = 3.0
"""Seconds that JACK may take to tell of what it has done."""
_START_PATIENCE = 10.0


def create(
    *,
    name: str = "ipyclam",
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
            open_client(name, server).close()
        except NoJackServer:
            started = Server(server, sample_rate, block_size)
    return JackProxy(name, server, started)


class JackProxy(LiveGraph):
    """A `NetworkProxy` of a running JACK server; see `create`."""

    def __init__(self, name: str, server: str | None, started: Server | None = None) -> None:
        self._name, self._server, self._started = name, server, started
        self._client: Any = None
        self._transport: Transport | None = None
        self._xruns = 0
        self._messages: deque[str] = deque(maxlen=8)
        self._programs: dict[str, Jalv] = {}
        self._lost: dict[str, tuple[TypeSpec, Mapping[str, Value]]] = {}
        self._refused: set[Wire] = set()
        self._closed = False
        self._last_state: State = "stopped"
        try:
            client = open_client(name, server)
        except DeviceError:
            if started is not None:
                started.stop()
            raise
        self._catalogue = Types(Plugins(client.samplerate))
        super().__init__(self._catalogue, lambda: self._client.name if self._client is not None else "")
        self._worker: Worker[Notification] = Worker(self._heard, self._settled, self._idle)
        try:
            self._enter(client)
            self._untold.clear()
        except BaseException:
            self.close()
            raise
        atexit.register(self.close)  # a client that is active when the interpreter ends takes it down with a segfault

    # -- operations

    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        wanted = type.name if isinstance(type, TypeSpec) else type
        with self._lock:
            self._check_new(name)
            if wanted not in self._types:
                if not isinstance(type, TypeSpec):
                    if "://" in wanted and self._catalogue.plugins.missing:
                        raise DeviceError(self._catalogue.plugins.missing)
                    raise NoSuchType(wanted, self.engine, self._types)
                super().add(name, type, index=index)
        if wanted in self._types:
            self._check_client_name(name)
            spec = self._types[wanted]
            self._launch(name, spec, spec.defaults, index)
        self.tell()

    def remove(self, name: str) -> None:
        with self._lock:
            self._state(name)
            program = self._programs.get(name)
            if program is None:
                self._refuse_foreign(
                    name, f"end {name}, which is a program of its own", f"quit it there; {name}.disconnect() cuts its wires"
                )
                super().remove(name)
        if program is not None:
            self._end(name, program)
        self.tell()

    def rename(self, old: str, new: str) -> None:
        """JACK knows no renaming of clients: a plugin of ours is launched again under the new name, and begins anew."""
        with self._lock:
            state = self._state(old)
            if old == new:
                return
            self._check_new(new)
            program = self._programs.get(old)
            if program is None:
                self._refuse_foreign(old, f"rename {old}, which is a program of its own", "start it under another name")
                super().rename(old, new)
        if program is not None:
            self._check_client_name(new)
            index = list(self._processings).index(old)
            wires = list(self._wires_at(state, state.connectors))
            self._launch(new, state.spec, state.config, index)
            for wire in wires:
                source = new if wire.source == old else wire.source
                target = new if wire.target == old else wire.target
                self.connect(replace(wire, source=source, target=target))
            self._end(old, program)
        self.tell()

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        with self._lock:
            before = self._state(name)
            program = self._programs.get(name)
            if program is None:
                self._refuse_foreign(
                    name, f"configure {name}, which is a program of its own", "set it in its own window, or where it is started"
                )
                super().configure(name, changes)
            else:
                config = dict(merge(before.spec.parameters, before.config, changes, name))
                type_ = self._catalogue.plugins.type(before.spec.name)
                chosen = changes.get(type_.preset_name) if type_.presets else None
                if chosen is not None and (chosen != before.config[type_.preset_name] or len(changes) == 1):
                    numbers = program.load(type_.presets[chosen])
                    config.update({symbol: type_.value(symbol, number) for symbol, number in numbers.items() if symbol in config})
                    config.update(
                        {key: value for key, value in merge(before.spec.parameters, config, changes, name).items() if key in changes}
                    )
                    known: Mapping[str, Value] = {
                        symbol: type_.value(symbol, number) for symbol, number in numbers.items() if symbol in config
                    }
                else:
                    known = before.config
                for symbol, value in config.items():
                    if symbol in type_.inputs and value != known.get(symbol):
                        program.set(symbol, type_.number(symbol, value))
                if config != before.config:
                    self._configured(before, config)
        self.tell()

    def connect(self, wire: Wire) -> None:
        with self._lock:
            self._refuse_control(wire)
            source, target = self._connector(wire.out_end), self._connector(wire.in_end)
            live = self._is_live(wire.source) and self._is_live(wire.target)
            if not live:
                super().connect(wire)
            elif source.type != target.type:
                raise DifferentConnectorType(
                    f"{wire.source}[{wire.source_connector!r}] carries {source.type}, "
                    f"{wire.target}[{wire.target_connector!r}] takes {target.type}"
                )
            elif wire in self._wires:
                raise ConnectionExists(
                    f"{wire.source}[{wire.source_connector!r}] and {wire.target}[{wire.target_connector!r}] are connected already"
                )
        if live:
            self._ask_jack(wire, True)
        self.tell()

    def disconnect(self, wire: Wire) -> None:
        with self._lock:
            live = wire in self._wires and self._is_live(wire.source) and self._is_live(wire.target)
            if not live:
                super().disconnect(wire)
        if live:
            self._ask_jack(wire, False)
        self.tell()

    def set_control(self, name: str, control: str, value: float | None) -> None:
        with self._lock:
            program = self._programs.get(name)
            if program is None:
                super().set_control(name, control, value)
            else:
                self._connector(ConnectorId(name, "Control", "In", control))
                if value is not None:
                    self._send(program, control, value)
        self.tell()

    def set_info(self, info: NetworkInfo) -> None:
        super().set_info(info)
        self._refused.clear()
        self._make_waiting()

    def value(self, control: ConnectorId) -> float:
        with self._lock:
            program = self._programs.get(control.processing)
            if program is None:
                return super().value(control)
            spec = self._connector(control)
            state = self._processings[control.processing]
        if control.direction == "In":
            return self._catalogue.plugins.type(state.spec.name).number(control.name, state.config[control.name])
        return program.outputs().get(control.name, getattr(spec, "default", 0.0))

    def facts(self, subject: str | ConnectorId) -> Mapping[str, Any]:
        """What JACK knows of a client or a port beyond its name and type: see `ipyclam_core.jack.facts`."""
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
            raise NotSupported(self.engine, f"play on {device!r}", "the JACK server has its device; start another server for another")
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
        programs, self._programs = dict(self._programs), {}
        for program in programs.values():
            program.stop()
        self._leave()
        if self._started is not None:
            self._started.stop()

    # -- the server

    def _enter(self, client: Any) -> None:
        notifications.listen(client, self._worker.put, self._count_xrun)
        self._client, self._transport = client, Transport(client)
        client.activate()
        for there in notifications.snapshot(client):
            self.apply(there)
        self._last_state = self._transport.state()

    def _leave(self) -> None:
        client, self._client, self._transport = self._client, None, None
        if client is not None:
            client.deactivate()
            client.close()

    def _alive(self) -> Any:
        client = self._client
        if client is None:
            raise NoJackServer(self._server or "")
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
                self.apply(heard)
        self.tell()

    def _settled(self) -> None:
        if self._info.waiting:
            self._make_waiting()

    def _idle(self) -> None:
        if self._closed:
            return
        if self._client is None:
            self._come_back()
        else:
            assert self._transport is not None
            self._state_may_have_changed(self._transport.state())

    def _lose(self, reason: str) -> None:
        """The server is gone: remember what was, so that it can be made again."""
        with self._lock:
            if self._client is None:
                return
            live = tuple(wire for wire in self._wires if self._is_live(wire.source) and self._is_live(wire.target))
            for name in self._programs:
                if name in self._processings:
                    self._lost[name] = (self._processings[name].spec, self._processings[name].config)
            programs, self._programs = dict(self._programs), {}
            for name in list(self._keys):
                self._forget(name)
            waiting = self._info.waiting + tuple(wire for wire in live if wire not in self._info.waiting)
            LiveGraph.set_info(self, replace(self._info, waiting=waiting))
            self._messages.append(f"the JACK server is gone ({reason}); this network comes back when it does" if reason else
                                  "the JACK server is gone; this network comes back when it does")  # fmt: skip
        for program in programs.values():
            program.stop()
        self._leave()
        self._state_may_have_changed("stopped")

    def _come_back(self) -> None:
        try:
            client = open_client(self._name, self._server)
        except DeviceError:
            return
        self._enter(client)
        self._messages.append("the JACK server is there again")
        lost, self._lost = self._lost, {}
        for name, (spec, config) in lost.items():
            try:
                self._launch(name, spec, config, None)
            except IpyclamError as exc:
                self._messages.append(f"{name} could not be launched again: {exc}")
        self._refused.clear()
        self._make_waiting()
        self.tell()

    def _mourn(self, name: str, pid: int) -> None:
        """A plugin of ours has ended by itself: say so. JACK takes its client away."""
        program = self._programs.get(name)
        if program is None or program.pid != pid:
            return
        del self._programs[name]
        state = self._processings.get(name)
        what = f"net[{name!r}] = {state.spec.name!r} launches it again" if state is not None else ""
        self._messages.append(f"{name} {program.epitaph}; {what}".rstrip("; "))

    def _make_waiting(self) -> None:
        """Make the waiting wires whose clients have come."""
        made = []
        for wire in list(patchbay.makeable(self._info.waiting, self.processings())):
            if wire in self._refused:
                continue
            try:
                if wire not in self.wires():
                    self.connect(wire)
                made.append(wire)
            except IpyclamError as exc:
                self._refused.add(wire)
                self._messages.append(f"a waiting connection could not be made: {exc}")
        if made:
            with self._lock:
                LiveGraph.set_info(self, replace(self._info, waiting=patchbay.without(self._info.waiting, made)))
            self.tell()

    def _state_may_have_changed(self, now: State) -> None:
        if now != self._last_state:
            before, self._last_state = self._last_state, now
            self._tell(Change("state", (), before, now))
            self.tell()

    # -- clients of ours

    def _launch(self, name: str, spec: TypeSpec, config: Mapping[str, Value], index: int | None) -> None:
        self._alive()
        type_ = self._catalogue.plugins.type(spec.name)
        values = {symbol: type_.number(symbol, config[symbol]) for symbol in type_.inputs if config[symbol] != spec.defaults[symbol]}
        self._launching[name] = (spec, config)
        try:
            program = Jalv(name, spec.name, values, self._server, lambda ended: self._worker.put(PluginEnded(ended.name, ended.pid)))
            expected = len(spec.inports) + len(spec.outports)

            def complete() -> bool:
                state = self._processings.get(name)
                return state is not None and len(state.connectors.inports) + len(state.connectors.outports) >= expected

            self._programs[name] = program
            if not self._worker.wait_for(complete, self._told, _START_PATIENCE):
                program.stop()
                del self._programs[name]
                raise EngineError(f"{name} was launched, but its ports have not come within {_START_PATIENCE:g} s")
        finally:
            del self._launching[name]
        if index is not None:
            with self._lock:
                self._move_to(name, index)
                self._view = None

    def _end(self, name: str, program: Jalv) -> None:
        self._programs.pop(name, None)
        program.stop()
        if not self._worker.wait_for(lambda: name not in self._keys, self._told, _PATIENCE):
            with self._lock:
                self._forget(name)

    def _send(self, program: Jalv, control: str, value: object) -> None:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
            raise ParameterTypeError(program.name, control, value, "a number")
        number = float(value)
        if not math.isfinite(number):
            raise ParameterValueError(program.name, control, value, "a finite number")
        before = self._processings[program.name]
        type_ = self._catalogue.plugins.type(before.spec.name)
        heard = type_.number(control, before.config[control])
        held = type_.value(control, number)
        program.set(control, type_.number(control, held))
        if held != before.config[control]:
            self._configured(before, {**before.config, control: held})
            self._tell(Change("control", (program.name, control), heard, type_.number(control, held)))

    def _configured(self, before: ProcessingState, config: Mapping[str, Value]) -> None:
        after = replace(before, config=config)
        self._processings[before.name] = after
        self._changed(Change("configured", (before.name,), before, after))

    # -- wires

    def _ask_jack(self, wire: Wire, make: bool) -> None:
        """Have JACK make or cut a wire, and wait until it has told of it."""
        client = self._alive()
        ends = f"{wire.source}:{wire.source_connector}", f"{wire.target}:{wire.target_connector}"
        error: Exception | None = None
        try:
            (client.connect if make else client.disconnect)(*ends)
        except library().JackError as exc:
            error = exc
        done = self._worker.wait_for(lambda: (wire in self._wires) == make, self._told, 0.2 if error else _PATIENCE)
        if not done:
            with self._lock:  # an end that went meanwhile is what a person wants to know
                self._connector(wire.out_end), self._connector(wire.in_end)
            raise EngineError(
                f"JACK did not {'connect' if make else 'disconnect'} {ends[0]} and {ends[1]}: {error or 'no answer'}"
            ) from error

    # -- refusals

    def _refuse_foreign(self, name: str, operation: str, instead: str) -> None:
        if self._is_live(name):
            raise NotSupported(self.engine, operation, instead)

    def _refuse_control(self, wire: Wire) -> None:
        if wire.kind == "Control":
            self._connector(wire.out_end), self._connector(wire.in_end)
            raise NotSupported(self.engine, "connect controls", "JACK carries audio and MIDI; assign a value: net.plugin.control = 0.5")

    def _check_client_name(self, name: str) -> None:
        longest = library().client_name_size() - 1
        if len(name.encode()) > longest:
            raise InvalidName(name, f"JACK takes at most {longest} bytes")
        if ":" in name or "\n" in name or "\0" in name:
            raise InvalidName(name, "JACK's client names have no ':' and are one line")
