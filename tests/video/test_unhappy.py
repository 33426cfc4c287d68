"""What a film says when it cannot be: never a hang, never a silent half file."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from ipyclam_core.errors import BadFrame, BadFrameType, EncoderFailed, EncoderMissing, NoFrames, VideoError
from ipyclam_core.video import VideoSink, encoders
from ipyclam_core.video.containers import is_whole

pytestmark = pytest.mark.slow

FRAME = np.zeros((48, 64, 4), np.uint8)
NOISE = np.random.default_rng(2).integers(0, 256, (480, 640, 4), dtype=np.uint8)
PAIRS = [(name, suffix) for name in encoders.registry.names() for suffix in encoders.registry.load(name).SUFFIXES]


# -- frames that are none


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((64, 48, 4), r"\(48, 64, 4\), not \(64, 48, 4\)\. size is \(height, width\): use VideoSink\(size=\(64, 48\)"),
        ((48, 64, 3), r"byteorder='bgra' has 4 channels\. For this frame use byteorder='bgr24' or 'rgb24'"),
        ((48, 64), r"byteorder='bgra' has 4 channels\. For this frame use byteorder='gray'"),
        ((48, 65, 4), r"\(48, 64, 4\), not \(48, 65, 4\)"),
        ((), r"\(48, 64, 4\), not \(\)"),
    ],
)
def test_a_wrong_shape_says_the_right_one(shape, words):
    sink = VideoSink((48, 64))
    with pytest.raises(BadFrame, match=words) as caught:
        sink.run(np.zeros(shape, np.uint8))
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(("dtype", "words"), [(float, "255"), (bool, "astype"), (np.int8, "astype"), (object, "astype")])
def test_a_wrong_type_says_what_to_type(dtype, words):
    sink = VideoSink((48, 64))
    with pytest.raises(BadFrameType, match=words) as caught:
        sink.run(np.zeros((48, 64, 4), dtype))
    assert isinstance(caught.value, TypeError)


def test_a_refused_frame_leaves_the_film_as_it_was(probe):
    with VideoSink((48, 64), "film.avi") as sink:
        sink.run(FRAME)
        with pytest.raises(BadFrame):
            sink.run(FRAME[1:])
        sink.run(FRAME)
    assert int(probe("film.avi")["video"]["nb_read_frames"]) == 2


def test_a_frame_after_the_end_is_refused():
    with VideoSink((48, 64), "film.avi") as sink:
        sink.run(FRAME)
    with pytest.raises(BadFrame, match=r"film\.avi is closed"):
        sink.run(FRAME)


def test_closing_twice_is_no_error():
    sink = VideoSink((48, 64), "film.avi")
    sink.run(FRAME)
    sink.close()
    sink.close()
    assert sink.closed


def test_a_film_of_no_frames_is_an_error_and_leaves_nothing():
    sink = VideoSink((48, 64), "film.avi")
    with pytest.raises(NoFrames, match=r"film\.avi was not written: it received no frames"):
        sink.close()
    assert os.listdir() == []


# -- arguments that cannot be


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"size": (0, 64)}, "height, width"),
        ({"size": (48.0, 64)}, "height, width"),
        ({"size": 48}, "height, width"),
        ({"size": "64x48"}, r"height, width.*Type size=\(48, 64\)"),
        ({"size": (48, 64, 4)}, "height, width"),
        ({"rate": 0}, "frames per second"),
        ({"rate": float("nan")}, "frames per second"),
        ({"rate": float("inf")}, "frames per second"),
        ({"rate": "25"}, "frames per second"),
        ({"byteorder": "rgb32"}, "'bgra', 'rgba', 'bgr24', 'rgb24', 'gray'"),
        ({"quality": 11}, "0 .smallest file. to 10"),
        ({"encoder": "ffmpg"}, "'ffmpeg'.* not 'ffmpg'"),
        ({"filename": "film.wmv"}, r"no encoder writes \.wmv videos\. Use a name that ends with \.avi, "),
        ({"filename": "film.mp4", "encoder": "mencoder"}, r"mencoder never writes \.mp4 videos\. Use a name that ends with \.avi"),
        ({"filename": ""}, "not a file name"),
        ({"filename": "film.gif", "audio": np.zeros(10)}, "cannot have sound"),
        ({"audio": np.zeros((2, 2, 2))}, r"not an array \(2, 2, 2\)"),
        ({"audio": np.zeros(0)}, r"not an array \(0,\)"),
        ({"audio": __file__}, "is not a sound file"),
    ],
)
def test_an_argument_that_cannot_be_is_refused_at_once(arguments, words):
    with pytest.raises(ValueError, match=words):
        VideoSink(**{"size": (48, 64)} | arguments)
    assert os.listdir() == []


def test_a_sound_file_that_is_not_there_is_missed_at_once():
    with pytest.raises(FileNotFoundError, match=r"no sound file 'song\.wav'"):
        VideoSink((48, 64), audio="song.wav")


# -- files that cannot be


def test_a_folder_that_is_not_there_is_missed_at_once():
    with pytest.raises(FileNotFoundError, match="nowhere"):
        VideoSink((48, 64), "nowhere/film.avi")


def test_a_folder_is_not_written_over():
    Path("film.avi").mkdir()
    with pytest.raises(IsADirectoryError, match=r"film\.avi is a directory"):
        VideoSink((48, 64), "film.avi")


def test_a_place_that_may_not_be_written_is_refused_at_once():
    with pytest.raises(OSError, match=r"film\.partial\.avi"):
        VideoSink((48, 64), "/proc/film.avi")


# -- encoders that are not there


@pytest.mark.parametrize(
    ("encoder", "words"),
    [("mencoder", "apt install mencoder"), ("ffmpeg", "apt install ffmpeg"), ("bundled", r"pip install 'ipyclam\[video\]'")],
)
def test_a_missing_encoder_says_what_to_install(encoder, words, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    with pytest.raises(EncoderMissing, match=words):
        VideoSink((48, 64), "film.avi", encoder=encoder)
    assert os.listdir() == []


def test_without_any_encoder_all_that_would_do_are_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    with pytest.raises(FileNotFoundError, match=r"no encoder for \.avi videos.*mencoder.*ffmpeg.*pip install"):
        VideoSink((48, 64))


# -- encoders that fail


def fill(sink: VideoSink, frames: int = 200) -> None:
    noise = NOISE[: sink.size[0], : sink.size[1]]
    for k in range(frames):
        sink.run(np.roll(noise, k, axis=1))
    sink.close()


@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_a_full_disk_is_an_error_and_leaves_no_film(encoder, suffix):
    os.symlink("/dev/full", f"film.partial{suffix}")
    sink = VideoSink((120, 160), f"film{suffix}", encoder=encoder)
    with pytest.raises(EncoderFailed, match=r"disk|No space left"):
        fill(sink, 12)
    assert not Path(f"film{suffix}").exists()


@pytest.mark.parametrize("encoder", encoders.registry.names())
def test_a_disk_that_fills_up_later_is_an_error_too(encoder):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # children inherit: writing fails as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        with pytest.raises(EncoderFailed) as caught:
            fill(VideoSink((480, 640), "film.avi", encoder=encoder), 30)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert os.listdir() == ["film.partial.avi"]
    assert "the incomplete video is film.partial.avi" in str(caught.value)


def film_of_noise(name: str, encoder: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (4, 240, 320, 4), dtype=np.uint8)
    with VideoSink((240, 320), name, 25, encoder=encoder) as sink:
        for frame in noise:
            sink.run(frame)


@cache
def size_of_noise(encoder: str, suffix: str) -> int:
    """Of the whole film, in bytes."""
    with TemporaryDirectory() as folder:
        film_of_noise(f"{folder}/whole{suffix}", encoder)
        return os.path.getsize(f"{folder}/whole{suffix}")


@pytest.mark.parametrize("missing", [1, 300, 20_000])
@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_a_disk_that_fills_up_at_the_very_end_is_an_error_too(encoder, suffix, missing):
    whole = size_of_noise(encoder, suffix)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole - missing, before[1]))
    try:
        with pytest.raises(EncoderFailed):
            film_of_noise(f"film{suffix}", encoder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert not Path(f"film{suffix}").exists()


@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_a_file_without_its_last_byte_is_not_whole(encoder, suffix):
    with VideoSink((48, 64), f"film{suffix}", encoder=encoder, audio=None if suffix == ".gif" else np.zeros(4800)) as sink:
        for _ in range(30):
            sink.run(FRAME)
    path = Path(sink.filename)
    assert is_whole(path, suffix)
    for missing in (1, 100, path.stat().st_size // 2, path.stat().st_size - 1):
        os.truncate(path, path.stat().st_size - 1 if missing == 1 else max(1, path.stat().st_size - missing))
        assert not is_whole(path, suffix)


@pytest.mark.parametrize("encoder", encoders.registry.names())
def test_a_killed_encoder_is_an_error_at_the_next_frames(encoder):
    sink = VideoSink((480, 640), "film.avi", encoder=encoder)
    sink.run(NOISE)
    os.kill(sink._feed.pid, signal.SIGKILL)
    with pytest.raises(EncoderFailed, match=r"was killed \(SIGKILL\) before the video was complete"):
        fill(sink)
    assert not Path("film.avi").exists()
    with pytest.raises(BadFrame, match="is closed"):
        sink.run(NOISE)


@pytest.mark.parametrize("encoder", encoders.registry.names())
def test_an_encoder_killed_after_the_last_frame_is_an_error_at_the_end(encoder):
    sink = VideoSink((480, 640), "film.avi", encoder=encoder)
    sink.run(NOISE)
    os.kill(sink._feed.pid, signal.SIGKILL)
    with pytest.raises(EncoderFailed, match="SIGKILL"):
        sink.close()
    assert not Path("film.avi").exists()


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_what_a_killed_encoder_wrote_can_be_played(suffix, decode):
    sink = VideoSink((480, 640), f"film{suffix}", encoder="ffmpeg")
    while os.path.getsize(f"film.partial{suffix}") < 100_000:
        sink.run(np.roll(NOISE, 4 * sink.frames, axis=1))
    os.kill(sink._feed.pid, signal.SIGKILL)
    with pytest.raises(EncoderFailed, match=rf"the incomplete video is film\.partial\{suffix}"):
        sink.close()
    assert 0 < len(decode(f"film.partial{suffix}")) < sink.frames


@pytest.mark.parametrize("encoder", encoders.registry.names())
def test_the_encoders_own_words_are_in_the_error(encoder):
    sink = VideoSink((48, 64), "film.avi", encoder=encoder, codec="nonesuch")
    with pytest.raises(EncoderFailed, match="nonesuch"):
        fill_small(sink)
    assert os.listdir() == []


def fill_small(sink: VideoSink) -> None:
    for _ in range(200):
        sink.run(FRAME)
    sink.close()


# -- endings


def test_an_error_in_the_block_keeps_the_frames_so_far_under_the_partial_name(probe):
    def make() -> None:
        with VideoSink((48, 64), "film.avi") as sink:
            for _ in range(5):
                sink.run(FRAME)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        make()
    assert "the first 5 frames are in" in caught.value.__notes__[0]
    assert os.listdir() == ["film.partial.avi"]
    assert int(probe("film.partial.avi")["video"]["nb_read_frames"]) == 5


def test_an_error_before_the_first_frame_leaves_nothing():
    with pytest.raises(ZeroDivisionError), VideoSink((48, 64), "film.avi"):
        raise ZeroDivisionError
    assert os.listdir() == []


def test_control_c_ends_the_film_with_the_frames_so_far(probe):
    def make() -> None:
        with VideoSink((480, 640), "film.avi", rate=25) as sink:
            while True:
                sink.run(NOISE)
                if sink.frames == 20:
                    os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        make()
    assert os.listdir() == ["film.avi"]
    assert int(probe("film.avi")["video"]["nb_read_frames"]) in (20, 21)


def test_control_c_in_the_middle_of_a_frame_waits_for_its_end():
    program = """if True:
        import numpy as np
        from ipyclam_core.video import VideoSink
        frame = np.random.default_rng(1).integers(0, 256, (1080, 1920, 4), dtype=np.uint8)
        sink = VideoSink((1080, 1920), "film.avi", rate=25)
        for again in range(5):
            try:
                print("going on", flush=True)
                while True:
                    sink.run(frame)
            except KeyboardInterrupt:
                print("interrupted", flush=True)
        sink.close()
        print(sink.frames, flush=True)
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(5):
            assert process.stdout.readline() == "going on\n"
            time.sleep(random.uniform(0.0, 0.1))  # somewhere in a frame
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "interrupted\n"
        frames = int(process.stdout.read())
    assert process.returncode == 0
    counted = ["ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", "film.avi"]
    assert int(subprocess.run(counted, capture_output=True, text=True, check=True).stdout) == frames


def test_discard_leaves_nothing():
    sink = VideoSink((48, 64), "film.avi")
    sink.run(FRAME)
    sink.discard()
    assert os.listdir() == []
    with pytest.raises(BadFrame, match="closed"):
        sink.run(FRAME)


def test_a_sink_that_nobody_closed_leaves_no_process():
    sink = VideoSink((48, 64), "film.avi")
    sink.run(FRAME)
    pid = sink._feed.pid
    del sink
    assert not Path(f"/proc/{pid}").exists()


def test_every_error_of_a_film_is_one_of_ours():
    assert {BadFrame, EncoderFailed, EncoderMissing, NoFrames} <= set(VideoError.__subclasses__())
