"""Sound files that a program has not finished: their samples, or a word and how to repair them."""

from __future__ import annotations

import shlex
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.errors import ParameterValueError

TONE = np.sin(np.arange(2000) / 10).astype(np.float32) / 2


@pytest.fixture
def unfinished(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A WAV file with these sizes of the whole and of its data in the header; None for the true one."""
    whole, data = request.param
    path = tmp_path / "take 1.wav"
    soundfile.write(path, TONE, 48000)
    content = bytearray(path.read_bytes())
    begin = content.index(b"data") + 4
    for size, place in ((whole, 4), (data, begin)):
        if size is not None:
            content[place : place + 4] = struct.pack("<I", size)
    path.write_bytes(content)
    return path


@pytest.fixture
def net() -> Network:
    net = Network("clam")
    net.out = net.types.AudioSink
    return net


@pytest.mark.parametrize("unfinished", [(0, None), (0xFFFFFFFF, 0xFFFFFFFF), (0, 0xFFFFFFFF), (0xFFFFFFFF, None)], indirect=True)
def test_sizes_that_are_not_known_yet_are_those_of_the_file(net: Network, unfinished: Path) -> None:
    net.source = net.types.AudioSource
    net.source > net.out
    np.testing.assert_allclose(net.render(inputs=str(unfinished))[:, 0], TONE, atol=1e-4)
    del net.source
    net.player = net.types.MonoAudioFileReader
    net.player.SourceFile = str(unfinished)
    net.player["Samples Read"] > net.out
    np.testing.assert_allclose(net.render(frames=2000)[:, 0], TONE, atol=1e-4)


@pytest.mark.parametrize("unfinished", [(0, 0), (None, 0)], indirect=True)
def test_a_size_of_0_says_how_the_file_is_repaired(net: Network, unfinished: Path) -> None:
    net.source = net.types.AudioSource
    net.source > net.out
    with pytest.raises(ValueError, match="holds no samples according to its header") as refused:
        net.render(inputs=str(unfinished))
    del net.source
    net.player = net.types.MonoAudioFileReader
    with pytest.raises(ParameterValueError, match="To repair it: ffmpeg -ignore_length 1"):
        net.player.SourceFile = str(unfinished)
    command = shlex.split(str(refused.value).split("To repair it: ")[1])
    subprocess.run([*command, "-loglevel", "error"], check=True, stdin=subprocess.DEVNULL)
    np.testing.assert_allclose(soundfile.read(command[-1])[0], TONE, atol=1e-4)
