"""JACK's transport, and the settings of the server, as `CanPlay` has them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ...errors import DeviceError
from ...proxy import State, Status
from .package import package

_LAST_FRAME = 2**32 - 1
_CYCLES, _PATIENCE = 3, 0.3
"""A move takes so many cycles of the server at most, and a change is waited for so many seconds at most."""


class Transport:
    """The transport, which all clients of a server share.

    Rolling is ``"playing"``. Stopped is ``"stopped"`` at the beginning, and ``"paused"`` at any other position.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._xruns_before = 0

    def play(self, sample_rate: int | None, block_size: int | None, xruns: int) -> None:
        client = self._client
        if sample_rate is not None and sample_rate != client.samplerate:
            raise DeviceError(f"the JACK server runs at {client.samplerate} Hz. For {sample_rate} Hz, start it with -r {sample_rate}")
        if block_size is not None:  # also where it seems to be so already: PipeWire may have another by the next cycle
            self.set_block_size(block_size)
        self._xruns_before = xruns
        self._ask(client.transport_start, package().ROLLING)

    def pause(self) -> None:
        self._ask(self._client.transport_stop, package().STOPPED)

    def stop(self) -> None:
        self.pause()
        self._go_to(0)

    def _ask(self, request: Callable[[], None], state: Any) -> None:
        """Ask until the server is so, which it is at one of its next cycles; PipeWire does not hear who has only just come."""
        request()
        until = time.monotonic() + _PATIENCE
        while self._client.transport_state != state and time.monotonic() < until:
            time.sleep(0.002)
            request()

    def locate(self, seconds: float) -> None:
        """Go to a position, in seconds from the beginning."""
        frame, rate = round(seconds * self._client.samplerate), self._client.samplerate
        if frame > _LAST_FRAME:
            raise DeviceError(f"JACK's transport ends after {_LAST_FRAME / rate / 3600:.1f} hours, before {seconds:g} s")
        self._go_to(frame)

    def _go_to(self, frame: int) -> None:
        """Move, and wait until that is so: PipeWire's transport never moves again if the client that moved it leaves at once."""
        self._client.transport_frame = frame
        time.sleep(min(_CYCLES * self._client.blocksize / self._client.samplerate, _PATIENCE))

    def freewheel(self, on: bool) -> None:
        """Run faster than real time, without the sound card, so that a client can record. It applies to all clients of the server."""
        self._client.set_freewheel(on)

    def set_block_size(self, frames: int) -> None:
        """Set the buffer size of the server, for all its clients; a power of two."""
        try:
            self._client.blocksize = frames
        except package().JackError as exc:
            raise DeviceError(f"the JACK server does not accept a buffer of {frames} frames: {exc}") from exc

    def state(self) -> State:
        rolling, position = self._client.transport_query()
        if rolling == package().STOPPED:
            return "paused" if position["frame"] else "stopped"
        return "playing"

    def status(self, xruns: int, device: str, messages: tuple[str, ...]) -> Status:
        client, state = self._client, self.state()
        # PipeWire has no frame time of what stands still
        frame = client.transport_frame if state == "playing" else client.transport_query()[1]["frame"]
        return Status(
            state=state,
            device=device,
            sample_rate=float(client.samplerate),
            block_size=client.blocksize,
            load=client.cpu_load() / 100.0,
            xruns=xruns - self._xruns_before,
            position=frame / client.samplerate,
            messages=messages,
        )
