"""Meters of the sinks' ports: cells that the audio thread writes and any thread reads, without a lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from .arrays import Ints
from .context import METER_CLIPPED, METER_FALL, METER_HOLD, METER_NOW, METER_PEAK, METER_WORDS
from .shared import shared

HOLD_SECONDS: Final = 1.0
FALL: Final = 20.0
"""Decibels a second."""


class Meter:
    """The meter of a port that has been silent so far."""

    __slots__ = ("address", "cells")

    def __init__(self) -> None:
        self.cells: Ints = shared(np.zeros(METER_WORDS, np.int64))
        self.address = int(self.cells.ctypes.data)


def set_pace(context: Ints, sample_rate: float) -> None:
    """Tell the audio thread how fast meters fall."""
    context[METER_HOLD] = int(HOLD_SECONDS * sample_rate)
    context[METER_FALL : METER_FALL + 1].view(np.float64)[0] = FALL / 20.0 * np.log(10.0) / sample_rate


def reading(meters: Iterable[Meter]) -> tuple[float, float, int]:
    """The amplitude now, the largest one, and the number of samples beyond full scale, over several meters."""
    now = peak = 0.0
    clipped = 0
    for meter in meters:
        amplitudes = meter.cells.view(np.float64)
        now, peak = max(now, float(amplitudes[METER_NOW])), max(peak, float(amplitudes[METER_PEAK]))
        clipped += int(meter.cells[METER_CLIPPED])
    return now, peak, clipped
