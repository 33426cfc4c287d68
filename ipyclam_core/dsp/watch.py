"""Monitoring of playback: load by type, lost devices, and processings that output NaN or infinity."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from .memory.context import BAD, BAD_SINK, BLOCKS, BUSY, CULPRIT, CULPRIT_PROGRAM, LONGEST

STALLED_SECONDS: Final = 0.6
LOOK_SECONDS: Final = 0.1  # time in which the watch itself did not run does not count
MEASURE_SECONDS: Final = 0.5
FORGET: Final = 0.7  # weight of the earlier average at each measurement


class Watch:
    """Monitors one player's context at intervals; the results can be read from any thread.

    Parameters
    ----------
    context : the player's context.
    name_of : the name of the processing in a lane of a run of the program of a number; ``""`` if that is not known.
    channel_of : the name of a channel, by its number.
    """

    def __init__(
        self,
        context: np.ndarray[Any, np.dtype[np.int64]],
        name_of: Callable[[int, int, int], str],
        channel_of: Callable[[int], str],
    ) -> None:
        self._context = context
        self._name_of, self._channel_of = name_of, channel_of
        self._culprits: tuple[str, ...] = ()
        self._spent: Mapping[str, float] = {}  # never changed, only replaced, because other threads read it
        self._before: dict[str, int] = {}
        self._load = 0.0
        self._longest = (0.0, 0.0)  # of the last two measurements
        self.restart(0.0)

    def restart(self, period: float) -> None:
        """Begin monitoring a device that calls the callback once per `period` seconds."""
        now = time.monotonic()
        self._patience, self._period = max(STALLED_SECONDS, 4.0 * period), period
        self._blocks, self._still, self._looked = int(self._context[BLOCKS]), 0.0, now
        self._measured = (int(self._context[BUSY]), now)

    def look(self, times: dict[str, int]) -> bool:
        """Measure once; `times` are the total nanoseconds by type of processing. Whether the longest block is to be forgotten."""
        now = time.monotonic()
        blocks = int(self._context[BLOCKS])
        if blocks != self._blocks:
            self._blocks, self._still = blocks, 0.0
        else:
            self._still += min(now - self._looked, LOOK_SECONDS)
        self._looked = now
        due = now - self._measured[1] >= MEASURE_SECONDS
        if due:
            self._measure(now, times)
        if self._context[CULPRIT]:
            self._accuse()
        return due

    @property
    def stalled(self) -> bool:
        """Whether the device has stopped calling the callback although this thread was running."""
        return self._still > self._patience

    @property
    def load(self) -> float:
        """The recent DSP load: computing time divided by available time."""
        return self._load

    @property
    def longest(self) -> float:
        """The longest computing time of a block in about the last second, divided by the duration of a block."""
        return max(self._longest)

    @property
    def profile(self) -> tuple[tuple[str, float], ...]:
        """The load by type, greatest first."""
        held = self._spent
        total = sum(held.values())
        if not total:
            return ()
        shares = [(name, spent / total * self._load) for name, spent in held.items() if spent > 0.001 * total]
        return tuple(sorted(shares, key=lambda share: -share[1]))

    @property
    def fault(self) -> str:
        """The processing that outputs NaN or infinity, and the number of such samples muted at the sinks."""
        count = int(self._context[BAD])
        if not count:
            return ""
        who = ", ".join(self._culprits) or f"something before {self._channel_of(int(self._context[BAD_SINK]) - 1)}"
        return f"{who} output{'' if len(self._culprits) > 1 else 's'} NaN or infinity: {count} samples muted"

    def _measure(self, now: float, times: dict[str, int]) -> None:
        busy, then = self._measured
        share = (int(self._context[BUSY]) - busy) / 1e9 / (now - then)
        self._load = share if not self._load else 0.5 * (self._load + share)
        self._measured = (int(self._context[BUSY]), now)
        if self._period:
            self._longest = (self._longest[1], int(self._context[LONGEST]) / 1e9 / self._period)
        spent = {
            name: FORGET * self._spent.get(name, 0.0) + times.get(name, 0) - self._before.get(name, 0) for name in {*times, *self._spent}
        }
        self._spent = {name: nanoseconds for name, nanoseconds in spent.items() if nanoseconds >= 1.0}
        self._before = dict(times)

    def _accuse(self) -> None:
        lane = int(self._context[CULPRIT]) - 1
        name = self._name_of(int(self._context[CULPRIT_PROGRAM]), *divmod(lane, 64)) if lane >= 0 else ""
        if name and name not in self._culprits:
            self._culprits = (*self._culprits, name)
        self._context[CULPRIT] = 0  # the next one
