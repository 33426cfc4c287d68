"""Kernels of a network for frames that are not a processing's own.

`lift` calls the kernel of a type that computes blocks once for each buffer. `unroll` makes a stream of buffers. `rounds` calls
the processings of a cycle in turn, until none of them can be called any more.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from ..memory.program import OP_KERNEL
from ..memory.queues import (
    CLOCK_BAD,
    CLOCK_CALLS,
    FIELD_ITEMS,
    FIRING_CLOCK,
    LIFTED_ENTRY,
    LIFTED_INS,
    LIFTED_LENGTH,
    LIFTED_OPEN,
    LIFTED_OUT_WORDS,
    LIFTED_OUTS,
    LIFTED_PORTS,
    LIFTED_ROWS,
    LIFTED_SCRATCH,
    LIFTED_WIRES,
    LIFTED_WORDS,
    LINE,
    LINE_SIZE,
    REGION_DATA,
    REGION_HOP,
    RING_FIELDS,
    RING_FRAMES,
    RING_TIMES,
    RING_WRITTEN,
    ROW_KIND,
    ROW_QUEUE,
    ROW_WORDS,
)
from .firing import give, leave, ready, tick
from .frame_ports import clean_row, frame_at, frame_read, frame_written
from .memory import caller, load_f32, load_i64, store_f32, store_i64
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
apart = njit(error_model="numpy", fastmath=STRICT, _nrt=False)
call_kernel = caller(types.void, types.int64, types.int64)


@inline
def _length_of(row):  # type: ignore[no-untyped-def]
    """How many samples an in port's buffer has."""
    queue = load_i64(row, ROW_QUEUE)
    return load_i64(queue, LINE_SIZE) if load_i64(row, ROW_KIND) == LINE else load_i64(queue, RING_FIELDS + FIELD_ITEMS)


@apart
def _gather(port, length):  # type: ignore[no-untyped-def]
    """The address of what an in port hears: a buffer in place, or the sum of several."""
    rows, count, scratch = load_i64(port, LIFTED_ROWS), load_i64(port, LIFTED_WIRES), load_i64(port, LIFTED_SCRATCH)
    if count == 0:
        return load_i64(port, LIFTED_OPEN)
    if count == 1 and _length_of(rows) == length:
        return frame_read(rows)
    for i in range(length):
        store_f32(scratch, i, np.float32(0.0))
    for k in range(count):
        row = rows + 8 * ROW_WORDS * k
        source = frame_read(row)
        for i in range(min(_length_of(row), length)):
            store_f32(scratch, i, load_f32(scratch, i) + load_f32(source, i))
    return scratch


@apart
def _point(table):  # type: ignore[no-untyped-def]
    """Enter the addresses of the buffers that are read and written into the tables of the kernel."""
    ins, outs, length = load_i64(table, LIFTED_INS), load_i64(table, LIFTED_OUTS), load_i64(table, LIFTED_LENGTH)
    port = table + 8 * LIFTED_PORTS
    for _ in range(ins):
        store_i64(load_i64(port, LIFTED_ENTRY), 0, _gather(port, length))
        port += 8 * LIFTED_WORDS
    for _ in range(outs):
        store_i64(load_i64(port, LIFTED_ENTRY), 0, frame_written(load_i64(port, LIFTED_ROWS)))
        port += 8 * LIFTED_OUT_WORDS


@apart
def _clean(table):  # type: ignore[no-untyped-def]
    """Replace what is not finite in the buffers written by 0; returns how many these were."""
    ins, length, bad = load_i64(table, LIFTED_INS), load_i64(table, LIFTED_LENGTH), 0
    port = table + 8 * (LIFTED_PORTS + LIFTED_WORDS * ins)
    for _ in range(load_i64(table, LIFTED_OUTS)):
        bad += clean_row(frame_written(load_i64(port, LIFTED_ROWS)), length)
        port += 8 * LIFTED_OUT_WORDS
    return bad


def lift(op: int, frames: int) -> None:
    """Call a kernel for each buffer. The op: firing, the op of that kernel, the table of its ports."""
    firing, inner, table = load_i64(op, 1), load_i64(op, 2), load_i64(op, 3)
    clock = load_i64(firing, FIRING_CLOCK)
    tick(firing, frames)
    while ready(firing, frames):
        _point(table)
        call_kernel(load_i64(inner, OP_KERNEL), inner, load_i64(table, LIFTED_LENGTH))
        store_i64(clock, CLOCK_BAD, load_i64(clock, CLOCK_BAD) + _clean(table))
        give(firing)


def unroll(op: int, frames: int) -> None:
    """Put the samples of buffers into a line: of each those up to the next. The op: ring, cursor, region."""
    ring, cursor, region = load_i64(op, 1), load_i64(op, 2), load_i64(op, 3)
    data, hop, length = load_i64(region, REGION_DATA), load_i64(region, REGION_HOP), load_i64(ring, RING_FIELDS + FIELD_ITEMS)
    number = max(load_i64(cursor, 0), load_i64(ring, RING_WRITTEN) - load_i64(ring, RING_FRAMES))
    while number < load_i64(ring, RING_WRITTEN):
        frame = frame_at(ring, number)
        for i in range(hop):
            store_f32(data, i, load_f32(frame, i) if i < length else np.float32(0.0))
        leave(region, load_i64(load_i64(ring, RING_TIMES), number % load_i64(ring, RING_FRAMES)))
        number += 1
    store_i64(cursor, 0, number)


def rounds(op: int, frames: int) -> None:
    """Call kernels in turn, until none calls its function. The op: their ops with the clock of each, and their number."""
    table, count = load_i64(op, 1), load_i64(op, 2)
    before, calls = -1, -2
    while calls != before:
        before, calls = calls, 0
        for k in range(count):
            inner = load_i64(table, 2 * k)
            call_kernel(load_i64(inner, OP_KERNEL), inner, frames)
            calls += load_i64(load_i64(table, 2 * k + 1), CLOCK_CALLS)
