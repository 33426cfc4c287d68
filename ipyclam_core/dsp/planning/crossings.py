"""Where signals go from blocks to lines of samples, and back."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..memory.arrays import Ints
from ..memory.queues import Line, Ring


class Collected(NamedTuple):
    """A block signal that goes into a line: the row of the node that reads it, its in port, the line, the signal's latency."""

    row: int
    into: int
    line: Line
    late: int


class Emitted(NamedTuple):
    """A stream that becomes a block signal: the row of the node that writes it, its out port, the line, the latency."""

    row: int
    out: int
    line: Line
    late: int


class Unrolled(NamedTuple):
    """Buffers that become a stream: the row of the node that puts them out, the ring, the reader's place, the region to fill."""

    row: int
    ring: Ring
    cursor: Ints
    region: int


class Delayed(NamedTuple):
    """A block signal that is held back until others come: the index of the edge, the line, the delay, the block that is read."""

    edge: int
    line: Line
    late: int
    block: np.ndarray[Any, Any]
