"""What a peer's module offers, and how the processor's time is read."""

from __future__ import annotations

import gc
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .workloads import Workload

SHORT = 1.5  # seconds of sound in the shorter of two renders; what both take is start-up
TURNS = 20


@dataclass(frozen=True)
class Taken:
    """Seconds of processor time.

    Attributes
    ----------
    idle : until the engine runs and has nothing to do.
    ready : until it could play the network.
    short, long : for a render of `SHORT` seconds, and for one longer by as much as was asked for.
    """

    idle: float
    ready: float
    short: float
    long: float


class Peer(Protocol):
    """A module of this package.

    Attributes
    ----------
    NAME : what it is called in the tables.
    INSTALL : what installs it.
    NOTE : what must be known to read its numbers, or nothing.
    """

    NAME: str
    INSTALL: str
    NOTE: str

    def missing(self) -> bool:
        """Whether it is not installed."""

    def measure(self, work: Workload, block: int, seconds: float, output: Path) -> Taken:
        """Build the network, render it twice, and write the short render to a WAV file."""


Command = Sequence[str | Path]


def of_program(command: Command) -> float:
    """The processor time that a program took."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as program:
        assert program.stderr is not None
        said = program.stderr.read()
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {program.returncode}: {said.decode(errors='replace')[-500:]}")
    return usage.ru_utime + usage.ru_stime


def of_start(idle: Command, ready: Command) -> tuple[float, float]:
    """The least of two programs, which differ by less than their own times do: they run many times, by turns."""
    taken = [(of_program(idle), of_program(ready)) for _ in range(TURNS)]
    return min(one for one, _ in taken), min(other for _, other in taken)


def of_call(act: Callable[[], object]) -> float:
    """The processor time that a call took in this process; what was thrown away before it is not its affair."""
    gc.collect()
    begun = time.process_time()
    act()
    return time.process_time() - begun
