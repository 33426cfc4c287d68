"""From streams to buffers that overlap, and back."""

from __future__ import annotations

from ...data.buffers import AudioBuffer
from ...declare import config, in_port, out_port, processing

CATEGORY = "[plugin] New Spectral Processing"


class _Sizes:
    HopSize = config(512, minimum=1, maximum=1 << 20, unit="frames", doc="Frames from one buffer to the next.")
    BufferSize = config(1024, minimum=1, maximum=1 << 20, unit="frames", doc="Frames of a buffer.")


@processing(category=CATEGORY, source="CLAM AudioStream2Buffer", synonyms=("zero padding", "convolution", "cut", "convert"))
class AudioStream2Buffer(_Sizes):
    """Buffers of the newest `HopSize` frames with zeros after them, so that there is room for what a filter adds."""

    audio = in_port("Audio stream", size="HopSize")
    buffer = out_port("Audio buffer", AudioBuffer, size="BufferSize")

    def process(audio, buffer):
        for k in range(min(len(audio), len(buffer.samples))):
            buffer.samples[k] = audio[k]


@processing(category=CATEGORY, source="CLAM AudioBuffer2Stream", synonyms=("overlap-add", "ola", "convolution", "convert"))
class AudioBuffer2Stream(_Sizes):
    """Adds up buffers, each `HopSize` frames after the one before."""

    buffer = in_port("Audio buffer", AudioBuffer)
    audio = out_port("Audio stream", size="BufferSize", hop="HopSize")

    def process(buffer, audio):
        for k in range(min(len(audio), len(buffer.samples))):
            audio[k] += buffer.samples[k]
