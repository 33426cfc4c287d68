"""Loading, shared by all formats: the content of the network is replaced in one step, or not at all."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import FormatError, NotWritable
from ..system import regular

if TYPE_CHECKING:
    from ..frontend.network import Network

LISTED: Final = 20  # the most items a warning lists; the rest are counted


def folder_of(path: str | os.PathLike[str]) -> str:
    """The base folder of the relative paths in the file `path`."""
    return str(Path(path).resolve().parent)


def read_network_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The content of a network file. Raises ``FormatError`` if it has more bytes than `limit`, or is not a regular file."""
    try:
        return regular.read(path, limit)
    except regular.TooLarge as error:
        raise FormatError(path, 1, f"the file {error.strerror}") from None
    except regular.NotRegular as error:
        raise FormatError(path, None, f"this is {error.strerror}, not a file") from None


def check_size(text: str, path: str | os.PathLike[str], limit: int) -> None:
    """Refuse to write a file that is too large to be loaded again."""
    size = len(text) if text.isascii() else len(text.encode())
    if size > limit:
        raise NotWritable(f"{path} would have {size:,} bytes, and could not be loaded again. The limit is {limit:,}")


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector of Python.

    Loading creates many objects that stay alive. The collector would traverse all of them again and again: with 10,000
    processings that takes three times as long as everything else. Saving creates many temporary objects beside a large network.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def replacing(network: Network, path: str | os.PathLike[str], trusted: bool = False) -> Iterator[None]:
    """Clear the network; the block then fills it from the file `path`. Relative paths are relative to the folder of the file.

    All of it is one undo step. If the block raises, the network is unchanged. Unless the file is trusted, no file that it names
    is looked at: it is when the network plays.
    """
    proxy = network._proxy
    with proxy.step(f"load {os.fspath(path)}", lenient=True), proxy.relative_to(folder_of(path)):
        proxy.clear()
        proxy.set_file(os.path.abspath(path))
        with nullcontext() if trusted else proxy.unseen():
            yield


def waiting_text(path: str | os.PathLike[str], reasons: Sequence[str]) -> str:
    """The warning about wires that could not be connected."""
    kept = "1 wire could not be connected, but is" if len(reasons) == 1 else f"{len(reasons)} wires could not be connected, but are"
    return f"{path}: {kept} kept: {listed(reasons)}"


def listed(things: Sequence[str]) -> str:
    """The first items, and the number of the others."""
    rest = f", and {len(things) - LISTED} more" if len(things) > LISTED else ""
    return ", ".join(things[:LISTED]) + rest
