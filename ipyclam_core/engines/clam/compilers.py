"""The processes that compile for this one: as many as there are processors at most, whoever waits for what they make.

They read jobs from their standard input and write to their standard output which jobs are done. Jobs are given one by one, in turn
to each order, so that no order waits for all of another. The processes end with this one, or when nobody waits any more.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

RECORD: Final = 100
"""Bytes of a job on their standard input: several processes read from it, each a whole job."""

AT_LEAST: Final = 4
"""Processes that are begun where there are as many processors, however few jobs there are: more may come."""


class Order:
    """Jobs that somebody waits for."""

    def __init__(self, jobs: Iterable[str]) -> None:
        self.left = dict.fromkeys(job for job in jobs if len(job.encode()) <= RECORD)


class Compilers:
    """The first process that compiles, those it has begun, and the orders that they work on."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.RLock()
        self._depth = 0
        self._orders: list[Order] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._given: set[str] = set()
        self._fruitful = False  # whether this process has done anything
        self._said = b""

    def forget(self) -> None:
        """Begin anew in a copy of this process by `os.fork`: the processes compile for the parent."""
        if self._process is not None:
            self._process.returncode = 0  # not ours
        self.__init__(self._module)  # type: ignore[misc]

    def order(self, jobs: Iterable[str]) -> Order:
        """Ask for jobs, the longest first; `tend` has them done."""
        order = Order(jobs)
        with self._lock:
            self._orders.append(order)
        return order

    def tend(self, order: Order) -> bool:
        """Go on with all orders, without waiting; true when this one is over, whether or not all could be compiled.

        What is not there then can be compiled in this process.
        """
        with self._lock, self._inside():
            self._listen()
            if order.left:
                self._give()
            if order.left and order in self._orders:
                return False
            self.withdraw(order)
            return True

    def withdraw(self, *orders: Order) -> None:
        """Nobody waits for these any more."""
        with self._lock, self._inside():
            self._orders = [each for each in self._orders if each not in orders]

    @contextlib.contextmanager
    def _inside(self) -> Iterator[None]:
        """End the process afterwards if nobody waits any more; not within: a finalizer may come in between."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth and not any(order.left for order in self._orders):
                self._end()

    def _listen(self) -> None:
        """Take note of what has been done, and of a process that has ended before it was asked to."""
        process = self._process
        if process is None:
            return
        ended = process.poll() is not None  # before the last words are read
        assert process.stdout is not None
        self._said += process.stdout.read() or b""
        *lines, self._said = self._said.split(b"\n")
        self._done({line.decode(errors="replace") for line in lines} & self._given)
        if ended:
            self._done({*self._given} if self._fruitful else {job for order in self._orders for job in order.left})
            self._end()

    def _done(self, jobs: Iterable[str]) -> None:
        for job in jobs:
            self._fruitful = True
            self._given.discard(job)
            for order in self._orders:
                order.left.pop(job, None)

    def _give(self) -> None:
        """Give each process a job, and have one more ready; each order has its turn."""
        while len(self._given) <= processors():
            rest = [(order, job) for order in self._orders for job in order.left if job not in self._given]
            if not rest:
                return
            if self._process is None and not self._begin(min(processors(), max(len(rest), AT_LEAST))):
                self._done([job for _, job in rest])
                return
            order, job = rest[0]
            self._orders = sorted(self._orders, key=lambda each: each is order)  # it comes last now
            self._given.add(job)
            assert self._process is not None
            assert self._process.stdin is not None
            with contextlib.suppress(OSError):  # it has ended
                self._process.stdin.write(job.encode().ljust(RECORD))

    def _begin(self, count: int) -> bool:
        process = begin(self._module, ["-", str(count)], subprocess.PIPE)
        if process is not None:
            assert process.stdout is not None
            os.set_blocking(process.stdout.fileno(), False)
            self._process, self._said, self._fruitful = process, b"", False
        return process is not None

    def _end(self) -> None:
        process, self._process = self._process, None
        self._given.clear()
        if process is not None:
            end(process)
            for stream in (process.stdin, process.stdout):
                assert stream is not None
                stream.close()


def begin(module: str, arguments: Sequence[str], stream: int = subprocess.DEVNULL) -> subprocess.Popen[bytes] | None:
    """Begin a process that compiles. None if the system refuses one; kernels are compiled when they are needed then."""
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=stream, stdout=stream, stderr=subprocess.DEVNULL, start_new_session=True, bufsize=0,
        )  # fmt: skip
    except OSError:
        return None


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those it has begun, if it is this one's: a copy of this one by `os.fork` may end, too."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
