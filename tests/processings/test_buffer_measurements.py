"""Measurements of buffers that are sent as controls."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ipyclam_core import Network

RATE = 44100
NOISE = np.random.default_rng(8).uniform(-1.0, 1.0, 4096).astype(np.float32)


@pytest.fixture
def net() -> Iterator[Network]:
    net = Network("clam")
    yield net
    net.close()


def heard(net: Network, processing: str, *controls: str) -> list[float]:
    """The values that were sent last."""
    net.out = net.types.AudioSink
    net.out.NSinks = len(controls)
    for k, control in enumerate(controls, 1):
        net[f"reader_{k}"] = net.types.ControlToAudio
        net[processing][control] > net[f"reader_{k}"] > net.out[str(k)]
    return [float(value) for value in np.reshape(net.render(inputs=NOISE, sample_rate=RATE), (len(NOISE), -1))[-1]]


def test_the_size_of_a_buffer_is_sent(net: Network) -> None:
    net.source, net.buffer, net.size = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.BufferSqrtSum
    net.source > net.buffer > net.size
    assert heard(net, "size", "Value")[0] == pytest.approx(np.sqrt((NOISE[-512:].astype(float) ** 2).sum()), rel=1e-6)


def compared(net: Network, first: int, second: int, threshold: int) -> tuple[float, float]:
    """How late the second of two sounds is found to be, each of which comes so many frames late, and the quality."""
    net.source, net.product, net.ifft, net.prediction = (
        net.types[name] for name in ("AudioSource", "CrossCorrelation", "MyIFFT", "BufferDelayPrediction")
    )
    net.prediction.QualityThreshold = threshold
    for k, (late, name) in enumerate(((first, "Mix RMS 0"), (second, "Uncompressed RMS 0")), 1):
        for made in ("SampleAccurateStreamDelay", "AudioStream2Buffer", "MyFFT", "BufferSqrtSum"):
            net[f"{made}_{k}"] = net.types[made]
        delay, buffer, fft, size = (
            net[f"{made}_{k}"] for made in ("SampleAccurateStreamDelay", "AudioStream2Buffer", "MyFFT", "BufferSqrtSum")
        )
        delay.InitialDelayInSamples = late
        net.source > delay > buffer > fft > net.product[f"Input{k}"]
        buffer > size > net.prediction[name]
    net.product > net.ifft > net.prediction["Input 0"]
    delay, quality = heard(net, "prediction", "Predicted Delay 0", "Quality 0")
    return delay, quality


@pytest.mark.parametrize("late", [100, -100])
def test_a_delay_is_found(net: Network, late: int) -> None:
    assert compared(net, max(-late, 0), max(late, 0), 70) == (late, pytest.approx(100.0 * 412 / 512, abs=5.0))


def test_a_delay_of_little_quality_is_not_sent(net: Network) -> None:
    assert compared(net, 0, 100, 90) == (0.0, pytest.approx(100.0 * 412 / 512, abs=5.0))
