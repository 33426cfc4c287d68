"""A recording of what a network plays, as ``net.record("take.wav")`` returns it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import TracebackType
from typing import Self

from ..proxy import CanPlay, Status
from ..system.display import escaped


class Recording:
    """A recording: it begins at once, or with `play`, and ends with `stop`, with the network, or when it is as long as asked for.

    In a ``with`` statement it ends with the block.

    Attributes
    ----------
    path : the sound file.
    """

    __slots__ = ("_end", "_engine", "_frames", "_from", "_longest", "_rate", "path")

    def __init__(self, path: str, engine: CanPlay, end: Callable[[], int], longest: float | None) -> None:
        self.path = path
        self._engine = weakref.ref(engine)  # who keeps a recording does not keep the network playing
        self._end, self._longest = end, longest
        status = engine.status()
        self._from = status.position if status.state != "stopped" else 0.0
        self._rate = status.sample_rate
        self._frames: int | None = None

    @property
    def seconds(self) -> float:
        """Its length so far, in seconds; once it was stopped, that of the file."""
        status = self._status()
        if self._frames is not None:
            return self._frames / self._rate if self._rate else 0.0
        so_far = max(0.0, status.position - self._from) if status.state != "stopped" else 0.0
        return so_far if self._longest is None else min(so_far, self._longest)

    @property
    def ended(self) -> bool:
        """Whether it was stopped, or is as long as asked for."""
        return self._frames is not None or (self._longest is not None and self.seconds >= self._longest)

    def stop(self) -> int:
        """End it, and return the number of frames in the file. Once it has ended, this changes nothing."""
        if self._frames is None:
            self._status()
            self._frames = self._end()
        return self._frames

    def _status(self) -> Status:
        """The status of the network, whose sample rate is known only while it plays."""
        engine = self._engine()
        status = Status() if engine is None else engine.status()
        self._rate = status.sample_rate or self._rate
        return status

    def __call__(self) -> int:
        """The same as `stop`."""
        return self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def __repr__(self) -> str:
        return escaped(f"<{'recorded' if self.ended else 'recording'} {self.path}, {self.seconds:.1f} s>")
