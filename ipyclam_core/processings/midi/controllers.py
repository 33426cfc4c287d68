"""Controllers of a MIDI keyboard or fader box, such as its knobs, pedals and wheels."""

from __future__ import annotations

import math

from numpy import int64

from ...declare import config, in_control, out_control, processing
from .._limits import limited
from ._messages import CONTROLLER, HIGHEST, TYPE, packed, parts

FINEST = 16383  # of two data bytes


@processing(category="MIDI", source="CLAM MIDIController", synonyms=("knob", "fader", "pedal", "wheel", "cc", "control change"))
class MIDIController:
    """Converts the positions of one MIDI controller to values from `ExpectedMinValue` to `ExpectedMaxValue`.

    All channels are heard.
    """

    ControlNumber = config(74, minimum=0, maximum=HIGHEST, doc="1 is the modulation wheel, 7 the volume, 64 the sustain pedal")
    Enable14BitMessage = config(False, doc="two controllers together: ControlNumberMSB is the coarse position, ControlNumber the fine one")
    ControlNumberMSB = config(42, minimum=0, maximum=HIGHEST)
    ExpectedMinValue = config(0.0)
    ExpectedMaxValue = config(127.0)
    message = in_control("MIDI Message Input", type=TYPE)
    output = out_control("Control Output")

    class State:
        coarse: int64

    def receive(
        state, message, message_arrived, ControlNumber, Enable14BitMessage, ControlNumberMSB, ExpectedMinValue, ExpectedMaxValue, output
    ):
        kind, _, number, position = parts(message)
        if message_arrived == 0 or kind != CONTROLLER:
            return
        part = -1.0
        if not Enable14BitMessage and number == ControlNumber:
            part = position / HIGHEST
        elif Enable14BitMessage and number == ControlNumberMSB:
            state.coarse = position
            part = 128 * position / FINEST
        elif Enable14BitMessage and number == ControlNumber:
            part = (128 * state.coarse + position) / FINEST
        if part >= 0.0:
            output.send(ExpectedMinValue + part * (ExpectedMaxValue - ExpectedMinValue))


@processing(category="MIDI", source="CLAM Control2MIDIController", synonyms=("cc", "control change", "knob", "fader", "automation"))
class Control2MIDIController:
    """Converts a control to messages of a MIDI controller: `ExpectedMinValue` is its position 0, `ExpectedMaxValue` 127.

    A message is sent when the position changes.
    """

    ChannelNumber = config(0, minimum=0, maximum=15, doc="counted from 0")
    ControllerNumber = config(0, minimum=0, maximum=HIGHEST, doc="1 is the modulation wheel, 7 the volume, 64 the sustain pedal")
    ExpectedMinValue = config(0.0)
    ExpectedMaxValue = config(127.0)
    value = in_control("Controller Value")
    message = out_control("MIDI Message Out", type=TYPE)

    class State:
        position: int64 = int64(-1)

    def problem(ExpectedMinValue, ExpectedMaxValue):
        return "ExpectedMinValue and ExpectedMaxValue are the same" if ExpectedMinValue == ExpectedMaxValue else ""

    def receive(state, value, value_arrived, ChannelNumber, ControllerNumber, ExpectedMinValue, ExpectedMaxValue, message):
        width = ExpectedMaxValue - ExpectedMinValue
        if value_arrived == 0 or width == 0.0:
            return
        position = int64(math.floor(limited((value - ExpectedMinValue) / width, 0.0, 1.0) * HIGHEST + 0.5))
        if position != state.position:
            state.position = position
            message.send(packed(CONTROLLER + ChannelNumber, ControllerNumber, position))
