"""What the kernel of a type that is called for each frame does with its ports before and after a call."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ...declare.declaration import Declaration
from ..memory.queues import (
    CLOCK_BAD,
    FIELD_ITEMS,
    FIELD_OFFSET,
    FIELD_WORDS,
    FIRING_CLOCK,
    FIRING_ITEMS,
    LINE,
    LINE_BEGIN,
    LINE_DATA,
    REGION_DATA,
    REGION_SIZE,
    RING,
    RING_DATA,
    RING_FIELDS,
    RING_FRAMES,
    RING_STRIDE,
    RING_WRITTEN,
    ROW_CURSOR,
    ROW_KIND,
    ROW_QUEUE,
    ROW_WORDS,
)
from .memory import load_f32, load_f64, load_i64, store_f32, store_f64, store_i64
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
apart = njit(error_model="numpy", fastmath=STRICT, _nrt=False)

LARGEST = np.float32(3.0e38)


@inline
def frame_at(ring, number):  # type: ignore[no-untyped-def]
    """The address of a ring's frame, by its number."""
    return load_i64(ring, RING_DATA) + load_i64(ring, RING_STRIDE) * (number % load_i64(ring, RING_FRAMES))


@inline
def frame_read(row):  # type: ignore[no-untyped-def]
    """The address of the frame that an in port reads."""
    queue = load_i64(row, ROW_QUEUE)
    if load_i64(row, ROW_KIND) == LINE:
        return load_i64(queue, LINE_DATA) + 4 * load_i64(queue, LINE_BEGIN)
    return frame_at(queue, load_i64(load_i64(row, ROW_CURSOR), 0))


@inline
def frame_written(row):  # type: ignore[no-untyped-def]
    """The address of the frame that an out port writes."""
    queue = load_i64(row, ROW_QUEUE)
    return frame_at(queue, load_i64(queue, RING_WRITTEN))


@apart
def _copy_frame(into, out):  # type: ignore[no-untyped-def]
    from_, to = frame_read(into), frame_written(out)
    for i in range(load_i64(load_i64(out, ROW_QUEUE), RING_STRIDE) // 8):
        store_i64(to, i, load_i64(from_, i))


@apart
def clean_row(address, count):  # type: ignore[no-untyped-def]
    bad = 0
    for i in range(count):
        value = load_f32(address, i)
        finite = abs(value) <= LARGEST
        store_f32(address, i, value if finite else np.float32(0.0))
        bad += 0 if finite else 1
    return bad


@inline
def _clean_number(address, count):  # type: ignore[no-untyped-def]
    value = load_f64(address, 0)
    if abs(value) <= 1.0e300:
        return 0
    store_f64(address, 0, 0.0)
    return 1


@apart
def _zero_row(row):  # type: ignore[no-untyped-def]
    """Make a frame or a region 0."""
    queue = load_i64(row, ROW_QUEUE)
    if load_i64(row, ROW_KIND) == RING:
        frame = frame_written(row)
        for i in range(load_i64(queue, RING_STRIDE) // 8):
            store_i64(frame, i, 0)
    else:
        for i in range(load_i64(queue, REGION_SIZE)):
            store_f32(load_i64(queue, REGION_DATA), i, np.float32(0.0))


def _rows(type_: Declaration, attribute: str) -> int:
    """The word of a firing at which the rows of a port are given."""
    names = [item.attribute for role in ("inports", "outports") for item in type_.items_of(role)]
    return FIRING_ITEMS + 2 * names.index(attribute)


def _each(functions: list[Any]) -> Any:
    """A function ``(firing)`` that calls all of these; the sum of what they return. A loop over them would have to check an index."""
    if not functions:
        return inline(lambda firing: 0)
    first, others = functions[0], _each(functions[1:])
    return inline(lambda firing: first(firing) + others(firing))


def copying(type_: Declaration) -> Any:
    """A function ``(firing)`` that gives out ports with `copies` the frame that they begin with."""
    copied = [item for item in type_.items_of("outports") if item.copies]
    return _each([_copying_from(_rows(type_, item.copies), _rows(type_, item.attribute)) for item in copied])


def _copying_from(source: int, target: int) -> Any:
    @inline
    def copy(firing):  # type: ignore[no-untyped-def]
        first, second = load_i64(firing, source), load_i64(firing, target)
        for k in range(load_i64(firing, target + 1)):
            _copy_frame(first + 8 * ROW_WORDS * k, second + 8 * ROW_WORDS * k)
        return 0

    return copy


def cleaning(type_: Declaration) -> Any:
    """A function ``(firing)`` that replaces what is not finite in the frames written by 0, and counts it in the clock."""
    held = [(_rows(type_, item.attribute), item.frame.fields) for item in type_.items_of("outports") if item.frame is not None]
    each = [(rows, k, field.kind) for rows, fields in held for k, field in enumerate(fields)]
    count = _each([_cleaning_of(rows, k, kind != "number") for rows, k, kind in each if kind != "table"])

    @inline
    def clean(firing):  # type: ignore[no-untyped-def]
        bad = count(firing)
        if bad != 0:
            clock = load_i64(firing, FIRING_CLOCK)
            store_i64(clock, CLOCK_BAD, load_i64(clock, CLOCK_BAD) + bad)

    return clean


def _cleaning_of(rows: int, k: int, is_row: bool) -> Any:
    clean = clean_row if is_row else _clean_number

    @inline
    def clean_field(firing):  # type: ignore[no-untyped-def]
        bad, first = 0, load_i64(firing, rows)
        for m in range(load_i64(firing, rows + 1)):
            out = first + 8 * ROW_WORDS * m
            form = load_i64(out, ROW_QUEUE)
            address = frame_written(out) + load_i64(form, RING_FIELDS + FIELD_WORDS * k + FIELD_OFFSET)
            bad += clean(address, load_i64(form, RING_FIELDS + FIELD_WORDS * k + FIELD_ITEMS))
        return bad

    return clean_field


def silencing(type_: Declaration) -> Any:
    """A function ``(firing, frames)`` that makes everything 0 that a call has written."""
    zero = _each([_zeroing(_rows(type_, item.attribute)) for item in type_.items_of("outports")])

    @inline
    def silence(firing, frames):  # type: ignore[no-untyped-def]
        zero(firing)

    return silence


def _zeroing(rows: int) -> Any:
    @inline
    def zero(firing):  # type: ignore[no-untyped-def]
        first = load_i64(firing, rows)
        for k in range(load_i64(firing, rows + 1)):
            _zero_row(first + 8 * ROW_WORDS * k)
        return 0

    return zero
