"""Compressor and gate: a gain that follows the level of a signal."""

from __future__ import annotations

import math

from numpy import float32

from ...declare import config, in_control, in_port, out_port, processing
from .._limits import limited
from .._times import weight

DECIBEL = math.log(10.0) / 20.0
"""The natural logarithm of the factor of one decibel."""


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
        lowest: float
        threshold: float
        slope: float
        knee: float
        attack: float
        release: float
        held: float
        reduction: float

    def block(state, threshold, ratio, knee, attack, release, sample_rate):
        state.threshold, state.knee = limited(threshold, -200.0, 200.0), limited(knee, 0.0, 200.0)
        state.slope = 1.0 - 1.0 / limited(ratio, 1.0, 1e9)
        state.lowest = factor(state.threshold - 0.5 * state.knee)
        state.attack, state.release = weight(attack, sample_rate), weight(release, sample_rate)

    def step(state, audio, side, makeup, ExternalSideChain):
        level = abs(side) if ExternalSideChain else abs(audio)
        wanted = 0.0
        if level > state.lowest:
            over = min(math.log(level) / DECIBEL, 400.0) - state.threshold
            below = over + 0.5 * state.knee
            wanted = state.slope * (over if below >= state.knee else below * below / (2.0 * state.knee))
        state.held = max(wanted, state.held + state.release * (wanted - state.held))
        state.reduction += state.attack * (state.held - state.reduction)
        return float32(audio * factor(makeup - state.reduction))


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

    def block(state, threshold, hysteresis, attack, hold, release, range, sample_rate):
        state.upper = factor(threshold)
        state.lower = factor(limited(threshold, -200.0, 200.0) - limited(hysteresis, 0.0, 200.0))
        state.attack, state.release = weight(attack, sample_rate), weight(release, sample_rate)
        state.hold = limited(hold, 0.0, 1e9) * 0.001 * sample_rate
        state.floor = factor(min(range, 0.0))
        if not state.running:
            state.gain, state.running = state.floor, True

    def step(state, audio, side, ExternalSideChain):
        level = abs(side) if ExternalSideChain else abs(audio)
        state.waited = 0.0 if level > state.lower else state.waited + 1.0
        state.opened = level > state.upper or (state.opened and state.waited <= state.hold)
        if state.opened:
            state.gain += state.attack * (1.0 - state.gain)
        else:
            state.gain += state.release * (state.floor - state.gain)
        return float32(audio * state.gain)
