"""MIDI ports: those of devices and of other programs, and virtual ports that others connect to.

A port that is unplugged is looked for four times a second, and used again when it returns.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from .library import missing

CLIENT: Final = "ipyclam midi"
"""The name of this program among the clients of ALSA and JACK."""

PAUSE: Final = 0.25
"""Seconds from one look for ports to the next. A port that is gone for less long is taken for the same one."""

_LONGEST: Final = 3  # bytes of a message; a longer one is system exclusive
_SEQUENCER: Final = "/dev/snd/seq"
_NOTES: Final = (0x80, 0x90)

System = tuple[int, tuple[int, ...]]
"""A system of ports: its number in RtMidi, and the identity of its server. A server that was restarted has another one."""

_refused: Final[set[System]] = set()
"""Servers that did not answer: JACK leaves the socket of one that crashed, and prints to the terminal when it is tried again."""

_held: Final[dict[int, tuple[Any, System]]] = {}
"""The clients of this program, by their ids.

JACK's library confuses those of a server that is gone with those of the next one: all of them are closed before one is made.
"""

_alone: Final = threading.RLock()


def problem_of() -> str:
    """Why ports cannot be used, or ``""``: the package is not installed."""
    return missing("rtmidi", "MIDI ports need python-rtmidi")


def _absence() -> str:
    """Why there are no MIDI ports on this machine, or ``""``."""
    if any(system not in _refused for system in _systems()):
        return ""
    return "this machine has no MIDI ports. Load ALSA's sequencer (sudo modprobe snd-seq) or start a JACK server"


def inputs() -> list[str]:
    """The names of the ports that send messages."""
    return _names("MidiIn")


def outputs() -> list[str]:
    """The names of the ports that receive messages."""
    return _names("MidiOut")


def matching(wanted: str, names: list[str]) -> int | None:
    """The first port with a name, or else the first whose name contains it; capital letters do not matter."""
    small = [name.casefold() for name in names]
    wanted = wanted.casefold()
    if wanted in small:
        return small.index(wanted)
    return next((k for k, name in enumerate(small) if wanted in name), None)


class _Port:
    """A port of others, by its name or a part of it; or without one a virtual port, which others connect to.

    Parameters
    ----------
    wanted : the name, or ``""``.
    title : the name of this end.

    Attributes
    ----------
    trouble : why it is not open, or ``""``.
    """

    kind = ""

    def __init__(self, wanted: str, title: str) -> None:
        self._wanted, self._title = wanted, title
        self._device: Any = None
        self._idle: dict[System, Any] = {}  # clients in which to look for the port
        self._system: System | None = None
        self._name = ""
        self._looked = time.monotonic()
        self.trouble = ""
        self._open()

    def _fault(self) -> str:
        """Why it is not open."""
        if why := _absence():
            return why
        if not self._wanted:
            return "a virtual MIDI port cannot be opened here. Set Port to the name of a MIDI port"
        others = ", ".join(map(repr, _names(self.kind))) or "none"
        return f"there is no MIDI port {self._wanted!r} now; it is used as soon as it is connected. MIDI ports: {others}"

    def service(self) -> None:
        """Four times a second, look whether the port is still there, or there again."""
        now = time.monotonic()
        if now - self._looked < PAUSE:
            return
        self._looked = now
        if self._device is not None and not self._present():
            self.close()
        if self._device is None:
            self._open()

    def close(self) -> None:
        """Close the port."""
        device, self._device = self._device, None
        for each in (device, *self._idle.values()):
            if each is not None:
                _close(each)
        self._idle.clear()

    def _present(self) -> bool:
        if self._system not in list(_systems()):
            return False
        return not self._wanted or self._name in self._device.get_ports()

    def _open(self) -> None:
        systems = list(_systems())
        for gone in self._idle.keys() - systems:
            _close(self._idle.pop(gone))
        for system in systems:
            device = self._idle.pop(system, None) or _device(self.kind, system)
            if device is not None and self._opened(device):
                self._device, self._system, self.trouble = device, system, ""
                return
            if device is not None:
                self._idle[system] = device
        self.trouble = self._fault()

    def _opened(self, device: Any) -> bool:
        try:
            if self._enter(device):
                self._begin(device)
                return True
        except Exception:  # it was unplugged meanwhile, or the system has no virtual ports
            return False
        return False

    def _enter(self, device: Any) -> bool:
        if not self._wanted:
            device.open_virtual_port(self._title)
            return True
        names = device.get_ports()
        place = matching(self._wanted, names)
        if place is None:
            return False
        self._name = names[place]
        device.open_port(place, self._title)
        return True

    def _begin(self, device: Any) -> None:
        """Called when it is open."""


class Input(_Port):
    """A port that messages come from; `hear` is called in a thread of its own with each, its three bytes in one number."""

    kind = "MidiIn"

    def __init__(self, wanted: str, title: str, hear: Callable[[int], None], *, timing: bool = False) -> None:
        self._hear, self._timing = hear, timing
        super().__init__(wanted, title)

    def _begin(self, device: Any) -> None:
        device.ignore_types(sysex=True, timing=not self._timing, active_sense=True)
        device.set_callback(self._came)

    def _came(self, event: tuple[list[int], float], data: object) -> None:
        message = event[0]
        if len(message) <= _LONGEST:
            first, second, third = (*message, 0, 0)[:_LONGEST]
            self._hear(first << 16 | second << 8 | third)


class Output(_Port):
    """A port that messages go to. Notes that sound are ended when it is closed."""

    kind = "MidiOut"

    def __init__(self, wanted: str, title: str) -> None:
        self._sounding: set[tuple[int, int]] = set()
        super().__init__(wanted, title)

    def send(self, message: int) -> None:
        """Send a message; it is dropped while the port is not there."""
        status, first, second = message >> 16, message >> 8 & 0x7F, message & 0x7F
        if self._device is None or status < 0x80:
            return
        if status & 0xF0 in _NOTES:
            note = (status & 0x0F, first)
            (self._sounding.add if status >= 0x90 and second else self._sounding.discard)(note)
        with suppress(Exception):  # it was unplugged; the next look finds that
            self._device.send_message([status, first, second][: _length(status)])

    def close(self) -> None:
        for channel, key in sorted(self._sounding):
            self.send(0x80 << 16 | channel << 16 | key << 8)
        self._sounding.clear()
        super().close()


def _length(status: int) -> int:
    """The number of bytes of a message."""
    if status >= 0xF0:
        return {0xF1: 2, 0xF2: 3, 0xF3: 2}.get(status, 1)
    return 2 if status & 0xE0 == 0xC0 else 3


def _systems() -> Iterator[System]:
    """The systems that answer on this machine; the others would print their complaints to the terminal."""
    try:
        import rtmidi
    except ImportError:
        return
    for number in rtmidi.get_compiled_api():
        if number == rtmidi.API_RTMIDI_DUMMY:
            continue
        if number == rtmidi.API_UNIX_JACK:
            yield from ((number, server) for server in _jack_server())
        elif not sys.platform.startswith("linux") or os.access(_SEQUENCER, os.R_OK | os.W_OK):
            yield number, ()


def _jack_server() -> Iterator[tuple[int, ...]]:
    """The identity of the JACK server, if there is one."""
    name = os.environ.get("JACK_DEFAULT_SERVER") or "default"
    with suppress(OSError, AttributeError, ValueError):  # there is no getuid on Windows
        found = os.stat(f"/dev/shm/jack_{name}_{os.getuid()}_0")
        yield found.st_ino, found.st_mtime_ns


def _device(kind: str, system: System) -> Any:
    import rtmidi

    with _alone:
        for device, held in tuple(_held.values()):
            if held[0] == system[0] and held != system:
                _close(device)
        if system in _refused:
            return None
        try:
            device = getattr(rtmidi, kind)(system[0], CLIENT)
        except Exception:
            _refused.add(system)
            return None
        _held[id(device)] = device, system
        return device


def _close(device: Any) -> None:
    """Close a client, unless it is closed already."""
    with _alone:
        if _held.pop(id(device), None) is None:
            return
    with suppress(Exception):  # the server may be gone
        if hasattr(device, "cancel_callback"):
            device.cancel_callback()
        device.close_port()
    with suppress(Exception):
        device.delete()


def _names(kind: str) -> list[str]:
    found = []
    for system in _systems():
        device = _device(kind, system)
        if device is not None:
            with suppress(Exception):
                found += device.get_ports()
            _close(device)
    return found
