"""Level meters in the terminal: peak, RMS and the highest peak of late, in dBFS."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend.connectors import Connector
from ipyclam_core.frontend.monitoring import heard
from ipyclam_core.proxy import Status

from .drawing import Line

LOWEST: Final = -60.0
"""dBFS at the left end of a bar."""

_HIGHEST: Final = 6.0
_LOUD: Final = -6.0
"""From here on a bar is yellow; above 0 dBFS it is red."""

_MEAN: Final = 0.3
"""Seconds over which the RMS is taken."""

_RECENT: Final = 0.1
"""Seconds over which the peak is taken: more than from one drawing to the next."""

_HOLD: Final = 2.0
"""Seconds for which the highest peak stays."""

_MARKS: Final = (-60, -48, -36, -24, -12, -6, 0, 6)
_NUMBERS: Final = "   peak    rms   hold"


class Meter:
    """Draws a bar for each signal.

    Parameters
    ----------
    signals : asked at each drawing for the ports to show.
    status : asked at each drawing for the state of playback.
    """

    def __init__(self, signals: Callable[[], Sequence[Connector]], status: Callable[[], Status]) -> None:
        self._signals, self._status = signals, status
        self._held: dict[Connector, tuple[float, float]] = {}

    def draw(self, columns: int, rows: int) -> list[Line]:
        """The rows of a drawing."""
        status, signals = self._status(), self._signals()
        told = silence(status, bool(signals))
        names = min(max((len(signal.fullname) for signal in signals), default=0), columns // 3)
        width = max(10, columns - names - len(_NUMBERS) - 3)
        room = max(1, rows - len(told) - 2)
        drawn = [self._bar(signal, status, names, width) for signal in signals[:room]]
        more = [[(f"and {len(signals) - room} more that have no room here", "dim")]] if len(signals) > room else []
        head = [(" " * (names + 2) + _marks(width) + _NUMBERS, "dim")]
        return [*told, *([head] if signals else []), *drawn, *more]

    def _bar(self, signal: Connector, status: Status, names: int, width: int) -> Line:
        rate = status.sample_rate or 48000.0
        name = signal.fullname[-names:].ljust(names)
        try:
            samples = heard(signal, round(_MEAN * rate)).astype(np.float64)
        except (IpyclamError, LookupError) as error:  # deleted meanwhile
            return [(name, "cyan"), (f"  {error}", "red")]
        samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        peak, rms = float(np.abs(samples[-round(_RECENT * rate) :]).max()), math.sqrt(float(np.square(samples).mean()))
        held = self._hold(signal, peak)
        loud, high = _place(rms, width), _place(peak, width)
        cells = ["█" if k < loud else "━" if k < high else " " for k in range(width)]
        if (mark := _place(held, width)) > high:
            cells[mark - 1] = "┃"
        yellow, red = (_place(10 ** (level / 20), width) for level in (_LOUD, 0.0))
        bar = "".join(cells)
        numbers = "".join(f"{decibels(level):>7}" for level in (peak, rms, held))
        return [
            (name, "cyan"), ("  ", ""), (bar[:yellow], "green"), (bar[yellow:red], "yellow"), (bar[red:], "red"),
            (numbers, "red" if held > 1.0 else ""),
        ]  # fmt: skip

    def _hold(self, signal: Connector, peak: float) -> float:
        now = time.monotonic()
        held, since = self._held.get(signal, (0.0, now))
        if peak >= held or now - since > _HOLD:
            held, since = peak, now
        self._held[signal] = held, since
        return held


def decibels(level: float) -> str:
    """A level in dBFS, ``-6.0``; ``-inf`` for silence."""
    return f"{round(20.0 * math.log10(level), 1) + 0.0:.1f}" if level > 1e-6 else "-inf"


def silence(status: Status, signals: bool) -> list[Line]:
    """Why nothing is heard."""
    if not signals:
        return [[("there is no sink. To add one: net.out = net.types.AudioSink", "yellow")]]
    if status.state == "paused":
        return [[("paused. To continue: %play", "yellow")]]
    return [[("does not play: type %play", "yellow")]] if status.state != "playing" else []


def _place(level: float, width: int) -> int:
    """The number of characters that a bar of a level takes."""
    share = (20.0 * math.log10(max(level, 1e-6)) - LOWEST) / (_HIGHEST - LOWEST)
    return round(min(max(share, 0.0), 1.0) * width)


def _marks(width: int) -> str:
    """The numbers of the scale, above where they are."""
    row = [" "] * width
    for mark in _MARKS:
        place, text = _place(10 ** (mark / 20), width) - 1, str(mark)
        begin = max(0, min(width, place + 1) - len(text))
        if all(row[k] == " " for k in range(max(0, begin - 1), min(width, begin + len(text)))):
            row[begin : begin + len(text)] = text
    return "".join(row[:width])
