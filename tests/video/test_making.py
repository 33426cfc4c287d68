"""Films of arrays, iterables, functions and ports; rendered, and as they play."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from writing import being_written

from ipyclam_core import Network
from ipyclam_core.errors import NoFrames, NotSupported
from ipyclam_core.video import make
from ipyclam_core.video.hearing import rendered
from ipyclam_core.video.views._spectra import Axis

pytestmark = pytest.mark.slow


@pytest.fixture
def net():
    """Half a second's worth of patience: a sine of 1000 Hz to the sink, and one of 100 Hz to nowhere."""
    net = Network("clam")
    net.osc = net.types.SimpleOscillator
    net.other = net.types.SimpleOscillator
    net.out = net.types.AudioSink
    net.osc.Frequency = 1000.0
    net.other.Frequency = 100.0
    net.osc > net.out
    yield net
    net.close()


def picture(t: float) -> np.ndarray:
    return np.full((48, 64), 250 * t, np.uint8)


# -- what gives frames


def test_an_array_of_frames_is_filmed_whole(decode):
    film = make("film.avi", np.stack([picture(k / 10) for k in range(10)]))
    assert film.frames == 10
    np.testing.assert_allclose(decode("film.avi")[:, 24, 32, 0], np.arange(10) * 25, atol=6)


@pytest.mark.parametrize(
    ("shape", "order"), [((3, 48, 64), "gray"), ((3, 48, 64, 1), "gray"), ((3, 48, 64, 3), "rgb24"), ((3, 48, 64, 4), "bgra")]
)
def test_the_channels_say_the_byte_order(shape, order):
    assert make("film.avi", np.zeros(shape, np.uint8)).byteorder == order


def test_the_byte_order_may_be_said(decode):
    make("film.avi", np.broadcast_to(np.array([200, 120, 40], np.uint8), (2, 48, 64, 3)), byteorder="bgr24")
    np.testing.assert_allclose(decode("film.avi")[0, 24, 32], [40, 120, 200], atol=8)


def test_an_array_is_cut_where_the_seconds_end():
    assert make("film.avi", np.zeros((100, 48, 64), np.uint8), 1.0, rate=30).frames == 30


def test_an_iterable_without_end_is_cut_and_asked_for_no_more():
    asked = []

    def forever():
        while True:
            asked.append(1)
            yield picture(0.5)

    assert make("film.avi", forever(), 0.4).frames == len(asked) == 10


def test_a_function_hears_the_time():
    times = []

    def drawn(t: float) -> np.ndarray:
        times.append(t)
        return picture(t)

    make("film.avi", drawn, 0.2, rate=20)
    assert times == [0, 0.05, 0.1, 0.15]


@pytest.mark.parametrize(
    ("source", "seconds", "error", "words"),
    [
        (3, 1, TypeError, "the source of a video must be an array"),
        ("frames", 1, TypeError, "the source of a video must be an array"),
        (np.zeros((4, 4), np.uint8), 1, ValueError, "an array of frames must have the shape"),
        (np.zeros((4, 4, 4, 2), np.uint8), 1, ValueError, r"not \(4, 4, 2\)"),
        (np.zeros((4, 48, 64)), 1, TypeError, "uint8"),
        (picture, None, ValueError, "needs a duration, such as seconds=10"),
        (picture, 0, ValueError, "above 0"),
        (picture, float("inf"), ValueError, "above 0"),
        ([], None, NoFrames, "it received no frames"),
    ],
)
def test_what_gives_no_frames_is_refused(source, seconds, error, words):
    with pytest.raises(error, match=words):
        make("film.avi", source, seconds)
    assert os.listdir() == []


def test_a_film_can_be_ended_early(probe):
    film = make("film.avi", picture, 4.0, tell=lambda what, done: done < 1)
    assert film.frames == 25
    assert int(probe("film.avi")["video"]["nb_read_frames"]) == 25


# -- ports, rendered


def brightest(frame: np.ndarray) -> int:
    """The row of a spectrogram where its newest columns are brightest."""
    return int(frame[24:, -30:].astype(int).sum(axis=(1, 2)).argmax()) + 24


@pytest.mark.parametrize(("name", "frequency"), [("osc", 1000), ("other", 100)])
def test_any_port_is_filmed_whether_it_is_heard_or_not(net, decode, name, frequency):
    film = make("film.mkv", net[name]._outports[0], 2, view="spectrogram", encoder="ffmpeg")
    assert film.frames == 50
    assert abs(brightest(decode("film.mkv")[-1]) - (479 - Axis(480, 48_000).place(frequency))) <= 8


