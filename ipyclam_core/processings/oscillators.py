"""Oscillators: a phase that turns, and a shape that is read at it."""

from __future__ import annotations

import math

from numpy import float32, uint32

from ..declare import config, in_control, in_port, out_port, processing
from ..dsp.maths import cycles, sine, to_phase

RATE = "kept for CLAM's files; the network's own rate is what counts"


@processing(category="Generators", source="CLAM SimpleOscillator")
class SimpleOscillator:
    """A sine."""

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    Phase = config(0.0, unit="rad")
    SamplingRate = config(44100.0, minimum=1.0, unit="Hz", doc=RATE)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)
    unused = in_control("SamplesBetweenCalls", 1.0, doc="without effect, as in CLAM")

    class State:
        phase: uint32
        turn: uint32

    def initial(Phase):
        return {"phase": to_phase(Phase / (2.0 * math.pi))}

    def block(state, pitch, sample_rate):
        state.turn = to_phase(pitch / sample_rate)

    def step(state, amplitude):
        sample = sine(state.phase) * float32(amplitude)
        state.phase += state.turn
        return sample


@processing(category="Generators", source="CLAM Oscillator")
class Oscillator:
    """A sine whose phase and frequency other signals modulate.

    What comes to `Input Frequency Modulation` multiplies the frequency, so that silence there stops it; while nothing is
    connected the frequency is that of `Pitch`. What comes to `Input Phase Modulation`, times `ModIndex`, is added to the
    phase in radians.
    """

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    ModIndex = config(1.0, unit="rad")
    Phase = config(0.0, unit="rad")
    SamplingRate = config(44100.0, minimum=1.0, unit="Hz", doc=RATE)
    phase_modulation = in_port("Input Phase Modulation")
    frequency_modulation = in_port("Input Frequency Modulation", open=1.0)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)
    unused = in_control("SamplesBetweenCalls", 1.0, doc="without effect, as in CLAM")
    index = in_control("ModIndex", from_config="ModIndex", smooth=True)

    class State:
        phase: uint32
        turn: float

    def initial(Phase):
        return {"phase": to_phase(Phase / (2.0 * math.pi))}

    def block(state, pitch, sample_rate):
        state.turn = pitch / sample_rate

    def step(state, phase_modulation, frequency_modulation, index, amplitude):
        shift = to_phase(phase_modulation * index * (0.5 / math.pi))
        sample = sine(state.phase + shift) * float32(amplitude)
        state.phase += to_phase(state.turn * frequency_modulation)
        return sample


@processing(category="Generators", source="CLAM SquareWave")
class SquareWave:
    """A square, with corners as sharp as CLAM's: not band-limited."""

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    Phase = config(0.0, unit="rad")
    SamplingRate = config(44100.0, minimum=1.0, unit="Hz", doc=RATE)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        phase: uint32
        turn: uint32

    def initial(Phase):
        return {"phase": to_phase(Phase / (2.0 * math.pi))}

    def block(state, pitch, sample_rate):
        state.turn = to_phase(pitch / sample_rate)

    def step(state, amplitude):
        level = float32(amplitude)
        sample = level if cycles(state.phase) >= float32(0.0) else -level
        state.phase += state.turn
        return sample


@processing(category="ipyclam", source="V. Valimaki, A. Huovilainen: Antialiasing oscillators in subtractive synthesis (2007)")
class Saw:
    """A falling edge and a slow rise, from -1 to 1, the edge rounded (PolyBLEP) so that little of it is mirrored at the top."""

    Frequency = config(440.0, unit="Hz")
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")

    class State:
        phase: uint32
        turn: uint32
        sharpness: float32

    def block(state, pitch, sample_rate):
        state.turn = to_phase(pitch / sample_rate)
        part = abs(pitch) / sample_rate
        state.sharpness = 1.0 / part if part > 1e-9 else 1e9

    def step(state):
        place = cycles(state.phase)  # the edge is at 0
        size = abs(place)
        near = float32(1.0) - size * state.sharpness
        near = near if near > float32(0.0) else float32(0.0)
        bend = float32(1.0) - near * near
        state.phase += state.turn
        return place + place - (bend if place >= float32(0.0) else -bend)
