"""Convolution with an impulse response of two seconds: in one processing, and from spectra, beside scipy.

Times are CPU times. All take turns, and the fastest of several rounds counts. The sound is 20 seconds of mono noise at 44100 Hz.
"ConvolutionReverb" computes both channels of a stereo response; times are given for one. scipy convolves the whole sound at once,
which needs the whole sound first. The error is that against scipy, in dB.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import fftconvolve

from ipyclam_core import Network

RATE, SECONDS, ROUNDS = 44100, 20, 5
LENGTH = RATE * SECONDS // 4096 * 4096
NOISE = (0.3 * np.random.default_rng(0).standard_normal((LENGTH, 1))).astype(np.float32)
DECAY = np.exp(-5.0 * np.arange(2 * RATE) / RATE)[:, None]
RESPONSE = (0.005 * np.random.default_rng(1).standard_normal((2 * RATE, 2)) * DECAY).astype(np.float32)


def fastest(*measured: Callable[[], object]) -> list[float]:
    """The least CPU seconds of each, measured in turns."""
    times = [float("inf")] * len(measured)
    for _ in range(ROUNDS):
        for k, run in enumerate(measured):
            begin = time.process_time()
            run()
            times[k] = min(times[k], time.process_time() - begin)
    return times


def reverb(path: str) -> Network:
    net = Network("clam")
    net.source, net.room, net.out = net.types.AudioSource, net.types.ConvolutionReverb, net.types.AudioSink
    net.out.NSinks = 2
    net.room.ImpulseResponse, net.room.Normalize, net.room.InitialMix = path, False, 1.0
    net.source > net.room > net.out
    return net


def chain(path: str) -> Network:
    net = Network("clam")
    net.source, net.cut, net.fft = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.MyFFT
    net.loader, net.convolution = net.types.ImpulseResponseLoader, net.types.LowLatencyConvolution
    net.ifft, net.stream, net.out = net.types.MyIFFT, net.types.AudioBuffer2Stream, net.types.AudioSink
    net.loader.ImpulseResponse = path
    net.source > net.cut > net.fft
    net.fft > net.convolution["Input"]
    net.loader > net.convolution["ImpulseResponse"]
    net.convolution > net.ifft > net.stream > net.out
    return net


def error(net: Network, block: int, expected: np.ndarray) -> float:
    """The ratio of the expected sound to what differs, in dB; a later sound is moved back first."""
    heard = net.render(inputs=NOISE, block_size=block, sample_rate=RATE)[:, 0]
    late = 0 if block % 512 == 0 or "room" in net else 512 - block
    wrong = heard[late : len(heard) - 4096] - expected[: len(heard) - 4096 - late]
    return float(20.0 * np.log10(np.std(expected) / np.std(wrong)))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "room.wav")
        soundfile.write(path, RESPONSE, RATE, subtype="FLOAT")
        nets = {"ConvolutionReverb": (reverb(path), 2), "LowLatencyConvolution": (chain(path), 1)}
        expected = fftconvolve(NOISE[:, 0].astype(float), RESPONSE[:, 0].astype(float))[:LENGTH]
        print("one channel, times faster than real time, with loading the response\n")
        for name, (net, channels) in nets.items():
            for block in (64, 512, 4096):
                ours, theirs = fastest(
                    lambda net=net, block=block: net.render(inputs=NOISE, block_size=block, sample_rate=RATE),
                    lambda: fftconvolve(NOISE[:, 0], RESPONSE[:, 0]),
                )
                speed, other = LENGTH / RATE * channels / ours, LENGTH / RATE / theirs
                wrong = error(net, block, expected)
                print(f"  {name:22} blocks of {block:4}: {speed:5.0f}; scipy {other:5.0f}; error {-wrong:4.0f} dB")


if __name__ == "__main__":
    main()
