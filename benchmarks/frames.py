"""Spectra beside numpy and scipy: a chain of analysis, gate, synthesis and overlap-add, and single Fourier transforms.

Times are CPU times. The two sides take turns, and the fastest of several rounds counts. The sound is 20 seconds of mono noise at
44100 Hz; windows have 2048 samples, hops 512. Needs scipy for the last table.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

import numpy as np

from ipyclam_core import Network
from ipyclam_core.declare import fourier
from ipyclam_core.dsp import kernels

RATE, SECONDS, ROUNDS = 44100, 20, 5
NOISE = (0.3 * np.random.default_rng(0).standard_normal((RATE * SECONDS, 1))).astype(np.float32)
SIZES = (1000, 1024, 2048, 4096, 32768)


def fastest(*measured: Callable[[], object]) -> list[float]:
    """The least CPU seconds of each, measured in turns."""
    times = [float("inf")] * len(measured)
    for _ in range(ROUNDS):
        for k, run in enumerate(measured):
            begin = time.process_time()
            run()
            times[k] = min(times[k], time.process_time() - begin)
    return times


def chain() -> Network:
    net = Network("clam")
    net.source, net.analysis, net.gate = net.types.AudioSource, net.types.SpectralAnalysis, net.types.SpectralGate
    net.synthesis, net.overlap, net.out = net.types.SpectralSynthesis, net.types.OverlapAdd, net.types.AudioSink
    net.analysis.prWindowSize = net.synthesis.prAnalWindowSize = 2049
    net.source > net.analysis > net.gate > net.synthesis > net.overlap > net.out
    return net


def with_numpy() -> None:
    """The same in numpy, all windows at once."""
    sound, window = NOISE[:, 0].astype(np.float64), np.hanning(2048)
    frames = np.lib.stride_tricks.sliding_window_view(sound, 2048)[::512]
    spectra = np.fft.rfft(frames * window, axis=1)
    magnitude, phase = np.abs(spectra), np.angle(spectra)
    magnitude[magnitude < 1e-2] = 0.0
    pieces = np.fft.irfft(magnitude * np.exp(1j * phase), axis=1) * window
    made = np.zeros(len(sound) + 2048)
    for k, piece in enumerate(pieces):
        made[512 * k : 512 * k + 2048] += piece


def transforms(size: int) -> tuple[float, float]:
    """Seconds of one real transform, here and in scipy."""
    import scipy.fft

    call = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 7)(kernels.transform("forward"))
    table, room, sound = fourier.table(size), fourier.workspace(size), np.random.default_rng(0).standard_normal(size)
    real, imaginary = np.zeros(size // 2 + 1), np.zeros(size // 2 + 1)
    addresses = [table.ctypes.data, room.ctypes.data, sound.ctypes.data, 0, real.ctypes.data, imaginary.ctypes.data, 0]
    count, several = max(1 << 20, size) // size, np.tile(sound, (256, 1))

    def ours() -> None:
        for _ in range(count):
            call(*addresses)

    one, other = fastest(ours, lambda: scipy.fft.rfft(several, axis=1, workers=1))
    return one / count, other / 256


def main() -> None:
    net = chain()
    print("analysis > gate > synthesis > overlap-add, times faster than real time\n")
    for block in (64, 512, 4096):
        mine, numpys = fastest(lambda block=block: net.render(inputs=NOISE, block_size=block, sample_rate=RATE), with_numpy)
        print(f"  blocks of {block:5}: {SECONDS / mine:6.0f}; numpy {SECONDS / numpys:6.0f}; ratio {numpys / mine:.2f}")
    print("\nreal transforms, microseconds\n")
    for size in SIZES:
        one, other = transforms(size)
        print(f"  {size:6}: {1e6 * one:8.2f}; scipy {1e6 * other:8.2f}; ratio {other / one:.2f}")


if __name__ == "__main__":
    main()
