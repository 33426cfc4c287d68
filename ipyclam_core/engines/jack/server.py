"""The JACK server: being a client of it, and starting one where there is none.

``import jack`` (the package JACK-Client) happens here and in `notifications`, never before somebody asks for the engine.
"""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter, deque
from functools import cache
from typing import Any

from ...errors import DeviceError, NoJackServer

_said: deque[str] = deque(maxlen=8)
_clients: Counter[str] = Counter()
"""How many clients of ours each server has."""
_START_SECONDS = 8.0
DEFAULT = "default"
"""What JACK calls a server that was given no name."""


@cache
def library() -> Any:
    """The module ``jack``, or a `DeviceError` that says what to install."""
    try:
        import jack
    except ImportError:
        raise DeviceError("the jack engine needs the package JACK-Client: pip install 'ipyclam[jack]'") from None
    except OSError as exc:
        raise DeviceError(f"the jack engine needs JACK's library ({exc}); install jackd2, or PipeWire's JACK (pipewire-jack)") from exc
    if not hasattr(jack, "Client"):
        raise DeviceError(f"the jack engine needs the package JACK-Client, but `import jack` finds {getattr(jack, '__file__', jack)}")
    # libjack prints to standard error otherwise, in the middle of what somebody is typing
    jack.set_error_function(_said.append)
    jack.set_info_function(_said.append)
    return jack


def name_of(server: str | None) -> str:
    """The name of a server, also of the one that JACK takes by default; ``""`` where it has none."""
    name = server or os.environ.get("JACK_DEFAULT_SERVER", DEFAULT)
    return "" if name == DEFAULT else name


def open_client(name: str, server: str | None) -> Any:
    """A client, not yet active, of the running server called `server` (None: the one JACK takes by default).

    `close_client` ends it.
    """
    jack = library()
    called = name_of(server) or DEFAULT
    other = next((other for other in +_clients if other != called), None)
    if other is not None:  # libjack would take that one instead, without a word
        raise DeviceError(f"this process is a client of the JACK server {other!r}; close that network to reach {called!r}")
    _said.clear()
    try:
        client = jack.Client(name, no_start_server=True, servername=server)
    except jack.JackOpenError as exc:
        if exc.status.server_error:  # there is one, but it gave up halfway
            raise DeviceError(
                f"the JACK server{f' {name_of(server)!r}' if name_of(server) else ''} takes no further client; quit one and try again\n"
                "(JACK has room for about 250 on a machine, on all its servers together)"
            ) from exc
        raise NoJackServer(name_of(server), _reason()) from exc
    _clients[called] += 1
    client.ipyclam_server = called
    return client


def close_client(client: Any) -> None:
    """Leave the server."""
    client.deactivate()
    client.close()
    _clients[client.ipyclam_server] -= 1


class Server:
    """A server that we started, and end.

    It drives the first sound card where there is one, and otherwise no card at all (JACK's dummy driver), which
    is enough to connect programs with each other.
    """

    def __init__(self, name: str | None, sample_rate: int, block_size: int) -> None:
        program = shutil.which("jackd") or shutil.which("jackdmp")
        if program is None:
            raise DeviceError("there is no jackd to start; install jackd2, or run under PipeWire with pw-jack")
        named = ["-n", name] if name else []
        cards = bool(glob.glob("/dev/snd/pcm*p"))
        self.driver = ""
        for driver in ("alsa", "dummy") if cards else ("dummy",):
            command = [program, *named, "-d", driver, "-r", str(sample_rate), "-p", str(block_size)]
            self._log = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 (it lives as long as the server)
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C at the prompt is not for the server
                env={**os.environ, "JACK_NO_AUDIO_RESERVATION": "1"},
            )  # fmt: skip
            if self._came_up(name):
                self.driver = driver
                return
            self.stop()
        raise DeviceError(f"jackd did not come up: {self._last_words}")

    def stop(self) -> None:
        """End the server; its clients hear of it from JACK."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if not self._log.closed:
            self._log.seek(0)
            lines = [line.strip() for line in self._log]
            self._log.close()
            telling = [line for line in lines if any(word in line.lower() for word in ("error", "cannot", "fail", "invalid", "unknown"))]
            self._last_words = telling[-1] if telling else f"it ended with status {self._process.returncode}"

    def _came_up(self, name: str | None) -> bool:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                close_client(open_client("ipyclam-probe", name))
                return self._process.poll() is None
            except NoJackServer:
                time.sleep(0.1)
        return False


def _reason() -> str:
    """The last thing libjack said that tells something."""
    return next((words for words in reversed(_said) if "err" in words.lower() or "cannot" in words.lower()), "")
