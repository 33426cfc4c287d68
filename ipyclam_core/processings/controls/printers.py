"""Displays of controls of several types."""

from __future__ import annotations

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, processing
from ...declare.maths import publish
from .values import Printer

KINDS = ("numbers", "integers", "booleans")
LETTERS = {"f": 0, "d": 0, "i": 1, "h": 1, "b": 2, "T": 2, "F": 2}
MOST = 1024


def kinds_of(mask):
    """The number of the kind of each letter."""
    return [LETTERS.get(letter, 0) for letter in mask[:MOST]]


@processing(category="Controls", source="CLAM ControlPrinterTyped", synonyms=("monitor", "debug", "log", "number box"))
class ControlPrinterTyped:
    """Displays received values of several types: as the values of its controls, and printed if `GuiOnly` is off."""

    Identifier = config("ControlPrinterTyped", type="str", doc="text printed before the values")
    TypesMask = config("f", type="str", doc="a letter for each control: f (number), i (integer) or b (boolean)")
    GuiOnly = config(True)
    numbers = in_control("In Control", count="numbers")
    integers = in_control("Integer", type="int", count="integers")
    booleans = in_control("Boolean", type="bool", count="booleans")

    class State:
        values: Array[float64]
        count: Array[int64]

    def problem(TypesMask):
        if len(TypesMask) > MOST:
            return f"TypesMask has {len(TypesMask):,} letters: there are at most {MOST} controls"
        unknown = sorted(set(TypesMask) - set(LETTERS))
        return f"TypesMask holds {unknown[0]!r}; there are f, i and b" if unknown else ""

    def ports(TypesMask):
        kinds = kinds_of(TypesMask)
        names = [f"In Control {k}" if k else "In Control" for k in range(len(kinds))]
        return {kind: tuple(name for name, k in zip(names, kinds, strict=True) if k == place) for place, kind in enumerate(KINDS)}

    def initial(TypesMask):
        return {"values": np.zeros(len(TypesMask[:MOST])), "count": np.zeros(1, np.int64)}

    def receive(state, numbers, integers, booleans):
        place = 0
        for k in range(len(numbers)):
            state.values[place + k] = numbers[k]
        place += len(numbers)
        for k in range(len(integers)):
            state.values[place + k] = integers[k]
        place += len(integers)
        for k in range(len(booleans)):
            state.values[place + k] = booleans[k]
        publish(state.count, 0, state.count[0] + 1)

    def companion(state, Identifier, TypesMask, GuiOnly):
        kinds = kinds_of(TypesMask)
        held = sorted(range(len(kinds)), key=kinds.__getitem__)  # which letter each value belongs to
        return Printer(state, Identifier, np.argsort(held)) if not GuiOnly else None
