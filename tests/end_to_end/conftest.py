"""A terminal of its own for each test, and a JACK server that needs no sound card."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell in an empty directory, where `ipyclam_console` begins without anybody's profile and history."""
    (tmp_path / "profile").mkdir()
    folder = tmp_path / "here"
    folder.mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with Terminal(f"ipyclam-{os.getpid()}", folder, {"IPYTHONDIR": str(tmp_path / "profile"), "PATH": path}) as opened:
        yield opened


@pytest.fixture
def jack_server(tmp_path: Path) -> Iterator[str]:
    """The name of a server with the dummy driver; in synchronous mode, so that no client is left out of a cycle."""
    name = f"ipyclam-{os.getpid()}"
    with open(tmp_path / "jackd.log", "wb") as log:
        command = ["jackd", "--no-realtime", "--sync", "--name", name, "-d", "dummy", "-r", "48000", "-p", "512"]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        subprocess.run(["jack_wait", "--server", name, "--wait", "--timeout", "20"], check=True, capture_output=True)
        yield name
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
