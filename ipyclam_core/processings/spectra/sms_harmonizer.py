"""Voices at intervals from a sound that was taken apart into sinusoids and a residual."""

from __future__ import annotations

from numpy import float32, float64

from ...data.sinusoids import Peaks
from ...declare import config, in_control, out_port, processing
from .._limits import limited
from ._peak_envelopes import draw_envelope, envelope_at
from .sms_pitch import Model, pitch_of
from .sms_sinusoids import CATEGORY, Enveloped
from .transformations import UNUSED

MOST_VOICES = 32
OF_A_VOICE = 500  # sinusoids
SILENT = 0.01  # dB: a voice with less gain is off
EXACT = 1 << 24  # whole numbers below are exact in float32


@processing(category=CATEGORY, source="CLAM SMSHarmonizer", synonyms=("choir", "chords", "transpose", "pitch", "formants", "intervals"))
class SMSHarmonizer(Enveloped, Model):
    """Adds voices at intervals from the sound. The formants stay where they are, if the sound has a pitch.

    A voice is off until its `Gain` is above 0. Its residual is that of the sound, which is not transposed.
    """

    NumberOfVoices = config(0, minimum=0, maximum=MOST_VOICES, doc="beside that of the sound itself")
    IgnoreResidual = config(True, doc="add no residuals of the voices to that of the sound")
    output = out_port("Out SpectralPeaks", Peaks, peaks="room")
    amount = in_control("Amount", doc=UNUSED)
    gain = in_control("Input Voice Gain", unit="dB", doc="of the sound itself")
    gains = in_control("Gain_{}", count="NumberOfVoices", first=0, unit="dB", doc="0 and below: the voice is off")
    pitches = in_control("Pitch_{}", count="NumberOfVoices", first=0, unit="semitones", doc="the interval of a voice")

    def ports(NumberOfVoices):
        return {"room": OF_A_VOICE * (NumberOfVoices + 1)}

    def process(state, peaks, fundamental, output, new_residual, IgnoreResidual, gain, gains, pitches, sample_rate):
        voices, sounding = len(gains), 1
        output.count = 0
        add_voice(output, peaks, 1.0, limited(gain, -1e3, 1e3), 0, voices, 1e9, state.places, state.levels, state.bends, 0)
        points = draw_envelope(peaks, state.places, state.levels, state.bends, state.room) if pitch_of(fundamental) > 0.5 else 0
        for k in range(voices):
            if gains[k] >= SILENT:
                ratio, louder = 2.0 ** (limited(pitches[k], -120.0, 120.0) / 12.0), limited(gains[k], -1e3, 1e3)
                shaped = points if ratio != 1.0 else 0
                add_voice(output, peaks, ratio, louder, k + 1, voices, sample_rate / 2.0, state.places, state.levels, state.bends, shaped)
                sounding += 1
        if not IgnoreResidual:
            for k in range(len(new_residual.magnitude)):
                new_residual.magnitude[k] *= float32(sounding)


def add_voice(output, peaks, ratio, gain, voice, voices, top, places, levels, bends, points):
    """Merge a voice into the output, by frequency; what gets above `top` is left out, and so is what there is no room for.

    Each sinusoid of each voice has a track of its own.
    """
    count, found = 0, int(output.count)
    while count < peaks.count and count < len(output.frequency) - found and peaks.frequency[count] * ratio < top:
        count += 1
    output.count = found + count
    there, here = found - 1, count - 1
    for place in range(found + count - 1, -1, -1):
        if here < 0:
            break
        frequency = float32(peaks.frequency[here] * ratio)
        if there >= 0 and output.frequency[there] > frequency:
            output.frequency[place], output.magnitude[place] = output.frequency[there], output.magnitude[there]
            output.phase[place], output.position[place] = output.phase[there], output.position[there]
            output.track[place] = output.track[there]
            there -= 1
            continue
        level = envelope_at(frequency, places, levels, bends, points) if points > 0 else float64(peaks.magnitude[here])
        output.frequency[place], output.magnitude[place] = frequency, float32(level + gain)
        output.phase[place], output.position[place] = peaks.phase[here], float32(peaks.position[here] * ratio)
        output.track[place] = float32(track_of(peaks.track[here], voice, voices))
        here -= 1


def track_of(track, voice, voices):
    """The number of a track of a voice, which no other voice has; -1 is none."""
    if track < 0.0:
        return -1
    return int(limited(track, 0.0, 1e9)) % (EXACT // (voices + 1)) * (voices + 1) + voice
