"""One server for all tests here, networks on it, and other people's clients."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator

import pytest
from clients import Foreign
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from jackd import Jackd
from traitlets.config import Config

from ipyclam_core import Network


@pytest.fixture(scope="module")
def server() -> Iterator[Jackd | None]:
    """A server with two capture and two playback ports; None is PipeWire, which `in_pipewire` has started around us."""
    if os.environ.get("IPYCLAM_TESTS_IN") == "pipewire":
        yield None
    else:
        with Jackd("jack") as started:
            yield started


@pytest.fixture
def net(server: Jackd | None) -> Iterator[Network]:
    """The network of the server."""
    network = Network("jack")
    yield network
    network.close()


@pytest.fixture
def foreign(server: Jackd | None) -> Iterator[Callable[..., Foreign]]:
    """Starts programs with clients: ``foreign("player", "out:left,out:right")``."""
    started: list[Foreign] = []

    def start(*clients: str) -> Foreign:
        started.append(Foreign(*clients))
        return started[-1]

    yield start
    for program in started:
        program.end()


@pytest.fixture
def tab(net: Network) -> Iterator[Callable[[str], list[str]]]:
    """Presses tab behind what is typed in a console that has the network; the rows."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config)
    shell.user_ns["net"] = net
    shell.run_line_magic("load_ext", "ipyclam_console")

    def press(typed: str) -> list[str]:
        with provisionalcompleter():
            return [row.text for row in shell.Completer.completions(typed, len(typed))]

    yield press
    shell.run_line_magic("unload_ext", "ipyclam_console")
    shell._atexit_once()
    atexit.unregister(shell.atexit_operations)
    shell.restore_sys_module_state()
