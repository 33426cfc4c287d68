"""Frames at the prompt: pictures with their axes, as wide as the terminal."""

from __future__ import annotations

import numpy as np
import pytest
from IPython.lib.pretty import pretty

from ipyclam_core import Network


@pytest.fixture
def value():
    net = Network("clam")
    net.osc, net.fft = net.types.Sine, net.types.FFT
    net.osc.Frequency = 6000.0
    net.osc > net.fft
    net.render(0.2, sample_rate=48000)
    yield net.fft["Spectrum Output"].value
    net.close()


@pytest.mark.parametrize("width", [40, 79, 200])
def test_a_picture_of_a_spectrum_fits_and_has_its_axes(value, width):
    first, title, *rows, ends = pretty(value, max_width=width).splitlines()
    assert first.startswith("<Spectrum at frame ")
    assert title == "magnitude in dB"
    assert {len(row) for row in rows} == {min(width, 81)}
    assert ends.startswith(" " * 9 + "46.9 Hz ")
    assert ends.endswith(" 24 kHz")
    assert len(ends) == min(width, 81)
    column = int(np.argmax([sum(row[k] != "⠀" for row in rows) for k in range(9, min(width, 81))]))
    assert column == pytest.approx((min(width, 81) - 9) * np.log(6000 / 46.9) / np.log(24000 / 46.9), abs=2)


def test_a_notebook_shows_the_frequencies(value):
    picture = value._repr_svg_()
    assert "magnitude in dB" in picture
    assert all(f">{words}<" in picture for words in ("46.9 Hz", "100 Hz", "1 kHz", "10 kHz", "24 kHz"))


def test_what_did_not_fit_is_said():
    net = Network("clam")
    net.syn, net.gate = net.types.SpectralSynthesis, net.types.SpectralGate
    net.gate > net.syn
    assert pretty(net.syn.become("OverlapAdd")) == 'did not fit:\n    net.gate["Out Spectrum"] > net.syn.Input'
    net.osc = net.types.Sine
    assert pretty(net.osc.become("Saw")) == "all settings and wires fitted"
    net.close()


def test_conversions_are_named_once():
    net = Network("clam")
    net.osc, net.gate = net.types.Sine, net.types.SpectralGate
    with pytest.raises(Exception, match="To convert it: FFT, SpectralAnalysis"):
        net.osc > net.gate
    net.close()


def test_one_frame_of_a_rendering_is_a_frame():
    net = Network("clam")
    net.osc, net.fft = net.types.Sine, net.types.FFT
    net.osc > net.fft
    frames = net.fft["Spectrum Output"].render(0.2, sample_rate=48000)
    one = frames[-1]
    assert (one.magnitude == frames.magnitude[-1]).all()
    assert one.top == frames.top[-1]
    assert one.time == round(frames.times[-1] * 48000)
    assert pretty(one).startswith(f"<Spectrum at frame {one.time}: ")
    assert [each.time for each in frames[1:3]] == [frames[1].time, frames[2].time]
    assert len(list(frames)) == len(frames)
    with pytest.raises(IndexError):
        frames[len(frames)]
    net.close()


def test_a_file_in_place_of_seconds_is_said_to_be_an_input():
    net = Network("clam")
    net.osc, net.fft = net.types.Sine, net.types.FFT
    net.osc > net.fft
    for render in (net.render, net.fft["Spectrum Output"].render):
        with pytest.raises(TypeError, match=r"seconds must be a number, not 'a.wav'. To render a file: inputs='a.wav'"):
            render("a.wav")
        with pytest.raises(TypeError, match=r"To render samples: inputs=\.\.\."):
            render(np.zeros(10))
    net.close()
