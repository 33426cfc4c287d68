"""Shaping of controls: computed when a value is received."""

from __future__ import annotations

import math

from ...declare import config, in_control, out_control, processing


@processing(category="ipyclam", synonyms=("clamp", "limit", "range", "min", "max"))
class ControlClip:
    """Limits a control to the range from `Low` to `High`; if they are crossed, it sends `High`."""

    InitialLow = config(0.0)
    InitialHigh = config(1.0)
    control = in_control("Control Input")
    low = in_control("Low", from_config="InitialLow")
    high = in_control("High", 1.0, from_config="InitialHigh")
    output = out_control("Control Output")

    class State:
        heard: bool

    def receive(state, control, control_arrived, low, high, output):
        if control_arrived > 0:
            state.heard = True
        if state.heard:
            output.send(min(max(control, low), high))


@processing(category="ipyclam", synonyms=("soft clipper", "saturation", "sigmoid", "waveshaper"))
class ControlTanh:
    """Sends the hyperbolic tangent of a control times `Drive`: a value between -1 and 1."""

    InitialDrive = config(1.0)
    control = in_control("Control Input")
    drive = in_control("Drive", 1.0, 0.0, 20.0, from_config="InitialDrive")
    output = out_control("Control Output")

    class State:
        heard: bool

    def receive(state, control, control_arrived, drive, output):
        if control_arrived > 0:
            state.heard = True
        if state.heard:
            output.send(math.tanh(control * drive))
