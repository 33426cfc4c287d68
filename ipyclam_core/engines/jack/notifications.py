"""JACK's notifications as plain values.

JACK calls back on a thread of its own, which must not send requests to the server. What can be read from the memory
shared with the server (a port's name, type and flags) is read at once, and the rest is left to the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...errors import EngineError
from ...proxy import PortSpec
from .package import package

AUDIO, MIDI = "audio", "midi"
TYPES = {"32 bit float mono audio": AUDIO, "8 bit raw midi": MIDI}


@dataclass(frozen=True, slots=True)
class ClientCame:
    name: str


@dataclass(frozen=True, slots=True)
class ClientWent:
    name: str


@dataclass(frozen=True, slots=True)
class PortCame:
    """`key` is the port's UUID: unlike the name, it can still be read when the port is being removed."""

    key: int
    fullname: str
    type: str
    is_input: bool
    doc: str

    @property
    def spec(self) -> PortSpec:
        return PortSpec(self.fullname.partition(":")[2], self.type, self.doc)


@dataclass(frozen=True, slots=True)
class PortWent:
    key: int


@dataclass(frozen=True, slots=True)
class PortRenamed:
    key: int
    fullname: str


@dataclass(frozen=True, slots=True)
class Linked:
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Unlinked:
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class ServerGone:
    reason: str


@dataclass(frozen=True, slots=True)
class PluginEnded:
    """The program `pid`, started as the client `name`, has ended."""

    name: str
    pid: int


Notification = ClientCame | ClientWent | PortCame | PortWent | PortRenamed | Linked | Unlinked | ServerGone | PluginEnded


def listen(client: Any, hear: Callable[[Notification], None], count_xrun: Callable[[], None]) -> None:
    """Let `client`, which is not active yet, pass all notifications to `hear`."""

    def registered(port: Any, came: bool) -> None:
        if port is None:
            return
        if not came:
            hear(PortWent(port.uuid))
        elif (described := describe(port)) is not None:
            hear(described)

    def connected(a: Any, b: Any, made: bool) -> None:
        if a is not None and b is not None:
            hear(Linked(a.uuid, b.uuid) if made else Unlinked(a.uuid, b.uuid))

    def renamed(port: Any, old: str, new: str) -> None:
        if port is not None:
            hear(PortRenamed(port.uuid, new))

    def xrun(delayed: float) -> None:
        count_xrun()

    client.set_client_registration_callback(lambda name, came: hear(ClientCame(name) if came else ClientWent(name)))
    client.set_port_registration_callback(registered, only_available=False)
    client.set_port_connect_callback(connected, only_available=False)
    client.set_port_rename_callback(renamed, only_available=False)
    client.set_xrun_callback(xrun)
    client.set_shutdown_callback(lambda status, reason: hear(ServerGone(reason)))


def snapshot(client: Any) -> list[Notification]:
    """The current state as notifications: ports first, then connections."""
    ports = {port.uuid: port for port in _ports(client)}
    there: list[Notification] = []
    for port in ports.values():
        described = describe(port)
        if described is not None:
            there.append(described)
    for key, port in ports.items():
        if port.is_output:
            there += (Linked(key, peer.uuid) for peer in _peers(client, port))
    return there


def describe(port: Any) -> PortCame | None:
    """A port as it is now; None if it no longer exists."""
    fullname = port.name
    if ":" not in fullname:
        return None
    words = [word for word, true in (("physical", port.is_physical), ("terminal", port.is_terminal)) if true]
    aliases = [alias for alias in port.aliases if alias != fullname]
    if aliases:
        words.append("also called " + ", ".join(aliases))
    return PortCame(port.uuid, fullname, TYPES.get(port.type, port.type), port.is_input, ", ".join(words))


def _ports(client: Any) -> list[Any]:
    """Every port. JACK-Client looks each one up by its name and gives up when one is gone by then, so we ask again."""
    return _patiently(client.get_ports)


def _peers(client: Any, port: Any) -> list[Any]:
    return _patiently(client.get_all_connections, port)


def _patiently(ask: Callable[..., list[Any]], *arguments: Any) -> list[Any]:
    error = package().JackError
    for _ in range(100):
        try:
            return ask(*arguments)
        except error as exc:
            last = exc
    raise EngineError(f"JACK's ports change faster than they can be listed: {last}") from last
