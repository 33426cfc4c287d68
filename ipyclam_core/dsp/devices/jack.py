"""The JACK device: this process as a client, its sinks and sources as ports.

The process callback is compiled code whose address goes to ``jack_set_process_callback``. The client is deactivated
before the interpreter ends (see ``player``), or libjack would call into memory that is gone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ... import libjack
from ...errors import DeviceError
from ...libjack import AUDIO, IS_INPUT, IS_OUTPUT, IS_PHYSICAL
from .. import kernels
from ..memory.arrays import Ints
from ..memory.context import BLOCKS, BUFFER, CLIENT, EXPECTED, FRAME_TIME, GONE
from ..memory.shared import shared
from ..offline import function_address
from . import DeviceUnavailable

Key = tuple[int, str]
"""The direction of a port, and its name."""

SEEN = 8
"""Blocks after which the server shows what was connected."""

CUT = 4
"""Blocks after which the server no longer uses a connection that was cut.

Not before is its port given back: the server reuses its number at once, be it for a port of the other direction, and crashes
when its own thread still finds the connection there.
"""


@dataclass(slots=True, eq=False)
class Leaving:
    """A port to be given back to the server; `cut` is the block in which it was disconnected."""

    key: Key
    port: int
    cut: int | None = None


class JackDevice:
    """A client called ``ipyclam``, connected to the first hardware ports when it starts.

    With a name, ``play(device="jack:synth")``, the client has exactly that name, and is not connected to anything:
    you connect it.
    """

    name = "jack"
    named = paced = True
    spread = limits = False

    def __init__(self, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int], client: str = "") -> None:
        self._patched = bool(client)
        if client:
            self.name = f"jack:{client}"
        self._context = context
        try:
            self._lib = libjack.library()
            self._open(client)
        except DeviceError as error:
            raise DeviceUnavailable(str(error)) from None
        self.sample_rate = int(self._lib.jack_get_sample_rate(self._client))
        self.block_size = int(self._lib.jack_get_buffer_size(self._client))
        if sample_rate not in (None, self.sample_rate):
            self._close()
            raise DeviceUnavailable(f"the JACK server runs at {self.sample_rate} Hz, not {sample_rate}. Omit sample_rate")
        self._ports: dict[Key, int] = {}
        self._leaving: list[Leaving] = []
        self._asides = 0
        self._order: tuple[list[Key], list[Key]] = ([], [])
        self._made: dict[Key, dict[bytes, int]] = {}  # the hardware's ports that each port was connected to, and in which block
        here = context.ctypes.data
        self._lib.jack_set_process_callback(self._client, kernels.runtime("jack_process"), here)
        self._lib.jack_set_xrun_callback(self._client, kernels.runtime("jack_xrun"), here)
        self._lib.jack_on_shutdown(self._client, kernels.runtime("jack_gone"), here)
        self._active = False

    def tables(self, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[Ints | None, Ints | None]:
        wanted = [(IS_INPUT, name) for name in inputs], [(IS_OUTPUT, name) for name in outputs]
        if self.gone:
            return None, None
        gone = [key for key in self._ports if key not in wanted[0] and key not in wanted[1]]
        for key in gone:
            self._leaving.append(Leaving(key, self._ports.pop(key)))
            self._made.pop(key, None)
        for key in wanted[0] + wanted[1]:
            if key not in self._ports:
                self._ports[key] = self._take_back(key) or self._register(*key)
        tables = tuple(self._table([self._ports[key] for key in keys]) for keys in wanted)
        return tables[0], tables[1]

    def _register(self, flag: int, name: str) -> int:
        self._step_aside(name)
        port: int = self._lib.jack_port_register(self._client, name.encode(), AUDIO, flag, 0)
        if not port:
            raise DeviceUnavailable(f"JACK refused to create a port {name!r}")
        return port

    def _take_back(self, key: Key) -> int:
        """The port that had this key a moment ago; 0 if there is none."""
        leaving = next((leaving for leaving in self._leaving if leaving.key == key), None)
        if leaving is None:
            return 0
        self._step_aside(key[1])
        self._leaving.remove(leaving)
        self._call(leaving.port, key[1])
        return leaving.port

    def _step_aside(self, name: str) -> None:
        """Give ports of processings that have gone, and may still fade out, another name: a client's names are unique."""
        ports = [leaving.port for leaving in self._leaving if leaving.key[1] == name]
        for port in ports + [port for key, port in self._ports.items() if key[1] == name]:
            self._asides += 1
            self._call(port, f"{name} {self._asides}")

    def _call(self, port: int, name: str) -> None:
        self._lib.jack_port_rename(self._client, port, name.encode())

    def rename(self, old: str, new: str) -> None:
        self._step_aside(new)
        for flag in (IS_INPUT, IS_OUTPUT):
            port = self._ports.pop((flag, old), None)
            if port is not None:
                if (flag, new) in self._ports:  # of a processing that fades out
                    self._leaving.append(Leaving((flag, new), self._ports[flag, new]))
                    self._made.pop((flag, new), None)
                self._call(port, new)
                self._ports[flag, new] = port
                if (flag, old) in self._made:
                    self._made[flag, new] = self._made.pop((flag, old))

    def patch(self, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        order = [(IS_INPUT, name) for name in inputs], [(IS_OUTPUT, name) for name in outputs]
        if order != self._order:
            self._order = order
            self._connect_hardware()

    def forget_later(self) -> Callable[[], None]:
        unused = [leaving for leaving in self._leaving if leaving.cut is None]

        def disconnect() -> None:
            for leaving in unused:
                if self._client and leaving.cut is None and leaving in self._leaving:
                    self._lib.jack_port_disconnect(self._client, leaving.port)
                    leaving.cut = int(self._context[BLOCKS])

        return disconnect

    def release(self) -> None:
        now = int(self._context[BLOCKS])
        for leaving in [leaving for leaving in self._leaving if leaving.cut is not None and now - leaving.cut >= CUT]:
            self._leaving.remove(leaving)
            if self._client:
                self._lib.jack_port_unregister(self._client, leaving.port)

    def start(self) -> None:
        words = self._context
        words[BUFFER], words[FRAME_TIME] = (function_address(self._lib, name) for name in ("jack_port_get_buffer", "jack_last_frame_time"))
        words[CLIENT], words[EXPECTED], words[GONE] = self._client, 0, 0
        if self._lib.jack_activate(self._client):
            raise DeviceUnavailable("the JACK server refused to activate the client")
        self._active = True
        self._connect_hardware()

    def stop(self) -> None:
        if self._client and self._active and not self._context[GONE]:
            self._lib.jack_deactivate(self._client)
        self._active = False
        self._close()

    @property
    def gone(self) -> bool:
        return self._client is None

    def trouble(self) -> str:
        return "the JACK server has stopped" if self._context[GONE] else ""

    def _open(self, client: str) -> None:
        if fault := libjack.fault_of(client):
            raise DeviceUnavailable(f"a JACK client cannot be called {client!r}: {fault}")
        status = ctypes.c_int()
        options = libjack.NO_START_SERVER | (libjack.USE_EXACT_NAME if client else 0)
        self._server = libjack.server_name()
        with libjack.joining(self._server):
            for _ in libjack.attempts():
                self._client = self._lib.jack_client_open((client or "ipyclam").encode(), options, ctypes.byref(status))
                if self._client or not status.value & libjack.SERVER_ERROR:
                    break
            if not self._client:
                raise DeviceUnavailable(_refusal(client, status.value))

    def _close(self) -> None:
        if self._client:
            self._lib.jack_client_close(self._client)
            self._client = None
            libjack.leave(self._server)

    def _table(self, handles: list[int]) -> Ints:
        """A table of port handles, followed by space for the addresses of their buffers."""
        table = shared(np.zeros(max(2 * len(handles), 1), np.int64))
        table[: len(handles)] = handles
        return table

    def _connect_hardware(self) -> None:
        """Connect the ports to the hardware's, in order; a lone out port goes to the left and the right.

        Connections made here earlier are moved to the new order, unless another client has changed them.
        """
        if self._patched or not self._active or self.gone:
            return
        inputs, outputs = self._order
        wanted = {key: [theirs] for key, theirs in zip(inputs, self._hardware(IS_OUTPUT), strict=False)}
        hardware = self._hardware(IS_INPUT)
        wanted |= {key: [theirs] for key, theirs in zip(outputs, hardware, strict=False)}
        if len(outputs) == 1 and hardware:
            wanted[outputs[0]] = hardware[:2]
        now, missing = int(self._context[BLOCKS]), []
        for key in (*inputs, *outputs):
            made, ends = self._made.get(key, {}), wanted.get(key, [])
            cut = [end for end, since in made.items() if now - since >= SEEN and not self._is_connected(key, end)]  # by another client
            for end in made:
                if end not in ends and end not in cut:
                    self._lib.jack_disconnect(self._client, *self._wire(key, end))
            missing += [(key, end) for end in ends if end not in made and not cut]
            self._made[key] = {end: made.get(end, now) for end in ends if end in made or not cut}
        for key, end in missing:
            self._lib.jack_connect(self._client, *self._wire(key, end))

    def _is_connected(self, key: Key, end: bytes) -> bool:
        return bool(self._lib.jack_port_connected_to(self._ports[key], end))

    def _wire(self, key: Key, end: bytes) -> tuple[bytes, bytes]:
        mine: bytes = self._lib.jack_port_name(self._ports[key])
        return (mine, end) if key[0] == IS_OUTPUT else (end, mine)

    def _hardware(self, flag: int) -> list[bytes]:
        found = self._lib.jack_get_ports(self._client, None, AUDIO, IS_PHYSICAL | flag)
        names: list[bytes] = []
        while found and found[len(names)]:
            names.append(found[len(names)])
        if found:
            self._lib.jack_free(found)
        return names


def _refusal(client: str, status: int) -> str:
    if client and status & (libjack.NAME_NOT_UNIQUE | libjack.SERVER_ERROR):  # the latter for a taken name of full length
        return f"a JACK client {client!r} already exists, or the server accepts no more clients"
    return "the JACK server accepts no more clients" if status & libjack.SERVER_ERROR else "no JACK server is running"


create = JackDevice
