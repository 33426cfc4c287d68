"""``net.types?`` shows the page of the types. IPython alone would show that of the property ``types`` of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend.exploring import is_handle, is_structural

FINDER = "_getattr_property"
"""IPython's method that finds an attribute for ``?``."""


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Let ``?`` follow the properties that lead to other handles; returns the function that ends it."""
    find: Callable[[Any, str], Any] | None = getattr(shell, FINDER, None)
    if find is None:
        return lambda: None

    def found(owner: Any, name: str) -> Any:
        held = find(owner, name)
        if is_handle(owner) and is_structural(held):
            try:
                return held.fget(owner)
            except IpyclamError:  # of a processing that no longer exists
                return held
        return held

    setattr(shell, FINDER, found)
    return lambda: delattr(shell, FINDER)
