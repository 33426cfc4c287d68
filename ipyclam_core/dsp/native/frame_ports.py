"""What the kernel of a type that is called for each frame does with its ports before and after a call."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ...declare.declaration import Declaration
from ..memory.queues import (
    CLOCK_BAD,
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
def _frame(ring, number):  # type: ignore[no-untyped-def]
    """The address of a ring's frame, by its number."""
    return load_i64(ring, RING_DATA) + load_i64(ring, RING_STRIDE) * (number % load_i64(ring, RING_FRAMES))


@inline
def _frame_read(row):  # type: ignore[no-untyped-def]
    """The address of the frame that an in port reads."""
    queue = load_i64(row, ROW_QUEUE)
    if load_i64(row, ROW_KIND) == LINE:
        return load_i64(queue, LINE_DATA) + 4 * load_i64(queue, LINE_BEGIN)
    return _frame(queue, load_i64(load_i64(row, ROW_CURSOR), 0))


@inline
def _frame_written(row):  # type: ignore[no-untyped-def]
    """The address of the frame that an out port writes."""
    queue = load_i64(row, ROW_QUEUE)
    return _frame(queue, load_i64(queue, RING_WRITTEN))


@apart
def _clean_row(address, count):  # type: ignore[no-untyped-def]
    bad = 0
    for i in range(count):
        value = load_f32(address, i)
        finite = abs(value) <= LARGEST
        store_f32(address, i, value if finite else np.float32(0.0))
        bad += 0 if finite else 1
    return bad


@inline
def _clean_number(address):  # type: ignore[no-untyped-def]
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
        frame = _frame_written(row)
        for i in range(load_i64(queue, RING_STRIDE) // 8):
            store_i64(frame, i, 0)
    else:
        for i in range(load_i64(queue, REGION_SIZE)):
            store_f32(load_i64(queue, REGION_DATA), i, np.float32(0.0))


def _rows(type_: Declaration, *attributes: str) -> tuple[int, ...]:
    """The words of a firing at which the rows of these ports are given; of all out ports if none are named."""
    names = [item.attribute for role in ("inports", "outports") for item in type_.items_of(role)]
    attributes = attributes or tuple(item.attribute for item in type_.items_of("outports"))
    return tuple(FIRING_ITEMS + 2 * names.index(attribute) for attribute in attributes)


def copying(type_: Declaration) -> Any:
    """A function ``(firing)`` that gives out ports with `copies` the frame that they begin with."""
    pairs = [_rows(type_, item.copies, item.attribute) for item in type_.items_of("outports") if item.copies]
    if not pairs:
        return inline(lambda firing: None)
    words = tuple(word for pair in pairs for word in pair)

    @inline
    def copy(firing):  # type: ignore[no-untyped-def]
        for m in range(len(words) // 2):
            source, target = load_i64(firing, words[2 * m]), load_i64(firing, words[2 * m + 1])
            for k in range(load_i64(firing, words[2 * m + 1] + 1)):
                into, out = source + 8 * ROW_WORDS * k, target + 8 * ROW_WORDS * k
                from_, to = _frame_read(into), _frame_written(out)
                for i in range(load_i64(load_i64(out, ROW_QUEUE), RING_STRIDE) // 8):
                    store_i64(to, i, load_i64(from_, i))

    return copy


def cleaning(type_: Declaration) -> Any:
    """A function ``(firing)`` that replaces what is not finite in the frames written by 0, and counts it in the clock."""
    items = [(item.attribute, item.frame.fields) for item in type_.items_of("outports") if item.frame is not None]
    if not items:
        return inline(lambda firing: None)
    words = _rows(type_, *(attribute for attribute, _ in items))
    fields = tuple((m, k, bool(field.length)) for m, (_, held) in enumerate(items) for k, field in enumerate(held))
    places, numbers, rows = (tuple(column) for column in zip(*fields, strict=True))

    @inline
    def clean(firing):  # type: ignore[no-untyped-def]
        bad = 0
        for f in range(len(places)):
            first = load_i64(firing, words[places[f]])
            for k in range(load_i64(firing, words[places[f]] + 1)):
                out = first + 8 * ROW_WORDS * k
                form = load_i64(out, ROW_QUEUE)
                address = _frame_written(out) + load_i64(form, RING_FIELDS + 2 * numbers[f])
                bad += _clean_row(address, load_i64(form, RING_FIELDS + 2 * numbers[f] + 1)) if rows[f] else _clean_number(address)
        if bad != 0:
            clock = load_i64(firing, FIRING_CLOCK)
            store_i64(clock, CLOCK_BAD, load_i64(clock, CLOCK_BAD) + bad)

    return clean


def silencing(type_: Declaration) -> Any:
    """A function ``(firing, frames)`` that makes everything 0 that a call has written."""
    words = _rows(type_)
    if not type_.items_of("outports"):
        return inline(lambda firing, frames: None)

    @inline
    def silence(firing, frames):  # type: ignore[no-untyped-def]
        for word in words:
            first = load_i64(firing, word)
            for k in range(load_i64(firing, word + 1)):
                _zero_row(first + 8 * ROW_WORDS * k)

    return silence
