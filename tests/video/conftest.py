"""Real encoders write, ffmpeg and ffprobe read back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Probe = Callable[[Path], dict[str, Any]]


@pytest.fixture(autouse=True)
def _in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def probe() -> Probe:
    """What ffprobe says of a film: streams by kind, frames counted."""

    def read(path: Path | str) -> dict[str, Any]:
        command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert not done.stderr, done.stderr
        answer = json.loads(done.stdout)
        return {stream["codec_type"]: stream for stream in answer["streams"]} | {"format": answer["format"]}

    return read


@pytest.fixture
def decode() -> Callable[[Path | str], NDArray[np.uint8]]:
    """All frames of a film as rgb24, ``(frames, height, width, 3)``."""

    def read(path: Path | str) -> NDArray[np.uint8]:
        size = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=height,width", "-of", "csv=p=0", str(path)]
        width, height = map(int, subprocess.run(size, capture_output=True, text=True, check=True).stdout.split(","))
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        data = subprocess.run(command, capture_output=True, check=True).stdout
        return np.frombuffer(data, np.uint8).reshape(-1, height, width, 3)

    return read


@pytest.fixture
def listen() -> Callable[[Path | str], NDArray[np.float32]]:
    """The sound of a film at 48 kHz, one channel, in the film's own time: silence where the sound begins later."""

    def read(path: Path | str) -> NDArray[np.float32]:
        start = ["-af", "aresample=async=1:first_pts=0"]
        command = ["ffmpeg", "-v", "error", "-i", str(path), *start, "-f", "f32le", "-ac", "1", "-ar", "48000", "-"]
        return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32)

    return read
