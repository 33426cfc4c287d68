"""LADSPA's binary interface: the plugins in a shared library, read and run by ctypes.

Run as a program it describes the libraries whose paths come on its standard input, each in a line of JSON. To load a library is to
run code of its author: in a process of its own a crash costs nothing. It imports nothing but Python's standard library.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

INPUT, OUTPUT, CONTROL, AUDIO = 1, 2, 4, 8
"""The bits that say what a port is: one of the first two, and one of the others."""

REALTIME, INPLACE_BROKEN, HARD_RT = 1, 2, 4
"""The bits of a plugin's properties."""

LARGEST: Final = 4096  # ports of a plugin, or plugins of a library: more are taken for a mistake

_text, _address, _number = ctypes.c_char_p, ctypes.c_void_p, ctypes.c_ulong


class Hint(ctypes.Structure):
    """The range of a port."""

    _fields_ = [("bits", ctypes.c_int), ("lower", ctypes.c_float), ("upper", ctypes.c_float)]


class Descriptor(ctypes.Structure):
    """A plugin: its facts and its functions."""

    _fields_ = [
        ("id", _number),
        ("label", _text),
        ("properties", ctypes.c_int),
        ("name", _text),
        ("maker", _text),
        ("copyright", _text),
        ("port_count", _number),
        ("port_bits", ctypes.POINTER(ctypes.c_int)),
        ("port_names", ctypes.POINTER(_text)),
        ("port_hints", ctypes.POINTER(Hint)),
        ("implementation", _address),
        ("instantiate", ctypes.CFUNCTYPE(_address, _address, _number)),
        ("connect_port", ctypes.CFUNCTYPE(None, _address, _number, _address)),
        ("activate", ctypes.CFUNCTYPE(None, _address)),
        ("run", _address),
        ("run_adding", _address),
        ("set_run_adding_gain", _address),
        ("deactivate", ctypes.CFUNCTYPE(None, _address)),
        ("cleanup", ctypes.CFUNCTYPE(None, _address)),
    ]


def descriptors(path: str) -> Iterator[Any]:
    """The descriptors of the plugins in a library, which stays loaded; none where it has no plugins of this kind.

    Raises
    ------
    OSError
        The library cannot be loaded; the message is the system's.
    """
    library = _loaded.get(path)
    if library is None:
        library = _loaded[path] = ctypes.CDLL(path)
    try:
        find = library.ladspa_descriptor
    except AttributeError:
        return
    find.argtypes, find.restype = [_number], ctypes.POINTER(Descriptor)
    for index in range(LARGEST):
        found = find(index)
        if not found:
            return
        yield found


_loaded: dict[str, Any] = {}


def facts(path: str) -> list[Mapping[str, Any]]:
    """The plugins of a library, as JSON can hold them; those that break LADSPA's rules are left out."""
    return [_facts(found.contents) for found in descriptors(path) if _is_sound(found.contents)]


def _is_sound(descriptor: Any) -> bool:
    kinds = [descriptor.port_bits[k] & 15 for k in range(descriptor.port_count)] if descriptor.port_count <= LARGEST else [0]
    allowed = {direction | kind for direction in (INPUT, OUTPUT) for kind in (CONTROL, AUDIO)}
    return bool(descriptor.label and descriptor.run and descriptor.instantiate and descriptor.connect_port) and allowed.issuperset(kinds)


def _facts(descriptor: Any) -> Mapping[str, Any]:
    hints = descriptor.port_hints
    ports = []
    for k in range(descriptor.port_count):
        hint = hints[k] if hints else Hint()
        ports.append([descriptor.port_bits[k] & 15, decoded(descriptor.port_names[k]), hint.bits, hint.lower, hint.upper])
    return {
        "id": descriptor.id,
        "label": decoded(descriptor.label),
        "properties": descriptor.properties,
        "name": decoded(descriptor.name),
        "maker": decoded(descriptor.maker),
        "copyright": decoded(descriptor.copyright),
        "ports": ports,
    }


def decoded(text: bytes | None) -> str:
    """Text of an author, who may have written it before UTF-8 was common."""
    try:
        return (text or b"").decode().strip()
    except UnicodeDecodeError:
        return (text or b"").decode("latin-1").strip()


def _main() -> None:
    answers = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # libraries may print when they are loaded
    os.dup2(quiet, 2)
    for path in sys.stdin.buffer.read().split(b"\0"):
        try:
            answer: object = facts(os.fsdecode(path))
        except OSError as error:
            answer = str(error)
        os.write(answers, json.dumps(answer).encode() + b"\n")
    os._exit(0)  # without what the libraries would do at the end


if __name__ == "__main__":
    _main()
