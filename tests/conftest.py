"""What all tests share: networks over the dummy engine."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from jackd import forget_dead_servers

from ipyclam_core import Network

settings.register_profile("ipyclam", deadline=None, max_examples=60)  # no test asserts a time
settings.load_profile("ipyclam")


def pytest_sessionstart() -> None:
    forget_dead_servers()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background jobs ignore it, and their children


@pytest.fixture
def net() -> Iterator[Network]:
    """An empty network of the dummy engine."""
    network = Network("dummy")
    yield network
    network.close()
