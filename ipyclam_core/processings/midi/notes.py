"""Notes of a keyboard as controls."""

from __future__ import annotations

from numpy import int64

from ...declare import config, in_control, out_control, processing
from ._messages import HIGHEST, NOTE_OFF, NOTE_ON, TYPE, frequency_of, parts


@processing(category="MIDI", source="CLAM MIDINote2Freq", synonyms=("mtof", "keyboard", "monophonic", "note", "velocity"))
class MIDINote2Freq:
    """Converts MIDI notes to a frequency in Hz and an amplitude, for one voice: the last key pressed sounds.

    The amplitude is 0 when that key is released. All channels are heard.
    """

    ScaleAmplitude = config(1, doc="0: the amplitude is the velocity, 0 to 127; otherwise 0 to 1")
    message = in_control("MIDI Message Input", type=TYPE)
    frequency = out_control("Frequency Output", unit="Hz")
    amplitude = out_control("Amplitude Output")

    class State:
        key: int64
        held: bool

    def receive(state, message, message_arrived, ScaleAmplitude, frequency, amplitude):
        kind, channel, note, velocity = parts(message)
        if message_arrived > 0 and kind == NOTE_ON and velocity > 0:
            state.key, state.held = 16 * note + channel, True
            frequency.send(frequency_of(float(note)))
            amplitude.send(velocity / HIGHEST if ScaleAmplitude != 0 else float(velocity))
        elif message_arrived > 0 and kind in (NOTE_OFF, NOTE_ON) and state.held and state.key == 16 * note + channel:
            state.held = False
            amplitude.send(0.0)
