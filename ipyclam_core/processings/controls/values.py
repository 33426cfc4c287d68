"""Controls: sources, sinks and arithmetic, computed when a value is received."""

from __future__ import annotations

import sys

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, out_control, processing
from ...declare.maths import publish

MAPPINGS = {"linear": 4, "NoteToFreq": 2, "ValueToRatio": 1}  # and how many arguments each takes


@processing(category="Controls", source="CLAM OutControlSender", synonyms=("knob", "fader", "constant", "number"))
class OutControlSender:
    """Slider: sends the value `Default`, at the start of playing and whenever it changes."""

    Min = config(0.0)
    Default = config(0.0)
    Max = config(1.0)
    Step = config(1.0, minimum=0.0)
    ControlRepresentation = config(
        "Horizontal Slider",
        choices=("Undetermined", "Vertical Slider", "Horizontal Slider", "Knot", "Spin Box"),
        doc="the widget that shows it in a window",
    )
    Mapping = config("Linear", choices=("Linear", "Inverted", "Log", "Reverse Log"), doc="the scale of that widget")
    out = out_control("out")

    def receive(Default, out):
        out.send(Default)


@processing(category="Controls", source="CLAM ControlSource", synonyms=("knob", "slider", "fader"))
class ControlSource:
    """Control input of the network: sends `DefaultValue` whenever it changes while the network plays."""

    MinValue = config(0.0)
    MaxValue = config(100.0)
    DefaultValue = config(50.0)
    Step = config(0.1, minimum=0.0)
    UnitName = config("-", type="str")
    NrOfControls = config(1, minimum=1, maximum=1024)
    outputs = out_control("output", count="NrOfControls")

    class State:
        running: bool

    def receive(state, DefaultValue, outputs):
        if state.running:
            for k in range(len(outputs)):
                outputs[k].send(DefaultValue)
        state.running = True


@processing(category="Controls", source="CLAM ControlPrinter", synonyms=("monitor", "debug", "log", "number box"))
class ControlPrinter:
    """Displays received values: as the values of its controls, and printed if `GuiOnly` is off."""

    Identifier = config("ControlPrinter", type="str", doc="text printed before the values")
    NumberOfInputs = config(1, minimum=0, maximum=1024)
    GuiOnly = config(True)
    inputs = in_control("In Control", count="NumberOfInputs")

    class State:
        values: Array[float64]
        count: Array[int64]

    def initial(NumberOfInputs):
        return {"values": np.zeros(NumberOfInputs), "count": np.zeros(1, np.int64)}

    def receive(state, inputs):
        for k in range(len(inputs)):
            state.values[k] = inputs[k]
        publish(state.count, 0, state.count[0] + 1)

    def companion(state, Identifier, GuiOnly):
        return Printer(state, Identifier) if not GuiOnly else None


class Printer:
    """Prints the values received by a `ControlPrinter`, in an order of their places."""

    def __init__(self, state, identifier, order=slice(None)):
        self.state, self.identifier, self.order = state, identifier, order
        self.seen = 1  # the first is that of the start, when nothing has arrived

    def service(self):
        if self.state.count[0] > self.seen:
            self.seen = int(self.state.count[0])
            sys.stdout.write(f"{self.identifier}: {' '.join(f'{value:g}' for value in self.state.values[self.order])}\n")

    def close(self):
        self.service()


@processing(category="Controls", source="CLAM ControlScaler", synonyms=("multiply", "scale", "product"))
class ControlScaler:
    """Multiplies a control by `Gain Amount`."""

    Amount = config(1.0)
    control = in_control("Control In")
    gain = in_control("Gain Amount", 1.0, from_config="Amount")
    output = out_control("Control Out")

    class State:
        heard: bool

    def receive(state, control, control_arrived, gain, output):
        if control_arrived > 0:
            state.heard = True
        if state.heard:
            output.send(control * gain)


@processing(category="Controls", source="CLAM ControlSum", synonyms=("add", "plus", "offset"))
class ControlSum:
    """Adds two controls. Sends the sum when either arrives."""

    RightTerm = config(0.0, doc="the second operand until one is received")
    left = in_control("Operator 1")
    right = in_control("Operator 2", from_config="RightTerm")
    output = out_control("Sum")

    class State:
        heard: bool

    def receive(state, left, left_arrived, right, right_arrived, output):
        if left_arrived + right_arrived > 0:
            state.heard = True
        if state.heard:
            output.send(left + right)


@processing(category="Controls", source="CLAM ControlMapper", synonyms=("mtof", "range", "pitch wheel", "keyboard"))
class ControlMapper:
    """Maps a control to another scale, such as MIDI notes to Hz.

    `Mapping` is one of: ``linear``, from the range of the first two Arguments to that of the last two; ``NoteToFreq``, from
    semitones to Hz, where the note of the first argument has the frequency of the second (69 and 440 if none are given);
    ``ValueToRatio``, from a pitch bend of 0 to 16383 to a frequency ratio, where the argument is the range in semitones.
    """

    Name = config("", type="str")
    Mapping = config("", type="str")
    Arguments = config((), type="floats")
    control = in_control("input")
    output = out_control("output")

    class State:
        heard: bool

    class Prepared:
        kind: int64
        offset: float
        slope: float
        factor: float

    def problem(Mapping, Arguments):
        if Mapping not in MAPPINGS:
            return f"there is no mapping {Mapping!r}: set Mapping to one of {', '.join(MAPPINGS)}"
        wanted = MAPPINGS[Mapping]
        if len(Arguments) != wanted and not (Mapping == "NoteToFreq" and not Arguments):
            return f"{Mapping} takes {wanted} Arguments, not {len(Arguments)}"
        if Mapping == "linear" and Arguments[0] == Arguments[1]:
            return "the input range of Linear is empty: the first two Arguments are the same"
        return ""

    def prepare(Mapping, Arguments):
        if Mapping == "linear":
            low, high, to_low, to_high = Arguments
            slope = (to_high - to_low) / (high - low)
            return {"kind": 0, "offset": to_low - low * slope, "slope": slope, "factor": 1.0}
        if Mapping == "NoteToFreq":
            note, frequency = Arguments or (69.0, 440.0)
            return {"kind": 1, "offset": -note / 12.0, "slope": 1.0 / 12.0, "factor": frequency}
        if Mapping == "ValueToRatio":
            return {"kind": 1, "offset": -Arguments[0] / 12.0, "slope": Arguments[0] / 12.0 / 8192.0, "factor": 1.0}
        return {"kind": 0, "offset": 0.0, "slope": 1.0, "factor": 1.0}

    def receive(state, control, control_arrived, output):
        if control_arrived > 0:
            state.heard = True
        if state.heard:
            mapped = state.offset + state.slope * control
            output.send(mapped if state.kind == 0 else state.factor * 2.0**mapped)
