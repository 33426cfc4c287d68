"""One LV2 plugin as a JACK client of its own: the program ``jalv``, told what to do on its standard input.

A program of its own for each plugin, so that one which crashes takes nothing with it.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from ..errors import DeviceError, EngineError

_PROMPT = b"> "
_START_SECONDS = 20.0
_ANSWER_SECONDS = 2.0
_VALUE = re.compile(r"^(\S+) = (\S+)\s*$", re.MULTILINE)


class Jalv:
    """A plugin that runs.

    Parameters
    ----------
    name : the client's name on the server.
    uri : the plugin.
    values : of its control inputs, from its first moment on.
    server : the JACK server's name, None for the default one.
    ended : called, on another thread, when the program ends without `stop`.
    """

    def __init__(self, name: str, uri: str, values: Mapping[str, float], server: str | None, ended: Callable[[Jalv], None]) -> None:
        program = shutil.which("jalv")
        if program is None:
            raise DeviceError("LV2 plugins are run by jalv, which is not installed (Debian: apt install jalv)")
        controls = [f"{symbol}={value:.9g}" for symbol, value in values.items()]
        # into a pipe, jalv would keep its answers back until there are 4,096 bytes of them
        command = ["stdbuf", "-o0", program, "-x", "-n", name, *(word for control in controls for word in ("-c", control)), uri]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}  # numbers with a point
        if server:
            environment["JACK_DEFAULT_SERVER"] = server
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0, env=environment,
            start_new_session=True,  # Ctrl-C at the prompt is not for the plugins
        )  # fmt: skip
        self.name, self.pid = name, self._process.pid
        self._heard = b""
        self._answer = b""
        self._due, self._prompts = 1, 0  # it shows a prompt when it is ready, and one after each command
        self._over = False
        self._answered = threading.Condition()
        self._asking = threading.Lock()
        self._stopping = False
        self._ended = ended
        threading.Thread(target=self._listen, name=f"jalv {name}", daemon=True).start()
        try:
            self._await_answer(_START_SECONDS)
        except EngineError:
            self.stop()
            raise

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def epitaph(self) -> str:
        """How it ended, in words."""
        status = self._process.wait()
        if status >= 0:
            return f"ended with status {status}"
        return f"was ended by {signal.Signals(-status).name}"

    def set(self, symbol: str, value: float) -> None:
        """Give a control input another value, from the next block on."""
        self._ask(f"set {symbol} {value:.9g}", 0.0)

    def load(self, preset: str) -> Mapping[str, float]:
        """Load a preset by its URI; what the control inputs are then."""
        self._ask("presets", _ANSWER_SECONDS)  # it knows of none before it was asked for them
        self._ask(f"preset {preset}", _ANSWER_SECONDS)
        return self.values()

    def values(self) -> Mapping[str, float]:
        """The values of the control inputs now."""
        return self._numbers("controls")

    def outputs(self) -> Mapping[str, float]:
        """The values of the control outputs now."""
        return self._numbers("monitors")

    def stop(self) -> None:
        """End it: asked first, then told. Twice is no error."""
        self._stopping = True
        self._close_input()  # jalv ends when there is nothing more to read
        for tell in (None, self._process.terminate, self._process.kill):
            if tell is not None:
                tell()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1.5)
                return

    def _close_input(self) -> None:
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _numbers(self, command: str) -> Mapping[str, float]:
        return {symbol: float(value) for symbol, value in _VALUE.findall(self._ask(command, _ANSWER_SECONDS))}

    def _ask(self, command: str, patience: float) -> str:
        """Its answer to a command; ``""`` at once when `patience` is 0."""
        stdin = self._process.stdin
        with self._asking:
            try:
                if stdin is None or not select.select([], [stdin], [], _ANSWER_SECONDS)[1]:
                    raise EngineError(f"{self.name} does not react")
                stdin.write(command.encode() + b"\n")
            except (OSError, ValueError) as exc:
                raise EngineError(f"{self.name}: {exc if self.alive else self.epitaph}") from exc
            self._due += 1
            return self._await_answer(patience) if patience else ""

    def _await_answer(self, patience: float) -> str:
        with self._answered:
            self._answered.wait_for(lambda: self._prompts >= self._due or self._over, patience)
            if self._prompts >= self._due:
                return self._answer.decode(errors="replace")
            lines = self._heard.decode(errors="replace").splitlines()
        said = next((f": {line}" for line in reversed(lines) if line.lower().startswith(("error", "fail", "could not"))), "")
        if self._over:
            raise EngineError(f"{self.name} {self.epitaph}{said}")
        raise EngineError(f"{self.name} has not answered for {patience:g} s{said}")

    def _listen(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        while words := stdout.read(65536):
            with self._answered:
                *answers, self._heard = (self._heard + words)[-1_000_000:].split(_PROMPT)
                if answers:
                    self._answer = answers[-1]
                    self._prompts += len(answers)
                    self._answered.notify_all()
        with self._answered:
            self._over = True
            self._answered.notify_all()
        self._process.wait()
        stdout.close()
        self._close_input()
        if not self._stopping:
            self._ended(self)
