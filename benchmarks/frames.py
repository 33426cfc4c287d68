"""Spectra beside numpy and scipy: a chain of analysis, gate, synthesis and overlap-add, and single Fourier transforms.

Times are CPU times. The two sides take turns, and the fastest of several rounds counts. The sound is 20 seconds of mono noise at
44100 Hz; windows have 2048 samples, hops 512. Needs scipy for the last table.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numba import njit, types

from ipyclam_core import Network
from ipyclam_core.declare import fourier
from ipyclam_core.dsp import kernels
from ipyclam_core.dsp.native.memory import caller

RATE, SECONDS, ROUNDS = 44100, 20, 5
NOISE = (0.3 * np.random.default_rng(0).standard_normal((RATE * SECONDS, 1))).astype(np.float32)
SIZES = (256, 480, 512, 960, 1000, 1024, 2048, 4096, 8192, 32768, 44100, 65536, 441, 1021)
call = caller(types.void, *[types.int64] * 7)


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


@njit  # type: ignore[untyped-decorator]
def often(count, address, table, room, samples, real, imaginary):  # type: ignore[no-untyped-def]
    """Call a compiled transform of float64, as a processing type calls it."""
    for _ in range(count):
        call(address, table, room, samples, 0, real, imaginary, 0)


def transforms(size: int) -> tuple[float, float, float, float]:
    """Seconds of one real transform, here and in scipy, and of one inverse."""
    import scipy.fft

    table, room, sound = fourier.table(size), fourier.workspace(size), np.random.default_rng(0).standard_normal(size)
    real, imaginary = np.zeros(size // 2 + 1), np.zeros(size // 2 + 1)
    addresses = [array.ctypes.data for array in (table, room, sound, real, imaginary)]
    count, several = max((1 << 20) // size, 1), np.tile(sound, (256, 1))
    spectra = scipy.fft.rfft(several, axis=1)
    forward, inverse = kernels.transform("forward"), kernels.transform("inverse")
    often(1, forward, *addresses)
    times = fastest(
        lambda: often(count, forward, *addresses),
        lambda: scipy.fft.rfft(several, axis=1, workers=1),
        lambda: often(count, inverse, *addresses),
        lambda: scipy.fft.irfft(spectra, size, axis=1, workers=1),
    )
    return times[0] / count, times[1] / 256, times[2] / count, times[3] / 256


def main() -> None:
    net = chain()
    print("analysis > gate > synthesis > overlap-add, times faster than real time\n")
    for block in (64, 512, 4096):
        mine, numpys = fastest(lambda block=block: net.render(inputs=NOISE, block_size=block, sample_rate=RATE), with_numpy)
        print(f"  blocks of {block:5}: {SECONDS / mine:6.0f}; numpy {SECONDS / numpys:6.0f}; ratio {numpys / mine:.2f}")
    print("\nreal transforms and their inverses, microseconds; those of scipy are 256 at once\n")
    for size in SIZES:
        one, other, back, others = (1e6 * seconds for seconds in transforms(size))
        print(f"  {size:6}: {one:8.2f}; scipy {other:8.2f}; ratio {other / one:.2f}", end="")
        print(f"; inverse {back:8.2f}; scipy {others:8.2f}; ratio {others / back:.2f}")


if __name__ == "__main__":
    main()
