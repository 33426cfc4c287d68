"""Arrays that the audio thread uses too, and a mode for tests in which a wrong use of one ends the process at once.

With the environment variable ``IPYCLAM_POISON=1`` each of these arrays gets memory pages of its own. The array ends where its
last page ends, so a read or a write beyond it is a fault. When nothing in Python refers to the array any more, its pages become
inaccessible, and their addresses are never used again: so a program of the audio thread that still uses it is a fault as well.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import threading
from typing import Any, Final, TypeVar

import numpy as np

POISONED: Final = bool(os.environ.get("IPYCLAM_POISON"))

_Array = TypeVar("_Array", bound="np.ndarray[Any, Any]")
_PAGE: Final = mmap.PAGESIZE
_RESERVED: Final = 1 << 38  # bytes of address space; only the used part takes memory
_GARBAGE: Final = 0xA5  # an address of these bytes belongs to nobody
_lock: Final = threading.Lock()
_place: list[int] = []  # the next free address, and the end of the reserved space


def shared(array: _Array, alignment: int = 16) -> _Array:
    """An array of the same content that the audio thread may use: the array itself, or a copy on pages of its own."""
    return _on_pages(array, alignment) if POISONED else array


def _on_pages(array: _Array, alignment: int) -> _Array:
    size = array.nbytes + -array.nbytes % alignment
    pages = _Pages(max(size + -size % _PAGE, _PAGE))
    memory = np.asarray(pages)
    memory.fill(_GARBAGE)
    begin = len(memory) - size
    copy: Any = memory[begin : begin + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy  # type: ignore[no-any-return]


class _Pages:
    """Some pages, with an inaccessible one behind them."""

    def __init__(self, size: int) -> None:
        with _lock:
            if not _place or _place[0] + size + _PAGE > _place[1]:
                _place[:] = _reserve(max(_RESERVED, size + _PAGE))
            self._begin, self._size = _place[0], size
            _place[0] += size + _PAGE
        if _libc.mprotect(self._begin, size, mmap.PROT_READ | mmap.PROT_WRITE):
            raise MemoryError(f"no more pages: {os.strerror(ctypes.get_errno())}")
        self.__array_interface__ = {"version": 3, "shape": (size,), "typestr": "|u1", "data": (self._begin, False)}

    def __del__(self) -> None:
        _libc.madvise(self._begin, self._size, mmap.MADV_DONTNEED)
        _libc.mprotect(self._begin, self._size, 0)


def _reserve(size: int) -> tuple[int, int]:
    found = _libc.mmap(None, size, 0, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, -1, 0)  # MAP_NORESERVE
    if found in (None, ctypes.c_void_p(-1).value):
        raise MemoryError("no more address space")
    return found, found + size


_libc: Final = ctypes.CDLL(None, use_errno=True)
if POISONED:
    _libc.mmap.restype = ctypes.c_void_p
    _libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    _libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    _libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
