"""Where sound comes into a network, and where it leaves it."""

from __future__ import annotations

from ...declare import config, in_port, out_port, processing


@processing(category="Audio I/O", source="CLAM AudioSource", role="source")
class AudioSource:
    """What the sound device hears; in a render, what its `inputs` give."""

    NSources = config(1, minimum=1, maximum=1024, doc="how many channels")
    outputs = out_port("{}", count="NSources")


@processing(category="Audio I/O", source="CLAM AudioSink", role="sink")
class AudioSink:
    """What the sound device plays; in a render, the columns of the result."""

    NSinks = config(1, minimum=1, maximum=1024, doc="how many channels")
    inputs = in_port("{}", count="NSinks")


@processing(category="Audio I/O", source="CLAM AudioBufferSource", role="source")
class AudioBufferSource:
    """What the sound device hears, as buffers."""

    NSources = config(1, minimum=1, maximum=1024, doc="how many channels")
    outputs = out_port("{}", "AudioBuffer", count="NSources")


@processing(category="Audio I/O", source="CLAM AudioBufferSink", role="sink")
class AudioBufferSink:
    """What the sound device plays, from buffers."""

    NSinks = config(1, minimum=1, maximum=1024, doc="how many channels")
    inputs = in_port("{}", "AudioBuffer", count="NSinks")
