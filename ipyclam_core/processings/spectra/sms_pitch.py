"""Transformations of the pitch of a sound that was taken apart into sinusoids and a residual."""

from __future__ import annotations

from math import floor, log

from numpy import float32, float64

from ...data.sinusoids import Fundamental, Peaks
from ...data.spectra import Spectrum
from ...declare import config, in_control, in_port, out_port, processing
from .._limits import limited
from ._peak_envelopes import draw_envelope, follow_envelope
from .sms_sinusoids import CATEGORY, Enveloped, shift_envelope
from .transformations import BREAKPOINTS, UNUSED

AUDIBLE = 0.01  # of IgnoreResidual: above, there is no residual
SLOWEST, SPAN = 100.0, 3.5  # of a voice's pitch, in Hz, and what is above, per hertz of shift
MOST_SHIFT = 200.0  # Hz: of formants
LOW_VOICE, HIGH_VOICE = 100.0, 800.0  # Hz
LOWEST_A = 55.0  # Hz
OCTAVE = log(2.0)
SEMITONE = float(float32(1.0594630))


class Model:
    """The ports of every transformation of a whole sound."""

    peaks = in_port("In SpectralPeaks", Peaks)
    fundamental = in_port("In Fundamental", Fundamental)
    residual = in_port("In Spectrum", Spectrum)
    output = out_port("Out SpectralPeaks", Peaks, copies="peaks")
    new_fundamental = out_port("Out Fundamental", Fundamental, copies="fundamental")
    new_residual = out_port("Out Spectrum", Spectrum, copies="residual")


class _Transformation(Model):
    PreserveOuts = config(False, doc=UNUSED)
    BPF = config(BREAKPOINTS, optional=True, doc="without effect: CLAM's transformations of whole files use it")
    amount = in_control("Amount", doc=UNUSED)


def pitch_of(fundamental):
    """The fundamental frequency, in Hz; 0 if none was found."""
    return limited(fundamental.frequency[0], 0.0, 1e6) if fundamental.count > 0 else 0.0


def shift_pitch(peaks, fundamental, factor, top):
    """Multiply the frequencies of peaks and of a fundamental; peaks that get above `top` are left out."""
    for k in range(int(fundamental.count)):
        fundamental.frequency[k] = float32(fundamental.frequency[k] * factor)
    for k in range(int(peaks.count)):
        frequency = float32(peaks.frequency[k] * factor)
        if frequency >= top:
            peaks.count = k
            break
        peaks.frequency[k] = frequency


@processing(category=CATEGORY, source="CLAM SMSPitchShift", synonyms=("transpose", "formants", "harmonizer", "octave"))
class SMSPitchShift(Enveloped, _Transformation):
    """Multiplies the pitch by a factor. With `Harmonic` the formants stay where they are."""

    harmonic = in_control("Harmonic", doc="above 0.5, the sinusoids get the levels of the envelope at their new frequencies")
    factor = in_control("PitchSteps", 1.0, 1.0, 100.0, doc="2 is an octave up, 1 is no change")
    ignored = in_control("IgnoreResidual", 0.0, 0.0, 1.0, doc="above 0, the residual is silent")

    def process(state, peaks, output, new_fundamental, new_residual, harmonic, factor, ignored, sample_rate):
        if factor != 1.0:
            shift_pitch(output, new_fundamental, limited(factor, 0.0, 1e3), sample_rate / 2.0)
            if harmonic > 0.5:
                count = draw_envelope(peaks, state.places, state.levels, state.bends, state.room)
                follow_envelope(output, state.places, state.levels, state.bends, count)
        if ignored > AUDIBLE:
            for k in range(len(new_residual.magnitude)):
                new_residual.magnitude[k] = 0.0


@processing(category=CATEGORY, source="CLAM SMSGenderChange", synonyms=("voice", "male", "female", "formants", "octave"))
class SMSGenderChange(Enveloped, _Transformation):
    """Makes a male voice female or a female voice male: it moves the pitch by an octave, and the formants too."""

    kind = in_control("Control", 0.0, 0.0, 1.0, doc="0: a male voice becomes female; above 0: a female voice becomes male")

    def process(state, peaks, fundamental, output, new_fundamental, kind, sample_rate):
        pitch = pitch_of(fundamental)
        if pitch > 0.0:
            shift = 0.0 if pitch < LOW_VOICE else MOST_SHIFT if pitch > HIGH_VOICE else (pitch - SLOWEST) / SPAN
            shift_envelope(peaks, output, -shift if kind > 0.0 else shift, state.places, state.levels, state.bends, state.room)
            count = draw_envelope(output, state.places, state.levels, state.bends, state.room)
            shift_pitch(output, new_fundamental, 0.5 if kind > 0.0 else 2.0, sample_rate / 2.0)
            follow_envelope(output, state.places, state.levels, state.bends, count)


@processing(category=CATEGORY, source="CLAM SMSPitchDiscretization", synonyms=("autotune", "tuning", "semitones", "quantize", "voice"))
class SMSPitchDiscretization(Enveloped, _Transformation):
    """Moves the pitch to the nearest semitone of the scale where A is 440 Hz. The formants stay where they are."""

    def process(state, peaks, fundamental, output, new_fundamental, sample_rate):
        pitch = pitch_of(fundamental)
        if pitch > 0.0:
            target = LOWEST_A * SEMITONE ** float64(floor(12.0 * log(pitch / LOWEST_A) / OCTAVE + 0.5))
            count = draw_envelope(peaks, state.places, state.levels, state.bends, state.room)
            shift_pitch(output, new_fundamental, float32(target / pitch), sample_rate / 2.0)
            follow_envelope(output, state.places, state.levels, state.bends, count)
            new_fundamental.frequency[0] = float32(target)
