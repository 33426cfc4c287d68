"""Measurements of buffers that are sent as controls: how large one is, and how late one sound is in another."""

from __future__ import annotations

import math

from numpy import float64

from ...data.buffers import AudioBuffer
from ...declare import config, in_control, in_port, out_control, processing

CATEGORY = "[plugin] New Spectral Processing"


@processing(category=CATEGORY, source="CLAM BufferSqrtSum", synonyms=("rms", "norm", "energy", "level"))
class BufferSqrtSum:
    """Sends the size of each buffer: the square root of the sum of its squared samples."""

    buffer = in_port("InputBuffer", AudioBuffer)
    value = out_control("Value")

    def process(buffer, value):
        total = 0.0
        for k in range(len(buffer.samples)):
            total += float64(buffer.samples[k]) * float64(buffer.samples[k])
        value.send(math.sqrt(total))


@processing(category=CATEGORY, source="CLAM BufferDelayPrediction", synonyms=("time difference", "alignment", "latency", "correlation"))
class BufferDelayPrediction:
    """Finds how late a sound is in another one, from buffers that hold their cross-correlation.

    `CrossCorrelation` and `MyIFFT` make such buffers. The delay is the place of their maximum; it is negative if the second sound
    is the earlier one. `Quality` is 100 where the two sounds are the same. It needs the sizes of both as `BufferSqrtSum` sends them.
    A delay of a lower quality than `QualityThreshold` is not sent.
    """

    NumberOfInPorts = config(1, minimum=1, maximum=1024)
    QualityThreshold = config(90, minimum=0, maximum=100, unit="%")
    SampleRate = config(48000, minimum=1, unit="Hz", doc="kept for CLAM's files")
    inputs = in_port("Input {}", AudioBuffer, count="NumberOfInPorts", first=0)
    mixes = in_control("Mix RMS {}", count="NumberOfInPorts", first=0, doc="size of the first sound")
    originals = in_control("Uncompressed RMS {}", count="NumberOfInPorts", first=0, doc="size of the second sound")
    delays = out_control("Predicted Delay {}", count="NumberOfInPorts", first=0, unit="frames")
    qualities = out_control("Quality {}", count="NumberOfInPorts", first=0, unit="%")

    def process(inputs, mixes, originals, delays, qualities, QualityThreshold):
        for k in range(len(inputs)):
            samples = inputs[k].samples
            best = 0
            for i in range(len(samples)):
                if samples[i] > samples[best]:
                    best = i
            most = abs(mixes[k] * originals[k])
            quality = min(100.0 * max(float64(samples[best]), 0.0) / most, 100.0) if most > 0.0 else 0.0
            qualities[k].send(quality)
            if quality >= QualityThreshold and quality > 0.0:
                delays[k].send(float64(best if 2 * best < len(samples) else best - len(samples)))
