"""Between MIDI ports, whose messages come at any time, and kernels: a ring of messages in a processing's state."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy import int64

from ...declare.maths import publish, published
from ...midi.ports import Input, Output
from ._messages import replaces

SIZE: Final = 4096
"""Messages of a ring."""

WRITTEN: Final = 0
READ: Final = 1

INPUT: Final = "name of a MIDI input, or a part of it; None for a virtual port, which you connect"
OUTPUT: Final = "name of a MIDI output, or a part of it; None for a virtual port, which you connect"


def memory():
    """The initial state of a ring."""
    return {"ring": np.zeros(SIZE, np.int64), "counters": np.zeros(2, np.int64)}


def put(state, message):
    """Put a message into the ring; whether there was room."""
    written = state.counters[WRITTEN]
    if written - published(state.counters, READ) >= SIZE:
        return False
    state.ring[written % SIZE] = message
    publish(state.counters, WRITTEN, written + 1)
    return True


def waiting(state):
    """The number of messages in the ring."""
    return published(state.counters, WRITTEN) - state.counters[READ]


def taken(state):
    """The next message of the ring, in which there is one."""
    read = state.counters[READ]
    message = state.ring[read % SIZE]
    publish(state.counters, READ, read + 1)
    return int64(message)


def latest(state):
    """The next message, or -1. Of positions of the same controller it is the last one."""
    if waiting(state) == 0:
        return int64(-1)
    message = taken(state)
    while waiting(state) > 0 and replaces(state.ring[state.counters[READ] % SIZE], message):
        message = taken(state)
    return message


class Hearing:
    """Puts the messages of a MIDI input into the ring."""

    def __init__(self, state, port, title, *, timing=False):
        self.state, self.lost, self.title = state, 0, title
        self.input = Input(port, title, self.hear, timing=timing)

    @property
    def trouble(self):
        if self.lost:
            return f"{self.title}: {self.lost} MIDI messages came too fast, and were lost"
        return self.input.trouble

    def hear(self, message):
        if not put(self.state, message):
            self.lost += 1

    def service(self):
        self.input.service()

    def close(self):
        self.input.close()


class Sending:
    """Sends the messages of the ring to a MIDI output."""

    def __init__(self, state, port, title):
        self.state = state
        self.output = Output(port, title)

    @property
    def trouble(self):
        return self.output.trouble

    def service(self):
        self.output.service()
        while waiting(self.state) > 0:
            self.output.send(int(taken(self.state)))

    def close(self):
        self.service()
        self.output.close()
