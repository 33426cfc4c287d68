"""Envelopes."""

from __future__ import annotations

from numpy import float32, int64

from ...declare import config, in_control, out_control, out_port, processing

DONE, ATTACK, DECAY, SUSTAIN, RELEASE = range(5)


@processing(category="Generators", source="CLAM ADSR")
class ADSR:
    """An envelope of straight lines: attack, decay, sustain, release.

    A value other than 0 that comes to `Amplitude` starts it, and is its height; 0 releases it. `State` sends the stage it
    gets to: 0 done, 1 attack, 2 decay, 3 sustain, 4 release.
    """

    AttackTime = config(0.0, minimum=0.0, unit="s")
    DecayTime = config(0.0, minimum=0.0, unit="s")
    SustainLevel = config(0.0, doc="as a part of the height")
    ReleaseTime = config(0.0, minimum=0.0, unit="s")
    SampleRate = config(8000.0, minimum=1.0, unit="Hz", doc="kept for CLAM's files; times are seconds at the network's own rate")
    audio = out_port("Audio Output")
    amplitude = in_control("Amplitude")
    stage = out_control("State")

    class State:
        stage: int64
        told: int64
        level: float
        released: float

    def process(state, audio, amplitude, amplitude_arrived, AttackTime, DecayTime, SustainLevel, ReleaseTime, stage, sample_rate, frames):
        if amplitude_arrived > 0:
            if amplitude != 0.0:
                state.stage = ATTACK
                state.level = 0.0
            elif state.stage != DONE:
                state.stage = RELEASE
                state.released = state.level
        height = amplitude if amplitude != 0.0 else 1.0
        held = SustainLevel * height
        # a time of no length is a jump from one frame to the next
        attack = height / max(AttackTime * sample_rate, 1.0)
        decay = (held - height) / max(DecayTime * sample_rate, 1.0)
        release = -state.released / max(ReleaseTime * sample_rate, 1.0)
        for i in range(frames):
            audio[i] = float32(state.level)
            if state.stage == ATTACK:
                state.level += attack
                if abs(state.level) >= abs(height) * (1.0 - 1e-12):
                    state.level = height
                    state.stage = DECAY
            elif state.stage == DECAY:
                state.level += decay
                if (state.level - held) * (height - held) <= 0.0:
                    state.level = held
                    state.stage = SUSTAIN
            elif state.stage == RELEASE:
                state.level += release
                if state.level * state.released <= 0.0:
                    state.level = 0.0
                    state.stage = DONE
        if state.stage != state.told:
            state.told = state.stage
            stage.send(float(state.stage))
