"""A program: what the audio thread runs, as flat arrays of numbers.

A program is immutable once it is published. Each op is `OP_WIDTH` int64 numbers; its kernel is called with the address
of the first and the number of frames.
"""

from __future__ import annotations

from typing import Final

OP_KERNEL: Final = 0  # address of the kernel
OP_BASE: Final = 1  # address of the chunk that holds the instance's memory
OP_FIRST: Final = 2  # first lane of the run in it
OP_LANES: Final = 3  # lanes of the run
OP_INPUTS: Final = 4  # address of the table of in ports: (address, stride) each, or (address of such a table, count)
OP_OUTPUTS: Final = 5  # address of the table of out ports, likewise
OP_TIME: Final = 6  # address of the nanoseconds spent, by type
OP_FLAGS: Final = 7  # see `ONLY_ON_CONTROL`
OP_WIDTH: Final = 8

ONLY_ON_CONTROL: Final = 1  # a receive op: runs when a control has arrived
