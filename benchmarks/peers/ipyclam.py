"""Ours: a bank of each type of processing, rendered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import soundfile

from ipyclam_core import Network

from .measuring import SHORT, Taken, of_call
from .workloads import RATE, Sines, Workload

NAME = "ipyclam"
INSTALL = "make"
NOTE = ""
SINE = "Sine"


def missing() -> bool:
    return False


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    return measured(build, work, block, seconds, output)


def measured(build: Callable[[Network, Workload], Network], work: Workload, block: int, seconds: float, output: Path) -> Taken:
    def once(net: Network) -> None:
        net.render(frames=block, block_size=block, sample_rate=RATE)

    def render(length: float) -> None:
        soundfile.write(output, net.render(length, block_size=block, sample_rate=RATE), RATE, subtype="FLOAT")

    once(build(with_sink(), work))  # for the kernels
    nothing, net = with_sink(), with_sink()
    idle = of_call(lambda: once(nothing))
    ready = of_call(lambda: once(build(net, work)))
    long = of_call(lambda: render(SHORT + seconds))
    return Taken(idle, ready, of_call(lambda: render(SHORT)), long)


def with_sink() -> Network:
    net = Network()
    net.sink = net.types.AudioSink
    net.sink.NInputs = 2
    return net


def build(net: Network, work: Workload) -> Network:
    """Make the network, a bank of each type."""
    voices, types = range(work.voices), net.types
    frequencies = [work.frequency(k) for k in voices]
    if isinstance(work, Sines):
        sines = net.bank("sine{}", types[SINE], work.voices, Frequency=frequencies, Amplitude=work.gain)
        sines["Audio Output"] > net.sink
        return net
    saws = net.bank("saw{}", types.Saw, work.voices, Frequency=frequencies)
    filters = net.bank("filter{}", types.ResonantLowPass, work.voices, Cutoff=[work.cutoff(k) for k in voices], Resonance=work.resonance)
    gains = net.bank("gain{}", types.Gain, work.voices, InitialGain=work.gain)
    panners = net.bank("pan{}", types.StereoPanner, work.voices, InitialPosition=[work.position(k) for k in voices])
    saws > filters > gains > panners > net.sink
    return net
