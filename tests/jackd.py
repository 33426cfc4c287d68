"""A JACK server of the tests' own: no sound card, no realtime priority, its own name, ended by its pid."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType

from waiting import PATIENCE, eventually

REGISTRY = "/dev/shm/jack-shm-registry"

_number = count(1)


class Jackd:
    """A server with the dummy driver while the ``with`` block lasts; JACK's programs find it by the environment.

    Parameters
    ----------
    name : of the server; the pid of the tests and a number are added, so that no two are called the same.
    ports : how many capture and how many playback ports the machine seems to have.
    room : for how many ports of all its clients it has room; much of it makes the start of each client slow.
    synchronous : each cycle waits for every client, so that none is left out of one, however slow it is.
    bound : it ends with this process, even if that crashes. For the main thread only.
    """

    def __init__(self, name: str, ports: int = 2, synchronous: bool = False, room: int = 256, bound: bool = False) -> None:
        self.name = f"ipyclam-{name}-{os.getpid()}-{next(_number)}"
        self._ports, self._room, self._bound = ports, room, bound
        self._mode = ["--sync", "--timeout", "20000"] if synchronous else []
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = ["jackd", "--no-realtime", "--name", self.name, "--port-max", str(self._room), *self._mode, "-d", "dummy"]
        command += ["-r", "48000", "-p", "512", "-C", str(self._ports), "-P", str(self._ports)]
        with tempfile.TemporaryFile() as log:
            before = _end_with_parent if self._bound else None
            process = self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=before)

            def answers() -> bool:
                if process.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(f"jackd has ended: {log.read().decode(errors='replace')}")
                look = ["jack_wait", "--server", self.name, "--check"]  # with --wait it looks once a second
                return subprocess.run(look, capture_output=True, text=True).stdout.strip() == "running"

            eventually(answers)

    def stop(self) -> None:
        if self._killed and self._process is None:  # JACK knows eight servers at most, and forgets one only when it ends properly
            self.start()
        self._killed = False
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    @property
    def runs(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._killed = True

    def __enter__(self) -> Jackd:
        self._before = os.environ.get("JACK_DEFAULT_SERVER")
        os.environ["JACK_DEFAULT_SERVER"] = self.name
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.stop()
        if self._before is None:
            os.environ.pop("JACK_DEFAULT_SERVER", None)
        else:
            os.environ["JACK_DEFAULT_SERVER"] = self._before


def forget_dead_servers() -> None:
    """Have JACK forget servers that crashed in earlier runs: they count among the eight that it can know.

    Not while anybody has its list open, be it a server, or the tests that have begun these: JACK's library never looks for the
    list again.
    """
    for maps in Path("/proc").glob("[0-9]*/maps"):
        with contextlib.suppress(OSError):
            if REGISTRY in maps.read_text():
                return
    with contextlib.suppress(OSError):
        Path(REGISTRY).unlink()


def _end_with_parent() -> None:
    """In a new process: it is asked to end when the one that has started it is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
