"""The fundamental frequency of a sound as a control, and as MIDI notes."""

from __future__ import annotations

import math

from numpy import int64

from ...data.sinusoids import Fundamental
from ...declare import in_port, out_control, processing
from ._messages import HIGHEST, NOTE_OFF, NOTE_ON, TYPE, packed

VELOCITY = 100


def frequency_of(fundamental):
    """The best candidate in Hz, 0 for none."""
    return float(fundamental.frequency[0]) if fundamental.count > 0 else 0.0


@processing(category="Controls", source="CLAM Fundamental2Control", synonyms=("pitch", "f0", "pitch tracker"))
class Fundamental2Control:
    """Sends the fundamental frequency in Hz, 0 where a sound has none."""

    fundamental = in_port("In Fundamental", Fundamental)
    output = out_control("Control Out", unit="Hz")

    def process(fundamental, output):
        output.send(frequency_of(fundamental))


@processing(category="MIDI", source="CLAM Fund2MIDI", synonyms=("pitch", "f0", "pitch to midi", "transcription", "note"))
class Fund2MIDI:
    """Converts the fundamental frequency to MIDI notes: a new note is sent when the nearest semitone changes.

    The former note ends one block before the next one begins. A sound without a fundamental ends it, too.
    """

    fundamental = in_port("In Fundamental", Fundamental)
    frequency = out_control("Frequency", unit="Hz")
    message = out_control("MIDI Message Out", type=TYPE)

    class State:
        note: int64 = int64(-1)

    def process(state, fundamental, frequency, message):
        found = frequency_of(fundamental)
        frequency.send(found)
        wanted = note_of(found)
        if wanted == state.note:
            return
        if state.note >= 0:
            message.send(packed(NOTE_OFF, state.note, 0))
            state.note = -1
        else:
            message.send(packed(NOTE_ON, wanted, VELOCITY))
            state.note = wanted


def note_of(frequency):
    """The nearest note, or -1 where there is none."""
    if frequency < 8.0 or frequency > 13000.0:
        return int64(-1)
    note = int64(math.floor(69.5 + 12.0 * math.log2(frequency / 440.0)))
    return note if 0 <= note <= HIGHEST else int64(-1)
