"""Transformations of the sinusoids of a sound, each of which begins as a copy of its input."""

from __future__ import annotations

from math import log

import numpy as np
from numpy import float32, float64

from ...data.sinusoids import Peaks
from ...declare import Array, config, in_control, in_port, out_port, processing
from .._limits import limited
from ._peak_envelopes import draw_envelope, envelope_at, envelope_room
from .transformations import BREAKPOINTS, UNUSED

CATEGORY = "SMS Transformations"
SEMITONE = float(float32(2.0 ** (1.0 / 12.0)))


class SinusoidTransformation:
    """The ports of every transformation of sinusoids. `output` begins as a copy of `peaks`."""

    PreserveOuts = config(False, doc=UNUSED)
    BPF = config(BREAKPOINTS, optional=True, doc="without effect: CLAM's transformations of whole files use it")
    peaks = in_port("In SpectralPeaks", Peaks)
    output = out_port("Out SpectralPeaks", Peaks, copies="peaks")
    amount = in_control("Amount", doc=UNUSED)


@processing(category=CATEGORY, source="CLAM SMSTranspose", synonyms=("pitch", "transposition", "semitones", "key"))
class SMSTranspose(SinusoidTransformation):
    """Moves the frequencies of all sinusoids by an interval. Formants move with them."""

    interval = in_control("Transpose amount", 0.0, -36.0, 36.0, unit="semitones")

    def process(output, interval):
        ratio = float32(SEMITONE ** limited(interval, -120.0, 120.0))
        for k in range(int(output.count)):
            output.frequency[k] = float32(output.frequency[k] * ratio)


@processing(category=CATEGORY, source="CLAM SMSFreqShift", synonyms=("frequency shifter", "detune", "inharmonic"))
class SMSFreqShift(SinusoidTransformation):
    """Moves all sinusoids up or down by the same number of hertz, which makes harmonic sounds inharmonic."""

    shift = in_control("Shift Steps", unit="Hz")

    def process(output, shift):
        for k in range(int(output.count)):
            output.frequency[k] = float32(output.frequency[k] + limited(shift, -1e6, 1e6))


@processing(category=CATEGORY, source="CLAM SMSSinusoidalGain", synonyms=("volume", "level", "amplify", "balance"))
class SMSSinusoidalGain(SinusoidTransformation):
    """Makes the sinusoids louder or softer, and leaves the residual."""

    gain = in_control("Gain", 1.0, -100.0, 100.0, unit="dB")

    def process(output, gain):
        for k in range(int(output.count)):
            output.magnitude[k] = float32(output.magnitude[k] + limited(gain, -1e3, 1e3))


@processing(category=CATEGORY, source="CLAM SMSOddEvenHarmonicRatio", synonyms=("clarinet", "timbre", "hollow", "harmonics"))
class SMSOddEvenHarmonicRatio(SinusoidTransformation):
    """Makes the odd harmonics louder and the even ones softer: more of it sounds hollow, like a clarinet."""

    factor = in_control("Odd Factor", unit="dB", doc="how much louder the odd harmonics get than the even ones; none gets louder than 0 dB")

    def process(output, factor):
        half = limited(factor, -1e3, 1e3) / 2.0
        for k in range(0, int(output.count) - 1, 2):
            output.magnitude[k] = float32(min(output.magnitude[k] + half, 0.0))
            output.magnitude[k + 1] = float32(min(output.magnitude[k + 1] - half, 0.0))


@processing(category=CATEGORY, source="CLAM SMSSineFilter", synonyms=("equalizer", "eq", "harmonics", "partials", "drawbars"))
class SMSSineFilter(SinusoidTransformation):
    """Gives each sinusoid a gain of its own: the first one, the second one, and so on."""

    BPF = config(BREAKPOINTS, doc="the gain of each sinusoid, in dB, is the second number of each point")
    index = in_control("Index", doc="the sinusoid whose gain is set; 0 is the first one")
    update = in_control("UpdateBPF", doc="any other number than the last one sets the gain, but 0 does not")
    gain = in_control("Gain", unit="dB")

    class State:
        gains: Array[float32]
        last_update: float

    def initial(peaks, BPF):
        gains_given = BPF["Points"][1::2]
        gains = np.zeros(max(peaks.peaks, len(gains_given), 1), float32)
        gains[: len(gains_given)] = gains_given
        return {"gains": gains}

    def process(state, output, index, update, gain):
        if update != state.last_update:
            state.last_update = update
            if update != 0.0:
                state.gains[int(limited(index, 0.0, len(state.gains) - 1.0))] = float32(limited(gain, -1e3, 1e3))
        for k in range(min(int(output.count), len(state.gains))):
            output.magnitude[k] = float32(output.magnitude[k] + state.gains[k])


class Enveloped:
    """Room for an envelope of the sinusoids."""

    class State:
        places: Array[float64]
        levels: Array[float64]
        bends: Array[float64]
        room: Array[float64]

    def initial(peaks):
        points = envelope_room(peaks.peaks)
        return {name: np.zeros(points) for name in ("places", "levels", "bends", "room")}


@processing(category=CATEGORY, source="CLAM SMSSpectralShapeShift", synonyms=("formants", "timbre", "envelope", "gender"))
class SMSSpectralShapeShift(Enveloped, SinusoidTransformation):
    """Moves the envelope of the sinusoids up or down: formants move, pitch stays."""

    shift = in_control("Shift Steps", unit="Hz", doc="how far the envelope moves up")

    def process(state, peaks, output, shift):
        shift_envelope(peaks, output, limited(shift, -1e6, 1e6), state.places, state.levels, state.bends, state.room)


def shift_envelope(peaks, output, shift, places, levels, bends, room):
    """Give peaks the levels of their envelope, moved up by so many hertz. Fewer than four peaks stay as they are."""
    count = draw_envelope(peaks, places, levels, bends, room)
    if count > 0:
        for k in range(int(output.count)):
            output.magnitude[k] = float32(envelope_at(peaks.frequency[k] - shift, places, levels, bends, count))


@processing(category=CATEGORY, source="CLAM VowelResonator", synonyms=("formants", "vowels", "voice", "singing", "speech"))
class VowelResonator:
    """Gives sinusoids the formants of a vowel: it lowers those that are far from the formants."""

    peaks = in_port("In SpectralPeaks", Peaks)
    output = out_port("Out SpectralPeaks", Peaks, copies="peaks")
    first = in_control("F1", 700.0, unit="Hz", doc="the first formant")
    second = in_control("F2", 1200.0, unit="Hz", doc="the second formant")
    third = in_control("F3", 2500.0, unit="Hz", doc="the third formant")

    def process(output, first, second, third):
        for k in range(int(output.count)):
            frequency = limited(output.frequency[k], 0.0, 1e6)
            output.magnitude[k] = float32(output.magnitude[k] - damping(frequency, first, second, third))


def damping(frequency, first, second, third):
    """How much lower a sinusoid gets, in dB: more, the farther it is from the nearest formant."""
    if frequency <= first:
        far = min(abs(frequency - first), abs(second - frequency)) / max(first, 1.0)
    elif frequency <= second:
        far = min(abs(frequency - first), abs(second - frequency)) / max(second - first, 1.0) * 2.0
    elif frequency <= third:
        far = min(abs(frequency - second), abs(third - frequency)) / max(third - second, 1.0) * 2.0
    else:
        far = min(abs(frequency - second), abs(third - frequency)) / max(third, 1.0)
    return 30.0 * log(far + 1.0)
