"""Audio inputs and outputs of a network."""

from __future__ import annotations

from ...declare import config, in_port, out_port, processing

KEPT = "kept for CLAM's files"
DEVICE = "kept for CLAM's files; `net.play` chooses the device"
CHANNEL = "kept for CLAM's files; channels are given to sources and sinks in their order in the network"


@processing(category="Audio I/O", source="CLAM AudioSource", role="source", synonyms=("microphone", "adc", "line in"))
class AudioSource:
    """Audio input: from the sound device, or from `inputs` when rendering."""

    NSources = config(1, minimum=1, maximum=1024, doc="number of channels")
    outputs = out_port("{}", count="NSources")


@processing(category="Audio I/O", source="CLAM AudioSink", role="sink", synonyms=("dac", "speaker", "loudspeaker", "line out", "master"))
class AudioSink:
    """Audio output: to the sound device, or to the columns of the result when rendering."""

    NSinks = config(1, minimum=1, maximum=1024, doc="number of channels")
    inputs = in_port("{}", count="NSinks")


@processing(category="Audio I/O", source="CLAM AudioBufferSource", role="source", synonyms=("microphone", "adc", "line in"))
class AudioBufferSource:
    """Audio input as buffers: from the sound device, or from `inputs` when rendering."""

    NSources = config(1, minimum=1, maximum=1024, doc="number of channels")
    outputs = out_port("{}", "AudioBuffer", count="NSources")


@processing(
    category="Audio I/O", source="CLAM AudioBufferSink", role="sink", synonyms=("dac", "speaker", "loudspeaker", "line out", "master")
)
class AudioBufferSink:
    """Audio output from buffers: to the sound device, or to the columns of the result when rendering."""

    NSinks = config(1, minimum=1, maximum=1024, doc="number of channels")
    inputs = in_port("{}", "AudioBuffer", count="NSinks")


@processing(category="Audio I/O", source="CLAM AudioIn", role="source", synonyms=("microphone", "adc", "line in"))
class AudioIn:
    """Audio input of one channel: from the sound device, or from `inputs` when rendering. For more channels, use `AudioSource`."""

    Device = config("default:default", doc=DEVICE)
    ChannelID = config(0, minimum=0, doc=CHANNEL)
    FrameSize = config(512, minimum=1, unit="frames", doc=KEPT)
    SampleRate = config(0, minimum=0, unit="Hz", doc=KEPT)
    output = out_port("Audio Output")


@processing(category="Audio I/O", source="CLAM AudioOut", role="sink", synonyms=("dac", "speaker", "loudspeaker", "line out", "master"))
class AudioOut:
    """Audio output of one channel: to the sound device, or to a column of the result when rendering.

    For more channels, use `AudioSink`.
    """

    Device = config("default:default", doc=DEVICE)
    ChannelID = config(0, minimum=0, doc=CHANNEL)
    FrameSize = config(512, minimum=1, unit="frames", doc=KEPT)
    SampleRate = config(0, minimum=0, unit="Hz", doc=KEPT)
    audio = in_port("Audio Input")
