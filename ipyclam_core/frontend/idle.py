"""What an engine can do while nobody needs the processors."""

from __future__ import annotations

from ..proxy import CanCompileAhead
from .network import Network


def compile_ahead(network: Network) -> None:
    """Let the engine compile its types, if it is one that does; see `CanCompileAhead`."""
    if isinstance(network.proxy.inner, CanCompileAhead):
        network.proxy.inner.compile_ahead()
