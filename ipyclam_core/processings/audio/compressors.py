"""Compressor and gate: a gain that follows the level of a signal."""

from __future__ import annotations

import math

from numpy import float32, float64

from ...declare import config, in_control, in_port, out_port, processing
from ...declare.maths import exp2, log2
from .._limits import limited
from .._times import weight

DECIBEL = math.log(10.0) / 20.0
"""The natural logarithm of the factor of one decibel."""
OCTAVE = 20.0 * math.log10(2.0)
"""The decibels of a factor of 2."""


def factor(decibels):
    """The gain of a number of decibels, limited to 200 dB."""
    return math.exp(DECIBEL * limited(decibels, -200.0, 200.0))


@processing(
    category="ipyclam",
    source="D. Giannoulis, M. Massberg, J. Reiss: Digital dynamic range compressor design (2012)",
    synonyms=("dynamics", "leveller", "leveler", "ducker", "ducking", "sidechain", "side-chain", "drc"),
)
class Compressor:
    """Compressor: above the threshold, the output rises by 1 dB if the input rises by `Ratio` dB.

    It follows the peaks of the signal, or those of `Side Chain` if `ExternalSideChain` is on (ducking). Two compressors with
    the same side chain keep a stereo signal balanced.

    Notes
    -----
    It is about three times as fast as scsynth's Compander. It computes a logarithm and a power for every frame.
    """

    InitialThreshold = config(-20.0, unit="dB")
    InitialRatio = config(4.0, minimum=1.0)
    InitialKnee = config(6.0, minimum=0.0, unit="dB")
    InitialAttack = config(5.0, minimum=0.0, unit="ms")
    InitialRelease = config(100.0, minimum=0.0, unit="ms")
    InitialMakeUp = config(0.0, unit="dB")
    ExternalSideChain = config(False, doc="the level is that of Side Chain")
    audio = in_port("Audio Input")
    side = in_port("Side Chain", doc="heard if ExternalSideChain is on")
    output = out_port("Audio Output")
    threshold = in_control("Threshold", -20.0, -60.0, 0.0, from_config="InitialThreshold", unit="dB")
    ratio = in_control("Ratio", 4.0, 1.0, 20.0, from_config="InitialRatio")
    knee = in_control("Knee", 6.0, 0.0, 24.0, from_config="InitialKnee", unit="dB", doc="width of the bend around the threshold")
    attack = in_control("Attack", 5.0, 0.0, 200.0, from_config="InitialAttack", unit="ms", doc="time constant (63 %)")
    release = in_control("Release", 100.0, 0.0, 2000.0, from_config="InitialRelease", unit="ms", doc="time constant (63 %)")
    makeup = in_control("Make-Up", 0.0, 0.0, 24.0, from_config="InitialMakeUp", smooth=True, unit="dB", doc="gain after compression")

    class State:
        begin: float32  # of the knee, in octaves (6 dB) of amplitude
        knee: float32
        bend: float32
        slope: float32
        attack: float
        release: float
        held: float
        reduction: float
        attack_time: float
        release_time: float

    def block(state, threshold, ratio, knee, attack, release, sample_rate):
        width = limited(knee, 0.0, 200.0) / OCTAVE
        state.begin, state.knee = limited(threshold, -200.0, 200.0) / OCTAVE - 0.5 * width, width
        state.bend = 0.5 / width if width > 1e-6 else 0.0
        state.slope = 1.0 - 1.0 / limited(ratio, 1.0, 1e9)
        if attack != state.attack_time or release != state.release_time or state.attack == 0.0:
            state.attack_time, state.release_time = attack, release
            state.attack, state.release = weight(attack, sample_rate), weight(release, sample_rate)

    def step(state, audio, side, makeup, ExternalSideChain):
        level = abs(side) if ExternalSideChain else abs(audio)
        over = log2(level) - state.begin
        over = over if over > float32(0.0) else float32(0.0)
        inside = over if over < state.knee else state.knee
        wanted = state.slope * (inside * inside * state.bend + (over - inside))
        held = state.held + state.release * (wanted - state.held)
        state.held = held if held > wanted else float64(wanted)
        state.reduction += state.attack * (state.held - state.reduction)
        return audio * exp2(limited(makeup, -200.0, 200.0) * (1.0 / OCTAVE) - state.reduction)


@processing(category="ipyclam", synonyms=("noise gate", "dynamics", "expander", "sidechain", "side-chain"))
class Gate:
    """Noise gate: attenuates a signal by `Range` while its level is below the threshold.

    It opens when a sample exceeds the threshold, and closes when none has exceeded the threshold less `Hysteresis` for the
    time `Hold`, which should be longer than half a period of the lowest note. If `ExternalSideChain` is on, it follows
    `Side Chain`.
    """

    InitialThreshold = config(-40.0, unit="dB")
    InitialHysteresis = config(3.0, minimum=0.0, unit="dB")
    InitialAttack = config(1.0, minimum=0.0, unit="ms")
    InitialHold = config(50.0, minimum=0.0, unit="ms")
    InitialRelease = config(100.0, minimum=0.0, unit="ms")
    InitialRange = config(-80.0, maximum=0.0, unit="dB")
    ExternalSideChain = config(False, doc="the level is that of Side Chain")
    audio = in_port("Audio Input")
    side = in_port("Side Chain", doc="heard if ExternalSideChain is on")
    output = out_port("Audio Output")
    threshold = in_control("Threshold", -40.0, -100.0, 0.0, from_config="InitialThreshold", unit="dB")
    hysteresis = in_control("Hysteresis", 3.0, 0.0, 24.0, from_config="InitialHysteresis", unit="dB")
    attack = in_control("Attack", 1.0, 0.0, 200.0, from_config="InitialAttack", unit="ms", doc="time constant (63 %)")
    hold = in_control("Hold", 50.0, 0.0, 2000.0, from_config="InitialHold", unit="ms")
    release = in_control("Release", 100.0, 0.0, 2000.0, from_config="InitialRelease", unit="ms", doc="time constant (63 %)")
    range = in_control("Range", -80.0, -120.0, 0.0, from_config="InitialRange", unit="dB", doc="the gain while it is closed")

    class State:
        upper: float
        lower: float
        attack: float
        release: float
        hold: float
        floor: float
        waited: float
        opened: bool
        gain: float
        running: bool
        threshold: float
        hysteresis: float
        range: float
        attack_time: float
        release_time: float

    def block(state, threshold, hysteresis, attack, hold, release, range, sample_rate):
        state.hold = limited(hold, 0.0, 1e9) * 0.001 * sample_rate
        if not state.running or threshold != state.threshold or hysteresis != state.hysteresis or range != state.range:
            state.threshold, state.hysteresis, state.range = threshold, hysteresis, range
            state.upper = factor(threshold)
            state.lower = factor(limited(threshold, -200.0, 200.0) - limited(hysteresis, 0.0, 200.0))
            state.floor = factor(min(range, 0.0))
        if not state.running or attack != state.attack_time or release != state.release_time:
            state.attack_time, state.release_time = attack, release
            state.attack, state.release = weight(attack, sample_rate), weight(release, sample_rate)
        if not state.running:
            state.gain, state.running = state.floor, True

    def step(state, audio, side, ExternalSideChain):
        level = abs(side) if ExternalSideChain else abs(audio)
        state.waited = 0.0 if level > state.lower else state.waited + 1.0
        state.opened = (level > state.upper) | (state.opened & (state.waited <= state.hold))
        rate, goal = (state.attack, 1.0) if state.opened else (state.release, state.floor)
        state.gain += rate * (goal - state.gain)
        return float32(audio * state.gain)
