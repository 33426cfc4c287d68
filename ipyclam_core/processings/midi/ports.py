"""MIDI ports as sources and sinks of messages."""

from __future__ import annotations

import numpy as np
from numpy import int64

from ...declare import Array, config, in_control, out_control, processing
from ...midi.ports import problem_of
from ._messages import TYPE, parts
from ._ports import INPUT, OUTPUT, Hearing, Sending, latest, memory, put, taken, waiting
from .notes import send_parts

DEVICE = "name of a MIDI input, or a part of it; a virtual port, which you connect, where it is empty or a name of CLAM's"
KINDS = ("note off", "note on", "pressure of a key", "controller", "program", "pressure of a channel", "pitch bend")
RATES = (24.0, 25.0, 30000.0 / 1001.0, 30.0)  # frames a second of MIDI time code


class _Ring:
    """The memory of a processing that hears or sends."""

    class State:
        ring: Array[int64]
        counters: Array[int64]

    def problem():
        return problem_of()

    def initial():
        return memory()


@processing(category="MIDI", source="CLAM MIDISource", synonyms=("keyboard", "controller", "midi in", "alsa", "rtmidi"))
class MIDISource(_Ring):
    """MIDI input: sends the messages of a keyboard, a controller or another program, one in each block."""

    Port = config(None, type="midi input", optional=True, doc=INPUT)
    message = out_control("MIDI Message Out", type=TYPE)

    def companion(state, Port):
        return Hearing(state, Port or "", "MIDISource")

    def process(state, message):
        came = latest(state)
        if came >= 0:
            message.send(float(came))


@processing(category="MIDI", source="CLAM MIDISink", synonyms=("synthesizer", "midi out", "alsa", "rtmidi"))
class MIDISink(_Ring):
    """MIDI output: sends messages to a synthesizer or another program. Notes that still sound end when playing stops.

    It takes one message in a block: use a `MIDISink` for each source that sends at the same time.
    """

    Port = config(None, type="midi output", optional=True, doc=OUTPUT)
    message = in_control("MIDI Message In", type=TYPE)

    def companion(state, Port):
        return Sending(state, Port or "", "MIDISink")

    def receive(state, message, message_arrived):
        if message_arrived > 0 and 0.0 <= message <= 0xFFFFFF:
            put(state, int64(message))


@processing(category="MIDI", source="CLAM MIDIMon", synonyms=("monitor", "debug", "midi in"))
class MIDIMon(_Ring):
    """MIDI monitor: sends the three bytes of each message of a MIDI input as numbers."""

    Port = config(None, type="midi input", optional=True, doc=INPUT)
    status = out_control("MIDI Message", doc="the status byte: 144 is a note on of channel 1")
    first = out_control("MIDI Data 1")
    second = out_control("MIDI Data 2")

    def companion(state, Port):
        return Hearing(state, Port or "", "MIDIMon")

    def process(state, status, first, second):
        came = latest(state)
        if came >= 0:
            status.send(float(came >> 16))
            first.send(float((came >> 8) & 0x7F))
            second.send(float(came & 0x7F))


def port_of(device):
    """The MIDI port that a name of CLAM's means: its ALSA devices and its default are a virtual port."""
    return "" if device in ("default", "default:default") or device.startswith("alsa:hw:") else device


@processing(category="MIDI", source="CLAM MIDIKeyboard", synonyms=("keyboard", "piano", "pitch wheel", "modulation wheel", "midi in"))
class MIDIKeyboard(_Ring):
    """MIDI keyboard: sends the note, velocity, pitch bend and modulation of a MIDI input as numbers.

    When a key is released, its note is sent with the velocity 0. The bend is 0 to 16383, where 8192 is the middle.
    """

    MidiDevice = config("alsa:hw:1,0", type="midi input", doc=DEVICE)
    note_in = in_control("NoteIn", doc="a note that is sent on, as if it were played")
    note = out_control("NoteOut")
    velocity = out_control("VelocityOut", doc="0 to 127")
    bend = out_control("PitchBendOut", doc="0 to 16383")
    modulation = out_control("ModulationOut", doc="0 to 127")

    def companion(state, MidiDevice):
        return Hearing(state, port_of(MidiDevice), "MIDIKeyboard")

    def process(state, note_in, note_in_arrived, note, velocity, bend, modulation):
        if note_in_arrived > 0:
            note.send(note_in)
        came = latest(state)
        if came >= 0:
            send_parts(float(came), note, velocity, bend, modulation)


