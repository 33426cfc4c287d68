"""Samples that show themselves: SVG in Jupyter, braille in a terminal, an array everywhere."""

from __future__ import annotations

import pickle
from xml.etree import ElementTree

import numpy as np
import pytest
from IPython.lib.pretty import pretty

from ipyclam_core.pictures import braille, plot
from ipyclam_core.pictures.samples import ShownSamples


def sine(frames: int = 1000, periods: float = 4) -> np.ndarray:
    return np.sin(np.arange(frames) * 2 * np.pi * periods / frames).astype(np.float32)


def shown(samples: np.ndarray) -> ShownSamples:
    return ShownSamples.of(samples, "osc.Audio Output")


def test_they_are_an_array():
    samples = shown(sine())
    assert isinstance(samples, np.ndarray)
    assert (samples.dtype, samples.shape) == (np.float32, (1000,))
    assert repr(samples[:3]) == repr(sine()[:3])
    assert float(samples.max()) == pytest.approx(1, abs=1e-4)
    assert type(pickle.loads(pickle.dumps(samples))) is np.ndarray


def test_a_terminal_shows_braille():
    lines = pretty(shown(sine())).splitlines()
    assert lines[0] == "osc.Audio Output"
    assert any("⠀" <= letter <= "⣿" for letter in lines[1])
    assert lines[1].lstrip().startswith("1 ┤")


def test_jupyter_shows_svg():
    drawing = ElementTree.fromstring(shown(sine())._repr_svg_() or "")
    assert "osc.Audio Output" in [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("samples", [sine(5), sine(100).reshape(2, 50), sine(100) > 0])
def test_few_samples_and_what_is_computed_of_them_are_shown_as_numbers(samples):
    held = samples.view(ShownSamples)
    assert held._repr_svg_() is None
    assert pretty(held) == repr(samples)


def test_what_is_computed_keeps_the_title():
    assert pretty(shown(sine()) * 2).startswith("osc.Audio Output")


@pytest.mark.parametrize("samples", [np.zeros(100), np.ones(100), np.full(100, np.nan), np.full(100, np.inf), -np.ones(40), sine(100_000)])
def test_any_samples_can_be_plotted(samples):
    assert ElementTree.fromstring(plot.svg(samples)).tag.endswith("svg")
    assert {len(line) for line in braille.plot(samples, columns=40, rows=6).splitlines()} == {49}


def test_no_peak_is_lost_among_many_samples():
    samples = np.zeros(100_000)
    samples[54_321] = 1.0
    _, values = plot.extremes(samples, 500)
    assert values.max() == 1.0
    row = braille.plot(samples, columns=40, rows=6).splitlines()[0][9:]
    assert [k for k, letter in enumerate(row) if letter != "⠀"] == [21]


def test_the_braille_plot_goes_where_the_samples_go():
    rising = braille.plot(np.linspace(0, 1, 400), columns=20, rows=5).splitlines()
    lit = [{k for k, letter in enumerate(line[9:]) if letter != "⠀"} for line in rising]
    for k, columns in enumerate(reversed(lit)):
        assert set(range(4 * k, 4 * k + 4)) <= columns <= set(range(4 * k - 1, 4 * k + 5))
