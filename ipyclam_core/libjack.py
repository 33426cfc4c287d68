"""JACK's library, loaded once for all clients in this process: the device ``jack`` and the engine ``jack``.

The library connects to one server at a time: it prints through one pair of functions, and while it has a client of a
server it uses that server for every other name, too. So both are kept here, for the whole process. The library is
loaded when `library` is first called; the package JACK-Client is not needed for anything here, and loads the same one.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from .errors import DeviceError

NO_START_SERVER, USE_EXACT_NAME = 1, 2
NAME_NOT_UNIQUE, SERVER_ERROR = 4, 0x20
IS_INPUT, IS_OUTPUT, IS_PHYSICAL = 1, 2, 4
AUDIO: Final = b"32 bit float mono audio"
CAPTURE, PLAYBACK = 0, 1

PAUSES: Final = (0.02, 0.1, 0.3)
"""Seconds between the attempts to open a client."""

_DEFAULT = "default"
"""The name of the JACK server that was started without a name."""
_ELSEWHERE = ("libjack.so.0", "/opt/homebrew/lib/libjack.dylib")
"""Where it may be though `find_library` knows of none: on the path of libraries that pw-jack sets, and in Homebrew's folder."""

_HANDLE, _TEXT, _LONG, _FRAMES = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_uint32


class _Range(ctypes.Structure):
    _fields_ = (("min", _FRAMES), ("max", _FRAMES))


_FUNCTIONS: Final[dict[str, tuple[Any, ...]]] = {
    "jack_client_name_size": (ctypes.c_int,),
    "jack_client_open": (_HANDLE, _TEXT, ctypes.c_int, _HANDLE),
    "jack_client_close": (ctypes.c_int, _HANDLE),
    "jack_activate": (ctypes.c_int, _HANDLE),
    "jack_deactivate": (ctypes.c_int, _HANDLE),
    "jack_get_sample_rate": (_FRAMES, _HANDLE),
    "jack_get_buffer_size": (_FRAMES, _HANDLE),
    "jack_set_process_callback": (ctypes.c_int, _HANDLE, _HANDLE, _HANDLE),
    "jack_set_xrun_callback": (ctypes.c_int, _HANDLE, _HANDLE, _HANDLE),
    "jack_on_shutdown": (None, _HANDLE, _HANDLE, _HANDLE),
    "jack_port_register": (_HANDLE, _HANDLE, _TEXT, _TEXT, _LONG, _LONG),
    "jack_port_unregister": (ctypes.c_int, _HANDLE, _HANDLE),
    "jack_port_disconnect": (ctypes.c_int, _HANDLE, _HANDLE),
    "jack_port_rename": (ctypes.c_int, _HANDLE, _HANDLE, _TEXT),
    "jack_port_name": (_TEXT, _HANDLE),
    "jack_port_get_latency_range": (None, _HANDLE, ctypes.c_int, ctypes.POINTER(_Range)),
    "jack_get_ports": (ctypes.POINTER(_TEXT), _HANDLE, _TEXT, _TEXT, _LONG),
    "jack_free": (None, _HANDLE),
    "jack_port_connected_to": (ctypes.c_int, _HANDLE, _TEXT),
    "jack_connect": (ctypes.c_int, _HANDLE, _TEXT, _TEXT),
    "jack_disconnect": (ctypes.c_int, _HANDLE, _TEXT, _TEXT),
    "jack_set_error_function": (None, _HANDLE),
    "jack_set_info_function": (None, _HANDLE),
}
"""The functions called here: result type and argument types of each."""


@cache
def library() -> Any:
    """libjack, silenced, with the functions of `_FUNCTIONS` declared. Raises `DeviceError` if it is not installed."""
    found = _load()
    for name, (result, *arguments) in _FUNCTIONS.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    _hear(found, _silence())
    return found


def latency(port: int, mode: int) -> tuple[int, int]:
    """The smallest and the greatest latency of a port, given by its address, in frames; `mode` is CAPTURE or PLAYBACK."""
    found = _Range()
    library().jack_port_get_latency_range(port, mode, ctypes.byref(found))
    return found.min, found.max


def fault_of(name: str) -> str:
    """Why `name` cannot be the name of a client, ``""`` when it can."""
    longest = library().jack_client_name_size() - 2  # JACK 2 says 65, and takes 63 bytes
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "JACK client names are UTF-8 text"
    if size > longest:
        return f"JACK client names have at most {longest} bytes"
    return next((f"JACK client names cannot contain {unfit!r}" for unfit in (":", "\0") if unfit in name), "")


# -- being a client of a server


def server_name(server: str | None = None) -> str:
    """JACK's name of the server `server`; None for its default server."""
    return server or os.environ.get("JACK_DEFAULT_SERVER", _DEFAULT)


def given_name(server: str) -> str:
    """The name that was given to a server, ``""`` if it has the default name."""
    return "" if server == _DEFAULT else server


@contextmanager
def joining(server: str) -> Iterator[deque[str]]:
    """While the block runs, a client of the server `server` is opened; yields the messages that libjack prints meanwhile.

    An opened client counts until `leave`. Raises `DeviceError` if this process has a client of another server:
    libjack would silently use that one instead.
    """
    jack = library()
    with _opening:
        other = next((other for other in +_clients if other != server), None)
        if other is not None:
            raise DeviceError(f"this process is a client of the JACK server {other!r}. Close that network to reach {server!r}")
        _words.clear()
        _hear(jack, ctypes.cast(_listener, _HANDLE))
        try:
            yield _words
        finally:
            _hear(jack, _silence())
        _clients[server] += 1


def attempts() -> Iterator[None]:
    """Each attempt to open a client, with a pause before the next one.

    A client and its server meet at a socket that is named after the client and not after the server. A client of the same
    name that is opened or closed on another server at that moment takes the socket away, and this server reports an error.
    """
    for pause in PAUSES:
        yield
        time.sleep(pause)
    yield


def leave(server: str) -> None:
    """A client that was opened by `joining` is closed."""
    _clients[server] -= 1


_opening = threading.Lock()
_clients: Counter[str] = Counter()
"""The number of our clients at each server."""
_words: deque[str] = deque(maxlen=8)
"""The messages of libjack while a client was opened."""
_listener = ctypes.CFUNCTYPE(None, _TEXT)(lambda words: _words.append(words.decode(errors="replace")))
"""It waits for Python, so it is installed only while a client is opened."""


def _begin_anew() -> None:
    """In a child process, which has none of the clients."""
    global _opening
    _opening = threading.Lock()
    _clients.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _hear(jack: Any, function: ctypes.c_void_p) -> None:
    """Let libjack call `function` instead of printing at the prompt."""
    jack.jack_set_error_function(function)
    jack.jack_set_info_function(function)


@cache
def _silence() -> ctypes.c_void_p:
    """A C function that takes a text and does nothing: the audio thread, which may call it, never waits for Python."""
    return ctypes.cast(ctypes.CDLL(None).strlen, _HANDLE)


def _load() -> Any:
    for path in filter(None, (ctypes.util.find_library("jack"), *_ELSEWHERE)):
        try:
            return ctypes.CDLL(path)
        except OSError:
            continue
    raise DeviceError("JACK is not installed (Debian: apt install jackd2, or pipewire-jack)")