@processing(category="MIDI", source="CLAM MIDIInControl", synonyms=("controller", "midi in", "fader", "knob"))
class MIDIInControl(_Ring):
    """Sends the numbers of one kind of message of a MIDI input, each as a control.

    `Channel` and `FirstData` select messages of one channel and of one key or controller. Otherwise their numbers are sent, too.
    """

    Device = config("default:default", type="midi input", doc=DEVICE)
    Message = config(0, minimum=0, maximum=6, doc="; ".join(f"{k} {name}" for k, name in enumerate(KINDS)))
    Channel = config(0, minimum=0, maximum=16, doc="1 to 16; 0 for all")
    FirstData = config(128, minimum=0, maximum=128, doc="number of the key or controller, 0 to 127; 128 for all")
    outputs = out_control("{}", count="numbers")

    def ports(Message, Channel, FirstData):
        return {"numbers": numbers_of(Message, Channel, FirstData)}

    def companion(state, Device):
        return Hearing(state, port_of(Device), "MIDIInControl")

    def process(state, outputs, Message, Channel, FirstData):
        came = latest(state)
        kind, channel, first, second = parts(float(came))
        if came < 0 or kind != 0x80 + 16 * Message or (Channel != 0 and Channel != channel + 1) or (FirstData < 128 and FirstData != first):
            return
        k = 0
        if Channel == 0:
            outputs[k].send(float(channel + 1))
            k += 1
        if FirstData == 128:
            outputs[k].send(float(first))
            k += 1
        if k < len(outputs):
            outputs[k].send(float(second))


def numbers_of(kind, channel, first):
    """The names of what varies among the messages."""
    names = ["Channel"] if channel == 0 else []
    if first == 128:
        names.append("Data 1")
    if kind not in (4, 5):
        names.append("Data 2")
    return tuple(names)


@processing(category="MIDI", source="CLAM MTCReceiver", synonyms=("time code", "smpte", "sync", "mtc", "midi in"))
class MTCReceiver(_Ring):
    """Receives MIDI time code: sends the time of the sender in ms, every two frames of its film.

    A MIDI input that sends quarter frames is needed, such as that of a tape machine or of a sequencer that plays.
    """

    Port = config(None, type="midi input", optional=True, doc=INPUT)
    time = out_control("MIDI Message Out", unit="ms")

    class State:
        ring: Array[int64]
        counters: Array[int64]
        pieces: Array[int64]
        expected: int64

    def initial():
        return {**memory(), "pieces": np.zeros(8, np.int64)}

    def companion(state, Port):
        return Hearing(state, Port or "", "MTCReceiver", timing=True)

    def process(state, time):
        while waiting(state) > 0:
            message = taken(state)
            if message >> 16 != 0xF1:
                continue
            piece, value = (message >> 12) & 7, (message >> 8) & 15
            state.expected = state.expected + 1 if piece == state.expected else int64(piece == 0)
            state.pieces[piece] = value
            if state.expected == 8:
                state.expected = 0
                time.send(milliseconds(state.pieces))


def milliseconds(pieces):
    """The time that eight quarter frames tell; it was right when the first of them came, two frames ago."""
    rate = RATES[(pieces[7] >> 1) & 3]
    frames = 16 * (pieces[1] & 1) + pieces[0] + 2
    seconds = 16 * (pieces[3] & 3) + pieces[2]
    minutes = 16 * (pieces[5] & 3) + pieces[4]
    hours = 16 * (pieces[7] & 1) + pieces[6]
    return 1000.0 * (3600 * hours + 60 * minutes + seconds + frames / rate)
