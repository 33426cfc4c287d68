"""The memory between processings that are called once for each frame: lines of samples and rings of frames.

A line has one writer and one reader, for which each piece is contiguous. A ring has one writer and any number of readers, each
with a cursor of its own. Only the audio thread writes to a queue in use; Python makes it, and reads the frames of a ring.

All streams are counted in frames of the network from one moment, so a place in a stream is a time. Where a stream is not as fast
as the network, its time is ``place * mul // div``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ...declare.frames import FrameSpec
from .context import COPY, STORE_8
from .instances import Message, aligned
from .shared import shared
from .tables import table_at

# a line: where its memory is
LINE_DATA: Final = 0  # address of float32
LINE_ROOM: Final = 1  # how many
# what its reader takes
LINE_SIZE: Final = 2
LINE_HOP: Final = 3
LINE_BEFORE: Final = 4
LINE_MUL: Final = 5
LINE_DIV: Final = 6
LINE_COUNTED: Final = 7  # 1 if pieces are played one after the other, whatever their times
LINE_KEPT: Final = 8  # samples that stay after they have been read
# what has happened
LINE_BEGIN: Final = 9  # index of the first that is still wanted
LINE_END: Final = 10  # index after the last
LINE_BASE: Final = 11  # place in the stream of index 0
LINE_FRESH: Final = 12  # 1 until something is written
LINE_LOST: Final = 13  # samples thrown away unread
LINE_STARVED: Final = 14  # blocks with too few
LINE_LATE: Final = 15  # of a line that is played: the latency of the last block
LINE_PLAYED: Final = 16  # 1 if the last sample was there, 0 if it was missing, -1 before the first; or `JOINED`
JOINED: Final = 2  # the signal has been played without the line up to now
LINE_SEAM: Final = 17  # the words of a seam (below) from `SEAM_LAST` on
LINE_WAIT: Final = 21  # samples that must be there behind a piece before it is taken
LINE_WORDS: Final = 24

# a ring, with some more words for each field: its offset in a frame, its items, and the columns that these are in
RING_DATA: Final = 0
RING_FRAMES: Final = 1
RING_STRIDE: Final = 2  # bytes from frame to frame
RING_WRITTEN: Final = 3  # frames written so far
RING_TIMES: Final = 4  # address of the time of each frame
RING_FIELDS: Final = 5
FIELD_OFFSET: Final = 0
FIELD_ITEMS: Final = 1
FIELD_COLUMNS: Final = 2
FIELD_WORDS: Final = 3

# a region, which an out port with size fills
REGION_DATA: Final = 0
REGION_SIZE: Final = 1
REGION_HOP: Final = 2
REGION_MUL: Final = 3  # mul / div samples for each frame of the network
REGION_DIV: Final = 4
REGION_SEAM: Final = 5  # address of its seam
REGION_LINES: Final = 6  # their number, and then the address of each
REGION_FIRST: Final = 7

# a seam: after an edit, the steps between one piece of a stream and the next are smoothed for a while
SEAM_UNTIL: Final = 0  # time of the first piece that is left as it is; below 0 the frames until then, from the next piece on
SEAM_LAST: Final = 1  # float64: the last sample that left, and the one before
SEAM_BEFORE: Final = 2
SEAM_STEP: Final = 3  # float64: the step that is being smoothed, as added to the last sample and to the one before
SEAM_STEP_BEFORE: Final = 4
SEAM_DECAY: Final = 5  # float64: the pole with which it fades out
SEAM_WORDS: Final = 6

# a clock: what a processing that is called for each frame remembers
CLOCK_NEXT: Final = 0  # the earliest time of its next call
CLOCK_TIME: Final = 1  # the time of this call
CLOCK_CALLS: Final = 2
CLOCK_BAD: Final = 3  # numbers that were not finite, and became 0
CLOCK_WORDS: Final = 4

# a firing, which belongs to a program: how one processing is called
FIRING_INS: Final = 0
FIRING_OUTS: Final = 1
FIRING_CLOCK: Final = 2  # address of its clock
FIRING_NOW: Final = 3  # address of the network's time at the beginning of the block
FIRING_DRIVEN: Final = 4  # 1 if only time makes it fire
FIRING_LEAD: Final = 5  # frames of the network before its first call
FIRING_PERIOD: Final = 6  # frames of the network from call to call
FIRING_ROWS: Final = 7  # address of the rows, one for each in port, then each out port
FIRING_ITEMS: Final = 8  # for each declared port: address of its first row, number of its rows

# a row
ROW_KIND: Final = 0
ROW_QUEUE: Final = 1  # address of a line, a ring, or of an out port's region
ROW_CURSOR: Final = 2  # address of the reader's place in a ring
ROW_FORM: Final = 3  # address of the ring that says where the fields of a frame are
ROW_PERIOD: Final = 4  # frames of the network from one to the next
ROW_WORDS: Final = 5
LINE, RING, NOTHING, RETURN = range(4)  # a call waits for a line and a ring only
# NOTHING: an in port that is not connected
# RETURN: the wire that closes a cycle. The frame is a copy, in a ring of one, and the cursor is the words of a return

# a return: it brings the frame that answers the call before. A call waits for it, but not for ever
RETURN_PLACE: Final = 0  # 0, as the cursor of the copy
RETURN_RING: Final = 1  # address of the ring that the frame comes from
RETURN_BASE: Final = 2  # the number of the first frame that may come back
RETURN_CALLED: Final = 3  # time of the call that waits for its answer; `LONG_AGO` before the first
RETURN_SLACK: Final = 4  # an answer may be so much older than that
RETURN_SINCE: Final = 5  # the network's time when the waiting began, `LONG_AGO` for not waiting
RETURN_PATIENCE: Final = 6  # frames of the network to wait at most
RETURN_WORDS: Final = 7

# the ports of a processing of blocks that is called for each buffer
LIFTED_LENGTH: Final = 0  # samples of a buffer
LIFTED_INS: Final = 1
LIFTED_OUTS: Final = 2
LIFTED_PORTS: Final = 3  # and then the words of each in port and each out port
LIFTED_ENTRY: Final = 0  # address of the entry for the buffer's address
LIFTED_ROWS: Final = 1  # address of the first row
LIFTED_OUT_WORDS: Final = 2
LIFTED_WIRES: Final = 2  # how many rows
LIFTED_SCRATCH: Final = 3  # address of a buffer for their sum
LIFTED_OPEN: Final = 4  # address of what it hears while nothing is connected
LIFTED_WORDS: Final = 5

LONG_AGO: Final = -(1 << 60)
_FRESH: Final = {LINE_FRESH: 1, LINE_PLAYED: -1}
_SPARE: Final = 16  # samples behind the last: a frame is copied in whole cache lines
_SETTINGS: Final = slice(LINE_SIZE, LINE_BEGIN)


class Line:
    """A line of samples.

    Parameters
    ----------
    room : how many samples it holds.
    settings : its words from `LINE_SIZE` to `LINE_KEPT`.
    silent : how many samples of silence it begins with.
    """

    def __init__(self, room: int, settings: tuple[int, ...], silent: int = 0) -> None:
        self.samples = shared(np.zeros(room + _SPARE, np.float32))
        words = np.zeros(LINE_WORDS, np.int64)
        words[LINE_DATA], words[LINE_ROOM] = self.samples.ctypes.data, room
        words[_SETTINGS] = settings
        for word, value in _FRESH.items():
            words[word] = value
        words[LINE_END] = silent
        self.words = shared(words)
        self.settings, self.room = settings, room
        self.address = int(self.words.ctypes.data)

    def change(self, settings: tuple[int, ...]) -> list[Message]:
        """The messages that give it other settings."""
        changed = [k for k, (old, new) in enumerate(zip(self.settings, settings, strict=True)) if old != new]
        self.settings = settings
        return [(STORE_8, self.address + 8 * (LINE_SIZE + k), settings[k], 0) for k in changed]

    def follow(self, old: Line) -> list[Message]:
        """The messages with which it goes on where a smaller line is."""
        first = 8 * LINE_BEGIN
        return [
            (COPY, self.samples.ctypes.data, old.samples.ctypes.data, 4 * old.room),
            (COPY, self.address + first, old.address + first, 8 * LINE_WORDS - first),
        ]


class Ring:
    """A ring of frames of one form.

    Parameters
    ----------
    spec : the data type.
    lengths : the lengths of its rows.
    frames : how many it holds.
    """

    def __init__(self, spec: FrameSpec, lengths: Mapping[str, int], frames: int) -> None:
        self._fields, stride = spec.offsets(lengths)
        self.spec, self.lengths, self.frames, self.stride = spec, dict(lengths), frames, stride
        self.begun = 0
        self._memory = aligned(frames * stride)
        self.times = shared(np.full(frames, LONG_AGO, np.int64))
        words = [self._memory.ctypes.data, frames, stride, 0, self.times.ctypes.data, *(word for field in self._fields for word in field)]
        self.words = shared(np.array(words, np.int64))
        self.address = int(self.words.ctypes.data)
        for k, field in enumerate(spec.fields):
            if field.default:
                for frame in range(frames):
                    self.view(frame, k)[0] = field.default

    def view(self, frame: int, k: int) -> Any:
        """A field of the frame at an index: an array over the memory itself."""
        offset, count, _ = self._fields[k]
        field = self.spec.fields[k]
        begin = frame * int(self.words[RING_STRIDE]) + offset
        if not field.length:
            return self._memory[begin : begin + 8].view(np.int64 if field.axes else np.float64)
        return self._memory[begin : begin + 4 * count].view(np.float32).reshape(field.shape(self.lengths))

    def follow(self, old: Ring) -> list[Message]:
        """The messages with which it goes on where a ring of the same form is, of which it has a multiple of the frames."""
        self.begun = old.written
        word = 8 * RING_WRITTEN
        messages: list[Message] = [(COPY, self.address + word, old.address + word, 8)]
        for k in range(self.frames // old.frames):  # so each frame is where its number belongs
            to = self._memory.ctypes.data + k * old.frames * self.stride
            messages.append((COPY, to, old._memory.ctypes.data, old.frames * self.stride))
            messages.append((COPY, self.times.ctypes.data + 8 * k * old.frames, old.times.ctypes.data, 8 * old.frames))
        return messages

    @property
    def written(self) -> int:
        """How many frames have been written so far."""
        return max(int(self.words[RING_WRITTEN]), self.begun)

    def last(self) -> tuple[int, dict[str, Any]] | None:
        """The time and the fields of the newest frame, copied, without a lock; None before the first.

        It is read again if the audio thread has overwritten it meanwhile.
        """
        while True:
            written = self.written
            if written == 0:
                return None
            found = self.frame(written - 1)
            if self.frames == 1 or self.written < written + self.frames - 1:
                return found

    def frame(self, number: int) -> tuple[int, dict[str, Any]]:
        """The time and the fields of a frame, copied, by its number."""
        index = number % self.frames
        return int(self.times[index]), {field.name: self._value(index, k) for k, field in enumerate(self.spec.fields)}

    def _value(self, index: int, k: int) -> Any:
        kind, view = self.spec.fields[k].kind, self.view(index, k)
        if kind == "table":
            return table_at(int(view[0])).values
        return float(view[0]) if kind == "number" else view.copy()
