"""Reading audio files outside the audio thread, through ring buffers in a processing's state.

A ring buffer is planar: one stretch of equal length for each channel. Its counters are frames since the start and only grow;
each is written by one side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ...declare.maths import publish, published
from ...errors import FileInUse
from ...in_use import InUse, check
from ...system import regular
from ...system.display import warn
from ...system.given import fault_of_path
from ...system.sound_formats import says_no_samples

# counters of a ring that is read from a file
WRITTEN: Final = 0  # by the reader: frames put into the ring
READ: Final = 1  # by the kernel: frames taken out of it
START: Final = 2  # by the reader: the frame of the ring where what was last jumped to begins
BASE: Final = 3  # by the reader: which frame of the file that is
END: Final = 4  # by the reader: the frame of the ring where the file ends
LENGTH: Final = 5  # by the reader: frames of the file, at the network's rate
SERVED: Final = 6  # by the reader: jumps made
ASKED: Final = 7  # by the kernel: jumps asked for
TARGET: Final = 8  # by the kernel: the frame of the file to jump to
LOOPS: Final = 9  # by the kernel, where it has a control for it: 1 to go on with the file's beginning at its end
COUNTERS: Final = 16

NEVER: Final = 1 << 62
SECONDS: Final = 10.0  # length of a ring: Python may be busy for half of that
AT_ONCE: Final = 32768  # frames moved in one go, so that a jump is soon attended to


def ring_frames(sample_rate: float, block_size: int) -> int:
    """The capacity of a ring buffer, in frames."""
    return int(max(SECONDS * sample_rate, 16 * block_size))


def frames_and_channels(path: str) -> tuple[int, int]:
    """The length and the number of channels of a file; ``OSError`` or ``RuntimeError`` when it cannot be read."""
    with opened(regular.open_to_read(path)) as file:
        return file.frames, file.channels


def opened(descriptor: int) -> Any:
    """The sound file that is open to read; ``RuntimeError`` if it is not one. It closes the descriptor."""
    import soundfile

    try:
        return soundfile.SoundFile(descriptor)  # which closes it, also where it cannot read it
    except soundfile.LibsndfileError as error:
        raise RuntimeError(error.error_string) from None


def problem_of(path: str, channels: Sequence[int], parameter: str = "SourceFile") -> str:
    """Why those channels of the file that a parameter names cannot be played, or ``""``."""
    if not path:
        return f"no file is chosen: set {parameter}"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    try:
        check(path, "read")
    except FileInUse as error:
        return str(error)
    try:
        frames, held = frames_and_channels(path)
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {path!r}"
    except regular.NotRegular as error:
        return str(error)
    except OSError as error:
        return f"{path!r} cannot be read: {error.strerror}"
    except (RuntimeError, ValueError) as error:
        return f"{path!r} cannot be read: {error}"
    if frames == 0:
        return says_no_samples(path)
    missing = [channel for channel in channels if not 0 <= channel < held]
    if missing:
        return f"{path!r} has {held} channels, counted from 0: there is no channel {missing[0]}"
    return ""


def say_resampled(path: str, rate: float, sample_rate: float) -> None:
    """Warn that a file's rate differs from the network's."""
    if rate != sample_rate:
        warn(f"{path!r} is at {rate:g} Hz: it is resampled to {sample_rate:g} Hz", stacklevel=4)


class FileStream:
    """Fills a ring buffer from a file, and seeks when the kernel requests it.

    Parameters
    ----------
    state : the processing's memory, with ``ring`` and ``counters``.
    path : the file.
    channels : which of its channels to read, in this order.
    loop : whether to continue from the beginning at the end, until the kernel changes it.
    sample_rate : the rate to resample to.
    """

    def __init__(self, state: Any, path: str, channels: Sequence[int], loop: bool, sample_rate: float) -> None:
        self._ring = state.ring.reshape(len(channels), -1)
        self._counters = state.counters
        self._path, self._channels, self._rate = path, list(channels), sample_rate
        self._use = InUse(path, "read")
        self._file = opened(self._use.descriptor)
        say_resampled(path, self._file.samplerate, sample_rate)
        self._counters[LENGTH] = round(self._file.frames * sample_rate / self._file.samplerate)
        self._counters[END], self._counters[LOOPS] = NEVER, loop
        self.trouble = ""
        self._written = 0
        self._ended = False
        self._resampler: Any = None
        self._restart(0)
        self.service()

    def succeed(self, former: Any) -> None:
        """Continue from the position of another stream, if it plays the same file. Call it before playing."""
        if not isinstance(former, FileStream) or former._path != self._path:
            return
        place = int(former._counters[BASE] + published(former._counters, READ) - former._counters[START])
        self._written, self._counters[WRITTEN] = 0, 0
        self._counters[BASE], self._counters[END] = place % max(int(self._counters[LENGTH]), 1), NEVER
        self._restart(int(self._counters[BASE]))
        self.service()

    def service(self) -> None:
        """Seek if requested, then fill the free space, up to half of the ring buffer: the rest is for the next seek."""
        asked = published(self._counters, ASKED)
        if asked != self._counters[SERVED]:
            target = int(self._counters[TARGET])
            self._counters[START], self._counters[BASE], self._counters[END] = self._written, target, NEVER
            self._restart(target)
            self._fill(AT_ONCE)
            publish(self._counters, SERVED, asked)
            return
        if self._counters[LOOPS] and self._ended and not self.trouble:
            self._counters[END] = NEVER
            self._restart(0)
        elif self._wrapped and not self._counters[LOOPS]:
            self._end_after_this_pass()
        self._fill(AT_ONCE)

    def close(self) -> None:
        self._use.end()
        self._file.close()

    def _end_after_this_pass(self) -> None:
        """Discard what was read ahead beyond this pass of the loop, or beyond the next one if this is about to end."""
        counters, length = self._counters, max(int(self._counters[LENGTH]), 1)
        begin = int(counters[START] - counters[BASE])
        read = max(int(published(counters, READ)), int(counters[START])) + self._ring.shape[1] // 64
        end = begin - (begin - read) // length * length
        if end <= self._written:
            self._written, self._ended, self._wrapped = end, True, False
            counters[END] = end
            publish(counters, WRITTEN, end)

    def _restart(self, target: int) -> None:
        import soxr

        self._wrapped = False
        rate = self._file.samplerate
        self._file.seek(min(round(target * rate / self._rate), self._file.frames))
        self._ended = False
        if rate != self._rate:
            self._resampler = soxr.ResampleStream(rate, self._rate, len(self._channels), dtype="float32")

    def _fill(self, limit: int) -> None:
        capacity = self._ring.shape[1]
        while not self._ended and limit > 0:
            read = max(int(published(self._counters, READ)), int(self._counters[START]))
            room = min(limit, capacity // 2 - (self._written - read))
            if room < min(AT_ONCE, capacity // 8):
                return
            samples = self._next(room)
            place = (self._written + np.arange(samples.shape[1])) % capacity
            self._ring[:, place] = samples
            self._written += samples.shape[1]
            limit -= samples.shape[1]
            if self._ended:
                self._counters[END] = self._written
            publish(self._counters, WRITTEN, self._written)

    def _next(self, frames: int) -> Any:
        """About so many frames, at the network's rate, and no more."""
        wanted = frames if self._resampler is None else max(int(frames * self._file.samplerate / self._rate) - 64, 1)
        began = self._file.tell()
        try:
            samples = self._file.read(wanted, dtype="float32", always_2d=True)
            if len(samples) < wanted and self._counters[LOOPS]:
                if not len(samples) and not began:
                    raise OSError("nothing is left of it")  # or its beginning would be looked for without end
                self._file.seek(0)
                self._wrapped = True
            elif len(samples) < wanted:
                self._ended = True
        except (OSError, RuntimeError) as error:
            self.trouble = f"{self._path!r} cannot be read any more: {error}"
            warn(self.trouble, stacklevel=2)
            samples, self._ended = np.zeros((0, self._file.channels), np.float32), True
        samples = samples[:, self._channels]
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(np.ascontiguousarray(samples), last=self._ended)
        return samples.T
