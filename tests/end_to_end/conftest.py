"""A terminal of its own for each test, and a JACK server that needs no sound card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jackd import Jackd
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell in an empty directory, where `ipyclam_console` begins without anybody's profile and history."""
    (tmp_path / "profile").mkdir()
    folder = tmp_path / "here"
    folder.mkdir()
    with Terminal(f"ipyclam-{os.getpid()}", folder, {"IPYTHONDIR": str(tmp_path / "profile")}) as opened:
        yield opened


@pytest.fixture
def jack_server() -> Iterator[str]:
    """The name of a server that needs no sound card, and that leaves no client out of a cycle."""
    with Jackd("end-to-end", synchronous=True) as server:
        yield server.name
