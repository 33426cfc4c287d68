"""The oscilloscope in the terminal: the waveforms of ports, and the values of controls over time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend.connectors import Connector
from ipyclam_core.frontend.monitoring import heard
from ipyclam_core.pictures.braille import MARGIN, lines
from ipyclam_core.pictures.samples import FEWEST, ShownSamples
from ipyclam_core.proxy import Status
from ipyclam_core.system.display import number

from .drawing import Line
from .levels import decibels, silence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Wave = NDArray[np.float64]

SPAN: Final = 0.02
"""Seconds from left to right, of a port."""

SPAN_OF_CONTROL: Final = 10.0
"""Seconds from left to right, of a control."""

DIVISIONS: Final = 10

_ROWS: Final = 16
"""The most rows of one waveform."""

_FEWEST: Final = 3
_SEARCHED: Final = 0.05
"""Seconds in which a rising zero crossing is searched: a wave of 20 Hz has one."""

_CANDIDATES: Final = 64
_ROUND: Final = 1.01
"""A wave may be so much higher than its drawing: oscillators of level 1 reach a little beyond."""

_STEPS: Final = (1.0, 2.0, 5.0)
_PATIENCE: Final = 25
"""Drawings for which a wave must be smaller before it is magnified."""


class Scope:
    """Draws signals below each other. It keeps what it has drawn last, so that a steady tone stands still.

    Parameters
    ----------
    signals : asked at each drawing for the ports and controls to show.
    status : asked at each drawing for the state of playback.
    span : seconds from left to right; None for what suits a port or a control.
    """

    def __init__(self, signals: Callable[[], Sequence[Connector]], status: Callable[[], Status], span: float | None = None) -> None:
        self._signals, self._status, self._span = signals, status, span
        self._traces: dict[Connector, _Trace] = {}

    def draw(self, columns: int, rows: int) -> list[Line]:
        """The rows of a drawing."""
        status = self._status()
        signals = self._signals()
        self._traces = {signal: self._traces.get(signal) or _trace(signal, self._span) for signal in signals}
        told = silence(status, bool(signals))
        shown = max(1, min(len(signals), (rows - len(told) - 1) // (_FEWEST + 2)))
        height = max(1, min(_ROWS, (rows - len(told) - 1) // shown - 2))
        drawn = [list(trace.draw(status, max(10, columns - MARGIN), height)) for trace in list(self._traces.values())[:shown]]
        more = f", and {len(signals) - shown} more that have no room here" if len(signals) > shown else ""
        return [*told, *(line for each in drawn for line in each), *([[(more[2:], "dim")]] if more else [])]


class _Trace:
    """One signal."""

    def __init__(self, signal: Connector, span: float) -> None:
        self._signal, self._span, self._name = signal, span, signal.fullname
        self._scale = _Scale()

    def draw(self, status: Status, columns: int, rows: int) -> Iterator[Line]:
        """A title, the wave, and the divisions of time."""
        try:
            wave, said = self.wave(status, 2 * columns)
        except (IpyclamError, LookupError) as error:  # deleted meanwhile
            yield [(self._name, "bold cyan"), (f"  {error}", "red")]
            return
        low, high = self._scale.of(wave)
        yield [(self._name, "bold cyan"), (f"  {said}", ""), (f"  {_time(self._span / DIVISIONS)}/div", "dim")]
        for row in lines(np.clip(wave, low, high), low, high, columns, rows):
            yield [(row[:MARGIN], "dim"), (row[MARGIN:], "green")]
        yield [(" " * (MARGIN - 1) + "└" + _divisions(columns), "dim")]

    def wave(self, status: Status, dots: int) -> tuple[Wave, str]:
        """The values from left to right, and a few words about them."""
        raise NotImplementedError


class _Audio(_Trace):
    """An audio port, from a rising zero crossing on."""

    _before: Wave | None = None

    def wave(self, status: Status, dots: int) -> tuple[Wave, str]:
        rate = status.sample_rate or 48000.0
        shown = max(2, round(self._span * rate))
        heard_last = heard(self._signal, shown + max(shown, round(_SEARCHED * rate)))
        samples = np.nan_to_num(np.asarray(heard_last, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        wave = samples[(begin := steady(samples, shown, self._before)) : begin + shown]
        self._before = wave
        peak = float(np.abs(wave).max())
        return wave, f"peak {peak:{'.2f' if peak >= 0.1 else '.2g'}} ({decibels(peak)} dBFS)"


class _Control(_Trace):
    """The values of a control, one for each drawing: the last is at the right."""

    def __init__(self, signal: Connector, span: float) -> None:
        super().__init__(signal, span)
        self._past: deque[tuple[float, float]] = deque()

    def wave(self, status: Status, dots: int) -> tuple[Wave, str]:
        now, value = time.monotonic(), float(self._signal.value)
        self._past.append((now, value))
        while len(self._past) > 1 and self._past[1][0] < now - self._span:
            self._past.popleft()
        times, values = np.array(self._past).T
        places = np.searchsorted(times, np.linspace(now - self._span, now, dots), side="right") - 1
        return np.nan_to_num(values[np.maximum(places, 0)]), f"{value:.4g}"


class _Scale:
    """The range of a drawing: it grows at once, and shrinks when a wave has been smaller for a while."""

    def __init__(self) -> None:
        self._top = 0.0
        self._small = 0

    def of(self, wave: Wave) -> tuple[float, float]:
        """From the least to the greatest value drawn."""
        wanted = _round_up(float(np.abs(wave).max()))
        self._small = self._small + 1 if wanted < self._top else 0
        if wanted > self._top or self._small > _PATIENCE:
            self._top, self._small = wanted, 0
        return (-self._top if wave.min() < 0 else 0.0), self._top


def steady(samples: Wave, shown: int, before: Wave | None = None) -> int:
    """Where to begin to show a wave: at the rising zero crossing after which it looks as it did before.

    >>> import numpy as np
    >>> wave = np.sin(np.arange(1000) / 10)
    >>> begin = steady(wave, 200)
    >>> bool(wave[begin - 1] < 0 <= wave[begin])
    True
    """
    last = len(samples) - shown
    rising = np.flatnonzero((samples[:last] < 0) & (samples[1 : last + 1] >= 0)) + 1
    if not len(rising):
        return last
    if before is None or len(before) != shown:
        return int(rising[-1])
    candidates = rising[-_CANDIDATES:]
    differences = [float(np.square(samples[begin : begin + shown] - before).sum()) for begin in candidates]
    return int(candidates[int(np.argmin(differences))])


def picture(signal: Connector, status: Status, span: float | None = None) -> ShownSamples:
    """A signal at this moment, as a notebook shows it."""
    trace = _trace(signal, span)
    wave, said = trace.wave(status, FEWEST)
    told = "".join(f". {text}" for line in silence(status, True) for text, _ in line)
    return ShownSamples.of(wave.astype(np.float32), f"{signal.fullname}  {said}{told}")


def _trace(signal: Connector, span: float | None) -> _Trace:
    if signal.kind == "Control":
        return _Control(signal, span or SPAN_OF_CONTROL)
    return _Audio(signal, span or SPAN)


def _round_up(peak: float) -> float:
    """The next of 1, 2 and 5 times a power of ten."""
    if not 1e-6 < peak < 1e12:
        return 1e-6 if peak <= 1e-6 else peak
    unit = 10.0 ** np.floor(np.log10(peak))
    return float(next((step * unit for step in (*_STEPS, 10.0) if peak <= step * unit * _ROUND), 10.0 * unit))


def _time(seconds: float) -> str:
    return f"{number(round(seconds, 6))} s" if seconds >= 1 else f"{number(round(seconds * 1000, 6))} ms"


def _divisions(columns: int) -> str:
    """A line with a mark at each division."""
    marks: Any = {round(k * columns / DIVISIONS) - 1 for k in range(1, DIVISIONS + 1)}
    return "".join("┴" if place in marks else "─" for place in range(columns))
