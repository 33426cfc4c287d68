"""When a processing that is called for each frame is called: it waits for its in ports, and passes on what it has written."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..memory.queues import (
    CLOCK_CALLS,
    CLOCK_NEXT,
    CLOCK_TIME,
    FIRING_CLOCK,
    FIRING_DRIVEN,
    FIRING_INS,
    FIRING_LEAD,
    FIRING_NOW,
    FIRING_OUTS,
    FIRING_PERIOD,
    FIRING_ROWS,
    LINE,
    LINE_BASE,
    LINE_BEFORE,
    LINE_BEGIN,
    LINE_DIV,
    LINE_END,
    LINE_HOP,
    LINE_MUL,
    LINE_SIZE,
    LINE_WAIT,
    LONG_AGO,
    NOTHING,
    REGION_DATA,
    REGION_DIV,
    REGION_FIRST,
    REGION_HOP,
    REGION_LINES,
    REGION_MUL,
    REGION_SEAM,
    REGION_SIZE,
    RETURN,
    RETURN_BASE,
    RETURN_CALLED,
    RETURN_PATIENCE,
    RETURN_RING,
    RETURN_SINCE,
    RETURN_SLACK,
    RING,
    RING_DATA,
    RING_FRAMES,
    RING_STRIDE,
    RING_TIMES,
    RING_WRITTEN,
    ROW_CURSOR,
    ROW_KIND,
    ROW_PERIOD,
    ROW_QUEUE,
    ROW_WORDS,
    SEAM_DECAY,
    SEAM_UNTIL,
)
from .memory import load_f32, load_f64, load_i64, store_f32, store_i64, store_release
from .queues import put
from .seams import begin_seam, is_smoothing, remember, smooth
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
apart = njit(error_model="numpy", fastmath=STRICT, _nrt=False)


@inline
def _time_of(kind, queue, cursor):  # type: ignore[no-untyped-def]
    """The time of the next piece or frame of an in port."""
    if kind == LINE:
        place = load_i64(queue, LINE_BASE) + load_i64(queue, LINE_BEGIN) + load_i64(queue, LINE_BEFORE)
        return place * load_i64(queue, LINE_MUL) // load_i64(queue, LINE_DIV)
    return load_i64(load_i64(queue, RING_TIMES), load_i64(cursor, 0) % load_i64(queue, RING_FRAMES))


@inline
def _has_next(kind, queue, cursor):  # type: ignore[no-untyped-def]
    """Whether the next piece or frame of an in port is there. A reader that a ring has overtaken continues with the oldest there."""
    if kind == LINE:
        hop, begin = load_i64(queue, LINE_HOP), load_i64(queue, LINE_BEGIN)
        over = (load_i64(queue, LINE_BASE) + begin + load_i64(queue, LINE_BEFORE)) % hop
        if over != 0:  # the hop has changed
            begin += hop - over
            store_i64(queue, LINE_BEGIN, begin)
        return load_i64(queue, LINE_END) - begin >= load_i64(queue, LINE_SIZE) + load_i64(queue, LINE_WAIT)
    written, frames, at = load_i64(queue, RING_WRITTEN), load_i64(queue, RING_FRAMES), load_i64(cursor, 0)
    if written - at > frames:
        store_i64(cursor, 0, written - frames)
        at = written - frames
    return written > at


@inline
def _go_on(kind, queue, cursor):  # type: ignore[no-untyped-def]
    """Go on to the next piece or frame of an in port."""
    if kind == LINE:
        store_i64(queue, LINE_BEGIN, load_i64(queue, LINE_BEGIN) + load_i64(queue, LINE_HOP))
    else:
        store_i64(cursor, 0, load_i64(cursor, 0) + 1)


@apart
def tick(firing, frames):  # type: ignore[no-untyped-def]
    """A block of time begins."""
    clock, period = load_i64(firing, FIRING_CLOCK), load_i64(firing, FIRING_PERIOD)
    now, next_ = load_i64(load_i64(firing, FIRING_NOW), 0), load_i64(clock, CLOCK_NEXT)
    if next_ > now + frames + period:  # of a stream that had another rate
        next_ = LONG_AGO
    if load_i64(firing, FIRING_DRIVEN) != 0:
        if next_ < now - period - load_i64(firing, FIRING_LEAD):
            next_ = now
        next_ = ((next_ + period - 1) // period) * period
    store_i64(clock, CLOCK_NEXT, next_)


@inline
def _has_returned(words, now):  # type: ignore[no-untyped-def]
    """Whether a cycle has answered the call before. Where it does not, for whatever reason, the waiting ends."""
    called, ring = load_i64(words, RETURN_CALLED), load_i64(words, RETURN_RING)
    if called == LONG_AGO:
        return True
    written, since = load_i64(ring, RING_WRITTEN), load_i64(words, RETURN_SINCE)
    if written > load_i64(words, RETURN_BASE):
        newest = load_i64(load_i64(ring, RING_TIMES), (written - 1) % load_i64(ring, RING_FRAMES))
        if newest + load_i64(words, RETURN_SLACK) >= called:
            store_i64(words, RETURN_SINCE, LONG_AGO)
            return True
    if since == LONG_AGO:
        store_i64(words, RETURN_SINCE, now)
    elif now - since > load_i64(words, RETURN_PATIENCE):
        store_i64(words, RETURN_SINCE, LONG_AGO)
        store_i64(words, RETURN_CALLED, LONG_AGO)
        return True
    return False


@inline
def _copy_return(row):  # type: ignore[no-untyped-def]
    """Bring the newest frame that is no newer than the call before to where it is read; before the first there is a silent one."""
    words, copy = load_i64(row, ROW_CURSOR), load_i64(row, ROW_QUEUE)
    ring, called = load_i64(words, RETURN_RING), load_i64(words, RETURN_CALLED)
    written, frames, times = load_i64(ring, RING_WRITTEN), load_i64(ring, RING_FRAMES), load_i64(ring, RING_TIMES)
    number = written - 1
    oldest = max(load_i64(words, RETURN_BASE), written - frames)
    while number > oldest and called != LONG_AGO and load_i64(times, number % frames) > called:
        number -= 1
    if number >= oldest:
        from_ = load_i64(ring, RING_DATA) + load_i64(ring, RING_STRIDE) * (number % frames)
        to = load_i64(copy, RING_DATA)
        for i in range(load_i64(copy, RING_STRIDE) // 8):
            store_i64(to, i, load_i64(from_, i))


@apart
def _take_returns(firing):  # type: ignore[no-untyped-def]
    """Take the frames that come back in cycles; whether all of them are there."""
    rows, now = load_i64(firing, FIRING_ROWS), load_i64(load_i64(firing, FIRING_NOW), 0)
    for k in range(load_i64(firing, FIRING_INS)):
        row = rows + 8 * ROW_WORDS * k
        if load_i64(row, ROW_KIND) == RETURN and not _has_returned(load_i64(row, ROW_CURSOR), now):
            return False
    for k in range(load_i64(firing, FIRING_INS)):
        row = rows + 8 * ROW_WORDS * k
        if load_i64(row, ROW_KIND) == RETURN:
            _copy_return(row)
    return True


@apart
def ready(firing, frames):  # type: ignore[no-untyped-def]
    """Whether it is time for a call: each connected in port has its next piece or frame, and they belong together.

    The time of a call is the latest of theirs. Of each other port the newest that is not later is taken.
    """
    clock, ins, rows = load_i64(firing, FIRING_CLOCK), load_i64(firing, FIRING_INS), load_i64(firing, FIRING_ROWS)
    next_ = load_i64(clock, CLOCK_NEXT)
    if load_i64(firing, FIRING_DRIVEN) != 0:
        store_i64(clock, CLOCK_TIME, next_)
        return load_i64(load_i64(firing, FIRING_NOW), 0) + frames - next_ >= load_i64(firing, FIRING_LEAD) and _take_returns(firing)
    again = True
    while again:
        again = False
        connected, latest = 0, next_
        for k in range(ins):
            row = rows + 8 * ROW_WORDS * k
            kind, queue, cursor = load_i64(row, ROW_KIND), load_i64(row, ROW_QUEUE), load_i64(row, ROW_CURSOR)
            if kind >= NOTHING:
                continue
            if not _has_next(kind, queue, cursor):
                return False
            latest = max(latest, _time_of(kind, queue, cursor))
            connected += 1
        if connected == 0:
            return False
        for k in range(ins):
            row = rows + 8 * ROW_WORDS * k
            kind, queue, cursor = load_i64(row, ROW_KIND), load_i64(row, ROW_QUEUE), load_i64(row, ROW_CURSOR)
            if kind <= RING and _time_of(kind, queue, cursor) + load_i64(row, ROW_PERIOD) <= latest:
                _go_on(kind, queue, cursor)
                again = True
        store_i64(clock, CLOCK_TIME, latest)
    return _take_returns(firing)


@apart
def give(firing):  # type: ignore[no-untyped-def]
    """After a call: go on in every in port, and pass on the frames and samples that were written."""
    ins, outs, rows = load_i64(firing, FIRING_INS), load_i64(firing, FIRING_OUTS), load_i64(firing, FIRING_ROWS)
    clock = load_i64(firing, FIRING_CLOCK)
    time = load_i64(clock, CLOCK_TIME)
    store_i64(clock, CLOCK_NEXT, time + (load_i64(firing, FIRING_PERIOD) if load_i64(firing, FIRING_DRIVEN) != 0 else 1))
    store_i64(clock, CLOCK_CALLS, load_i64(clock, CLOCK_CALLS) + 1)
    for k in range(ins):
        row = rows + 8 * ROW_WORDS * k
        kind = load_i64(row, ROW_KIND)
        if kind == RETURN:
            store_i64(load_i64(row, ROW_CURSOR), RETURN_CALLED, time)
        elif kind != NOTHING:
            _go_on(kind, load_i64(row, ROW_QUEUE), load_i64(row, ROW_CURSOR))
    for k in range(ins, ins + outs):
        row = rows + 8 * ROW_WORDS * k
        queue = load_i64(row, ROW_QUEUE)
        if load_i64(row, ROW_KIND) == RING:
            written = load_i64(queue, RING_WRITTEN)
            store_i64(load_i64(queue, RING_TIMES), written % load_i64(queue, RING_FRAMES), time)
            store_release(queue + 8 * RING_WRITTEN, written + 1)
        else:
            leave(queue, time)


@inline
def leave(region, time):  # type: ignore[no-untyped-def]
    """Put the samples of a region that are complete into its lines, and move up the others."""
    data, size, hop = load_i64(region, REGION_DATA), load_i64(region, REGION_SIZE), load_i64(region, REGION_HOP)
    place = time * load_i64(region, REGION_MUL) // load_i64(region, REGION_DIV)
    seam = load_i64(region, REGION_SEAM)
    until = load_i64(seam, SEAM_UNTIL)
    if LONG_AGO < until < 0:  # the network has just been edited
        until = time - until
        store_i64(seam, SEAM_UNTIL, until)
    if time < until:
        begin_seam(seam, np.float64(load_f32(data, 0)), np.float64(load_f32(data, min(1, hop - 1))))
    if is_smoothing(seam):
        smooth(seam, data, hop, load_f64(seam, SEAM_DECAY))
    remember(seam, data, hop)
    for k in range(load_i64(region, REGION_LINES)):
        put(load_i64(region, REGION_FIRST + k), place, data, 1, hop)
    rest = max(size - hop, 0)
    for i in range(rest):
        store_f32(data, i, load_f32(data, i + hop))
    for i in range(rest, max(size, hop)):
        store_f32(data, i, np.float32(0.0))
