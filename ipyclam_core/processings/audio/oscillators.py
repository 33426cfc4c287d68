"""Oscillators: a phase accumulator and a waveform.

As in CLAM, the phase of CLAM's oscillators accumulates in float32 radians, and drifts as CLAM's does. `Sine` and `Saw` do not.
"""

from __future__ import annotations

from numpy import float32, uint32

from ...declare import config, in_control, in_port, out_port, processing
from ...declare.maths import cycles, sine, sine_of, to_phase

TWO_PI = float32(6.2831855)
HALF_TURN = float32(3.1415927)
LOST = float32(1e9)
RATE = "kept for CLAM's files; the network's sample rate is used"


def not_lost(phase):
    """The phase, or 0 if an absurd pitch or modulation has made it NaN or huge."""
    return phase if abs(phase) < LOST else float32(0.0)


@processing(category="Generators", source="CLAM SimpleOscillator", synonyms=("lfo", "vco", "tone", "test tone"))
class SimpleOscillator:
    """Sine oscillator."""

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    Phase = config(0.0, unit="rad")
    SamplingRate = config(44100.0, minimum=1.0, unit="Hz", doc=RATE)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)
    unused = in_control("SamplesBetweenCalls", 1.0, doc="without effect, as in CLAM")

    class State:
        phase: float32
        turn: float32

    def initial(Phase):
        return {"phase": Phase}

    def block(state, pitch, sample_rate):
        state.phase = not_lost(state.phase)
        state.turn = TWO_PI * float32(pitch) / float32(sample_rate)

    def step(state, amplitude):
        sample = sine_of(state.phase) * float32(amplitude)
        phase = state.phase + state.turn
        phase = phase - TWO_PI if phase > TWO_PI else phase
        state.phase = phase + TWO_PI if phase < -TWO_PI else phase
        return sample


@processing(category="Generators", source="CLAM Oscillator", synonyms=("lfo", "vco", "tone", "fm", "carrier"))
class Oscillator:
    """Sine oscillator with inputs for phase modulation and frequency modulation.

    `Input Frequency Modulation` multiplies the frequency: silence there stops the oscillator. While nothing is connected to it,
    the frequency is that of `Pitch`. `Input Phase Modulation`, times `ModIndex`, is added to the phase in radians.
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
        phase: float32
        turn: float32

    def initial(Phase):
        return {"phase": Phase}

    def block(state, pitch, sample_rate):
        state.phase = not_lost(state.phase)
        state.turn = TWO_PI * float32(pitch) / float32(sample_rate)

    def step(state, phase_modulation, frequency_modulation, index, amplitude):
        sample = sine_of(state.phase + phase_modulation * float32(index)) * float32(amplitude)
        phase = state.phase + state.turn * frequency_modulation
        phase = phase - TWO_PI if phase > TWO_PI else phase
        state.phase = phase + TWO_PI if phase < -TWO_PI else phase
        return sample


@processing(category="Generators", source="CLAM SquareWave", synonyms=("lfo", "vco", "tone", "pulse"))
class SquareWave:
    """Square wave oscillator with CLAM's sharp edges: not band-limited, so it aliases."""

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    Phase = config(0.0, unit="rad")
    SamplingRate = config(44100.0, minimum=1.0, unit="Hz", doc=RATE)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        phase: float32
        turn: float32

    def initial(Phase):
        return {"phase": Phase}

    def block(state, pitch, sample_rate):
        state.phase = not_lost(state.phase)
        state.turn = TWO_PI * float32(pitch) / float32(sample_rate)

    def step(state, amplitude):
        level = float32(amplitude)
        sample = level if state.phase < HALF_TURN else -level
        phase = state.phase + state.turn
        phase = phase - TWO_PI if phase > TWO_PI else phase
        state.phase = phase + TWO_PI if phase < float32(0.0) else phase
        return sample


@processing(
    category="ipyclam",
    source="phase accumulation in whole numbers, and a polynomial of degree 9",
    synonyms=("lfo", "vco", "tone", "test tone"),
)
class Sine:
    """Sine oscillator without drift: the phase wraps exactly, distortion is below -140 dB."""

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        phase: uint32
        turn: uint32

    def block(state, pitch, sample_rate):
        state.turn = to_phase(pitch / sample_rate)

    def step(state, amplitude):
        sample = sine(state.phase) * float32(amplitude)
        state.phase += state.turn
        return sample


@processing(
    category="ipyclam",
    source="V. Valimaki, A. Huovilainen: Antialiasing oscillators in subtractive synthesis (2007)",
    synonyms=("lfo", "vco", "tone"),
)
class Saw:
    """Sawtooth oscillator from -1 to 1, rising slowly and falling at once. The edge is smoothed (PolyBLEP) to reduce aliasing.

    Notes
    -----
    Aliasing is -36 dB at 1 kHz (at 48 kHz). Where that is too much, use TableOscillator: with ``Harmonics`` of 1, 1/2, 1/3 ... it is a saw
    whose aliasing is below -95 dB, in two to four times the time.
    """

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
