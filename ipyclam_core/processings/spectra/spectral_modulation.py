"""Transformations of spectra by oscillators. Their frequencies are exact where spectra follow each other after 512 frames."""

from __future__ import annotations

from math import pi, sin

from numpy import float32

from ...declare import in_control, processing
from .._limits import limited
from ._bins import bin_of
from .spectral_filters import CLAMS_HOP
from .transformations import CATEGORY, Transformation


class _Modulated(Transformation):
    rate = in_control("Freq", unit="Hz")

    class State:
        phase: float


@processing(category=CATEGORY, source="CLAM SpectralAmplitudeModulation", synonyms=("tremolo", "am", "lfo"))
class SpectralAmplitudeModulation(_Modulated):
    """Makes the magnitudes rise and fall."""

    width = in_control("Width", unit="%", doc="how far; 100 reaches silence")

    def process(state, output, rate, width, sample_rate):
        gain = 1.0 + limited(width, -1e4, 1e4) / 100.0 * sin(2.0 * pi * state.phase)
        for k in range(len(output.magnitude)):
            output.magnitude[k] *= max(gain, 0.0)
        state.phase = (state.phase + rate * CLAMS_HOP / sample_rate) % 1.0


@processing(category=CATEGORY, source="CLAM SpectralPhaseModulation", synonyms=("vibrato", "pm", "lfo"))
class SpectralPhaseModulation(_Modulated):
    """Moves the sound to and fro in time, within the window of the transform: a vibrato."""

    width = in_control("Width", unit="%", doc="how far; 100 is half of the transform")

    def process(state, output, rate, width, sample_rate):
        turn = limited(width, -1e4, 1e4) / 100.0 * pi * sin(2.0 * pi * state.phase)
        for k in range(len(output.phase)):
            output.phase[k] = float32(output.phase[k] + turn * k)
        state.phase = (state.phase + rate * CLAMS_HOP / sample_rate) % 1.0


@processing(category=CATEGORY, source="CLAM SpectralRingModulation", synonyms=("ring modulator", "tremolo", "lfo"))
class SpectralRingModulation(_Modulated):
    """Multiplies the spectrum by a sine."""

    width = in_control("Width", unit="%", doc="the part that is multiplied; the rest passes")

    def process(state, output, rate, width, sample_rate):
        part = limited(width, -1e4, 1e4) / 100.0
        factor = 1.0 - part + part * sin(2.0 * pi * state.phase)
        for k in range(len(output.magnitude)):
            output.magnitude[k] *= abs(factor)
            if factor < 0.0:
                output.phase[k] = float32(output.phase[k] + pi)
        state.phase = (state.phase + rate * CLAMS_HOP / sample_rate) % 1.0


@processing(category=CATEGORY, source="CLAM ThreeBandAM", synonyms=("tremolo", "multiband", "lfo"))
class ThreeBandAM(Transformation):
    """Makes the magnitudes of each of three bands rise and fall: below `LowCutoff`, above `HighCutoff`, and between."""

    low = in_control("LowCutoff", 1000.0, unit="Hz")
    high = in_control("HighCutoff", 5000.0, unit="Hz")
    low_rate = in_control("LowPitch", unit="Hz")
    mid_rate = in_control("MidPitch", unit="Hz")
    high_rate = in_control("HighPitch", unit="Hz")
    depth = in_control("ModAmp", doc="how far; 1 reaches silence")

    class State:
        low_phase: float
        mid_phase: float
        high_phase: float

    def process(state, output, low, high, low_rate, mid_rate, high_rate, depth, sample_rate):
        bins = len(output.magnitude)
        first, second = bin_of(low, bins, output.top), bin_of(high, bins, output.top)
        for k in range(bins):
            phase = state.high_phase if k >= second else state.low_phase if k < first else state.mid_phase
            output.magnitude[k] *= max(1.0 + limited(depth, -100.0, 100.0) * sin(2.0 * pi * phase), 0.0)
        step = CLAMS_HOP / sample_rate
        state.low_phase = (state.low_phase + low_rate * step) % 1.0
        state.mid_phase = (state.mid_phase + mid_rate * step) % 1.0
        state.high_phase = (state.high_phase + high_rate * step) % 1.0
