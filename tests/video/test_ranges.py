"""Rates and channels of sound: exactly as asked, or refused before the first frame."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.video import VideoSink, encoders

pytestmark = pytest.mark.slow

PAIRS = [(name, suffix) for name in encoders.registry.names() for suffix in encoders.registry.load(name).SUFFIXES]
SOUNDING = [pair for pair in PAIRS if pair[1] != ".gif"]
RATES = [0.0007, 1 / 3600, 1 / 600, 0.1, Fraction(24000, 1001), 29.97, 50, 144, 250, 999.5, 1000, 1200, 10_000]
FRAMES = 7


def film(name: str, **options: object) -> VideoSink:
    with VideoSink((16, 32), name, byteorder="gray", **options) as sink:
        for k in range(FRAMES):
            sink.run(np.full((16, 32), 30 * k, np.uint8))
    return sink


def sines(channels: int) -> np.ndarray:
    """Each channel has a pitch of its own."""
    time = np.arange(48_000) / 48_000
    return np.stack([0.2 * np.sin(2 * np.pi * pitch(k) * time) for k in range(channels)], axis=1)


def pitch(channel: int) -> int:
    return 300 + 100 * channel


def heard(path: str) -> list[int]:
    """The pitch of each channel of a film."""
    command = ["ffprobe", "-v", "error", "-select_streams", "a", "-show_streams", "-of", "json", path]
    channels = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"][0]["channels"]
    command = ["ffmpeg", "-v", "error", "-i", path, "-vn", "-f", "f32le", "-"]
    samples = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32).reshape(-1, channels)
    return [round(float(np.argmax(np.abs(np.fft.rfft(part)))) * 2) for part in samples[6000:30_000].T]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_a_rate_is_kept_or_refused_with_the_range(encoder, suffix, rate, probe):
    try:
        sink = film(f"film{suffix}", rate=rate, encoder=encoder)
    except ValueError as error:
        assert "frames per second" in str(error)  # noqa: PT017 -- either of two outcomes is right
        assert os.listdir() == []
        return
    found = probe(sink.filename)
    assert int(found["video"]["nb_read_frames"]) == FRAMES
    unit = {".gif": 0.01, ".mkv": 0.001, ".webm": 0.001}.get(suffix, 1e-6)  # of the times in such a file
    assert float(found["format"]["duration"]) == pytest.approx(FRAMES / rate, rel=1e-6, abs=1.5 * unit)
    if suffix in (".avi", ".mp4"):
        assert float(Fraction(found["video"]["avg_frame_rate"])) == pytest.approx(float(rate), rel=1e-6)


@pytest.mark.parametrize("rate", [0, 1 / 3700, 10_001, -1, float("nan"), float("inf"), True, "25"])
def test_what_is_no_rate_of_a_video_is_refused_with_the_range(rate):
    with pytest.raises(ValueError, match="from 1/3600 to 10000"):
        VideoSink((16, 32), "film.mp4", rate=rate)
    assert os.listdir() == []


def test_another_encoder_is_taken_where_the_first_one_cannot(probe):
    assert film("film.avi", rate=1 / 3600).encoder != "mencoder"
    assert float(probe("film.avi")["format"]["duration"]) == pytest.approx(3600 * FRAMES)
    with pytest.raises(ValueError, match=r"mencoder writes 0\.001 to 1000 frames per second, .*, not 1/3600\. Use encoder='ffmpeg'"):
        VideoSink((16, 32), "film.avi", rate=1 / 3600, encoder="mencoder")


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 64, 65])
@pytest.mark.parametrize(("encoder", "suffix"), SOUNDING)
def test_every_channel_is_kept_or_refused_at_once(encoder, suffix, channels):
    try:
        sink = film(f"film{suffix}", encoder=encoder, audio=sines(channels))
    except ValueError as error:
        assert f"channels of sound, not {channels}" in str(error)  # noqa: PT017 -- as above
        assert channels > (2 if encoder == "mencoder" else 8 if suffix == ".mp4" else 64)
        assert os.listdir() == []
        return
    assert heard(sink.filename) == [pitch(k) for k in range(channels)]


def test_all_kinds_of_sound_are_counted(tmp_path: Path):
    net = Network()
    net.out = "AudioSink"
    net.out.NInputs = 65
    soundfile.write("many.wav", np.zeros((100, 65)), 48_000)
    for audio in (np.zeros((100, 65)), "many.wav", net):
        with pytest.raises(ValueError, match="at most 64 channels of sound, not 65"):
            VideoSink((16, 32), "film.avi", audio=audio)
        with VideoSink((16, 32), "film.avi", byteorder="gray") as sink:
            with pytest.raises(ValueError, match="at most 64 channels of sound, not 65"):
                sink.audio = audio
            sink.audio = sines(4)
            for _ in range(10):
                sink.run(np.zeros((16, 32), np.uint8))
        assert len(heard("film.avi")) == 4
        Path("film.avi").unlink()


FORKED = """
import os, sys, time
import numpy as np
from ipyclam_core.errors import BadFrame
from ipyclam_core.video import VideoSink

kept = []
for way in ("exit", "stay", "block"):
    with VideoSink((48, 64), f"{way}.avi", rate=25, byteorder="gray", encoder=sys.argv[1]) as sink:
        for k in range(10):
            sink.run(np.full((48, 64), 20 * k, np.uint8))
        child = os.fork()
        if not child and way == "block":  # leaves the block as the parent does
            try:
                sink.run(np.zeros((48, 64), np.uint8))
            except BadFrame:
                continue_in_child = True
        elif not child:
            if way == "stay":
                time.sleep(1000)
            sys.exit()
        else:
            kept.append(child)
            if way != "stay":
                os.waitpid(child, 0) if way == "exit" else time.sleep(0.5)
            for k in range(10):
                sink.run(np.full((48, 64), 20 * k, np.uint8))
    if not child:
        sys.exit()
assert os.waitpid(kept[1], os.WNOHANG) == (0, 0)  # it still runs
os.kill(kept[1], 9)
os.waitpid(kept[1], 0)
"""


@pytest.mark.parametrize("encoder", encoders.registry.names())
def test_a_film_is_whole_and_closed_while_a_forked_process_lives(encoder, probe):
    ended = subprocess.run([sys.executable, "-c", FORKED, encoder], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    for way in ("exit", "stay", "block"):
        assert int(probe(f"{way}.avi")["video"]["nb_read_frames"]) == 20
    assert sorted(os.listdir()) == ["block.avi", "exit.avi", "stay.avi"]
