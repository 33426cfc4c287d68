"""Audio inputs and outputs of a network."""

from __future__ import annotations

from ...declare import config, in_port, out_port, processing


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
