"""The kernels between the processings' own: sums, fades, feedback, taps, and wires that carry controls.

Their ops have words of their own after the kernel's address, given in `ipyclam_core.dsp.memory.program`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..memory.program import MIX_COUNT, MIX_STRIDE, MIX_TARGET, MIX_TERMS, TERM_WORDS, WIRE_WORDS
from .memory import (
    load_f32,
    load_f64,
    load_i8,
    load_i32,
    load_i64,
    store_f32,
    store_f64,
    store_i8,
    store_i32,
    store_i64,
    store_release,
)  # fmt: skip
from .state import STRICT

summing = njit(forceinline=True, error_model="numpy", fastmath={"nsz", "reassoc"})


@summing
def _sum_lanes(source, lanes):  # type: ignore[no-untyped-def]
    total = np.float32(0.0)
    for j in range(lanes):
        total += load_f32(source, j)
    return total


@njit(forceinline=True, error_model="numpy", fastmath=STRICT)
def add_fading(target, stride, source, source_stride, fade, frames):  # type: ignore[no-untyped-def]
    """A fade whose start is delayed has a level below 0 or above 1."""
    level, goal, step = load_f64(fade, 0), load_f64(fade, 1), load_f64(fade, 2)
    for i in range(frames):
        level = min(level + step, goal) if step > 0.0 else max(level + step, goal)
        value = load_f32(source, i * source_stride) * np.float32(min(max(level, 0.0), 1.0))
        store_f32(target, i * stride, load_f32(target, i * stride) + value)
    store_f64(fade, 0, level)


def mix(op: int, frames: int) -> None:
    """Sum any number of signals into one buffer."""
    target, stride = load_i64(op, MIX_TARGET), load_i64(op, MIX_STRIDE)
    count, terms = load_i64(op, MIX_COUNT), load_i64(op, MIX_TERMS)
    fresh = True
    for k in range(count):
        term = terms + 8 * TERM_WORDS * k
        source, source_stride, lanes, fade = load_i64(term, 0), load_i64(term, 1), load_i64(term, 2), load_i64(term, 3)
        if fresh:
            fresh = False
            if fade == 0 and lanes == 1:
                if stride == 1 and source_stride == 1:
                    for i in range(frames):
                        store_f32(target, i, load_f32(source, i))
                else:
                    for i in range(frames):
                        store_f32(target, i * stride, load_f32(source, i * source_stride))
                continue
            for i in range(frames):
                store_f32(target, i * stride, np.float32(0.0))
        if fade != 0:
            add_fading(target, stride, source, source_stride, fade, frames)
        elif lanes > 1:
            for i in range(frames):
                total = _sum_lanes(source + 4 * source_stride * i, lanes)
                store_f32(target, i * stride, load_f32(target, i * stride) + total)
        elif stride == 1 and source_stride == 1:
            for i in range(frames):
                store_f32(target, i, load_f32(target, i) + load_f32(source, i))
        else:
            for i in range(frames):
                store_f32(target, i * stride, load_f32(target, i * stride) + load_f32(source, i * source_stride))
    if fresh:
        for i in range(frames):
            store_f32(target, i * stride, np.float32(0.0))


def hold(op: int, frames: int) -> None:
    """Store a block of feedback for the next block; NaN and infinity are replaced by 0."""
    target, source, stride = load_i64(op, 1), load_i64(op, 2), load_i64(op, 3)
    for i in range(frames):
        value = load_f32(source, i * stride)
        store_f32(target, i, value if abs(value) <= np.float32(3.0e38) else np.float32(0.0))


def tap(op: int, frames: int) -> None:
    """Copy a port to a ring that Python looks at."""
    ring, size, count = load_i64(op, 1), load_i64(op, 2), load_i64(op, 3)
    source, stride = load_i64(op, 4), load_i64(op, 5)
    place = load_i64(count, 0)
    for i in range(frames):
        store_f32(ring, (place + i) & (size - 1), load_f32(source, i * stride))
    store_release(count, place + frames)


def carry(op: int, frames: int) -> None:
    """Copy the values sent since the last block to the other ends of the control wires."""
    wires = load_i64(op, 1)
    for k in range(load_i64(op, 2)):
        wire = wires + 8 * WIRE_WORDS * k
        sent, seen = load_i64(load_i64(wire, 1), 0), load_i64(wire, 2)
        if sent != load_i64(seen, 0):
            store_i64(seen, 0, sent)
            store_f64(load_i64(wire, 3), 0, load_f64(load_i64(wire, 0), 0))
            arrivals = load_i64(wire, 4)
            store_i64(arrivals, 0, load_i64(arrivals, 0) + 1)


def levels(arguments: int) -> None:
    """The level of each node, and the edges that close a cycle, in linear time.

    `arguments` is the address of: nodes, edges, address of the edges' ends (two int32 arrays one after the other, sources
    then targets), address of the order in which to begin (int32), addresses of the results: depth of each node (int32),
    whether each edge closes a cycle (int8); address of int32 scratch of ``4 * nodes + 2 * edges + 4``.
    """
    nodes, edges = load_i64(arguments, 0), load_i64(arguments, 1)
    ends, order = load_i64(arguments, 2), load_i64(arguments, 3)
    depth, closes = load_i64(arguments, 4), load_i64(arguments, 5)
    scratch = load_i64(arguments, 6)
    start = scratch  # of each node's edges in `out`
    out = start + 4 * (nodes + 2)
    stack = out + 4 * edges
    colour = stack + 4 * nodes
    finished = colour + 4 * nodes
    for v in range(nodes + 2):
        store_i32(start, v, 0)
    for e in range(edges):
        v = load_i32(ends, e) + 2
        store_i32(start, v, load_i32(start, v) + 1)
    for v in range(1, nodes + 2):
        store_i32(start, v, load_i32(start, v) + load_i32(start, v - 1))
    for e in range(edges):
        v = load_i32(ends, e) + 1
        place = load_i32(start, v)
        store_i32(out, place, e)
        store_i32(start, v, place + 1)
        store_i8(closes, e, 0)
    for v in range(nodes):
        store_i32(colour, v, load_i32(start, v))  # the next edge to look at
        store_i32(depth, v, -1)  # -1 unseen, -2 on the path, 0 done
    count = 0
    for k in range(nodes):
        root = load_i32(order, k)
        if load_i32(depth, root) != -1:
            continue
        store_i32(depth, root, -2)
        store_i32(stack, 0, root)
        height = 1
        while height > 0:
            v = load_i32(stack, height - 1)
            e = load_i32(colour, v)
            if e == load_i32(start, v + 1):
                store_i32(depth, v, 0)
                store_i32(finished, count, v)
                count += 1
                height -= 1
                continue
            store_i32(colour, v, e + 1)
            edge = load_i32(out, e)
            w = load_i32(ends, edges + edge)
            state = load_i32(depth, w)
            if state == -2:
                store_i8(closes, edge, 1)
            elif state == -1:
                store_i32(depth, w, -2)
                store_i32(stack, height, w)
                height += 1
    for k in range(nodes - 1, -1, -1):
        v = load_i32(finished, k)
        below = load_i32(depth, v) + 1
        for e in range(load_i32(start, v), load_i32(start, v + 1)):
            edge = load_i32(out, e)
            if load_i8(closes, edge) == 0:
                w = load_i32(ends, edges + edge)
                if load_i32(depth, w) < below:
                    store_i32(depth, w, below)