def test_the_sound_is_what_the_network_plays(net, listen):
    make("film.mkv", net.other._outports[0], 1, audio=True)
    spectrum = np.abs(np.fft.rfft(listen("film.mkv")[:48_000]))
    assert spectrum.argmax() == pytest.approx(1000, abs=2)


def test_the_sound_has_the_volume_of_the_network_and_the_pictures_do_not(net):
    ports, sound = rendered([net.osc._outports[0]], 0.1, 48_000, None)
    net.volume = -20
    again, quiet = rendered([net.osc._outports[0]], 0.1, 48_000, None)
    np.testing.assert_array_equal(again, ports)
    np.testing.assert_allclose(quiet, 0.1 * sound, rtol=1e-6)


def test_the_network_stays_as_it_was(net):
    before = net.code()
    make("film.avi", net.osc._outports[0], 0.2)
    assert net.code() == before
    assert net.state == "stopped"


def test_several_ports_and_views_are_drawn_side_by_side(net, probe):
    film = make("film.mp4", [net.osc._outports[0], net.other._outports[0]], 0.4, view=("oscilloscope", "spectrum"), size=(720, 1280))
    assert film.frames == 10
    assert (probe("film.mp4")["video"]["height"], probe("film.mp4")["video"]["width"]) == (720, 1280)


def test_a_processing_is_its_audio_ports(net):
    assert make("film.avi", net.osc, 0.2).frames == 5


def test_colours_are_passed_to_the_views(net, decode):
    make("film.mkv", net.osc, 0.2, options={"background": "#004080"})
    np.testing.assert_allclose(np.median(decode("film.mkv")[0], axis=(0, 1)), [0, 0x40, 0x80], atol=8)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (lambda net: net.out._inports[0], "is not an audio out port"),
        (lambda net: net.osc._incontrols[0], "is not an audio out port"),
        (lambda net: net.out, "net.out has no audio out port"),
    ],
)
def test_what_cannot_be_heard_is_refused(net, source, words):
    with pytest.raises(ValueError, match=words):
        make("film.avi", source(net), 1)


def test_a_port_takes_seconds_and_a_view_that_is_one(net):
    with pytest.raises(ValueError, match="needs a duration, such as seconds=10"):
        make("film.avi", net.osc)
    with pytest.raises(ValueError, match="no view 'scope'"):
        make("film.avi", net.osc, 1, view="scope")
    assert os.listdir() == []


def test_an_engine_that_cannot_be_heard_says_so():
    net = Network("dummy")
    net.osc = net.types.Oscillator
    with pytest.raises(NotSupported):
        make("film.avi", net.osc, 1)


# -- ports, as they play


def test_a_network_that_plays_is_filmed_as_it_plays(net, probe, decode):
    net.play(device="clock")
    film = make("film.mkv", net.osc, 1.6, view="spectrogram", audio=True, encoder="ffmpeg")
    assert net.state == "playing"
    assert film.frames == 40
    read = probe("film.mkv")
    assert float(read["format"]["duration"]) == pytest.approx(1.6, abs=0.05)
    assert read["audio"]["codec_name"] == "flac"
    assert abs(brightest(decode("film.mkv")[-1]) - (479 - Axis(480, 48_000).place(1000))) <= 4


def test_the_film_of_a_playing_network_sounds_as_it_did(net, listen):
    net.play(device="clock")
    make("film.mkv", net.osc, 1, audio=True)
    heard = listen("film.mkv")
    assert np.abs(np.fft.rfft(heard[4800:28800])).argmax() * 2 == pytest.approx(1000, abs=4)
    assert np.abs(heard[4800:28800]).max() == pytest.approx(1, abs=0.01)


def test_a_network_that_stops_ends_its_film(net):
    net.play(device="clock")

    def stop() -> None:
        being_written("film.partial.avi")
        net.stop()

    stopping = threading.Thread(target=stop)
    stopping.start()
    film = make("film.avi", net.osc, 200)
    stopping.join()
    assert 0 < film.frames < 200 * 25


def test_afterwards_no_thread_is_left(net):
    before = threading.active_count()
    make("film.avi", net.osc, 0.2)
    assert threading.active_count() == before


@pytest.mark.parametrize("size", [(480,), (0, 640), "640x480", 480])
def test_a_wrong_size_is_refused_before_anything_is_rendered(net, size):
    with pytest.raises(ValueError, match=r"size must be \(height, width\)"):
        make("film.avi", net.osc, 0.2, size=size)
    assert os.listdir() == []
