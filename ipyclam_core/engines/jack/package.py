"""The package JACK-Client (``import jack``), which is imported when the engine is first used."""

from __future__ import annotations

from functools import cache
from typing import Any

from ... import libjack
from ...errors import DeviceError


@cache
def package() -> Any:
    """The module ``jack``, or a `DeviceError` that says what to install."""
    try:
        import jack
    except ImportError:
        raise DeviceError("the jack engine needs the package JACK-Client: pip install 'ipyclam[jack]'") from None
    except OSError as exc:
        raise DeviceError(f"the jack engine needs JACK's library ({exc}). Install jackd2, or PipeWire's JACK (pipewire-jack)") from exc
    if not hasattr(jack, "Client"):
        raise DeviceError(f"the jack engine needs the package JACK-Client, but `import jack` finds {getattr(jack, '__file__', jack)}")
    libjack.library()  # which is silent from now on
    return jack


def address(port: Any) -> int:
    """Where libjack has one of JACK-Client's ports."""
    return int(package()._ffi.cast("uintptr_t", port._ptr))
