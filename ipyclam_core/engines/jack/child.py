"""A client in a child process: it reads commands from its standard input, and ends at the end of the input."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any


class Child:
    """A process that is a client of a server.

    Parameters
    ----------
    name : the client's name on the server.
    command : the program and its arguments.
    server : the JACK server's name, None for the default one.
    ended : called with this object, on another thread, when the process ends without `stop`.
    patience : seconds to wait after each way to end it: close its input, terminate, kill.
    environment : additional environment variables.
    """

    def __init__(
        self, name: str, command: Sequence[str], server: str | None, ended: Callable[[Any], None], patience: float, **environment: str
    ) -> None:
        if server:
            environment["JACK_DEFAULT_SERVER"] = server
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0, env={**os.environ, **environment},
            start_new_session=True,  # Ctrl-C at the prompt is not for it
        )  # fmt: skip
        self.name, self.pid = name, self._process.pid
        self._patience = patience
        self._stopping = False
        self._ended = ended

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def epitaph(self) -> str:
        """A description of how it ended."""
        status = self._process.wait()
        return f"ended with status {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"

    def stop(self) -> None:
        """End it: close its input, then terminate, then kill. Calling it twice is allowed."""
        self._stopping = True
        for tell in (self._close_input, self._process.terminate, self._process.kill):
            tell()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=self._patience)
                return

    def forsake(self) -> None:
        """In a child process of ours: let go of it. It ends when its input ends, so nobody else may hold that open."""
        self._stopping = True
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _listen(self) -> None:
        """Start reading its output, on a thread of its own."""
        threading.Thread(target=self._follow, name=f"{type(self).__name__.lower()} {self.name}", daemon=True).start()

    def _hear(self, words: bytes) -> None:
        """Receive a part of its output; ``b""`` at the end."""
        raise NotImplementedError

    def _follow(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        while words := stdout.read(65536):
            self._hear(words)
        self._hear(b"")
        self._process.wait()
        stdout.close()
        self._close_input()
        if not self._stopping:
            self._ended(self)

    def _close_input(self) -> None:
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
