"""Resamplers: pieces of a stream, at another rate.

The length of what goes out is not that of what comes in. So a network usually has two of them: one before the processings that
work at another rate, and one behind them.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy import float32, float64, int64, uint32

from ...declare import Array, config, in_port, out_port, processing
from ...declare.maths import multiply_add

PIECE = 512
MOST = 64  # times as many samples
POINTS = 512  # of a table between two samples
CATEGORY = "[plugin] New Spectral Processing"
INTERPOLATORS = ("SINC_BEST_QUALITY", "SINC_MEDIUM_QUALITY", "SINC_FASTEST", "ZERO_ORDER_HOLD", "LINEAR")
HOLD, LINEAR = INTERPOLATORS.index("ZERO_ORDER_HOLD"), INTERPOLATORS.index("LINEAR")
KAISER = {
    "SINC_BEST_QUALITY": (0.965728, 16.0503, 142.899),
    "SINC_MEDIUM_QUALITY": (0.919063, 12.2529, 45.7029),
    "SINC_FASTEST": (0.831471, 10.0784, 19.2329),
}
"""The windowed sincs: the cutoff as a part of half the sample rate, beta of the Kaiser window, and samples on each side.

They attenuate aliases by 154, 120 and 100 dB, and measure the same as those of libsamplerate.
"""


@lru_cache(16)
def table_of(interpolator, ratio, piece):
    """The weights of the samples on one side of a place, a row for each place between two samples, and the rises from row to row.

    At lower rates the sinc is wider, so that nothing aliases. It needs to reach no farther than a piece.
    """
    cutoff, beta, reach = KAISER.get(interpolator, KAISER["SINC_FASTEST"])
    scale = min(ratio, 1.0)
    points, taps = math.ceil(POINTS * scale), min(math.ceil(reach / scale) + 1, piece)
    places = scale * (np.arange(points + 1)[:, None] / points + np.arange(taps))
    kaiser = np.i0(beta * np.sqrt(np.maximum(1.0 - (places / reach) ** 2, 0.0))) / np.i0(beta)
    weights = np.where(places < reach, scale * cutoff * np.sinc(cutoff * places) * kaiser, 0.0)
    rises = np.diff(weights, axis=0, append=weights[-1:])
    for array in (weights, rises):
        array.flags.writeable = False
    return {"weights": weights.reshape(-1), "rises": rises.reshape(-1), "taps": taps}


def resample(state, audio, output, ratio):
    """Resample a piece, with silence around it."""
    points = len(state.weights) // state.taps - 1
    for j in range(len(output)):
        place = j / ratio
        whole = int(place)
        part = place - whole
        before = weighted(state, audio, whole, -1, min(state.taps, whole + 1), part * points)
        after = weighted(state, audio, whole + 1, 1, min(state.taps, len(audio) - whole - 1), (1.0 - part) * points)
        output[j] = float32(before + after)


def weighted(state, audio, first, step, count, distance):
    """The sum of so many samples on one side of a place, each with its weight."""
    row = int(distance)
    share = distance - row
    begin = row * state.taps
    even, odd = 0.0, 0.0
    for n in range(0, count - 1, 2):
        even += audio[uint32(first + step * n)] * weight(state, uint32(begin + n), share)
        odd += audio[uint32(first + step * (n + 1))] * weight(state, uint32(begin + n + 1), share)
    if count > 0 and count % 2 == 1:
        last = count - 1
        even += audio[uint32(first + step * last)] * weight(state, uint32(begin + last), share)
    return even + odd


def weight(state, k, share):
    """A weight between two rows."""
    return multiply_add(share, state.rises[k], state.weights[k])


def hold(audio, output, ratio):
    """Resample a piece by repeating or leaving out samples."""
    for j in range(len(output)):
        output[j] = audio[min(int(j / ratio), len(audio) - 1)]


def interpolate(audio, output, ratio):
    """Resample a piece by straight lines between samples."""
    last = len(audio) - 1
    for j in range(len(output)):
        place = min(j / ratio, float64(last))
        k = int(place)
        low, high = float64(audio[k]), float64(audio[min(k + 1, last)])
        output[j] = float32(low + (place - k) * (high - low))


@processing(category=CATEGORY, source="CLAM Resampler", synonyms=("sample rate", "src", "downsampling", "upsampling", "decimation"))
class Resampler:
    """Resamples pieces of `InputSamples` frames to pieces of `OutputSamples` frames, each with silence around it, as in CLAM."""

    InputSamples = config(1024, minimum=1, maximum=65536, unit="frames")
    OutputSamples = config(512, minimum=1, maximum=65536, unit="frames")
    audio = in_port("Input", size="InputSamples")
    output = out_port("Output", size="OutputSamples")

    class Prepared:
        weights: Array[float64]
        rises: Array[float64]
        taps: int64

    def prepare(InputSamples, OutputSamples):
        return table_of("SINC_BEST_QUALITY", OutputSamples / InputSamples, InputSamples)

    def process(state, audio, output):
        resample(state, audio, output, len(output) / len(audio))


@processing(category=CATEGORY, source="CLAM ResamplerByRatio", synonyms=("sample rate", "src", "downsampling", "upsampling", "decimation"))
class ResamplerByRatio:
    """Resamples pieces of 512 frames, each with silence around it, as in CLAM. At a `Ratio` of 2 there are twice as many samples."""

    Ratio = config(1.0, minimum=1.0 / MOST, maximum=float(MOST))
    Interpolator = config("SINC_FASTEST", choices=INTERPOLATORS, doc="how samples between others are computed")
    audio = in_port("Input", size=PIECE)
    output = out_port("Output", size="resampled")

    class Prepared:
        weights: Array[float64]
        rises: Array[float64]
        taps: int64

    def ports(Ratio):
        return {"resampled": int(PIECE * Ratio)}

    def prepare(Ratio, Interpolator):
        return table_of(Interpolator, Ratio, PIECE)

    def process(state, audio, output, Ratio, Interpolator):
        if Interpolator == HOLD:
            hold(audio, output, Ratio)
        elif Interpolator == LINEAR:
            interpolate(audio, output, Ratio)
        else:
            resample(state, audio, output, Ratio)


@processing(
    category=CATEGORY, source="CLAM ResamplerBySampleRateRatio", synonyms=("src", "downsampling", "upsampling", "decimation", "44100 48000")
)
class ResamplerBySampleRateRatio:
    """Resamples pieces of 512 frames from one sample rate to another, each with silence around it, as in CLAM."""

    InputSampleRate = config(44100, minimum=1, maximum=768000, unit="Hz")
    OutputSampleRate = config(48000, minimum=1, maximum=768000, unit="Hz")
    Interpolator = config("SINC_FASTEST", choices=INTERPOLATORS, doc="kept for CLAM's files; it is SINC_FASTEST, as in CLAM")
    audio = in_port("Input", size=PIECE)
    output = out_port("Output", size="resampled")

    class Prepared:
        weights: Array[float64]
        rises: Array[float64]
        taps: int64

    def problem(InputSampleRate, OutputSampleRate):
        return problem_of_rates(InputSampleRate, OutputSampleRate)

    def ports(InputSampleRate, OutputSampleRate):
        return {"resampled": min(max(PIECE * OutputSampleRate // InputSampleRate, 1), PIECE * MOST)}

    def prepare(InputSampleRate, OutputSampleRate):
        return table_of("SINC_FASTEST", OutputSampleRate / InputSampleRate, PIECE)

    def process(state, audio, output, InputSampleRate, OutputSampleRate):
        resample(state, audio, output, OutputSampleRate / InputSampleRate)


def problem_of_rates(before, after):
    """Why one rate cannot become the other, or ``""``."""
    if after > MOST * before or before > MOST * after:
        return f"{after} Hz is not between 1/{MOST} and {MOST} times {before} Hz: choose rates that are nearer to each other"
    return ""
