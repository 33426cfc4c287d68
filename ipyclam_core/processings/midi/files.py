"""MIDI files as sources of messages."""

from __future__ import annotations

import numpy as np
from numpy import int64

from ...declare import Array, config, out_control, processing
from ...midi.files import problem_of, read
from ._messages import TYPE, replaces


@processing(category="ipyclam", source="Standard MIDI Files", synonyms=("smf", "sequencer", "score", "song", "player", "mid"))
class MIDIFileReader:
    """Plays a MIDI file: sends its messages, one in each block.

    Messages that are due in the same block follow in the next ones: at 48 kHz and 512 frames that is 11 ms for each. `Channel`
    selects the notes of one instrument.
    """

    SourceFile = config("", type="file", doc="a MIDI file, .mid")
    Channel = config(0, minimum=0, maximum=16, doc="1 to 16; 0 for all")
    Loop = config(False)
    message = out_control("MIDI Message Out", type=TYPE)

    class State:
        place: int64
        next: int64

    class Prepared:
        times: Array[int64]
        messages: Array[int64]

    def problem(SourceFile):
        return problem_of(SourceFile)

    def prepare(SourceFile, Channel, sample_rate):
        events = () if problem_of(SourceFile) else read(SourceFile)
        events = [(time, message) for time, message in events if belongs(message, Channel)]
        times = [round(time * sample_rate) for time, _ in events]
        return {"times": np.array(times, np.int64), "messages": np.array([message for _, message in events], np.int64)}

    def process(state, message, Loop, frames):
        count = min(len(state.times), len(state.messages))
        if Loop and count > 0 and state.next >= count and state.place > state.times[count - 1]:
            state.place, state.next = 0, 0
        state.place += frames
        k = state.next
        if k < count and state.times[k] < state.place:
            while k + 1 < count and state.times[k + 1] < state.place and replaces(state.messages[k + 1], state.messages[k]):
                k += 1
            message.send(float(state.messages[k]))
            state.next = k + 1


def belongs(message, channel):
    """Whether a message is for a channel, 1 to 16; 0 is all of them."""
    status = message >> 16
    return status < 0xF0 and channel in (0, (status & 0x0F) + 1)
