"""Starting a JACK server if none is running."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing

from ...errors import DeviceError, NoJackServer
from .client import OurClient

_START_SECONDS = 8.0


def runs(server: str | None) -> bool:
    """Whether a server of that name accepts clients; None for JACK's default server."""
    with closing(OurClient("ipyclam-probe", server)) as probe:
        try:
            probe.open()
        except NoJackServer:
            return False
        return True


class Server:
    """A server that was started here, and ends with the network.

    It uses the first sound card if there is one. Otherwise it uses no card (JACK's dummy driver), which
    is enough to connect programs with each other.
    """

    def __init__(self, name: str | None, sample_rate: int, block_size: int) -> None:
        program = shutil.which("jackd") or shutil.which("jackdmp")
        if program is None:
            raise DeviceError("jackd is not installed. Install jackd2, or use PipeWire with pw-jack")
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
        raise DeviceError(f"jackd did not start: {self._last_words}")

    def stop(self) -> None:
        """Stop the server; JACK notifies its clients."""
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
            if runs(name):
                return self._process.poll() is None
            time.sleep(0.1)
        return False
