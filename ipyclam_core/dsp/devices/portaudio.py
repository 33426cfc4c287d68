"""The PortAudio device: a sound card, through the PortAudio library that sounddevice contains or finds.

The stream's callback is compiled code, given to ``Pa_OpenStream`` by its address: sounddevice's own callbacks are Python.
"""

from __future__ import annotations

import threading
from typing import Any, Final

from .. import kernels
from ..memory.arrays import Ints
from ..memory.context import DEVICE_INPUTS, DEVICE_OUTPUTS
from . import DeviceUnavailable, Nameless

FLOAT32_PLANAR: Final = 0x1 | 0x80000000
CLOSING_SECONDS: Final = 1.0  # longest wait for the card to play the queued samples
_abandoned: Final[list[PortAudioDevice]] = []


class PortAudioDevice(Nameless):
    """The default sound card, opened with the sinks' channels (at least two) and, if there are sources, their channels."""

    gone = False
    spread = limits = paced = True

    def __init__(self, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> None:
        self._sounddevice = sounddevice = _library()
        self._lib, self._ffi = sounddevice._lib, sounddevice._ffi
        output = self._default("output")
        source = self._default("input") if channels[0] else None
        if output is None:
            raise DeviceUnavailable("PortAudio finds no sound card")
        self.name = f"portaudio: {output['name']}"
        self.sample_rate = sample_rate or int(output["default_samplerate"])
        self.block_size = block_size or 512
        outs = max(1, min(int(output["max_output_channels"]), max(2, channels[1])))
        ins = min(int(source["max_input_channels"]), channels[0]) if source else 0
        self._context, self._widths = context, (ins, outs)
        self._stream = self._ffi.new("PaStream**")
        self._open = False
        callback = self._ffi.cast("PaStreamCallback*", kernels.runtime("portaudio_callback"))
        error = self._lib.Pa_OpenStream(
            self._stream, self._parameters(source, ins, "input"), self._parameters(output, outs, "output"),
            float(self.sample_rate), self.block_size, 0, callback, self._ffi.cast("void*", context.ctypes.data),
        )  # fmt: skip
        self._check(error)
        self._open = True

    def start(self) -> None:
        self._context[DEVICE_INPUTS], self._context[DEVICE_OUTPUTS] = self._widths
        self._check(self._lib.Pa_StartStream(self._stream[0]))

    def stop(self) -> None:
        if not self._open:
            return
        self._open = False
        closing = threading.Thread(target=self._close, name="ipyclam closes PortAudio", daemon=True)
        closing.start()
        closing.join(CLOSING_SECONDS)
        if closing.is_alive():
            self._abandon()

    def _close(self) -> None:
        self._lib.Pa_StopStream(self._stream[0])  # the samples queued so far are played, with the fade at their end
        self._lib.Pa_CloseStream(self._stream[0])

    def _abandon(self) -> None:
        """PortAudio blocks on a device that has gone: abandon the stream, and keep the context that its callback uses."""
        _abandoned.append(self)
        self._sounddevice._initialized = 0  # otherwise its destructor would block too

    def trouble(self) -> str:
        active = self._open and self._lib.Pa_IsStreamActive(self._stream[0]) == 1
        return "" if active else f"{self.name} stopped unexpectedly"

    def _default(self, kind: str) -> Any:
        try:
            device = self._sounddevice.query_devices(kind=kind)
        except (ValueError, self._sounddevice.PortAudioError):
            return None
        return device if device[f"max_{kind}_channels"] > 0 else None

    def _parameters(self, device: Any, channels: int, kind: str) -> Any:
        if not channels:
            return self._ffi.NULL
        latency = device[f"default_low_{kind}_latency"]
        return self._ffi.new("PaStreamParameters*", (device["index"], channels, FLOAT32_PLANAR, latency, self._ffi.NULL))

    def _check(self, error: int) -> None:
        if error < 0:
            text = self._ffi.string(self._lib.Pa_GetErrorText(error)).decode()
            raise DeviceUnavailable(f"{self.name}: {text}")


def _library() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError):
        raise DeviceUnavailable("PortAudio is not installed (on Debian: apt install libportaudio2)") from None
    return sounddevice


create = PortAudioDevice
