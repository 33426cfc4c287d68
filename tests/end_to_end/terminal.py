"""A real terminal, driven as a person would: tmux types keys and reads the screen."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType


class Terminal:
    """A terminal of its own tmux server, which ends with the ``with`` block and takes along what runs in it.

    Parameters
    ----------
    name : names the tmux server; no two at once may share it.
    folder : where its shell begins.
    environment : added to this process's.
    """

    def __init__(self, name: str, folder: Path, environment: dict[str, str] | None = None, columns: int = 140, rows: int = 45) -> None:
        self._tmux = ["tmux", "-L", name, "-f", os.devnull]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # where `ipyclam_console` is
        variables = {"PS1": "$ ", "TERM": "screen-256color", "LC_ALL": "C.UTF-8", "PATH": path, **(environment or {})}
        # By env, not by tmux's -e: tmux takes PATH from whoever asks it, and sh may set PS1.
        shell = shlex.join(["exec", "env", *(f"{key}={value}" for key, value in variables.items()), "bash", "--norc", "--noprofile"])
        self._call("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder), shell)
        self._call("set-option", "-g", "history-limit", "20000")
        self._told = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pids = self._call("list-panes", "-a", "-F", "#{pane_pid}").split()
        self._call("kill-server")
        for pid in pids:
            _wait_for_end(int(pid))

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names: ``"Tab"``, ``"Enter"``, ``"C-c"``."""
        self._call("send-keys", *names)

    def type(self, text: str) -> None:
        """Type text, and no Enter."""
        self._call("send-keys", "-l", text)

    def enter(self, line: str) -> None:
        """Type a line and Enter."""
        self.type(line)
        self.keys("Enter")

    def screen(self) -> str:
        """What the screen shows now, without the empty lines at its end."""
        return self._call("capture-pane", "-p").rstrip()

    def coloured(self) -> str:
        """What the screen shows now, its colours as escape sequences."""
        return self._call("capture-pane", "-p", "-e").rstrip()

    def all(self) -> str:
        """All that was written, what has scrolled away too; long lines are one line."""
        return self._call("capture-pane", "-p", "-J", "-S", "-").rstrip()

    def wait(self, pattern: str, seconds: float = 30.0) -> str:
        """Wait until the screen matches, and give it; an error with the screen when it does not in time."""
        end = time.monotonic() + seconds
        while not re.search(pattern, screen := self.screen(), re.MULTILINE):
            if time.monotonic() > end:
                shown = re.sub(r"\n{3,}", "\n\n", screen)
                raise AssertionError(f"no {pattern!r} on the screen after {seconds:g} s:\n{shown}")
            time.sleep(0.05)
        return screen

    def begin(self, command: str, seconds: float = 60.0) -> None:
        """Start a console and wait for its first prompt."""
        self.enter(f"clear; {command}")
        self._told = 0
        self.prompt(seconds)

    def prompt(self, seconds: float = 60.0) -> None:
        """Wait for the next prompt of the console."""
        self._told += 1
        self.wait(rf"^In \[{self._told}\]: *$", seconds)

    def run(self, line: str, seconds: float = 60.0) -> str:
        """Enter a line at the console's prompt, and give what it wrote before the next prompt."""
        self.enter(line)
        asked = self._told
        self.prompt(seconds)
        text = self.all()
        last = text.rfind(f"In [{asked}]: ")
        return text[last:].split("\n", 1)[1].split(f"In [{asked + 1}]:")[0].strip()

    def forget(self) -> None:
        """Give up the line that is being typed, at the same prompt: the first Ctrl-C may only close the menu of completions."""
        self.keys("C-c")
        self.keys("C-c")
        self.wait(rf"^In \[{self._told}\]: *$")

    def leave(self, seconds: float = 30.0) -> None:
        """Leave the console as a person does, back to the shell."""
        self.enter("exit()")
        self.wait(r"^\$ *$", seconds)

    def _call(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


def _wait_for_end(pid: int, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end, f"process {pid} is still there {seconds:g} s after its terminal was closed"
        time.sleep(0.05)
