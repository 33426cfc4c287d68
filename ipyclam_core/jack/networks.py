"""Networks of ours as clients: a file that holds one, played by a process of its own.

Each file with a network in the current directory is a type, named by its path; any other is one when it is asked for.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ..errors import EngineError
from ..proxy import TypeSpec

SUFFIXES = (".py", ".clamnetwork")
_BEGINNING = b"# ipyclam network"
_PLAYER = "ipyclam_core.play"
_START_SECONDS = 60.0
"""It may have to compile its kernels first."""


def in_directory() -> Iterator[str]:
    """The files with networks in the current directory, sorted."""
    with suppress(OSError):
        for name in sorted(os.listdir()):
            if name.endswith(SUFFIXES) and is_network(name):
                yield name


def is_network(path: str) -> bool:
    """Whether a file holds a network, by its suffix and, of Python's many files, by its first line."""
    if not path.endswith(SUFFIXES) or not os.path.isfile(path):
        return False
    if path.endswith(".py"):
        with suppress(OSError), open(path, "rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
        return False
    return True


def spec(path: str) -> TypeSpec:
    """The type that a file is; what ports its client has is known when it runs."""
    return TypeSpec(path, doc=f"The network in {Path(path).name}, played by the clam engine as a client of its own.", category="network")


class Player:
    """A process that plays a network file as the client `name`; see `ipyclam_core.play`."""

    def __init__(self, name: str, path: str, server: str | None, ended: Callable[[Player], None]) -> None:
        environment = {**os.environ, **({"JACK_DEFAULT_SERVER": server} if server else {})}
        self._process = subprocess.Popen(
            [sys.executable, "-m", _PLAYER, path, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env=environment, start_new_session=True,
        )  # fmt: skip
        self.name, self.pid = name, self._process.pid
        self._said: list[str] = []
        self._ready, self._stopping, self._ended = threading.Event(), False, ended
        threading.Thread(target=self._listen, name=f"player {name}", daemon=True).start()
        self._ready.wait(_START_SECONDS)
        if not self._said or self._said[-1] != "playing":
            said = self._said[-1] if self._said else "it has not begun"
            self.stop()
            raise EngineError(f"{path} could not be played: {said}")

    @property
    def epitaph(self) -> str:
        """How it ended, in words."""
        status = self._process.wait()
        return f"ended with status {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"

    def set(self, symbol: str, value: float) -> None:
        """It has no control inputs."""

    def load(self, preset: str) -> Mapping[str, float]:
        """It has no presets."""
        return {}

    def outputs(self) -> Mapping[str, float]:
        """It has no control outputs."""
        return {}

    def stop(self) -> None:
        """End it: asked first, then told. Twice is no error."""
        self._stopping = True
        for tell in (self._close_input, self._process.terminate, self._process.kill):
            tell()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=3)
                return

    def _close_input(self) -> None:
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _listen(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        for line in stdout:
            self._said = [*self._said[-20:], line.strip()]
            if line.strip() == "playing":
                self._ready.set()
        self._ready.set()
        self._process.wait()
        stdout.close()
        self._close_input()
        if not self._stopping:
            self._ended(self)
