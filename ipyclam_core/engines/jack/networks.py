"""ipyclam networks as clients: each network file is played by a process of its own.

Each network file in the current directory is listed as a type, named by its path. Any other network file can be used as well.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ...errors import EngineError
from ...proxy import TypeSpec
from ...system.regular import open_to_read
from .child import Child

SUFFIXES = (".py", ".clamnetwork")
_BEGINNING = b"# ipyclam network"
_PLAYER = "ipyclam_core.play"
_START_SECONDS = 60.0
"""It may have to compile its kernels first."""
_END_SECONDS = 3.0


def in_directory() -> Iterator[str]:
    """The network files in the current directory, sorted."""
    with suppress(OSError):
        for name in sorted(os.listdir()):
            if name.endswith(SUFFIXES) and is_network(name):
                yield name


def is_network(path: str) -> bool:
    """Whether a file is a network file: by its suffix and, for Python files, by its first line."""
    if not path.endswith(SUFFIXES) or not os.path.isfile(path):
        return False
    if path.endswith(".py"):
        with suppress(OSError), open(open_to_read(path), "rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
        return False
    return True


def spec(path: str) -> TypeSpec:
    """The type of a network file; the ports of its client are known when it runs."""
    return TypeSpec(path, doc=f"The network in {Path(path).name}, played by the clam engine as a client of its own.", category="network")


class Player(Child):
    """A process that plays a network file as the client `name`; see `ipyclam_core.play`.

    One that is `held` opens no file that the network names, to read or to write, before `go`.
    """

    def __init__(self, name: str, path: str, server: str | None, ended: Callable[[Player], None], held: bool = False) -> None:
        options = ["--held"] if held else []
        super().__init__(name, [sys.executable, "-P", "-m", _PLAYER, path, name, *options], server, ended, _END_SECONDS)
        self._heard = b""
        self._plays, self._ready = False, threading.Event()
        self._listen()
        try:
            self._ready.wait(_START_SECONDS)
            if not self._plays:
                lines = self._heard.decode(errors="replace").splitlines()
                raise EngineError(f"{path} could not be played: {lines[-1].strip() if lines else 'it did not start'}")
        except BaseException:
            self.stop()
            raise

    def go(self) -> None:
        """Open its files."""
        with suppress(OSError, ValueError):  # it has ended
            if self._process.stdin is not None:
                self._process.stdin.write(b"play\n")

    def set(self, symbol: str, value: float) -> None:
        """It has no control inputs."""

    def load(self, preset: str) -> Mapping[str, float]:
        """It has no presets."""
        return {}

    def outputs(self) -> Mapping[str, float]:
        """It has no control outputs."""
        return {}

    def _hear(self, words: bytes) -> None:
        self._heard = (self._heard + words)[-10_000:]
        self._plays = self._plays or b"playing" in self._heard.splitlines()
        if self._plays or not words:
            self._ready.set()
