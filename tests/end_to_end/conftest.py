"""A terminal of its own for each test, and a JACK server that needs no sound card."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jackd import Jackd
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell in an empty folder."""
    with Terminal(tmp_path / "here") as opened:
        yield opened


@pytest.fixture
def jack_server() -> Iterator[str]:
    """The name of a server that needs no sound card, and that leaves no client out of a cycle."""
    with Jackd("end-to-end", synchronous=True) as server:
        yield server.name
