"""Ours: a network typed line by line, rendered."""

from __future__ import annotations

from pathlib import Path

import soundfile

from ipyclam_core import Network

from .measuring import SHORT, Taken, of_call
from .workloads import RATE, Sines, Strips, Workload

NAME = "ipyclam"
INSTALL = "make"
NOTE = ""
SINE = "Sine"


def missing() -> bool:
    return False


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    net = Network()
    net.types["Sine"]  # the catalog is read when it is first asked for

    def render(length: float) -> None:
        soundfile.write(output, net.render(length, block_size=block, sample_rate=RATE), RATE, subtype="FLOAT")

    build(Network(), work).render(frames=block, block_size=block, sample_rate=RATE)  # once for the kernels
    ready = of_call(lambda: build(net, work).render(frames=block, block_size=block, sample_rate=RATE))
    long = of_call(lambda: render(SHORT + seconds))
    return Taken(0.0, ready, of_call(lambda: render(SHORT)), long)


def build(net: Network, work: Workload) -> Network:
    """Make the network, as one would at the prompt."""
    net.sink = net.types.AudioSink
    net.sink.NInputs = 2
    if isinstance(work, Sines):
        _sines(net, work)
    else:
        _strips(net, work)
    return net


def _sines(net: Network, work: Sines) -> None:
    type_, sink = net.types[SINE], net.sink
    for k in range(work.voices):
        net[f"sine{k}"] = type_
        sine = net[f"sine{k}"]
        sine.Frequency = work.frequency(k)
        sine.Amplitude = work.gain
        sine["Audio Output"] > sink


def _strips(net: Network, work: Strips) -> None:
    saw, low_pass, gain, panner, sink = net.types.Saw, net.types.ResonantLowPass, net.types.Gain, net.types.StereoPanner, net.sink
    for k in range(work.voices):
        net[f"saw{k}"], net[f"filter{k}"], net[f"gain{k}"], net[f"pan{k}"] = saw, low_pass, gain, panner
        net[f"saw{k}"].Frequency = work.frequency(k)
        net[f"filter{k}"].Cutoff = work.cutoff(k)
        net[f"filter{k}"].Resonance = work.resonance
        net[f"gain{k}"].InitialGain = work.gain
        net[f"pan{k}"].InitialPosition = work.position(k)
        net[f"saw{k}"] > net[f"filter{k}"] > net[f"gain{k}"] > net[f"pan{k}"]
        net[f"pan{k}"] > sink
