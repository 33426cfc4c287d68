"""Monitors of audio: what they keep, and what they print; and the ends of a network by CLAM's older names."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing

RATE = 44100


def run(name: str, samples: np.ndarray, block: int = 512) -> CompiledProcessing:
    """A monitor that has heard so many samples."""
    monitor = CompiledProcessing(catalog[name], sample_rate=RATE)
    for k in range(0, len(samples), block):
        monitor.run([samples[k : k + block].astype(np.float32)])
    return monitor


@pytest.mark.parametrize("name", ["AudioPortMonitor", "AudioBuffPortMonitor"])
def test_an_oscilloscope_of_an_older_network_keeps_the_last_samples(name: str) -> None:
    ramp = np.arange(20480, dtype=np.float32)
    line = run(name, ramp).field("line")
    assert np.array_equal(np.roll(line, -(20480 % len(line))), ramp[-len(line) :])


def test_a_histogram_counts_the_last_samples() -> None:
    noise = np.random.default_rng(5).uniform(-1.5, 1.5, 40960).astype(np.float32)
    counted = np.histogram(np.clip(noise[-16384:], -1.0, np.nextafter(np.float32(1.0), np.float32(0.0))), 64, (-1.0, 1.0))[0]
    counts = run("HistogramView", noise).field("counts")
    assert counts.sum() == 16384
    assert np.array_equal(counts, counted)


@pytest.mark.parametrize(("name", "shown"), [("VumeterPrinter", "Peak: -6.0 dB"), ("VumeterRMSPrinter", "RMS: -9.0 dB")])
def test_a_meter_prints_the_level_of_a_second(name: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    tone = 0.5012 * np.sin(2.0 * np.pi * 1000.0 / RATE * np.arange(RATE + 600))
    run(name, tone).close()
    assert capsys.readouterr().out == f"{shown}\n"


def test_a_meter_prints_silence_as_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    run("VumeterPrinter", np.zeros(RATE + 600)).close()
    assert capsys.readouterr().out == "Peak: -200.0 dB\n"


def test_the_sound_card_by_its_older_names_plays() -> None:
    net = Network("clam")
    net.one, net.other, net.out, net.second = net.types.AudioIn, net.types.AudioIn, net.types.AudioOut, net.types.AudioOut
    net.one > net.out
    net.other > net.second
    sound = np.random.default_rng(6).uniform(-1.0, 1.0, (1000, 2)).astype(np.float32)
    assert np.array_equal(net.render(inputs=list(sound.T), sample_rate=RATE), sound)
    net.close()
