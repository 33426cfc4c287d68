"""What a film is when all goes well: every encoder, container and byte order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core.video import VideoSink, encoders

pytestmark = pytest.mark.slow

COLOUR = {"r": 200, "g": 120, "b": 40, "a": 255}
ORDERS = {"bgra": "bgra", "rgba": "rgba", "bgr24": "bgr", "rgb24": "rgb"}
PAIRS = [(name, suffix) for name in encoders.registry.names() for suffix in encoders.registry.load(name).SUFFIXES]


def coloured(order: str, size: tuple[int, int] = (48, 64)) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.tile(np.array([COLOUR[letter] for letter in order], np.uint8), (*size, 1))


@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_every_encoder_keeps_every_frame_in_every_container(encoder, suffix, probe):
    with VideoSink((48, 64), f"film{suffix}", rate=25, byteorder="rgb24", encoder=encoder) as sink:
        for _ in range(30):
            sink.run(coloured("rgb"))
    film = probe(sink.filename)
    assert (sink.encoder, sink.frames) == (encoder, 30)
    assert (film["video"]["width"], film["video"]["height"]) == (64, 48)
    assert int(film["video"]["nb_read_frames"]) == 30
    assert float(film["format"]["duration"]) == pytest.approx(1.2, abs=0.021)


@pytest.mark.parametrize(("encoder", "suffix"), [pair for pair in PAIRS if pair[1] != ".gif"])
def test_ordinary_players_play_it(encoder, suffix, probe):
    with VideoSink((48, 64), f"film{suffix}", encoder=encoder, byteorder="gray") as sink:
        sink.run(np.zeros((48, 64), np.uint8))
    assert probe(sink.filename)["video"]["pix_fmt"] == "yuv420p"


@pytest.mark.parametrize("encoder", encoders.registry.names())
@pytest.mark.parametrize("byteorder", ORDERS)
def test_colours_arrive_as_the_byte_order_says(encoder, byteorder, decode):
    with VideoSink((48, 64), "film.avi", byteorder=byteorder, encoder=encoder) as sink:
        sink.run(coloured(ORDERS[byteorder]))
    np.testing.assert_allclose(decode("film.avi")[0, 24, 32], [200, 120, 40], atol=8)


@pytest.mark.parametrize("encoder", encoders.registry.names())
def test_gray_frames_have_two_or_three_dimensions(encoder, decode):
    with VideoSink((48, 64), "film.avi", byteorder="gray", encoder=encoder) as sink:
        sink.run(np.full((48, 64), 90, np.uint8))
        sink.run(np.full((48, 64, 1), 180, np.uint8))
    np.testing.assert_allclose(decode("film.avi")[:, 24, 32, 1], [90, 180], atol=8)


@pytest.mark.parametrize(
    "view",
    [
        lambda frame: frame[::-1, ::-1][::-1, ::-1],
        lambda frame: np.asfortranarray(frame),
        lambda frame: np.repeat(frame, 2, axis=1)[:, ::2],
        lambda frame: np.broadcast_to(frame[:, :1], frame.shape),
    ],
    ids=["reversed twice", "Fortran order", "every second", "broadcast"],
)
def test_any_strides_give_the_same_picture(view, decode):
    frame = np.zeros((48, 64, 4), np.uint8)
    frame[:24] = (0, 0, 255, 255)
    with VideoSink((48, 64), "film.avi") as sink:
        sink.run(view(frame))
    picture = decode("film.avi")[0]
    np.testing.assert_allclose(picture[8, 32], [255, 0, 0], atol=12)
    np.testing.assert_allclose(picture[40, 32], [0, 0, 0], atol=12)


@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_odd_sizes_come_out_whole(encoder, suffix, decode):
    with VideoSink((47, 63), f"film{suffix}", byteorder="rgb24", encoder=encoder) as sink:
        sink.run(coloured("rgb", (47, 63)))
    picture = decode(sink.filename)[0]
    assert picture.shape[0] in (47, 48)
    assert picture.shape[1] in (63, 64)
    np.testing.assert_allclose(picture[20, 30], [200, 120, 40], atol=12)


@pytest.mark.parametrize(("encoder", "suffix"), [pair for pair in PAIRS if pair[1] != ".gif"])
def test_quality_is_the_size_of_the_file(encoder, suffix):
    noise = np.random.default_rng(1).integers(0, 256, (12, 120, 160, 3), dtype=np.uint8)
    for quality in (1, 9):
        with VideoSink((120, 160), f"film{quality}{suffix}", rate=25, byteorder="rgb24", encoder=encoder, quality=quality) as sink:
            for frame in noise:
                sink.run(frame)
    assert os.path.getsize(f"film9{suffix}") > 1.3 * os.path.getsize(f"film1{suffix}")


@pytest.mark.parametrize(
    ("encoder", "suffix", "codec"), [("mencoder", ".avi", "mjpeg"), ("ffmpeg", ".mkv", "ffv1"), ("bundled", ".mp4", "mpeg4")]
)
def test_another_codec_may_be_named(encoder, suffix, codec, probe):
    with VideoSink((48, 64), f"film{suffix}", byteorder="rgb24", encoder=encoder, codec=codec) as sink:
        sink.run(coloured("rgb"))
    assert probe(sink.filename)["video"]["codec_name"] == codec


def test_a_rate_may_be_any_fraction(probe):
    with VideoSink((48, 64), "film.mkv", rate=29.97, byteorder="rgb24") as sink:
        sink.run(coloured("rgb"))
        sink.run(coloured("rgb"))
    assert probe("film.mkv")["video"]["r_frame_rate"] == "2997/100"


def test_a_name_without_suffix_is_an_avi(probe):
    with VideoSink((48, 64), "film") as sink:
        sink.run(coloured("bgra"))
    assert sink.filename == "film.avi"
    assert probe("film.avi")["format"]["format_name"] == "avi"


def test_without_a_name_it_is_called_output():
    with VideoSink((48, 64)) as sink:
        sink.run(coloured("bgra"))
    assert os.listdir() == ["output.avi"]


def test_auto_takes_mencoder_for_avi_and_ffmpeg_for_the_rest():
    assert VideoSink((48, 64), "film.avi").encoder == "mencoder"
    assert VideoSink((48, 64), "film.mp4").encoder == "ffmpeg"


def test_auto_takes_the_bundled_one_where_no_other_is_installed(monkeypatch, probe):
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", "")
    with VideoSink((48, 64), "film.mp4", byteorder="rgb24") as sink:
        sink.run(coloured("rgb"))
    assert sink.encoder == "bundled"
    monkeypatch.setenv("PATH", path)
    assert int(probe("film.mp4")["video"]["nb_read_frames"]) == 1


def test_while_it_is_made_the_file_has_a_partial_name():
    with VideoSink((48, 64), "film.mp4", byteorder="rgb24") as sink:
        sink.run(coloured("rgb"))
        assert os.listdir() == ["film.partial.mp4"]
    assert os.listdir() == ["film.mp4"]


def test_an_older_film_stays_until_the_new_one_is_whole():
    Path("film.avi").write_bytes(b"older")
    sink = VideoSink((48, 64), "film.avi")
    sink.run(coloured("bgra"))
    assert Path("film.avi").read_bytes() == b"older"
    sink.close()
    assert Path("film.avi").read_bytes()[:4] == b"RIFF"


def test_odd_file_names_are_only_names(probe):
    for name in ("-o x.avi", "a:b %d 'c'.mp4", "señal ♪.mkv", "v1.2.avi"):
        with VideoSink((48, 64), name) as sink:
            sink.run(coloured("bgra"))
        assert int(probe(Path(name).absolute())["video"]["nb_read_frames"]) == 1


def test_the_repr_is_what_one_types():
    sink = VideoSink((48, 64), "film.avi", rate=25, encoder="mencoder")
    again = eval(repr(sink))
    assert repr(again) == repr(sink) == "VideoSink((48, 64), 'film.avi', rate=25, byteorder='bgra', encoder='mencoder')"
