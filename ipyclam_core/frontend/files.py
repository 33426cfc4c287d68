"""Saving and loading: the suffix of a path selects the module of the file format."""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING

from ..errors import FormatError
from ..registry import formats
from ..system import given

if TYPE_CHECKING:
    from .network import Network


def suffixes() -> tuple[str, ...]:
    """The suffixes of network files."""
    return tuple(formats.load(name).SUFFIX for name in formats.names())


def format_of(path: str | os.PathLike[str]) -> ModuleType:
    """The format module whose ``SUFFIX`` `path` ends with."""
    text = given.path(path)
    for name in formats.names():
        module = formats.load(name)
        if text.lower().endswith(module.SUFFIX):
            return module
    kind = "a folder, not a network file" if os.path.isdir(text) else "not a network file"
    raise FormatError(text, None, f"{kind} ({', '.join(suffixes())})")


def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write `network` to `path`, in the format of its suffix."""
    format_of(path).save(network, path)


def load(network: Network, path: str | os.PathLike[str], trusted: bool) -> None:
    """Replace the content of `network`, as one step, or not at all."""
    module = format_of(path)
    with network._proxy.unchanging(), network._proxy.step(f"load {os.fspath(path)}", lenient=True):
        module.load(network, path, trusted=trusted)


def xml(network: Network) -> str:
    """`network` as CLAM's XML."""
    text: str = formats.load("clam_xml").to_string(network)
    return text
