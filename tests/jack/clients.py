"""Clients of other programs, and what the tests tell those programs to do."""

from __future__ import annotations

import select
import subprocess
import sys
from pathlib import Path

from waiting import PATIENCE


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
            self._process.communicate(timeout=PATIENCE)

    def kill(self) -> None:
        """End it as a crash does."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
