"""An external program: we write to its standard input and read its output afterwards."""

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

_AHEAD: Final = 1 << 20  # bytes in the send buffer; the kernel limits this, usually to 416 KiB

_PROGRESS: Final = re.compile(r"\w+= *\S*$")  # the progress lines of ffmpeg


class Feed:
    """A running program that we write to.

    Its standard input is a socket, not a pipe: a pipe wakes the writer after each page that is read, a socket only when it is
    nearly empty. This gives one seventh more frames per second, at 640 x 480 and at 1920 x 1080 (measured; a larger pipe does not
    help, and `vmsplice`, which avoids copying, gives no more). Its output goes to files: a pipe that nobody reads would fill up
    and block the program.

    Parameters
    ----------
    command : the program and its arguments.

    Attributes
    ----------
    writes : number of completed writes.
    torn : whether the last write was interrupted.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.writes = 0
        self.torn = False
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as this object lives
        self._complained: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._socket, its_end = socket.socketpair()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _AHEAD)
        with its_end:
            self._process = subprocess.Popen(
                command, stdin=its_end.fileno(), stdout=self._said, stderr=self._complained, start_new_session=True
            )  # in its own session: Ctrl-C at the prompt must reach us, not the program
        self._finalizer = weakref.finalize(self, _end, self._process, self._socket, self._said, self._complained)

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._process.pid

    def write(self, data: memoryview) -> None:
        """Write all of `data`. Raises ``ConnectionError`` if the program has ended. Ctrl-C takes effect afterwards."""
        with _whole():
            self.torn = True
            self._socket.sendall(data)
            self.torn = False
            self.writes += 1

    def finish(self) -> int:
        """Close the input, wait for the program to exit, and return its exit status (negative: the signal that killed it)."""
        _hang_up(self._socket)
        return self._process.wait()

    def kill(self) -> None:
        """Kill the program."""
        self._process.kill()
        _hang_up(self._socket)
        self._process.wait()

    def forsake(self) -> None:
        """In a child process: let go of what it has of the program, which goes on with the parent."""
        self._finalizer.detach()
        for each in (self._socket, self._said, self._complained):
            each.close()

    @property
    def said(self) -> str:
        """The standard output of the program."""
        return _text(self._said)

    @property
    def words(self) -> str:
        """The last lines of its standard error, or else of its standard output."""
        lines = _lines(_text(self._complained)) or _lines(self.said)
        return "; ".join(lines[-4:])

    def release(self) -> None:
        """Wait for the program if it still runs, and close all files."""
        self._finalizer()


def ended(status: int) -> str:
    """The end of a program in words, for messages."""
    if status < 0:
        return f"was killed ({signal.Signals(-status).name})"
    return f"exited with status {status}" if status else "exited"


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """Postpone Ctrl-C to the end of the block: half a frame would shift all following frames. A second Ctrl-C interrupts at once."""
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
    """Close the input, so that the program keeps what it received; end it within 10 s; close all files."""
    _hang_up(feeding)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for file in files:
        file.close()


def _hang_up(feeding: socket.socket) -> None:
    """Close the input for good: a process that was forked meanwhile holds it open, too."""
    with contextlib.suppress(OSError):  # closed before, or the program has ended
        feeding.shutdown(socket.SHUT_WR)
    feeding.close()


def _text(file: IO[bytes]) -> str:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 100_000))
    return file.read().decode(errors="replace")


def _lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.replace("\r", "\n").splitlines())
    return [line for line in lines if line and not line.startswith("Exiting") and not _PROGRESS.match(line)]
