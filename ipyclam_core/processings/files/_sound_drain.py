"""Audio files that are written outside the audio thread."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...declare.maths import publish, published
from ...system.obstacles import kept, put
from ...system.sound_formats import format_of
from ._drains import DRAINED, FILLED, Drain, problem_of_target
from ._streams import AT_ONCE


class SoundDrain(Drain):
    """Writes a planar ring buffer to an audio file.

    Parameters
    ----------
    state : the processing's memory, with ``ring`` and ``counters``.
    path : the file; an existing one is overwritten.
    channels : the number of channels.
    file_rate : the file's rate; it is resampled to it.
    sample_rate : the network's rate.
    kind : its format and the subtype of its samples; those that the suffix sets if not given.
    """

    def __init__(
        self, state: Any, path: str, channels: int, file_rate: float, sample_rate: float, kind: tuple[str, str] | None = None
    ) -> None:
        import soxr

        self._ring = state.ring.reshape(channels, -1)
        self._unwanted = 0
        self._rate, self._channels, self._kind = round(file_rate), channels, kind
        resampled = self._rate != sample_rate
        self._resampler = soxr.ResampleStream(sample_rate, self._rate, channels, dtype="float32") if resampled else None
        super().__init__(state, path)

    def _opened(self, descriptor: int) -> Any:
        import soundfile

        format_, subtype = self._kind or (format_of(self._path), None)
        if self._kind is None and "FLOAT" in soundfile.available_subtypes(format_):
            subtype = "FLOAT"
        return soundfile.SoundFile(descriptor, "w", self._rate, self._channels, subtype, format=format_)

    def leave_out_first(self, frames: int) -> None:
        """Do not write the next frames: they are computed ahead."""
        self._unwanted = frames

    def leave_out(self, frames: int) -> None:
        """Forget the last frames: they were computed to complete a block."""
        self._counters[FILLED] = max(int(self._counters[FILLED]) - frames, self._drained)

    def _write(self, last: bool) -> None:
        filled = int(published(self._counters, FILLED))
        capacity = self._ring.shape[1]
        while self._drained < filled:
            count = min(AT_ONCE, filled - self._drained)
            unwanted = min(count, self._unwanted)
            place = (self._drained + np.arange(unwanted, count)) % capacity
            self._put(self._ring[:, place].T, False)
            self._drained, self._unwanted = self._drained + count, self._unwanted - unwanted
            publish(self._counters, DRAINED, self._drained)
        if last:
            self._put(np.zeros((0, self._ring.shape[0]), np.float32), True)
            self._file.flush()

    def _put(self, samples: Any, last: bool) -> None:
        samples = np.ascontiguousarray(samples)
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        put(self._file, samples)

    def _rescued(self) -> str:
        import soundfile

        return kept(soundfile.info, self._path)


def problem_of_sound_target(path: str, any_suffix: bool = False) -> str:
    """Why an audio file cannot be written, or ``""``. Its suffix does not matter if something else sets the format."""
    if why := problem_of_target(path, "TargetFile"):
        return why
    return "" if any_suffix or format_of(path) else f"{path!r} has no suffix of an audio format: .wav, .flac, .ogg, .aiff ..."
