"""Recording of the sinks to a sound file while they play: the audio thread fills a ring, a Python thread empties it."""

from __future__ import annotations

import os
import threading
import warnings
from typing import Any, Final

import numpy as np

from ... import in_use
from ...errors import FileInUse, WriteFailed
from ...system.display import escaped_lines
from ...system.obstacles import LOST, kept, kind_of, put, reason
from ...system.sound_formats import format_of
from .. import kernels
from ..memory.context import (
    RECORD_CHANNELS,
    RECORD_FRAMES,
    RECORD_LIMIT,
    RECORD_LOST,
    RECORD_READ,
    RECORD_RING,
    RECORD_WORDS,
    RECORD_WRITTEN,
)
from ..memory.shared import shared
from .mailbox import Mailbox

RING_SECONDS: Final = 20  # the longest time that Python may be busy otherwise
NO_LIMIT: Final = 1 << 62


class Recorder:
    """A recording.

    Parameters
    ----------
    path : the sound file; its suffix is the format (.wav, .flac ...).
    seconds : the duration; None records until `end`.
    """

    def __init__(self, path: str, seconds: float | None) -> None:
        import soundfile

        self.path = path
        self.trouble = ""
        self.failed = False
        self.written = 0
        self._seconds = seconds
        self._limit = NO_LIMIT
        self._lock = threading.Lock()
        self._file: Any = None
        self._use: in_use.InUse | None = None
        self._words: Any = None
        self._mailbox: Mailbox | None = None
        self._format = format_of(path)
        if not self._format:
            raise ValueError(f"{path}: {os.path.splitext(path)[1] or 'no suffix'} is not a sound file format. Use .wav, .flac or .ogg")
        self._subtype = "FLOAT" if soundfile.check_format(self._format, "FLOAT") else None
        in_use.check(path)
        there = os.path.exists(path)
        if there and not os.path.isfile(path):
            raise ValueError(f"{path} is {kind_of(path)}, not a file")
        with open(path, "ab"):  # a path that cannot be written is an error now, not at the end
            pass
        if not there:
            os.unlink(path)  # if playback never begins, no file is left

    def begin(self, mailbox: Mailbox, sample_rate: int, channels: int) -> None:
        """Record from the next block on."""
        import soundfile

        self._channels = max(channels, 1)
        if self._seconds is not None:
            self._limit = round(min(self._seconds * sample_rate, NO_LIMIT))
        try:
            self._use = in_use.InUse(self.path, "written")
            self._file = soundfile.SoundFile(
                self._use.descriptor, "w", samplerate=sample_rate, channels=self._channels, subtype=self._subtype, format=self._format
            )
        except FileInUse:
            raise
        except (OSError, RuntimeError) as error:
            raise WriteFailed(f"{self.path} cannot be written: {reason(self.path, error)}") from error
        ring = np.empty((RING_SECONDS * sample_rate, self._channels), np.float32)
        ring.fill(0.0)  # the audio thread must not be the first to touch it
        self._ring, words = shared(ring), shared(np.zeros(RECORD_WORDS, np.int64))
        words[RECORD_RING], words[RECORD_FRAMES] = self._ring.ctypes.data, len(self._ring)
        words[RECORD_CHANNELS], words[RECORD_LIMIT] = self._channels, self._limit
        self._words, self._mailbox = words, mailbox
        mailbox.record(words)

    @property
    def complete(self) -> bool:
        """Whether the requested number of frames has been recorded."""
        return self._words is not None and int(self._words[RECORD_WRITTEN]) >= self._limit

    def service(self) -> None:
        """Write what has been played since the last call."""
        with self._lock:
            if self._file is None:
                return
            end, begin = int(self._words[RECORD_WRITTEN]), int(self._words[RECORD_READ])
            while begin < end:
                begin_in_ring = begin % len(self._ring)
                part = self._ring[begin_in_ring : begin_in_ring + end - begin]
                try:
                    put(self._file, part)
                except (OSError, RuntimeError) as error:
                    self._close(error)
                    return
                begin += len(part)
                self.written += len(part)
                kernels.publish()(int(self._words.ctypes.data) + 8 * RECORD_READ, begin)
            lost = int(self._words[RECORD_LOST])
            if lost:
                self.trouble = f"{self.path}: {lost} frames were lost because the disk is too slow"
            if self.written >= self._limit:
                self._close()  # the file is whole at once, not when playback stops

    def end(self) -> int:
        """Stop recording; returns the number of frames in the file. `WriteFailed` if it could not be written to its end."""
        self.finish()
        if self.failed:
            raise WriteFailed(self.trouble)
        return self.written

    def finish(self) -> None:
        """Stop recording."""
        mailbox, self._mailbox = self._mailbox, None  # once: by then there may be another recording
        if mailbox is not None:
            mailbox.end_record(self._words, self._ring)
            self.service()
        with self._lock:
            self._close()

    def _close(self, trouble: Exception | None = None) -> None:
        """Close the file, after an error or without one."""
        import soundfile

        file, self._file = self._file, None
        if file is None:
            return
        try:
            file.flush()
            file.close()
        except (OSError, RuntimeError) as error:
            trouble = trouble or error
        finally:
            lost = self._use is not None and self._use.is_lost
            if self._use is not None:
                self._use.end()
        if trouble is not None or lost:
            self.failed = True
            why = LOST if lost or trouble is None else f"{reason(self.path, trouble)}{kept(soundfile.info, self.path)}"
            self.trouble = f"{self.path}: {why}"
            warnings.warn(escaped_lines(self.trouble), stacklevel=2)  # the process may have no console
