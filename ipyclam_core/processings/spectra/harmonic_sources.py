"""Sinusoids that come from no sound: harmonics of a fundamental."""

from __future__ import annotations

from math import floor, log, pi

from numpy import float32

from ...data.sinusoids import Peaks
from ...declare import in_control, out_port, processing
from .._limits import limited
from .._random import scrambled

HARMONICS = 30
HOP = 512.0  # frames, from one frame to the next
LOUDEST = -20.0  # dB
FALL = 20.0  # dB, each time that the number of a harmonic is multiplied by e


class HarmonicSource:
    """A frame of harmonics for each hop. Harmonics above half the sample rate are left out."""

    output = out_port("Out SpectralPeaks", Peaks, peaks=HARMONICS)
    fundamental = in_control("Fundamental", unit="Hz", doc="0 and below are silence")

    class State:
        calls: int

    def process(state, output, fundamental, sample_rate):
        add_harmonics(output, fundamental, state.calls * HOP / sample_rate, sample_rate)
        state.calls += 1


def add_harmonics(peaks, fundamental, time, sample_rate):
    """Write the harmonics of a fundamental."""
    frequency = limited(fundamental, 0.0, sample_rate)
    count = int(min(float(HARMONICS), floor(sample_rate / 2.0 / frequency))) if frequency > 0.0 else 0
    for k in range(count):
        peaks.frequency[k] = float32((k + 1) * frequency)
        peaks.magnitude[k] = float32(LOUDEST - FALL * log(k + 1.0))
        peaks.phase[k] = float32(2.0 * pi * ((k + 1) * frequency * time % 1.0))
        peaks.position[k] = float32((k + 1) * frequency * HOP * 2.0 / sample_rate)
        peaks.track[k] = float32(k)
    peaks.count = count


@processing(category="Generators", source="CLAM HarmonicPeaksGenerator", synonyms=("oscillator", "additive", "partials"))
class HarmonicPeaksGenerator(HarmonicSource):
    """Makes up to 30 harmonics of a fundamental, as sinusoids for `SMSSynthesis`."""


@processing(
    category="[plugin] Speech (experimental, GSoC)",
    source="CLAM GlottalSourceGenerator",
    synonyms=("voice", "speech", "singing", "vibrato", "hoarse"),
)
class GlottalSourceGenerator(HarmonicSource):
    """Makes harmonics as vocal cords do, with a little chance in pitch and level: a source for `VowelResonator`."""

    jitter = in_control("Jitter", doc="how far chance moves the pitch at most, as a part of it: 0.01 is a sixth of a semitone")
    shimmer = in_control("Shimmer", unit="dB", doc="how far chance moves the level of each harmonic at most")

    class State:
        calls: int
        count: int

    def initial(seed):
        return {"count": seed}

    def process(state, output, fundamental, jitter, shimmer, sample_rate):
        state.count += 1
        moved = fundamental * (1.0 + limited(jitter, -1.0, 1.0) * chance(state.count))
        add_harmonics(output, moved, state.calls * HOP / sample_rate, sample_rate)
        for k in range(int(output.count)):
            state.count += 1
            output.magnitude[k] = float32(output.magnitude[k] + limited(shimmer, -1e3, 1e3) * chance(state.count))
        state.calls += 1


def chance(count):
    """A random number from -1 to 1."""
    return scrambled(count) / 2147483648.0 - 1.0
