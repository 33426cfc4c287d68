"""Messages from Python to the audio thread: a queue that the audio thread reads without locks, and memory that is freed in time.

All messages of one post are applied between the same two blocks. When the audio thread has taken a post, the block before
it has ended: memory used only by earlier programs and messages can be freed.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Final

import numpy as np

from .. import kernels
from ..memory.context import CONTROL, HEAD, LIST, MESSAGE_WORDS, QUEUE, QUEUE_LENGTH, RECORD, STORE_8, TAIL
from ..memory.instances import Message
from ..memory.shared import shared

AT_ONCE: Final = 64  # messages of one post that are put into the queue one by one; more are sent as a list

Afterwards = Callable[[], None] | None


class Mailbox:
    """The queue of one context."""

    def __init__(self, context: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        self._context = context
        self._address = int(context.ctypes.data)
        self._queue = shared(np.zeros((QUEUE_LENGTH, MESSAGE_WORDS), np.int64))
        context[QUEUE] = self._queue.ctypes.data
        self._lock = threading.Lock()
        self._posted: deque[tuple[int, Any, Afterwards]] = deque()
        self._waiting: dict[object, tuple[Sequence[Message], Afterwards]] = {}
        self._number = count()
        self._overflowed = 0

    def post(self, messages: Sequence[Message], afterwards: Afterwards = None) -> None:
        """Post messages, all applied between the same two blocks, and a function to call here after that (see `collect`).

        If the queue is full they wait here; of several values for one control, only the last is kept.
        """
        with self._lock:
            if self._waiting or not self._put(messages, afterwards):
                self._defer(messages, afterwards)

    def collect(self) -> None:
        """Call the functions of posts that have been taken, and post the waiting messages."""
        with self._lock:
            while self._waiting:
                key = next(iter(self._waiting))
                if not self._put(*self._waiting[key]):
                    break
                del self._waiting[key]
            if not self._waiting:
                self._overflowed = 0
        while (taken := self._next_taken()) is not None:  # one by one: if one fails, the others are left for the next round
            do = taken[2]
            if do is not None:
                do()

    def record(self, recording: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """Let the audio thread record from the next block on; see ``context.RECORD_...``."""
        self.post([(STORE_8, self._address + 8 * RECORD, int(recording.ctypes.data), 0)])

    def end_record(self, *memory: Any) -> None:
        """End the recording, and keep its memory until the audio thread no longer uses it."""
        kept = list(memory)
        self.post([(STORE_8, self._address + 8 * RECORD, 0, 0)], kept.clear)

    @property
    def trouble(self) -> str:
        """A message if the audio thread does not empty the queue in time, otherwise ``""``."""
        if not self._overflowed:
            return ""
        return f"the queue of changes is full: {self._overflowed} came too fast. The last value of each control is kept"

    @property
    def taken(self) -> bool:
        """Whether the queue is empty."""
        return int(self._context[HEAD]) == int(self._context[TAIL]) and not self._waiting

    def drain(self) -> None:
        """Take the messages instead of the audio thread; only while there is none."""
        while not self.taken:
            kernels.drain()(self._address)
            self.collect()
        self.collect()

    def _next_taken(self) -> tuple[int, Any, Afterwards] | None:
        with self._lock:
            taken = bool(self._posted) and self._posted[0][0] <= int(self._context[HEAD])
            return self._posted.popleft() if taken else None

    def _put(self, messages: Sequence[Message], afterwards: Afterwards) -> bool:
        tail, head = int(self._context[TAIL]), int(self._context[HEAD])
        slots = len(messages) if len(messages) <= AT_ONCE else 1
        if tail + slots - head > QUEUE_LENGTH:
            return False
        table = None
        if len(messages) > AT_ONCE:
            table = shared(np.array(messages, np.int64))
            self._queue[tail % QUEUE_LENGTH] = (LIST, table.ctypes.data, len(table), 0)
        else:
            for k, message in enumerate(messages):
                self._queue[(tail + k) % QUEUE_LENGTH] = message
        kernels.publish()(self._address + 8 * TAIL, tail + slots)
        if table is not None or afterwards is not None:
            self._posted.append((tail + slots, table, afterwards))
        return True

    def _defer(self, messages: Sequence[Message], afterwards: Afterwards) -> None:
        self._overflowed += len(messages)
        values = afterwards is None and all(message[0] == CONTROL for message in messages)
        key: object = tuple(message[1] for message in messages) if values else next(self._number)
        self._waiting.pop(key, None)
        self._waiting[key] = (messages, afterwards)
