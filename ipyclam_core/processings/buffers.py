"""What mixing.py has, for buffers: CLAM keeps streams of samples and buffers of them apart."""

from __future__ import annotations

from numpy import float32

from ..declare import config, in_control, in_port, out_port, processing
from .mixing import add_scaled


@processing(category="Arithmetic Operations", source="CLAM AudioBufferMixer")
class AudioBufferMixer:
    """The sum of its inputs, each with a gain, divided by their number, connected or not. Gains that are changed glide."""

    NumberOfInPorts = config(2, minimum=1, maximum=1024)
    DefaultGains = config((1.0, 1.0), type="floats", doc="the gains to begin with, 1 for those not given")
    inputs = in_port("Input {}", "AudioBuffer", count="NumberOfInPorts", first=0)
    output = out_port("Output Audio", "AudioBuffer")
    gains = in_control("Gain {}", 1.0, from_config="DefaultGains", smooth=True, count="NumberOfInPorts", first=0)

    class State:
        running: bool

    def process(state, inputs, output, gains):
        share = 1.0 / len(inputs)
        for k in range(len(inputs)):
            start, goal = gains[k]
            add_scaled(output, inputs[k], (start if state.running else goal) * share, goal * share, k == 0)
        state.running = True


@processing(category="Arithmetic Operations", source="CLAM AudioBufferAmplifier")
class AudioBufferAmplifier:
    """One gain for all its buffers. It glides in the course of a block, or jumps where `DoesGainInterpolation` is off."""

    MaxGain = config(1.0, minimum=0.0, doc="the end of a slider; a Gain above it is accepted, as in CLAM")
    InitGain = config(1.0, doc="the gain to begin with")
    PortsNumber = config(1, minimum=1, maximum=1024)
    DoesGainInterpolation = config(True)
    inputs = in_port("Input Audio", "AudioBuffer", count="PortsNumber")
    outputs = out_port("Audio Output", "AudioBuffer", count="PortsNumber")
    gain = in_control("Gain", 1.0, 0.0, 1.0, from_config="InitGain", smooth=True)

    def process(inputs, outputs, gain, DoesGainInterpolation):
        start, goal = gain
        for k in range(len(inputs)):
            add_scaled(outputs[k], inputs[k], start if DoesGainInterpolation else goal, goal, True)


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
