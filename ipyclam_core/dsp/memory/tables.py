"""Tables that frames hold by address: too large to be copied with each frame, as an impulse response is.

A frame holds the address of a handle: two words, the address of the numbers and how many there are. A frame may lie in a ring,
unread, for any time, so the numbers could be gone when it is read. Handles stay where they are, for as long as the program runs.
When the numbers go, the handle is emptied first, by a message between two blocks: whoever comes too late reads an empty table.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Final

import numpy as np

from ...declare.declaration import Table
from .context import STORE_8
from .shared import shared

HANDLE_DATA: Final = 0  # address of float32
HANDLE_COUNT: Final = 1  # how many
HANDLE_WORDS: Final = 2
_AT_ONCE: Final = 1024

_lock: Final = threading.Lock()
_handles: Final[list[np.ndarray[Any, Any]]] = []
_unused: Final[list[np.ndarray[Any, Any]]] = []
_numbers: Final[weakref.WeakValueDictionary[int, np.ndarray[Any, Any]]] = weakref.WeakValueDictionary()
NOTHING: Final = Table(np.zeros(0, np.float32))


def handle_of(numbers: np.ndarray[Any, np.dtype[np.float32]]) -> int:
    """The address of a new handle of an array, which somebody else keeps."""
    with _lock:
        if not _unused:
            _handles.append(shared(np.zeros((_AT_ONCE, HANDLE_WORDS), np.int64)))
            _unused.extend(_handles[-1][::-1])
        handle = _unused.pop()
    handle[HANDLE_DATA], handle[HANDLE_COUNT] = numbers.ctypes.data, numbers.size
    address = int(handle.ctypes.data)
    _numbers[address] = numbers
    return address


def emptied(handle: int) -> list[tuple[int, int, int, int]]:
    """The messages to the audio thread after which the numbers of a handle can go."""
    return [(STORE_8, handle + 8 * HANDLE_COUNT, 0, 0), (STORE_8, handle + 8 * HANDLE_DATA, 0, 0)]


def table_at(handle: int) -> Table:
    """The table of a handle, for Python. It is empty if the numbers are gone."""
    numbers = _numbers.get(handle)
    return NOTHING if numbers is None else Table(numbers)
