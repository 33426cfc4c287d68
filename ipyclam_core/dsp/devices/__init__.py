"""Audio devices: one module per device, each with a class that the player drives.

A device gives the address of a compiled callback to its clock (a server, a sound card or a thread). No Python runs in the callback.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from ..memory.arrays import Ints

AUTO: Final = "auto"
"""The first device that works."""

NAMES: Final = ("jack", "portaudio", "clock")
"""In the order in which ``auto`` tries them."""


class DeviceUnavailable(Exception):
    """This device is not available; the message says why, and what to do."""


class Device(Protocol):
    """The interface of a device for the player.

    Attributes
    ----------
    name : the name shown to users: ``"jack"``, ``"portaudio: HDA Intel"``.
    sample_rate, block_size : in Hz and in frames, known once the device is open; a server may change the block size.
    named : whether its channels have names, taken from the network's sources and sinks.
    spread : whether mono output is played on both left and right.
    limits : whether its output can be limited to full scale: that of a sound card, which would clip it.
    paced : whether it calls the callback by itself.
    gone : whether it has stopped by itself and has been closed, so that it makes no more calls.
    """

    name: str
    sample_rate: int
    block_size: int

    @property
    def named(self) -> bool: ...
    @property
    def spread(self) -> bool: ...
    @property
    def limits(self) -> bool: ...
    @property
    def paced(self) -> bool: ...
    @property
    def gone(self) -> bool: ...

    def __init__(self, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> None:
        """Open the device with these numbers of in and out channels, without starting it. Raises `DeviceUnavailable`."""

    def tables(self, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[Ints | None, Ints | None]:
        """Create the channels of these names. Returns the tables of channel addresses for a program."""

    def rename(self, old: str, new: str) -> None:
        """Rename a channel."""

    def patch(self, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        """Connect its channels to the hardware's channels, in this order."""

    def forget_later(self) -> Callable[[], None]:
        """To be called once the audio thread no longer uses the channels that the last call of `tables` did not name."""

    def release(self) -> None:
        """Release the channels that were forgotten a few blocks ago; called about fifty times a second."""

    def start(self) -> None:
        """Start the callback."""

    def stop(self) -> None:
        """Stop the callback, and close; no callback runs after this. Never raises."""

    def trouble(self) -> str:
        """Why it has stopped unexpectedly, ``""`` if it has not."""


class Nameless:
    """Mixin for devices whose channels are numbers: no names, and no tables for a program."""

    named = False

    def tables(self, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[Ints | None, Ints | None]:
        return None, None

    def rename(self, old: str, new: str) -> None:
        pass

    def patch(self, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        pass

    def forget_later(self) -> Callable[[], None]:
        return lambda: None

    def release(self) -> None:
        pass


def open_device(name: str, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> tuple[Device, str]:
    """A device by name, or for ``"auto"`` the first that works, and a message if the choice is not obvious."""
    if name != AUTO:
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
    known = [module.name for module in pkgutil.iter_modules(__path__)]
    if name not in known or client:
        others = sorted(set(known) - set(NAMES))
        raise DeviceUnavailable(f"there is no device {name!r}. Available: {', '.join(map(repr, (AUTO, *NAMES, *others)))}")
    module = importlib.import_module(f"{__name__}.{name}")
    device: Device = module.create(context, sample_rate, block_size, channels)
    return device
