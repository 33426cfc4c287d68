"""SignalFlow: a graph of nodes, rendered to a buffer."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import soundfile

from .measuring import SHORT, Taken, of_call
from .workloads import RATE, Sines, Workload

NAME = "signalflow"
INSTALL = "pip install signalflow"
NOTE = "it renders to buffers in blocks of 256, whatever is asked for; its sawtooth is not band-limited"


def missing() -> bool:
    return importlib.util.find_spec("signalflow") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    import signalflow

    config = signalflow.AudioGraphConfig()
    config.sample_rate, config.output_buffer_size, config.cpu_usage_limit = RATE, max(block, 256), 0
    graph = signalflow.AudioGraph(config=config, output_device=signalflow.AudioOut_Dummy(2), start=False)
    ready = of_call(lambda: build(signalflow, work).play())

    def render(length: float) -> None:
        buffer = signalflow.Buffer(2, int(RATE * length))
        graph.render_to_buffer(buffer)
        soundfile.write(output, buffer.data.T, RATE, subtype="FLOAT")

    long = of_call(lambda: render(SHORT + seconds))
    return Taken(0.0, ready, of_call(lambda: render(SHORT)), long)


def build(signalflow: Any, work: Workload) -> Any:
    """The nodes, summed to one of two channels."""
    voices = range(work.voices)
    if isinstance(work, Sines):
        mono = signalflow.Sum([signalflow.SineOscillator(work.frequency(k)) * work.gain for k in voices])
        return signalflow.ChannelArray([mono, mono])
    strips = []
    for k in voices:
        saw = signalflow.SawOscillator(work.frequency(k))
        low = signalflow.SVFilter(saw, "low_pass", work.cutoff(k), 1.0 - 1.0 / work.resonance)
        strips.append(signalflow.StereoPanner(low * work.gain, work.position(k)))
    return signalflow.Sum(strips)
