"""Notes of a keyboard as controls."""

from __future__ import annotations

import numpy as np
from numpy import int64

from ...declare import Array, config, in_control, out_control, processing
from ._messages import BEND, CONTROLLER, HIGHEST, NOTE_OFF, NOTE_ON, TYPE, frequency_of, parts


def send_parts(message, note, velocity, bend, modulation):
    """Send the numbers of a message of a keyboard."""
    kind, _, first, second = parts(message)
    if kind in (NOTE_ON, NOTE_OFF):
        note.send(float(first))
        velocity.send(float(second) if kind == NOTE_ON else 0.0)
    elif kind == BEND:
        bend.send(float(128 * second + first))
    elif kind == CONTROLLER and first == 1:
        modulation.send(float(second))


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


@processing(category="ipyclam", synonyms=("keyboard", "note", "velocity", "pitch wheel", "modulation wheel", "midi"))
class MIDINotes:
    """Splits MIDI messages into the numbers of a keyboard: note, velocity, pitch bend and modulation.

    When a key is released, its note is sent with the velocity 0. The bend is 0 to 16383, where 8192 is the middle.
    """

    Channel = config(0, minimum=0, maximum=16, doc="1 to 16; 0 for all")
    message = in_control("MIDI Message In", type=TYPE)
    note = out_control("Note")
    velocity = out_control("Velocity", doc="0 to 127")
    bend = out_control("Pitch Bend", doc="0 to 16383")
    modulation = out_control("Modulation", doc="0 to 127")

    def receive(message, message_arrived, Channel, note, velocity, bend, modulation):
        if message_arrived > 0 and (Channel == 0 or Channel == parts(message)[1] + 1):
            send_parts(message, note, velocity, bend, modulation)


@processing(category="MIDI", source="CLAM MIDIDispatcher", synonyms=("voices", "polyphony", "voice allocation", "keyboard"))
class MIDIDispatcher:
    """Distributes the notes of a keyboard to several voices, for polyphony.

    A note with a velocity above 0 takes a voice: one that is free, or else the one that has sounded longest. The values of all
    `InControl` are then sent to this voice, and those that arrive later as well. The velocity 0 releases the voice of the note.
    So connect the note also to `InControl 0` and the velocity to `InControl 1`, directly or through a `ControlMapper`:
    `a00` and `a01` are then those of the first voice, `a10` and `a11` those of the second.
    """

    NumberOfInControls = config(2, minimum=1, maximum=10)
    NumberOfVoices = config(2, minimum=1, maximum=100)
    ended = in_control("StateIn", doc="number of a voice that has ended, counted from 0; it is free then")
    note = in_control("Note")
    velocity = in_control("Velocity", doc="0 releases the note")
    inputs = in_control("InControl {}", count="NumberOfInControls", first=0)
    outputs = out_control("{}", count="names")

    class State:
        keys: Array[int64]
        turns: Array[int64]
        turn: int64
        voice: int64 = int64(-1)

    def ports(NumberOfInControls, NumberOfVoices):
        return {"names": tuple(f"a{v}{k}" for v in range(NumberOfVoices) for k in range(NumberOfInControls))}

    def initial(NumberOfVoices):
        return {"keys": np.full(NumberOfVoices, -1, np.int64), "turns": np.zeros(NumberOfVoices, np.int64)}

    def receive(state, ended, ended_arrived, note, note_arrived, velocity, velocity_arrived, inputs, outputs):
        voices = len(state.keys)
        if ended_arrived > 0 and 0.0 <= ended < voices:
            state.keys[int64(ended)] = -1
        if note_arrived + velocity_arrived > 0:
            key = int64(note) if 0.0 <= note < 1e9 else int64(0)
            state.turn += 1
            state.voice = chosen(state.keys, state.turns, key) if velocity > 0.0 else index_of(state.keys, key)
            if state.voice >= 0:
                state.keys[state.voice] = key if velocity > 0.0 else int64(-1)
                state.turns[state.voice] = state.turn
        if state.voice >= 0 and len(outputs) >= (state.voice + 1) * len(inputs):
            for k in range(len(inputs)):
                outputs[state.voice * len(inputs) + k].send(inputs[k])


def index_of(keys, key):
    """The voice that sounds a key, or -1."""
    for v in range(len(keys)):
        if keys[v] == key:
            return v
    return -1


def chosen(keys, turns, key):
    """The voice for a key: the one that sounds it, the one that is free for longest, or the one that has sounded for longest."""
    best = index_of(keys, key)
    if best >= 0:
        return best
    best = 0
    for v in range(1, len(keys)):
        free, best_free = keys[v] < 0, keys[best] < 0
        if (free and not best_free) or (free == best_free and turns[v] < turns[best]):
            best = v
    return best
