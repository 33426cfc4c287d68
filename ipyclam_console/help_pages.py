"""``net.types?`` shows the page of the types, and ``net.types.Saw??`` the code of a type.

IPython alone would show the page of the property ``types`` of a network, and the class of all types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend.exploring import is_handle, is_structural
from ipyclam_core.frontend.type_code import type_code

FINDER = "_getattr_property"
"""IPython's method that finds an attribute for ``?``."""

DESCRIBER = "info"
"""The method of IPython's inspector that collects what ``?`` and ``??`` show."""


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Let ``?`` follow the properties that lead to other handles, and ``??`` show a type's code; returns the function that ends it."""
    endings = [_follow_properties(shell), _show_code(shell)]

    def end() -> None:
        for each in endings:
            each()

    return end


def _follow_properties(shell: InteractiveShell) -> Callable[[], None]:
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


def _show_code(shell: InteractiveShell) -> Callable[[], None]:
    """Handles without code keep their page at ``??``: the source of their class is none that their users write."""
    inspector = shell.inspector
    describe: Callable[..., Any] | None = getattr(inspector, DESCRIBER, None)
    if describe is None:
        return lambda: None

    def described(thing: Any, *others: Any, **options: Any) -> Any:
        facts = describe(thing, *others, **options)
        if is_handle(thing) and facts.get("source") is not None:
            code = type_code(thing)
            facts |= {"source": code, "file": None, "class_docstring": None} if code else {"source": None, "docstring": thing.__doc__}
        return facts

    setattr(inspector, DESCRIBER, described)
    return lambda: delattr(inspector, DESCRIBER)
