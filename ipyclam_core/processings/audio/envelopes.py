"""Envelope generators."""

from __future__ import annotations

from numpy import float32, int64

from ...declare import config, in_control, out_control, out_port, processing
from .._limits import limited

DONE, ATTACK, DECAY, SUSTAIN, RELEASE = range(5)


@processing(category="Generators", source="CLAM ADSR", synonyms=("trigger", "eg"))
class ADSR:
    """ADSR envelope with linear segments: attack, decay, sustain, release.

    A value above 0 at `Amplitude` starts the envelope and sets its peak. 0 releases it. The decay slope is that from the peak
    to `SustainLevel` times the peak in `DecayTime`, and ends at `SustainLevel` itself. `State` sends 1 when the envelope
    starts, and 0 when it ends.
    """

    AttackTime = config(0.0, minimum=0.0, unit="s")
    DecayTime = config(0.0, minimum=0.0, unit="s")
    SustainLevel = config(0.0)
    ReleaseTime = config(0.0, minimum=0.0, unit="s")
    SampleRate = config(8000.0, minimum=1.0, unit="Hz", doc="kept for CLAM's files; the network's sample rate is used")
    audio = out_port("Audio Output")
    amplitude = in_control("Amplitude")
    sounding = out_control("State")

    class State:
        stage: int64
        told: bool
        height: float
        level: float
        released: float

    def process(
        state, audio, amplitude, amplitude_arrived, AttackTime, DecayTime, SustainLevel, ReleaseTime, sounding, sample_rate, frames
    ):  # fmt: skip
        if amplitude_arrived > 0:
            if amplitude > 0.0:
                state.stage = ATTACK
                state.height = limited(amplitude, 0.0, 1e30)
                state.level = 0.0
            elif amplitude == 0.0 and state.stage != DONE:
                state.stage = RELEASE
                state.released = state.level
        # a time of no length is a jump from one frame to the next
        attack = state.height / max(AttackTime * sample_rate, 1.0)
        decay = (SustainLevel - 1.0) * state.height / max(DecayTime * sample_rate, 1.0)
        lowest = min(SustainLevel, SustainLevel * state.height)
        release = -state.released / max(ReleaseTime * sample_rate, 1.0)
        for i in range(frames):
            audio[i] = float32(state.level)
            if state.stage == ATTACK:
                state.level += attack
                if state.level >= state.height * (1.0 - 1e-12):
                    state.stage = DECAY
            elif state.stage == DECAY:
                state.level += decay
                if state.level <= SustainLevel or decay >= 0.0:
                    # CLAM, too, stays where the last step has led, but not for decays of a frame or two
                    state.level = max(state.level, lowest)
                    state.stage = SUSTAIN
            elif state.stage == RELEASE:
                state.level += release
                if state.level * state.released <= 0.0:
                    state.level = 0.0
                    state.stage = DONE
        if (state.stage != DONE) != state.told:
            state.told = state.stage != DONE
            sounding.send(1.0 if state.told else 0.0)
