"""The variables that hold networks, for texts that say what one can type: ``jack.ipyclam`` where ``jack`` holds the network.

A console says where to look. In a program, every network is called ``net``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

DEFAULT: Final = "net"

Search = Callable[[], Iterable[tuple[str, object]]]
"""Gives variables and the proxies of the networks they hold; the first that fits counts."""

_searches: Final[list[Search]] = []


def variable_of(proxy: object) -> str:
    """The variable that holds the network of a proxy, or of an engine; ``net`` if none is known."""
    for search in tuple(_searches):
        for name, held in search():
            if held is proxy or getattr(held, "inner", None) is proxy:
                return name
    return DEFAULT


def look_in(search: Search) -> Callable[[], None]:
    """Let `variable_of` search there too. Call the returned function to end this."""
    _searches.append(search)
    return lambda: _searches.remove(search)
