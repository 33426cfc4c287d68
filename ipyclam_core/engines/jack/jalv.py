"""An LV2 plugin as a separate JACK client: the program ``jalv``, which reads commands from its standard input.

Each plugin is a separate process, so a plugin that crashes affects nothing else.
"""

from __future__ import annotations

import re
import select
import shutil
import threading
from collections.abc import Callable, Mapping

from ...errors import DeviceError, EngineError
from .child import Child

_PROMPT = b"> "
_START_SECONDS = 20.0
_ANSWER_SECONDS = 2.0
_END_SECONDS = 1.5
_VALUE = re.compile(r"^(\S+) = (\S+)\s*$", re.MULTILINE)


class Jalv(Child):
    """A running plugin.

    Parameters
    ----------
    name : the client's name on the server.
    uri : the plugin.
    values : initial values of its control inputs.
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
        super().__init__(name, command, server, ended, _END_SECONDS, LC_ALL="C.UTF-8")  # numbers with a point
        self._heard = b""
        self._answer = b""
        self._due, self._prompts = 1, 0  # it shows a prompt when it is ready, and one after each command
        self._over = False
        self._answered = threading.Condition()
        self._asking = threading.Lock()
        self._listen()
        try:
            self._await_answer(_START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def set(self, symbol: str, value: float) -> None:
        """Set a control input, from the next block on."""
        self._ask(f"set {symbol} {value:.9g}", 0.0)

    def go(self) -> None:
        """It plays as soon as it is started."""

    def load(self, preset: str) -> Mapping[str, float]:
        """Load a preset by its URI; returns the new values of the control inputs."""
        self._ask("presets", _ANSWER_SECONDS)  # it knows of none before it was asked for them
        self._ask(f"preset {preset}", _ANSWER_SECONDS)
        return self.values()

    def values(self) -> Mapping[str, float]:
        """The current values of the control inputs."""
        return self._numbers("controls")

    def outputs(self) -> Mapping[str, float]:
        """The current values of the control outputs."""
        return self._numbers("monitors")

    def _numbers(self, command: str) -> Mapping[str, float]:
        return {symbol: float(value) for symbol, value in _VALUE.findall(self._ask(command, _ANSWER_SECONDS))}

    def _ask(self, command: str, patience: float) -> str:
        """Its answer to a command; ``""`` at once when `patience` is 0."""
        stdin = self._process.stdin
        with self._asking:
            try:
                if stdin is None or not select.select([], [stdin], [], _ANSWER_SECONDS)[1]:
                    raise EngineError(f"{self.name} does not respond")
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
        raise EngineError(f"{self.name} did not respond within {patience:g} s{said}")

    def _hear(self, words: bytes) -> None:
        with self._answered:
            *answers, self._heard = (self._heard + words)[-1_000_000:].split(_PROMPT)
            if answers:
                self._answer = answers[-1]
                self._prompts += len(answers)
            self._over = not words
            if answers or self._over:
                self._answered.notify_all()
