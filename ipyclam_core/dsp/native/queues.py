"""Lines of samples in compiled code: putting samples into them, and the kernels that bring blocks to lines and lines to blocks."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..memory.queues import (
    JOINED,
    LINE_BASE,
    LINE_BEFORE,
    LINE_BEGIN,
    LINE_COUNTED,
    LINE_DATA,
    LINE_END,
    LINE_FRESH,
    LINE_HOP,
    LINE_KEPT,
    LINE_LATE,
    LINE_LOST,
    LINE_PLAYED,
    LINE_ROOM,
    LINE_SEAM,
    LINE_STARVED,
    SEAM_BEFORE,
    SEAM_LAST,
)
from .memory import load_f32, load_f64, load_i64, store_f32, store_f64, store_i64
from .seams import begin_seam, is_smoothing, remember, smooth
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)

FINITE = np.float32(3.0e38)


@inline
def _push(line, source, stride, count):  # type: ignore[no-untyped-def]
    """Put samples at the end of a line, silence if `source` is 0. If the line is full, the oldest are dropped."""
    data, room = load_i64(line, LINE_DATA), load_i64(line, LINE_ROOM)
    begin, end = load_i64(line, LINE_BEGIN), load_i64(line, LINE_END)
    if end + count > room:
        wanted = end - begin + load_i64(line, LINE_KEPT)
        kept = max(min(min(end, wanted), room - count), 0)
        start = end - kept
        for i in range(kept):
            store_f32(data, i, load_f32(data, start + i))
        if start > begin:
            store_i64(line, LINE_LOST, load_i64(line, LINE_LOST) + start - begin)
        store_i64(line, LINE_BASE, load_i64(line, LINE_BASE) + start)
        begin, end = max(begin - start, 0), kept
    over = max(count - room, 0)  # more than there is room for: the last of them
    if source != 0:
        for i in range(over, count):
            value = load_f32(source, i * stride)
            store_f32(data, end + i - over, value if abs(value) <= FINITE else np.float32(0.0))
    else:
        for i in range(over, count):
            store_f32(data, end + i - over, np.float32(0.0))
    store_i64(line, LINE_BASE, load_i64(line, LINE_BASE) + over)
    store_i64(line, LINE_BEGIN, begin)
    store_i64(line, LINE_END, end + count - over)
    store_i64(line, LINE_FRESH, 0)


@inline
def put(line, place, source, stride, count):  # type: ignore[no-untyped-def]
    """Put samples where they belong in a stream. A gap is silence; after a long one the line begins again, in step with all others.

    Where pieces are played one after the other, they follow one another whatever their places.
    """
    if load_i64(line, LINE_COUNTED) != 0:
        _push(line, source, stride, count)
        return
    room = load_i64(line, LINE_ROOM)
    gap = place - load_i64(line, LINE_BASE) - load_i64(line, LINE_END)
    if load_i64(line, LINE_FRESH) != 0 or abs(gap) > room // 4:
        hop = max(load_i64(line, LINE_HOP), 1)
        base = (place // hop) * hop - load_i64(line, LINE_BEFORE)
        store_i64(line, LINE_BASE, base)
        store_i64(line, LINE_BEGIN, 0)
        store_i64(line, LINE_END, 0)
        gap = place - base
    if gap > 0:
        _push(line, 0, 0, gap)
        gap = 0
    if -gap < count:
        _push(line, source - 4 * stride * gap, stride, count + gap)


def collect(op: int, frames: int) -> None:
    """Put a block of a signal into a line. The op: line, source, stride, address of the network's time, latency of the signal."""
    place = load_i64(load_i64(op, 4), 0) - load_i64(op, 5)
    put(load_i64(op, 1), place, load_i64(op, 2), load_i64(op, 3), frames)


def emit(op: int, frames: int) -> None:
    """Play a block from a line. The op: line, target, address of the network's time, latency, decay per frame of a smoothed step.

    Where samples are missing it is silent; once it is heard while the network plays, for the whole block, so that all steps are
    between blocks. If the stream breaks off, comes back or changes its latency or its rate, the step that this would make is added
    and fades out, so that nothing clicks.
    """
    line, target, late = load_i64(op, 1), load_i64(op, 2), load_i64(op, 4)
    data, begin, end = load_i64(line, LINE_DATA), load_i64(line, LINE_BEGIN), load_i64(line, LINE_END)
    seam, played = line + 8 * (LINE_SEAM - SEAM_LAST), load_i64(line, LINE_PLAYED)
    if load_i64(line, LINE_COUNTED) != 0:
        there = np.int64(end - begin >= frames)  # as in CLAM, the samples wait until there are enough
        for i in range(frames):
            store_f32(target, i, load_f32(data, begin + i) if there == 1 else np.float32(0.0))
        if played == JOINED or (played == 0 and there == 1):
            begin_seam(seam, np.float64(load_f32(target, 0)), np.float64(load_f32(target, min(1, frames - 1))))
        if is_smoothing(seam):
            smooth(seam, target, frames, load_f64(op, 5))
        remember(seam, target, frames)
        if played == JOINED or played == 0:
            store_i64(line, LINE_PLAYED, there)
        store_i64(line, LINE_STARVED, load_i64(line, LINE_STARVED) + 1 - there)
        store_i64(line, LINE_BEGIN, begin + frames * there)
        return
    begin = load_i64(load_i64(op, 3), 0) - late - load_i64(line, LINE_BASE)
    there = _is_there(begin, frames, end) if played < 0 else np.int64(begin >= 0) & np.int64(begin + frames <= end)
    last = end if there == 1 else 0
    for i in range(frames):
        k = begin + i
        store_f32(target, i, load_f32(data, k) if 0 <= k < last else np.float32(0.0))
    if played == JOINED:
        _continue(seam, data, load_i64(load_i64(op, 3), 0) - load_i64(line, LINE_BASE), end)
    if played >= 0 and (late != load_i64(line, LINE_LATE) or there != played):
        begin_seam(seam, np.float64(load_f32(target, 0)), np.float64(load_f32(target, min(1, frames - 1))))
    if is_smoothing(seam):
        smooth(seam, target, frames, load_f64(op, 5))
    remember(seam, target, frames)
    if there == 0:
        store_i64(line, LINE_STARVED, load_i64(line, LINE_STARVED) + 1)
    if played >= 0 or there == 1:
        store_i64(line, LINE_PLAYED, there)
    store_i64(line, LINE_BEGIN, min(max(begin + frames, 0), end))
    store_i64(line, LINE_LATE, late)


@inline
def _continue(seam, data, here, end):  # type: ignore[no-untyped-def]
    """Take it that the samples at a place of a line are what has been played up to now."""
    if here >= 0 and here + 1 < end:
        first, slope = np.float64(load_f32(data, here)), np.float64(load_f32(data, here + 1)) - np.float64(load_f32(data, here))
        store_f64(seam, SEAM_LAST, first - slope)
        store_f64(seam, SEAM_BEFORE, first - slope - slope)


@inline
def _is_there(begin, frames, end):  # type: ignore[no-untyped-def]
    """Whether a line has some of the samples of a block."""
    return np.int64(begin < end) & np.int64(begin + frames > 0)


def advance(op: int, frames: int) -> None:
    """Advance the network's time. The op: its address."""
    now = load_i64(op, 1)
    store_i64(now, 0, load_i64(now, 0) + frames)
