"""The audio thread does not wait for the interpreter, whatever that does."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from jackd import Jackd
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.dsp.memory.context import BLOCKS

pytestmark = pytest.mark.slow


def hold_the_interpreter(seconds: float) -> None:
    """Be in C and keep the GIL: no thread can run Python meanwhile."""
    ctypes.PyDLL(None).usleep(int(seconds * 1e6))


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


@pytest.mark.parametrize("device", ["clock", "jack"])
def test_it_computes_blocks_while_no_python_can_run(net: Network, device: str) -> None:
    with Jackd("gil", synchronous=True):
        net.osc, net.sink = net.types.Sine, net.types.AudioSink
        net.osc > net.sink
        net.play(device, block_size=512 if device == "clock" else None)
        eventually(lambda: net.status().position)
        context = net._proxy.inner.player._context
        before = int(context[BLOCKS])
        hold_the_interpreter(0.5)
        computed = int(context[BLOCKS]) - before
        net.stop()
    assert computed > 10  # of 47; a callback that needed the interpreter would have had one at most


def test_a_file_is_read_and_written_while_no_python_can_run(net: Network, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 48000 * 12).astype(np.float32)
    soundfile.write(tmp_path / "noise.wav", noise, 48000, subtype="FLOAT")
    net.reader = net.types.MonoAudioFileReader
    net.reader.SourceFile = str(tmp_path / "noise.wav")
    net.writer = net.types.MonoAudioFileWriter
    net.writer.TargetFile = str(tmp_path / "copy.wav")
    net.writer.SampleRate = 48000.0
    net.reader > net.writer
    net.play("clock")
    eventually(lambda: net.status().position > 0.5)
    begin = net.status().position
    hold_the_interpreter(2.0)
    assert net.status().position > begin + 1.0
    net.stop()
    copy = soundfile.read(tmp_path / "copy.wav", dtype="float32")[0]
    assert len(copy) > 1.5 * 48000
    assert np.array_equal(copy, noise[: len(copy)])
