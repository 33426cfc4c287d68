"""Ours, each processing made, configured and connected by itself, as one would type it."""

from __future__ import annotations

from pathlib import Path

from ipyclam_core import Network

from . import ipyclam
from .measuring import Taken
from .workloads import Sines, Strips, Workload

NAME = "ipyclam, one by one"
INSTALL = "make"
NOTE = "building: each processing made, configured and connected by a statement of its own"


def missing() -> bool:
    return False


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    return ipyclam.measured(build, work, block, seconds, output)


def build(net: Network, work: Workload) -> Network:
    if isinstance(work, Sines):
        _sines(net, work)
    else:
        _strips(net, work)
    return net


def _sines(net: Network, work: Sines) -> None:
    type_, sink = net.types.Sine, net.sink
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
