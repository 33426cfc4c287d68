"""Objects that are known for as long as somebody else holds them; from any thread."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Generic, TypeVar

_Object = TypeVar("_Object")


class Living(Generic[_Object]):
    """A set of weak references. A `WeakSet` must not be added to in one thread while another one looks through it."""

    def __init__(self) -> None:
        self._objects: weakref.WeakSet[_Object] = weakref.WeakSet()
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin)

    def add(self, one: _Object) -> None:
        """Know of an object."""
        with self._lock:
            self._objects.add(one)

    def discard(self, one: _Object) -> None:
        """Know of it no longer."""
        with self._lock:
            self._objects.discard(one)

    def all(self) -> list[_Object]:
        """The objects that still exist."""
        with self._lock:
            return list(self._objects)

    def clear(self) -> None:
        """Know of none."""
        with self._lock:
            self._objects.clear()

    def _begin(self) -> None:
        self._lock = threading.RLock()  # in a child process too: nobody holds it there
