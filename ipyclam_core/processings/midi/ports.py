"""MIDI ports as sources and sinks of messages."""

from __future__ import annotations

from numpy import int64

from ...declare import Array, config, in_control, out_control, processing
from ...midi.ports import problem_of
from ._messages import TYPE
from ._ports import INPUT, OUTPUT, Hearing, Sending, latest, memory, put


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

    Port = config("", type="str", doc=INPUT)
    message = out_control("MIDI Message Out", type=TYPE)

    def companion(state, Port):
        return Hearing(state, Port, "MIDISource")

    def process(state, message):
        came = latest(state)
        if came >= 0:
            message.send(float(came))


@processing(category="MIDI", source="CLAM MIDISink", synonyms=("synthesizer", "midi out", "alsa", "rtmidi"))
class MIDISink(_Ring):
    """MIDI output: sends messages to a synthesizer or another program. Notes that still sound end when playing stops.

    It takes one message in a block: use a `MIDISink` for each source that sends at the same time.
    """

    Port = config("", type="str", doc=OUTPUT)
    message = in_control("MIDI Message In", type=TYPE)

    def companion(state, Port):
        return Sending(state, Port, "MIDISink")

    def receive(state, message, message_arrived):
        if message_arrived > 0 and 0.0 <= message <= 0xFFFFFF:
            put(state, int64(message))


@processing(category="MIDI", source="CLAM MIDIMon", synonyms=("monitor", "debug", "midi in"))
class MIDIMon(_Ring):
    """MIDI monitor: sends the three bytes of each message of a MIDI input as numbers."""

    Port = config("", type="str", doc=INPUT)
    status = out_control("MIDI Message", doc="the status byte: 144 is a note on of channel 1")
    first = out_control("MIDI Data 1")
    second = out_control("MIDI Data 2")

    def companion(state, Port):
        return Hearing(state, Port, "MIDIMon")

    def process(state, status, first, second):
        came = latest(state)
        if came >= 0:
            status.send(float(came >> 16))
            first.send(float((came >> 8) & 0x7F))
            second.send(float(came & 0x7F))
