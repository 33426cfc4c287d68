"""Reading and writing audio files outside the audio thread, through ring buffers in a processing's state.

A ring buffer is planar: one stretch of equal length for each channel. Its counters are frames since the start and only grow;
each is written by one side.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ...declare.maths import publish, published
from ...errors import FileInUse
from ...in_use import InUse, check
from ...system import regular
from ...system.display import warn
from ...system.given import fault_of_path
from ...system.obstacles import LOST, kept, kind_of, put, reason
from ...system.sound_formats import format_of, says_no_samples

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

# counters of a ring that is written to a file
FILLED: Final = 0  # by the kernel: frames put into the ring
DRAINED: Final = 1  # by the writer: frames taken out of it
FAILED: Final = 2  # by the writer: 1 when the file cannot be written any more

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


class FileDrain:
    """Writes a ring buffer to a file.

    Attributes
    ----------
    trouble : why it cannot be written any more.
    notice : that a file is overwritten which was not made here.

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
        import soundfile
        import soxr

        self._ring = state.ring.reshape(channels, -1)
        self._counters = state.counters
        self._path = path
        self.trouble = self.notice = ""
        self._drained = int(self._counters[FILLED])
        self._unwanted = 0
        self._counters[DRAINED] = self._drained
        rate = round(file_rate)
        self._resampler = soxr.ResampleStream(sample_rate, rate, channels, dtype="float32") if rate != sample_rate else None
        self._file: Any = None
        self._use: InUse | None = None
        try:
            made = _identity(path)
            format_, subtype = kind or (format_of(path), None)
            if kind is None and "FLOAT" in soundfile.available_subtypes(format_):
                subtype = "FLOAT"
            self._use = InUse(path, "written")
            if self._use.held and made not in _made:
                self.notice = f"{path!r} is overwritten"
            self._file = soundfile.SoundFile(self._use.descriptor, "w", rate, channels, subtype, format=format_)
        except (OSError, RuntimeError, ValueError) as error:
            self._give_up(error)

    def service(self) -> None:
        """Write the frames received."""
        self._write(last=False)

    def leave_out_first(self, frames: int) -> None:
        """Do not write the next frames: they are computed ahead."""
        self._unwanted = frames

    def leave_out(self, frames: int) -> None:
        """Forget the last frames: they were computed to complete a block."""
        self._counters[FILLED] = max(int(self._counters[FILLED]) - frames, self._drained)

    def close(self) -> None:
        """Write the remaining frames, and close the file."""
        self._write(last=True)
        lost = self._file is not None and self._use is not None and self._use.is_lost
        self._end()
        if lost and not self.trouble:
            self.trouble = f"{self._path!r}: {LOST}"
            warn(self.trouble, stacklevel=2)

    def _end(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
                remember(self._path)
        except (OSError, RuntimeError) as error:
            self._give_up(error)
        finally:
            if self._use is not None:
                self._use.end()

    def _write(self, last: bool) -> None:
        filled = int(published(self._counters, FILLED))
        capacity = self._ring.shape[1]
        try:
            while self._file is not None and self._drained < filled:
                count = min(AT_ONCE, filled - self._drained)
                unwanted = min(count, self._unwanted)
                place = (self._drained + np.arange(unwanted, count)) % capacity
                self._put(self._ring[:, place].T, False)
                self._drained, self._unwanted = self._drained + count, self._unwanted - unwanted
                publish(self._counters, DRAINED, self._drained)
            if last and self._file is not None:
                self._put(np.zeros((0, self._ring.shape[0]), np.float32), True)
                self._file.flush()
        except (OSError, RuntimeError) as error:
            self._give_up(error)

    def _put(self, samples: Any, last: bool) -> None:
        samples = np.ascontiguousarray(samples)
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        put(self._file, samples)

    def _give_up(self, error: Exception) -> None:
        """A full disk or a missing folder: warn once. Playing continues."""
        import soundfile

        began = self._file is not None
        self._counters[FAILED] = 1
        self._end()
        if not self.trouble:
            why = str(error) if isinstance(error, FileInUse) else f"{self._path!r} cannot be written: {reason(self._path, error)}"
            self.trouble = why + (kept(soundfile.info, self._path) if began else "")
            warn(self.trouble, stacklevel=3)


_made: Final[dict[object, None]] = {}
_REMEMBERED: Final = 1000
"""Files that were written here are overwritten without a word, as long as nobody has changed them since."""


def remember(path: str) -> None:
    """Note that a file was written here."""
    _made[_identity(path)] = None
    while len(_made) > _REMEMBERED:
        del _made[next(iter(_made))]


def made_here(path: str) -> bool:
    """Whether a file was written here, and nobody has changed it since."""
    return _identity(path) in _made


def _identity(path: str) -> object:
    """What tells a file and its content from others; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def problem_of_target(path: str, any_suffix: bool = False) -> str:
    """Why a file cannot be written, or ``""``. Its suffix does not matter if something else sets the format."""
    if not path:
        return "no file is chosen: set TargetFile"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    if not any_suffix and not format_of(path):
        return f"{path!r} has no suffix of an audio format: .wav, .flac, .ogg, .aiff ..."
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder!r}"
    if os.path.exists(path) and not os.path.isfile(path):
        return f"{path!r} is {kind_of(path)}, not a file"
    return ""
