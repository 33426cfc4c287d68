"""The one decorator of completers: what it marks is found by a scan of this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter

from ._asked import Asked
from ._offers import Answer

Complete = Callable[[Asked], Answer | None]


def completer(*, after: str = "") -> Callable[[Complete], Complete]:
    """Mark a function as a completer: from what is asked to an `Answer`, or None where it has nothing to say.

    The first that answers is shown; one that is to be asked later than others names one of them in `after`.
    """

    def mark(complete: Complete) -> Complete:
        complete.asked_after = after  # type: ignore[attr-defined]
        return complete

    return mark


@cache
def completers() -> tuple[Complete, ...]:
    """Every completer of this folder, in the order to ask them."""
    found: dict[str, Complete] = {}
    package = importlib.import_module(__package__)
    for info in pkgutil.iter_modules(package.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__package__}.{info.name}")
        for held in vars(module).values():
            if hasattr(held, "asked_after") and held.__module__ == module.__name__:
                if held.__name__ in found:
                    raise ValueError(f"both {found[held.__name__].__module__} and {held.__module__} have a completer {held.__name__!r}")
                found[held.__name__] = held
    graph = {name: {complete.asked_after} & found.keys() for name, complete in found.items()}  # type: ignore[attr-defined]
    return tuple(found[name] for name in TopologicalSorter(graph).static_order())
