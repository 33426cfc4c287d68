"""Networks that sound, block by block or on a real server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from ipyclam_core import Network


class Stage:
    """A network that plays on the step device: nothing happens in it unless a block is run."""

    def __init__(self, sample_rate: int = 48000, block_size: int = 256) -> None:
        self.net = Network()
        self.options = {"device": "step", "sample_rate": sample_rate, "block_size": block_size}

    @property
    def player(self):  # type: ignore[no-untyped-def]
        return self.net._proxy.inner.player

    def play(self) -> None:
        self.net.play(**self.options)

    def run(self, blocks: int = 1, inputs: np.ndarray | None = None) -> np.ndarray:
        """What is heard in so many blocks, (frames, channels); what looks after the player runs between them."""
        size = self.options["block_size"]
        heard = []
        for k in range(blocks):
            part = None if inputs is None else inputs[k * size : (k + 1) * size]
            heard.append(self.player.device.run(part))
            self.player._files.service()
            self.player.serve()
        return np.concatenate(heard)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """An empty network, at 48 kHz in blocks of 256."""
    made = Stage()
    yield made
    made.net.close()


@pytest.fixture
def stages() -> Iterator[Callable[..., Stage]]:
    """As many of them as are asked for."""
    made: list[Stage] = []

    def make(**options: int) -> Stage:
        made.append(Stage(**options))
        return made[-1]

    yield make
    for each in made:
        each.net.close()


@pytest.fixture
def program() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts Python programs, ``program(code, *arguments)``, which end with the test whatever happens in it."""
    with ExitStack() as running:

        def start(code: str, *arguments: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-c", code, *arguments]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            process = running.enter_context(subprocess.Popen(command, text=True, **pipes))
            running.callback(process.kill)
            return process

        yield start


def steepest(samples: np.ndarray) -> float:
    """The largest step from one sample to the next, over all channels: what a click shows in."""
    return float(np.abs(np.diff(samples, axis=0)).max())
