"""Resamplers: pieces of a stream, at another rate.

The length of what goes out is not that of what comes in. So a network usually has two of them: one before the processings that
work at another rate, and one behind them.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy import float32, float64, uint32

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


@lru_cache
def table_of(interpolator):
    """The values of a windowed sinc from its middle to its end, and the differences between them."""
    cutoff, beta, reach = KAISER.get(interpolator, KAISER["SINC_FASTEST"])
    places = np.arange(math.ceil(reach * POINTS) + 2) / POINTS
    values = cutoff * np.sinc(cutoff * places) * np.i0(beta * np.sqrt(np.maximum(1.0 - (places / reach) ** 2, 0.0))) / np.i0(beta)
    values[places >= reach] = 0.0
    rises = np.append(np.diff(values), 0.0)
    for array in (values, rises):
        array.flags.writeable = False
    return {"values": values, "rises": rises}


def resample(state, audio, output, ratio):
    """Resample a piece, with silence around it. At lower rates the sinc is wider, so that nothing aliases."""
    scale = min(ratio, 1.0)
    reach = (len(state.values) - 2) / (POINTS * scale)
    for j in range(len(output)):
        place = j / ratio
        first, last = max(math.ceil(place - reach), 0), min(math.floor(place + reach), len(audio) - 1)
        total = 0.0
        for k in range(first, last + 1):
            distance = abs(place - k) * scale * POINTS
            point = uint32(distance)
            total += audio[k] * multiply_add(distance - point, state.rises[point], state.values[point])
        output[j] = float32(scale * total)


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
        values: Array[float64]
        rises: Array[float64]

    def prepare():
        return table_of("SINC_BEST_QUALITY")

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
        values: Array[float64]
        rises: Array[float64]

    def ports(Ratio):
        return {"resampled": int(PIECE * Ratio)}

    def prepare(Interpolator):
        return table_of(Interpolator)

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
        values: Array[float64]
        rises: Array[float64]

    def problem(InputSampleRate, OutputSampleRate):
        return problem_of_rates(InputSampleRate, OutputSampleRate)

    def ports(InputSampleRate, OutputSampleRate):
        return {"resampled": min(max(PIECE * OutputSampleRate // InputSampleRate, 1), PIECE * MOST)}

    def prepare():
        return table_of("SINC_FASTEST")

    def process(state, audio, output, InputSampleRate, OutputSampleRate):
        resample(state, audio, output, OutputSampleRate / InputSampleRate)


def problem_of_rates(before, after):
    """Why one rate cannot become the other, or ``""``."""
    if after > MOST * before or before > MOST * after:
        return f"{after} Hz is not between 1/{MOST} and {MOST} times {before} Hz: choose rates that are nearer to each other"
    return ""
