"""Controls: comparison, selection, conversion and ramps."""

from __future__ import annotations

import math

from numpy import float64

from ...declare import config, in_control, out_control, processing
from .._limits import limited


@processing(category="Controls", source="CLAM ControlSurface", synonyms=("joystick", "pad", "touchpad", "slider"))
class ControlSurface:
    """XY pad: sends two values, `DefaultX` and `DefaultY`, at the start of playing and whenever they change."""

    MinX = config(0.0)
    DefaultX = config(0.0)
    MaxX = config(1.0)
    MinY = config(0.0)
    DefaultY = config(0.0)
    MaxY = config(1.0)
    x = out_control("outX")
    y = out_control("outY")

    def receive(DefaultX, DefaultY, x, y):
        x.send(DefaultX)
        y.send(DefaultY)


@processing(category="Controls", source="CLAM FlagControl", synonyms=("toggle", "button", "checkbox", "mute"))
class FlagControl:
    """On/off switch: sends 1 or 0, at the start of playing and whenever it changes."""

    Name = config("FlagControl", type="str")
    Flag = config(False)
    out = out_control("Flag")

    def receive(Flag, out):
        out.send(1.0 if Flag else 0.0)


@processing(category="Controls", source="CLAM BoolControlSender", synonyms=("button", "toggle"))
class BoolControlSender:
    """Sends false at the start of playing."""

    NOutputs = config(1, minimum=1, maximum=1024)
    outputs = out_control("{}", type="bool", count="NOutputs")

    def receive(outputs):
        for k in range(len(outputs)):
            outputs[k].send(0.0)


@processing(category="Controls", source="CLAM BoolControlPrinter", synonyms=("led", "monitor", "debug"))
class BoolControlPrinter:
    """Displays received booleans as the values of its controls."""

    NInputs = config(1, minimum=0, maximum=1024)
    inputs = in_control("{}", type="bool", count="NInputs")

    def receive(inputs):
        pass


@processing(category="Controls", source="CLAM ControlSink", synonyms=("monitor",))
class ControlSink:
    """Control output of the network: its controls hold the values received."""

    MinValue = config(0.0)
    MaxValue = config(100.0)
    Step = config(1.0, minimum=0.0)
    NrOfControls = config(1, minimum=1, maximum=1024)
    inputs = in_control("input", count="NrOfControls")

    def receive(inputs):
        pass


@processing(category="Controls", source="CLAM ControlIntervalMapper", synonyms=("scale", "range"))
class ControlIntervalMapper:
    """Maps a control linearly from one range to another."""

    InputMin = config(0.0)
    InputMax = config(1.0)
    OutputMin = config(0.0)
    OutputMax = config(1.0)
    control = in_control("input_control", 0.0, 0.0, 1.0)
    mapped = out_control("mapped_control")

    class State:
        heard: bool

    def problem(InputMin, InputMax):
        return "the input range is empty: InputMin and InputMax are the same" if InputMin == InputMax else ""

    def receive(state, control, control_arrived, InputMin, InputMax, OutputMin, OutputMax, mapped):
        if control_arrived > 0:
            state.heard = True
        if state.heard:
            mapped.send(OutputMin + (control - InputMin) * (OutputMax - OutputMin) / (InputMax - InputMin))


@processing(category="Controls", source="CLAM ControlSelector", synonyms=("switch", "multiplexer", "router"))
class ControlSelector:
    """Selects one of several values by index, counted from 0. Sends when the index or the value changes.

    An index out of range selects nothing. As in CLAM, index 0 is `In Control Value1`.
    """

    NumberOfInputs = config(2, minimum=1, maximum=1024)
    DefaultIndex = config(1, minimum=0)
    index = in_control("In Control Index to send", 1.0, from_config="DefaultIndex")
    values = in_control("In Control Value{}", count="NumberOfInputs")
    output = out_control("Output value")

    class State:
        sent: float64
        running: bool

    def receive(state, index, index_arrived, values, output):
        if 0.0 <= index < len(values):
            value = values[int(index)]
            if state.running and (index_arrived > 0 or value != state.sent):
                output.send(value)
            state.sent = value
        state.running = True


@processing(category="Controls", source="CLAM Float2IntegerControl", synonyms=("quantize", "round", "floor"))
class Float2IntegerControl:
    """Converts a control to an integer by truncation (the fraction is dropped)."""

    control = in_control("Input")
    output = out_control("Output", type="int")

    class State:
        heard: bool

    def receive(state, control, control_arrived, output):
        if control_arrived > 0:
            state.heard = True
        if state.heard:
            output.send(float(int(control)))


