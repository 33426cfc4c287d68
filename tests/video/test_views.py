"""Views of sound: what they show is what is heard."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core.video import views
from ipyclam_core.video.views import _font
from ipyclam_core.video.views._grid import Grid
from ipyclam_core.video.views._spectra import FFT, Axis, levels

RATE = 48_000
EVERY = pytest.mark.parametrize("name", views.registry.names())


def sine(frequency: float, amplitude: float = 1.0, frames: int = 8192) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * frequency * np.arange(frames) / RATE)).astype(np.float32)


@EVERY
@pytest.mark.parametrize("size", [(480, 640), (16, 16), (720, 1280), (33, 1000), (500, 17)])
def test_every_view_draws_every_size(name, size):
    frame = views.create(name, size=size, title="osc[Audio Output]").draw(sine(440))
    assert (frame.shape, frame.dtype) == ((*size, 4), np.uint8)
    assert frame.flags.c_contiguous
    assert (frame[..., 3] == 255).all()


@EVERY
def test_sound_looks_different_from_silence(name):
    silent = views.create(name).draw(np.zeros(8192)).copy()
    assert (views.create(name).draw(sine(440)) != silent).any()


@EVERY
@pytest.mark.parametrize(
    "sound", [np.zeros(0), np.zeros(1), np.full(9000, np.nan), np.full(9000, np.inf), np.full(9000, 1e30), np.ones((9000, 3))]
)
def test_any_samples_make_a_frame(name, sound):
    view = views.create(name, size=(120, 160))
    for _ in range(3):
        assert view.draw(sound).shape == (120, 160, 4)


@EVERY
def test_one_sound_always_looks_the_same(name):
    one, other = views.create(name), views.create(name)
    for k in range(5):
        assert (one.draw(sine(300 + k)) == other.draw(sine(300 + k))).all()


@EVERY
def test_colours_are_arguments(name):
    frame = views.create(name, background="#102030", ink="#f00").draw(np.zeros(8192))
    assert (frame == (0x30, 0x20, 0x10, 255)).all(axis=2).any()


@EVERY
@pytest.mark.parametrize("wrong", ["red", "#12345", "123456", "#gggggg"])
def test_a_colour_that_is_none_is_refused(name, wrong):
    with pytest.raises(ValueError, match="a colour must be written '#rrggbb'"):
        views.create(name, background=wrong)


def test_a_view_that_is_none_is_suggested():
    with pytest.raises(ValueError, match=r"no view 'spectrogramm'; did you mean 'spectrogram'"):
        views.create("spectrogramm")


def test_a_picture_too_small_to_draw_is_refused():
    with pytest.raises(ValueError, match="at least 16 x 16"):
        views.create("oscilloscope", size=(4, 640))


def test_the_oscilloscope_shows_the_amplitude():
    def extent(amplitude: float) -> int:
        frame = views.create("oscilloscope", ink="#ffffff", seconds=0.01).draw(sine(500, amplitude))
        rows = np.flatnonzero((frame[..., :3] == 255).all(axis=2).any(axis=1))
        return rows.max() - rows.min()

    assert extent(0.8) == pytest.approx(0.8 * 480, abs=6)
    assert extent(0.4) == pytest.approx(0.4 * 480, abs=6)


def test_the_oscilloscope_stands_still():
    scope = views.create("oscilloscope", seconds=0.01)
    heard = sine(500, 0.5, 48_000)  # 96 samples a period
    frames = [scope.draw(heard[start : start + scope.window]).copy() for start in (0, 17, 960, 1003)]
    assert all((frame == frames[0]).all() for frame in frames)


@pytest.mark.parametrize("frequency", [100, 440, 1000, 5000, 15_000])
def test_the_spectrum_is_highest_where_the_sine_is(frequency):
    view = views.create("spectrum", ink="#ffffff")
    frame = view.draw(sine(frequency))
    filled = (frame[..., :3] > 60).all(axis=2)
    tops = np.where(filled[30:-20].any(axis=0), filled[30:-20].argmax(axis=0), 1000)
    assert np.median(np.flatnonzero(tops == tops.min())) == pytest.approx(Axis(640, RATE).place(frequency), abs=8)


def test_a_full_sine_has_no_decibels():
    assert levels(sine(1500, 1.0)[:FFT]).max() == pytest.approx(0, abs=0.05)
    assert levels(sine(1500, 0.1)[:FFT]).max() == pytest.approx(-20, abs=0.05)


def test_the_spectrogram_is_brightest_where_the_sine_is_and_moves_left():
    view = views.create("spectrogram", rate=25, seconds=4)
    for _ in range(25):
        view.draw(sine(1000))
    frame = view.draw(sine(1000)).astype(int).sum(axis=2)
    row = 479 - Axis(480, RATE).place(1000)
    assert abs(int(frame[24:, 600].argmax()) + 24 - row) <= 2
    assert frame[row, 500] > frame[row, 400]
    assert frame[row, 470] < frame[row, 490]


@pytest.mark.parametrize(("rate", "seconds"), [(25, 8.0), (30, 10.0), (60, 16.0)])
def test_the_spectrogram_keeps_time(rate, seconds):
    view = views.create("spectrogram", rate=rate, seconds=seconds, size=(64, 640), title="")
    silent = np.zeros(view.window)
    for _ in range(rate):
        view.draw(sine(1000))
    for _ in range(2 * rate):
        frame = view.draw(silent)
    loud = np.flatnonzero(frame[63 - Axis(64, RATE).place(1000), 40:, 2] > 60) + 40
    assert loud.max() == pytest.approx(640 * (1 - 2 / seconds), abs=640 / seconds / rate + 2)


def test_the_peaks_are_the_partials():
    view = views.create("peaks")
    frequencies, heights = view.find((sine(440, 0.5) + sine(1234.5, 0.1))[:FFT])
    np.testing.assert_allclose(frequencies[:2], [440, 1234.5], atol=1.5)
    np.testing.assert_allclose(heights[:2], [-6.0, -20.0], atol=0.3)


def test_the_vumeter_has_a_bar_for_each_channel():
    frame = views.create("vumeter").draw(np.stack([sine(440, 1.0), sine(440, 0.01), np.zeros(8192)], axis=1))
    filled = frame[..., 1:3].max(axis=2) > 120
    lengths = [int(filled[row, 48:].sum()) for row in (90, 250, 390)]
    assert lengths == pytest.approx([584, 584 * 20 / 60, 0], abs=4)


def test_a_grid_holds_several_views():
    def maker(name: str):
        return lambda size: views.create(name, size=size, title=name)

    grid = Grid([maker(name) for name in views.registry.names()], size=(720, 1280))
    frame = grid.draw([sine(440)] * len(grid.views))
    assert frame.shape == (720, 1280, 4)
    assert grid.window == max(view.window for view in grid.views)
    assert all((frame[y, x] == view.draw(sine(440))).mean() > 0.9 for view, (y, x) in zip(grid.views, grid._places, strict=True))


def test_a_grid_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one view"):
        Grid([])


def test_every_printable_character_has_its_own_glyph():
    glyphs = {_font.text(chr(code)).tobytes() for code in range(32, 127)}
    assert len(glyphs) == 95
    assert _font.text("ñ").tobytes() == _font.text("♪").tobytes() not in glyphs


def test_text_can_be_larger():
    assert _font.text("ab", 3).shape == (24, 36)
    assert _font.text("ab", 3).sum() == 9 * _font.text("ab").sum()
