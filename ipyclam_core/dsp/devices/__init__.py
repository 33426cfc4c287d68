"""Where sound goes to and comes from: one module a device, each with a class that the player drives.

A device hands the address of a compiled callback to whatever paces it; no Python runs in it.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]

NAMES: Final = ("jack", "portaudio", "clock")
"""In the order in which ``auto`` tries them."""


class DeviceUnavailable(Exception):
    """This device cannot be had here; the text says why, and what would help."""


class Device(Protocol):
    """What the player asks of a device.

    Attributes
    ----------
    name : as people know it: ``"jack"``, ``"portaudio: HDA Intel"``.
    sample_rate, block_size : what it runs at, once it is made.
    """

    name: str
    sample_rate: int
    block_size: int

    def __init__(self, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> None:
        """Open the device for so many in and out channels, without starting it. Raises `DeviceUnavailable`."""

    def tables(self, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[Ints | None, Ints | None]:
        """Make it have channels of these names, and return what a program has to know of them."""

    def forget_old(self) -> None:
        """The audio thread has done with what an earlier call of `tables` returned."""

    def start(self) -> None:
        """Begin calling."""

    def stop(self) -> None:
        """End calling, and close; no callback runs after this. Never raises."""

    def trouble(self) -> str:
        """Why it has stopped by itself, ``""`` while it has not."""


def open_device(name: str, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> tuple[Device, str]:
    """A device by name, or for ``"auto"`` the first that can be had, and a word about it where that is not obvious."""
    if name != "auto":
        return _open(name, context, sample_rate, block_size, channels), ""
    reasons = []
    for candidate in NAMES:
        try:
            device = _open(candidate, context, sample_rate, block_size, channels)
        except DeviceUnavailable as error:
            reasons.append(str(error))
        else:
            silent = f"no sound card: playing to the clock device, which is silent ({'; '.join(reasons)})"
            return device, silent if candidate == "clock" else ""
    raise DeviceUnavailable("; ".join(reasons))


def _open(name: str, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> Device:
    name, _, client = name.partition(":")
    if client and name == "jack":
        from .jack import JackDevice

        return JackDevice(context, sample_rate, block_size, channels, client)
    if name not in NAMES or client:
        raise DeviceUnavailable(f"there is no device {name!r}; there is {', '.join(map(repr, ('auto', *NAMES)))}")
    module = importlib.import_module(f"{__name__}.{name}")
    device: Device = module.create(context, sample_rate, block_size, channels)
    return device
