"""JACK's transport, and the settings of the server, as `CanPlay` has them."""

from __future__ import annotations

from typing import Any

from ..errors import DeviceError
from ..proxy import State, Status
from .server import library


class Transport:
    """The transport that all clients of a server share.

    Rolling is ``"playing"``. Standing still is ``"stopped"`` at the beginning, and ``"paused"`` anywhere else.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._xruns_before = 0

    def play(self, sample_rate: int | None, block_size: int | None, xruns: int) -> None:
        client = self._client
        if sample_rate is not None and sample_rate != client.samplerate:
            raise DeviceError(f"the JACK server runs at {client.samplerate} Hz; to have {sample_rate}, start it with -r {sample_rate}")
        if block_size is not None and block_size != client.blocksize:
            self.set_block_size(block_size)
        self._xruns_before = xruns
        client.transport_start()

    def pause(self) -> None:
        self._client.transport_stop()

    def stop(self) -> None:
        self._client.transport_stop()
        self._client.transport_frame = 0

    def locate(self, seconds: float) -> None:
        """Go to a place, in seconds from the beginning."""
        self._client.transport_frame = max(0, round(seconds * self._client.samplerate))

    def freewheel(self, on: bool) -> None:
        """Run as fast as can be, without the sound card, so that a client can render; for everybody on the server."""
        self._client.set_freewheel(on)

    def set_block_size(self, frames: int) -> None:
        """Change the server's buffer size, for everybody; a power of two."""
        try:
            self._client.blocksize = frames
        except library().JackError as exc:
            raise DeviceError(f"the JACK server does not take a buffer of {frames} frames: {exc}") from exc

    def state(self) -> State:
        rolling, position = self._client.transport_query()
        if rolling == library().STOPPED:
            return "paused" if position["frame"] else "stopped"
        return "playing"

    def status(self, xruns: int, device: str, messages: tuple[str, ...]) -> Status:
        client = self._client
        return Status(
            state=self.state(),
            device=device,
            sample_rate=float(client.samplerate),
            block_size=client.blocksize,
            load=client.cpu_load() / 100.0,
            xruns=xruns - self._xruns_before,
            position=client.transport_frame / client.samplerate,
            messages=messages,
        )
