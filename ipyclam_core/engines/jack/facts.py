"""What JACK knows of a client or a port beyond its name and type, read when it is asked for."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

from .server import library

_PRETTY = "http://jackaudio.org/metadata/pretty-name"
_CAPTURE, _PLAYBACK = 0, 1


class _Range(ctypes.Structure):
    _fields_ = (("min", ctypes.c_uint32), ("max", ctypes.c_uint32))


def of_port(client: Any, fullname: str) -> Mapping[str, Any]:
    """The facts of a port.

    ``physical``, ``terminal``, ``can_monitor`` : bool.
    ``capture_latency``, ``playback_latency`` : smallest and greatest, in frames.
    ``aliases`` : other names that JACK takes for it.
    ``pretty_name``, ``metadata`` : what somebody has set, text by key.
    """
    port = client.get_port_by_name(fullname)
    metadata = _metadata(port.uuid)
    return {
        "type": port.type,
        "physical": port.is_physical,
        "terminal": port.is_terminal,
        "can_monitor": port.can_monitor,
        "capture_latency": _latency(port, _CAPTURE),
        "playback_latency": _latency(port, _PLAYBACK),
        "aliases": tuple(port.aliases),
        "pretty_name": metadata.get(_PRETTY, ""),
        "metadata": metadata,
    }


def of_client(client: Any, name: str) -> Mapping[str, Any]:
    """The facts of a client: ``pid`` where the server knows it, ``pretty_name`` and ``metadata``."""
    jack = library()
    try:
        metadata = _metadata(client.get_uuid_for_client_name(name))
    except jack.JackError:
        metadata = {}
    return {"pid": jack.client_pid(name) or None, "pretty_name": metadata.get(_PRETTY, ""), "metadata": metadata}


def _metadata(subject: int | str) -> dict[str, str]:
    try:
        properties = library().get_properties(subject)
    except (library().JackError, RuntimeError, ValueError):  # PipeWire's JACK has none of some
        return {}
    return {key: value.decode(errors="replace") for key, (value, _) in properties.items()}


def _latency(port: Any, mode: int) -> tuple[int, int]:
    """JACK-Client has no call for it, so libjack is asked, the one that JACK-Client has loaded."""
    jack = library()
    ask = ctypes.CDLL(jack._libname).jack_port_get_latency_range
    ask.argtypes, ask.restype = (ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Range)), None
    found = _Range()
    ask(int(jack._ffi.cast("uintptr_t", port._ptr)), mode, ctypes.byref(found))
    return found.min, found.max
