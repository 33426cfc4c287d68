"""What loading has in common in every format: the content is replaced as one step, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ._file_parameters import folder_of

if TYPE_CHECKING:
    from ..network import Network


@contextmanager
def replacing(network: Network, path: str | os.PathLike[str]) -> Iterator[None]:
    """Empty the network; what follows fills it from the file `path`, whose relative paths are relative to its folder.

    Everything is one undo step. When the block raises, the network is as it was.
    """
    proxy = network._proxy
    with proxy.step(f"load {os.fspath(path)}", lenient=True), proxy.relative_to(folder_of(path)):
        network.clear()
        yield
