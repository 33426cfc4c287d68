"""Controls that are set by hand."""

from __future__ import annotations

import numpy as np
from numpy import float64

from ...declare import Array, config, in_control, out_control, processing

MOST = 1024


@processing(category="Controls", source="CLAM Controller", synonyms=("slider", "fader", "knob", "mixing desk", "bank"))
class Controller:
    """A bank of sliders: each control sends the value that it is set to, limited to its range in `MinValues` and `MaxValues`."""

    NumControls = config(0, minimum=0, maximum=MOST)
    MinValues = config((), type="floats", doc="the lowest value of each control; those that have none are not limited")
    MaxValues = config((), type="floats", doc="the highest value of each control; those that have none are not limited")
    inputs = in_control("In {}", count="NumControls")
    outputs = out_control("Out {}", count="NumControls")

    class State:
        sent: Array[float64]

    class Prepared:
        lows: Array[float64]
        highs: Array[float64]

    def initial(NumControls):
        return {"sent": np.full(max(NumControls, 1), np.nan)}

    def prepare(NumControls, MinValues, MaxValues):
        return {"lows": filled(MinValues, NumControls, -np.inf), "highs": filled(MaxValues, NumControls, np.inf)}

    def receive(state, inputs, outputs):
        for k in range(len(inputs)):
            value = min(max(inputs[k], state.lows[k]), state.highs[k])
            if value != state.sent[k]:
                outputs[k].send(value)
            state.sent[k] = value


def filled(values, count, rest):
    """So many values, at least one: those there are, and another for the rest."""
    return np.array([*values[:count], *[rest] * max(count - len(values), 1)])
