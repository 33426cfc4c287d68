"""What loading has in common in every format: the content is replaced as one step, or not at all."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..frontend.network import Network

_LISTED: Final = 20  # so many things a warning lists before it counts the rest


def folder_of(path: str | os.PathLike[str]) -> str:
    """The folder that the paths inside the file `path` are relative to."""
    return str(Path(path).resolve().parent)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hold Python's cyclic garbage collector off.

    Loading makes many objects that all stay. The collector would go through all of them again and again: with 10,000
    processings that takes three times as long as all the rest. Saving makes many that go, beside a network that stays.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def replacing(network: Network, path: str | os.PathLike[str]) -> Iterator[None]:
    """Empty the network; what follows fills it from the file `path`, whose relative paths are relative to its folder.

    Everything is one undo step. When the block raises, the network is as it was.
    """
    proxy = network._proxy
    with proxy.step(f"load {os.fspath(path)}", lenient=True), proxy.relative_to(folder_of(path)):
        network.clear()
        yield


def waiting_text(path: str | os.PathLike[str], reasons: Sequence[str]) -> str:
    """The warning about wires that could not be made."""
    count = "one wire waits, for it" if len(reasons) == 1 else f"{len(reasons)} wires wait, for they"
    return f"{path}: {count} cannot be made: {listed(reasons)}"


def listed(things: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    rest = f", and {len(things) - _LISTED} more" if len(things) > _LISTED else ""
    return ", ".join(things[:_LISTED]) + rest
