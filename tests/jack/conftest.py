"""One server for all tests here, networks on it, and other people's clients."""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
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


class Foreign:
    """A program that somebody else runs, with some clients."""

    def __init__(self, *clients: str) -> None:
        command = [sys.executable, str(Path(__file__).with_name("foreign.py")), *clients]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._read() == "ready"

    def __call__(self, *command: str) -> str:
        """Have it do something, and wait until it has."""
        self.begin(*command)
        return self._read()

    def begin(self, *command: str) -> None:
        """Have it do something, and do not wait."""
        assert self._process.stdin is not None
        self._process.stdin.write("|".join(command) + "\n")
        self._process.stdin.flush()

    @property
    def silent(self) -> bool:
        """Whether it has not answered yet."""
        return not select.select([self._process.stdout], [], [], 0)[0]

    def answer(self) -> str:
        """Its answer, when it has one."""
        return self._read()

    def end(self) -> None:
        """Have it quit properly."""
        if self._process.poll() is None:
            self._process.communicate(timeout=20)

    def kill(self) -> None:
        """End it as a crash does."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


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
def eventually() -> Callable[[Callable[[], object]], None]:
    """Waits for something that another program does to be seen here."""

    def wait(true: Callable[[], object]) -> None:
        until = time.monotonic() + 15
        while not true():
            assert time.monotonic() < until, "it has not come to pass"
            time.sleep(0.01)

    return wait


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