@processing(category="Controls", source="CLAM ControlGate", synonyms=("comparator", "schmitt trigger", "trigger"))
class ControlGate:
    """Compares a control with a threshold, with hysteresis: sends whether it is above. Within the hysteresis it keeps its state."""

    Threshold = config(0.0)
    HysteresisWidth = config(0.0, minimum=0.0)
    Inverted = config(False)
    control = in_control("Input")
    output = out_control("Output", type="bool")

    class State:
        heard: bool
        opened: bool

    def receive(state, control, control_arrived, Threshold, HysteresisWidth, Inverted, output):
        if control_arrived > 0:
            state.heard = True
        if control > Threshold + 0.5 * HysteresisWidth:
            state.opened = True
        elif control <= Threshold - 0.5 * HysteresisWidth:
            state.opened = False
        if state.heard:
            output.send(1.0 if state.opened != (Inverted != 0) else 0.0)


@processing(category="Controls", source="CLAM ControlComparison", synonyms=("equal", "equals", "comparator"))
class ControlComparison:
    """Compares two values for equality: sends the result as a bool and as 1 or 0."""

    RightTerm = config(0.0, doc="the second operand until one is received")
    ConvertOps2IntegersFirst = config(False)
    left = in_control("Operator 1")
    right = in_control("Operator 2", from_config="RightTerm")
    equal = out_control("Result of comparison (bool)", type="bool")
    number = out_control("Result of comparison (float)")

    class State:
        heard: bool

    def receive(state, left, left_arrived, right, right_arrived, ConvertOps2IntegersFirst, equal, number):
        if left_arrived + right_arrived > 0:
            state.heard = True
        if state.heard:
            same = int(left) == int(right) if ConvertOps2IntegersFirst else left == right
            equal.send(1.0 if same else 0.0)
            number.send(1.0 if same else 0.0)


@processing(category="Controls", source="CLAM ProgressControl", synonyms=("seek", "transport"))
class ProgressControl:
    """Displays the playing position of a player. In CLAM's window, clicking it jumps to a position."""

    progress = in_control("Progress Update", 0.0, 0.0, 1.0)
    jump = out_control("Progress Jump")

    def receive(progress, jump):
        pass


@processing(category="Controls", source="CLAM ControlFade", synonyms=("glide", "portamento", "slew", "smooth", "line", "lag"))
class ControlFade:
    """Ramps to each new value over a given time."""

    FadeTimeInMs = config(0.0, minimum=0.0, unit="ms")
    control = in_control("Input Value")
    time = in_control("Delay Time in Ms", from_config="FadeTimeInMs", unit="ms")
    output = out_control("Output Value")

    class State:
        now: float64
        start: float64
        goal: float64
        done: float64

    def initial():
        return {"done": 1.0}

    def process(state, control, control_arrived, time, output, sample_rate, frames):
        if control_arrived > 0:
            state.start, state.goal, state.done = state.now, limited(control, -1e30, 1e30), 0.0
        if state.done < 1.0:
            whole = max(time, 0.0) / 1000.0 * sample_rate
            state.done = min(1.0, state.done + frames / whole) if whole > 0.0 else 1.0
            state.now = state.start + (state.goal - state.start) * state.done
            output.send(state.now)


@processing(category="Controls", source="CLAM AutoPanner", synonyms=("lfo", "tremolo", "panning"))
class AutoPanner:
    """Auto-pan gains: sends the absolute value of a sine to the left and 1 minus it to the right, once a block."""

    Frequency = config(440.0, unit="Hz")
    SamplingRate = config(44100.0, minimum=1.0, unit="Hz")
    Phase = config(0.0, unit="rad")
    FrameSize = config(512, minimum=1, unit="frames", doc="kept for CLAM's files")
    left = out_control("Left Control")
    right = out_control("Right Control")

    class State:
        phase: float

    def initial(Phase):
        return {"phase": Phase}

    def process(state, Frequency, left, right, sample_rate, frames):
        level = abs(math.sin(state.phase))
        left.send(level)
        right.send(1.0 - level)
        state.phase = (state.phase + 2.0 * math.pi * Frequency / sample_rate * frames) % (2.0 * math.pi)
