"""A real terminal, driven as a person would: tmux types keys and reads the screen."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from types import TracebackType

from waiting import PATIENCE, eventually, has_ended


class Terminal:
    """A terminal of a tmux server of its own, which ends with the ``with`` block and takes along what runs in it.

    In it `ipyclam_console` begins without anybody's profile and history.

    Parameters
    ----------
    folder : where its shell begins; made where it does not exist.
    environment : added to this process's.
    """

    def __init__(self, folder: Path, environment: dict[str, str] | None = None, columns: int = 140, rows: int = 45) -> None:
        folder.mkdir(exist_ok=True)
        self._own = tempfile.TemporaryDirectory(prefix="ipyclam-")  # short: the path of a socket has room for 107 bytes
        self._tmux = ["tmux", "-S", f"{self._own.name}/tmux", "-f", os.devnull]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # where `ipyclam_console` is
        variables = {"PS1": "$ ", "TERM": "screen-256color", "LC_ALL": "C.UTF-8", "PATH": path, "IPYTHONDIR": f"{self._own.name}/ipython"}
        variables |= environment or {}
        # By env, not by tmux's -e: tmux takes PATH from whoever asks it, and sh may set PS1.
        shell = shlex.join(["exec", "env", *(f"{key}={value}" for key, value in variables.items()), "bash", "--norc", "--noprofile"])
        self._call("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder), shell)
        self._call("set-option", "-g", "history-limit", "20000")
        self._told = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pid in self._running():  # before their terminal is taken from them, which makes them slow to end
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGHUP)
            eventually(partial(has_ended, pid))
        self.close()
        self._own.cleanup()

    def close(self) -> None:
        """Close the window, as a person does, and wait for the end of all that ran in it."""
        running = [*self._running(), *self._pids("#{pane_pid}"), *self._pids("#{pid}")]
        if running:
            self._call("kill-server")
        for pid in running:
            eventually(partial(has_ended, pid))

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

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self._call("resize-window", "-x", str(columns), "-y", str(rows))

    def is_plain(self) -> bool:
        """Whether it shows the cursor and the screen of the shell, as before a program that draws on a screen of its own."""
        return self._call("display-message", "-p", "#{cursor_flag}#{alternate_on}#{wrap_flag}").strip() == "101"

    def all(self) -> str:
        """All that was written, what has scrolled away too; long lines are one line."""
        return self._call("capture-pane", "-p", "-J", "-S", "-").rstrip()

    def wait(self, pattern: str) -> str:
        """Wait until the screen matches, and give it; an error with the screen when it never does."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, screen := self.screen(), re.MULTILINE):
            if time.monotonic() > end:
                shown = re.sub(r"\n{3,}", "\n\n", screen)
                raise AssertionError(f"no {pattern!r} on the screen after {PATIENCE:g} s:\n{shown}")
            time.sleep(0.02)
        return screen

    def begin(self, command: str) -> None:
        """Start a console and wait for its first prompt."""
        self.enter(f"clear; {command}")
        self._told = 0
        self.prompt()

    def prompt(self) -> None:
        """Wait for the next prompt of the console."""
        self._told += 1
        self.wait(rf"^In \[{self._told}\]: *$")

    def run(self, line: str) -> str:
        """Enter a line at the console's prompt, and give what it wrote before the next prompt."""
        self.enter(line)
        asked = self._told
        self.prompt()
        text = self.all()
        last = text.rfind(f"In [{asked}]: ")
        return text[last:].split("\n", 1)[1].split(f"In [{asked + 1}]:")[0].strip()

    def forget(self) -> None:
        """Give up the line that is being typed, at the same prompt: the first Ctrl-C may only close the menu of completions."""
        self.keys("C-c")
        self.keys("C-c")
        self.wait(rf"^In \[{self._told}\]: *$")

    def insist(self) -> None:
        """Press Ctrl-C, and again after a while, until the next prompt comes: an operation that hangs hears a second one only."""
        self._told += 1
        pattern, end = rf"^In \[{self._told}\]: *$", time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.keys("C-c")
            again = time.monotonic() + 2.0
            while time.monotonic() < again:
                if re.search(pattern, self.screen(), re.MULTILINE):
                    return
                time.sleep(0.02)
        raise AssertionError(f"no prompt, however often Ctrl-C was pressed:\n{self.screen()}")

    def leave(self) -> None:
        """Leave the console as a person does who wants to save nothing, back to the shell."""
        self.enter("exit()")
        if "unsaved changes" in self.wait(r"^\$ *$|\[s/d/c\] *$"):
            self.enter("discard")
        self.wait(r"^\$ *$")

    def _call(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout

    def _pids(self, what: str) -> list[int]:
        """The processes that tmux knows: of panes, or its own; none where it has ended."""
        shown = subprocess.run([*self._tmux, "list-panes", "-a", "-F", what], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return [int(pid) for pid in shown.stdout.split()]

    def _running(self) -> list[int]:
        """What runs in the shell now."""
        found: list[int] = []
        for shell in self._pids("#{pane_pid}"):
            with contextlib.suppress(FileNotFoundError):
                found += map(int, Path(f"/proc/{shell}/task/{shell}/children").read_text().split())
        return found
