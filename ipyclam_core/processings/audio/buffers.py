"""What mixing.py has, for buffers: CLAM keeps streams of samples and buffers of them apart."""

from __future__ import annotations

from numpy import float32

from ...declare import in_port, out_port, processing
from .mixing import AudioAmplifier, AudioMixer


@processing(category="Arithmetic Operations", source="CLAM AudioBufferMixer")
class AudioBufferMixer(AudioMixer):
    """The sum of its inputs, each with a gain, divided by their number, connected or not. Gains that are changed glide."""

    inputs = in_port("Input {}", "AudioBuffer", count="NumberOfInPorts", first=0)
    output = out_port("Output Audio", "AudioBuffer")


@processing(category="Arithmetic Operations", source="CLAM AudioBufferAmplifier")
class AudioBufferAmplifier(AudioAmplifier):
    """One gain for all its buffers. It glides in the course of a block, or jumps where `DoesGainInterpolation` is off."""

    inputs = in_port("Input Audio", "AudioBuffer", count="PortsNumber")
    outputs = out_port("Audio Output", "AudioBuffer", count="PortsNumber")


@processing(category="[plugin] New Spectral Processing", source="CLAM AudioBufferCrossFader")
class AudioBufferCrossFader:
    """In every buffer, from one signal to the other."""

    coming = in_port("FadingIn", "AudioBuffer")
    going = in_port("FadingOut", "AudioBuffer")
    output = out_port("CrossFadedBuffer", "AudioBuffer")

    def process(coming, going, output, frames):
        for i in range(frames):
            part = float32(i) / float32(frames)
            output[i] = coming[i] * part + going[i] * (float32(1.0) - part)
