"""Ours, a strip of W2 being one type, as it is one SynthDef of scsynth's and one instrument of csound's."""

from __future__ import annotations

import math
from pathlib import Path

from numpy import float32, uint32

from ipyclam_core import Network
from ipyclam_core.declare import config, in_control, out_port, processing
from ipyclam_core.declare.maths import cycles, to_phase

from . import ipyclam
from .measuring import Taken
from .workloads import Sines, Workload

NAME = "ipyclam, own type"
INSTALL = "make"
NOTE = "a strip of W2 is one type, as with scsynth, csound and Faust; the others are patched of four"


def missing() -> bool:
    return False


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    return ipyclam.measured(build, work, block, seconds, output)


@processing(category="Benchmarks")
class Strip:
    """A sawtooth through a resonant low-pass, a gain and a panner."""

    Frequency = config(440.0, unit="Hz")
    Cutoff = config(1000.0, unit="Hz")
    Resonance = config(0.7)
    InitialGain = config(1.0)
    InitialPosition = config(0.0)
    left = out_port("Left")
    right = out_port("Right")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    cutoff = in_control("Cutoff Frequency", from_config="Cutoff", unit="Hz")
    q = in_control("Q", from_config="Resonance")
    gain = in_control("Gain", from_config="InitialGain", smooth=True)
    position = in_control("Position", from_config="InitialPosition")

    class State:
        phase: uint32
        turn: uint32
        sharpness: float32
        band: float
        low: float
        first: float
        second: float
        slope: float
        to_left: float32
        to_right: float32

    def block(state, pitch, cutoff, q, position, sample_rate):
        state.turn = to_phase(pitch / sample_rate)
        part = abs(pitch) / sample_rate
        state.sharpness = 1.0 / part if part > 1e-9 else 1e9
        slope = math.tan(math.pi * min(max(cutoff / sample_rate, 1e-5), 0.49))
        state.slope = slope
        state.first = 1.0 / (1.0 + slope * (slope + 1.0 / max(q, 0.01)))
        state.second = slope * state.first
        angle = (position + 1.0) * (0.25 * math.pi)
        state.to_left, state.to_right = math.cos(angle), math.sin(angle)

    def step(state, gain):
        place = cycles(state.phase)
        near = float32(1.0) - abs(place) * state.sharpness
        near = near if near > float32(0.0) else float32(0.0)
        bend = float32(1.0) - near * near
        state.phase += state.turn
        saw = place + place - (bend if place >= float32(0.0) else -bend)
        band = state.first * state.band + state.second * (saw - state.low)
        low = state.slope * band + state.low
        state.band = 2.0 * band - state.band
        state.low = 2.0 * low - state.low
        heard = float32(low) * float32(gain)
        return heard * state.to_left, heard * state.to_right


def build(net: Network, work: Workload) -> Network:
    if isinstance(work, Sines):
        return ipyclam.build(net, work)
    voices = range(work.voices)
    strips = net.bank(
        "strip{}",
        Strip,
        work.voices,
        Frequency=[work.frequency(k) for k in voices],
        Cutoff=[work.cutoff(k) for k in voices],
        Resonance=work.resonance,
        InitialGain=work.gain,
        InitialPosition=[work.position(k) for k in voices],
    )
    strips > net.sink
    return net
