"""The sound of a film: whole, in sync, as long as the pictures."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core.errors import VideoError
from ipyclam_core.video import VideoSink, encoders

pytestmark = pytest.mark.slow

PAIRS = [(name, suffix) for name in encoders.registry.names() for suffix in encoders.registry.load(name).SUFFIXES if suffix != ".gif"]
FLASH, SECONDS, RATE = 1.2, 2.0, 25


def click(at: float, seconds: float, rate: int = 48_000) -> np.ndarray:
    samples = np.zeros(round(seconds * rate), np.float32)
    start = round(at * rate)
    samples[start : start + rate // 20] = 0.8 * np.sin(np.arange(rate // 20) * 2 * np.pi * 1000 / rate)
    return samples


def film(name: str, audio: object, **options: object) -> VideoSink:
    with VideoSink((48, 64), name, rate=RATE, byteorder="gray", audio=audio, **options) as sink:
        for k in range(round(SECONDS * RATE)):
            sink.run(np.full((48, 64), 255 if k == round(FLASH * RATE) else 0, np.uint8))
    return sink


@pytest.mark.parametrize(("encoder", "suffix"), PAIRS)
def test_a_flash_and_a_click_at_one_moment_stay_at_one_moment(encoder, suffix, decode, listen):
    sink = film(f"film{suffix}", click(FLASH, SECONDS), encoder=encoder)
    light = decode(sink.filename)[:, 24, 32, 1]
    heard = np.abs(listen(sink.filename))
    assert np.argmax(light) / RATE == FLASH
    assert np.argmax(heard > 0.3) / 48_000 == pytest.approx(FLASH, abs=0.01)
    assert len(heard) / 48_000 == pytest.approx(SECONDS, abs=0.05)
    assert os.listdir() == [sink.filename]


@pytest.mark.parametrize("length", [0.5, 10.0])
def test_sound_is_cut_or_silent_where_the_pictures_end(length, listen, probe):
    film("film.avi", np.ones(round(length * 48_000), np.float32) * 0.5)
    heard = listen("film.avi")
    assert len(heard) == pytest.approx(SECONDS * 48_000, abs=2)
    assert np.count_nonzero(np.abs(heard) > 0.2) == pytest.approx(min(length, SECONDS) * 48_000, abs=100)
    assert float(probe("film.avi")["format"]["duration"]) == SECONDS


@pytest.mark.parametrize("name", ["song.wav", "song.flac", "song.ogg"])
def test_sound_files_keep_their_own_rate_and_channels(name, probe):
    soundfile.write(name, np.zeros((22_050, 2)), 22_050)
    film("film.avi", Path(name))
    sound = probe("film.avi")["audio"]
    assert (sound["sample_rate"], sound["channels"]) == ("22050", 2)


def test_an_array_has_the_rate_that_is_said(probe):
    film("film.avi", click(0, 1, 8000), audio_rate=8000)
    assert probe("film.avi")["audio"]["sample_rate"] == "8000"


@pytest.mark.parametrize("dtype", ["int16", "int32", "uint8", "float64"])
def test_samples_of_any_type_are_as_loud_as_they_say(dtype, listen):
    kind = np.dtype(dtype)
    half = 0.5 if kind.kind == "f" else np.iinfo(kind).max // 2 if kind.kind == "i" else 192
    film("film.avi", np.full(96_000, half, kind))
    np.testing.assert_allclose(listen("film.avi")[1000:2000], 0.5, atol=0.01)


def test_what_is_not_finite_is_silent_or_loudest(listen):
    film("film.avi", np.repeat(np.array([np.nan, np.inf, -np.inf], np.float32), 32_000))
    np.testing.assert_allclose(listen("film.avi")[[100, 40_000, 80_000]], [0, 1, -1], atol=0.01)


def test_a_network_is_rendered_as_long_as_the_film(listen):
    class Renders:
        def render(self, seconds: float) -> np.ndarray:
            self.seconds = seconds
            return np.stack([click(FLASH, seconds), np.zeros(round(seconds * 48_000))], axis=1)

    network = Renders()
    film("film.avi", network)
    assert network.seconds == SECONDS
    assert np.argmax(np.abs(listen("film.avi")) > 0.2) / 48_000 == pytest.approx(FLASH, abs=0.01)


def test_sound_may_be_given_until_the_end(probe):
    with VideoSink((48, 64), "film.avi", rate=RATE, byteorder="gray") as sink:
        sink.run(np.zeros((48, 64), np.uint8))
        sink.audio = np.zeros(48_000)
    assert probe("film.avi")["audio"]["codec_name"] == "pcm_s16le"


def test_sound_that_cannot_be_added_leaves_the_pictures_and_says_where(probe):
    soundfile.write("song.wav", np.zeros(100), 48_000)
    sink = VideoSink((48, 64), "film.avi", byteorder="gray", audio="song.wav")
    sink.run(np.zeros((48, 64), np.uint8))
    Path("song.wav").unlink()
    with pytest.raises(VideoError, match="the sound could not be added") as caught:
        sink.close()
    assert caught.value.__notes__ == ["the video without sound is film.partial.avi"]
    assert os.listdir() == ["film.partial.avi"]
    assert int(probe("film.partial.avi")["video"]["nb_read_frames"]) == 1
