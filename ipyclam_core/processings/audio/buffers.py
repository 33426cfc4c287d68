"""Mixing of audio buffers, as mixing.py does it for streams: CLAM distinguishes the two."""

from __future__ import annotations

from numpy import float32

from ...declare import in_port, out_port, processing
from .mixing import AudioAmplifier, AudioMixer


@processing(category="Arithmetic Operations", source="CLAM AudioBufferMixer", synonyms=("sum", "volume", "mixing desk"))
class AudioBufferMixer(AudioMixer):
    """Mixes buffers: the sum of all inputs, each with a gain, divided by the number of inputs, connected or not.

    Gain changes are ramped over a block.
    """

    inputs = in_port("Input {}", "AudioBuffer", count="NumberOfInPorts", first=0)
    output = out_port("Output Audio", "AudioBuffer")


@processing(category="Arithmetic Operations", source="CLAM AudioBufferAmplifier", synonyms=("vca", "volume", "level"))
class AudioBufferAmplifier(AudioAmplifier):
    """Amplifies buffers by one common gain.

    Gain changes are ramped over a block, or immediate if `DoesGainInterpolation` is off.
    """

    inputs = in_port("Input Audio", "AudioBuffer", count="PortsNumber")
    outputs = out_port("Audio Output", "AudioBuffer", count="PortsNumber")


@processing(category="[plugin] New Spectral Processing", source="CLAM AudioBufferCrossFader", synonyms=("transition",))
class AudioBufferCrossFader:
    """Crossfades from `FadingOut` to `FadingIn` within each buffer."""

    coming = in_port("FadingIn", "AudioBuffer")
    going = in_port("FadingOut", "AudioBuffer")
    output = out_port("CrossFadedBuffer", "AudioBuffer")

    def process(coming, going, output, frames):
        for i in range(frames):
            part = float32(i) / float32(frames)
            output[i] = coming[i] * part + going[i] * (float32(1.0) - part)
