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
OP_OUTPUTS: Final = 5  # address of the table of out ports, in the same form
OP_TIME: Final = 6  # address of the nanoseconds spent, by type
OP_FIRING: Final = 7  # of a type that is called for each frame: address of its firing (see `queues`)
OP_WIDTH: Final = 8  # words of an op, a whole cache line

# the ops between the processings' own, from word 1 on
# mix: destination, stride, number of terms, address of the terms
MIX_TARGET: Final = 1
MIX_STRIDE: Final = 2
MIX_COUNT: Final = 3
MIX_TERMS: Final = 4
# a term: source, stride, number of lanes side by side, address of a fade (0 for none)
TERM_WORDS: Final = 4
# a fade: three float64: level, target, step per frame
FADE_WORDS: Final = 3
# hold: destination, source, stride; tap: ring, frames in it (a power of two), address of the count, source, stride
# collect: line, source, stride, address of the network's time, latency; advance: address of the network's time
# emit: line, destination, address of the network's time, latency, decay per frame of a smoothed step (float64)
# carry: address of the wires, number of wires
# a wire: value sent, times sent, times seen, value to set, arrivals to count (addresses)
WIRE_WORDS: Final = 5
