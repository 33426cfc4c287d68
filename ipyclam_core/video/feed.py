"""A program that is fed through its standard input, and what it said."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import IO, Any, Final

_AHEAD: Final = 1 << 20  # bytes that may wait for the program; the system gives what it allows, ordinarily 416 KiB

_PROGRESS: Final = re.compile(r"\w+= *\S*$")  # what ffmpeg says to programs


class Feed:
    """A running program that we write to.

    Its standard input is a socket: a pipe wakes who writes for each page that is read, a socket when it is nearly empty.
    That is a seventh more frames a second of 640 x 480 as of 1920 x 1080 (measured; it is not the size of the pipe, and
    `vmsplice`, which copies nothing, gains no more). What the program says goes to files, not to pipes that nobody
    reads, so that it cannot come to wait for us.

    Parameters
    ----------
    command : the program and its arguments.

    Attributes
    ----------
    writes : how often something was handed over.
    torn : whether the last time was broken off in the middle.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.writes = 0
        self.torn = False
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # they live as long as we do
        self._complained: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._socket, its_end = socket.socketpair()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _AHEAD)
        with its_end:
            self._process = subprocess.Popen(
                command, stdin=its_end.fileno(), stdout=self._said, stderr=self._complained, start_new_session=True
            )  # in a session of its own, so that Ctrl-C at the prompt reaches us and not the program
        self._finalizer = weakref.finalize(self, _end, self._process, self._socket, self._said, self._complained)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def write(self, data: memoryview) -> None:
        """Hand over all of `data`; ``ConnectionError`` when the program is gone. Ctrl-C waits until that is done."""
        with _whole():
            self.torn = True
            self._socket.sendall(data)
            self.torn = False
            self.writes += 1

    def finish(self) -> int:
        """Say that there is no more, and wait for the program's end: its exit status, negative for the signal that ended it."""
        self._socket.close()
        return self._process.wait()

    def kill(self) -> None:
        """End the program now."""
        self._process.kill()
        self._socket.close()
        self._process.wait()

    @property
    def said(self) -> str:
        """Its standard output."""
        return _text(self._said)

    @property
    def words(self) -> str:
        """The last lines in which it complained, else the last that it said."""
        lines = _lines(_text(self._complained)) or _lines(self.said)
        return "; ".join(lines[-4:])

    def release(self) -> None:
        """Let go of everything; a program that still runs is waited for."""
        self._finalizer()


def ended(status: int) -> str:
    """How a program ended, in words."""
    if status < 0:
        return f"was killed ({signal.Signals(-status).name})"
    return f"ended with status {status}" if status else "ended"


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """Hold Ctrl-C back until the end of the block: half a frame on its way would shift all that follow. Twice breaks it off."""
    before = signal.getsignal(signal.SIGINT)
    if before is None or before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupted = False

    def hold(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        if interrupted:
            raise KeyboardInterrupt
        interrupted = True

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if interrupted:
            signal.raise_signal(signal.SIGINT)


def _end(process: subprocess.Popen[Any], feeding: socket.socket, *files: IO[bytes]) -> None:
    """What was fed is kept, and nothing is left running or open."""
    feeding.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for file in files:
        file.close()


def _text(file: IO[bytes]) -> str:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 100_000))
    return file.read().decode(errors="replace")


def _lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.replace("\r", "\n").splitlines())
    return [line for line in lines if line and not line.startswith("Exiting") and not _PROGRESS.match(line)]
