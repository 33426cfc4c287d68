"""From the sinks' ports to the channels of the device: sums, the guard against NaN and infinity, recording, the master fade."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..memory.context import (
    BAD,
    BAD_SINK,
    CULPRIT,
    CULPRIT_PROGRAM,
    FADE,
    HEAD_BLOCK,
    HEAD_CHANNELS,
    HEAD_LINK_COUNT,
    HEAD_LINKS,
    HEAD_MIXES,
    HEAD_NUMBER,
    HEAD_RUN_COUNT,
    HEAD_RUN_INPUTS,
    HEAD_RUN_OUTPUTS,
    HEAD_RUNS,
    LEVEL,
    LINK_WORDS,
    MODE,
    RECORD,
    RECORD_CHANNELS,
    RECORD_FRAMES,
    RECORD_LIMIT,
    RECORD_LOST,
    RECORD_READ,
    RECORD_RING,
    RECORD_WRITTEN,
    RUN_WORDS,
)  # fmt: skip
from .levels import INFINITE, loudest_bits, meter
from .memory import load_acquire, load_f32, load_f64, load_i64, store_f32, store_f64, store_i64, store_release
from .state import STRICT
from .wiring import add_fading

LARGEST = np.float32(3.0e38)

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)


@inline
def mix_channels(program, frames):  # type: ignore[no-untyped-def]
    """Sum the signals of the sinks' ports into the channels of the device."""
    links, mixes, block = load_i64(program, HEAD_LINKS), load_i64(program, HEAD_MIXES), load_i64(program, HEAD_BLOCK)
    for k in range(load_i64(program, HEAD_LINK_COUNT)):
        link = links + 8 * LINK_WORDS * k
        source, stride, fade = load_i64(link, 0), load_i64(link, 1), load_i64(link, 3)
        target = mixes + 4 * block * load_i64(link, 2)
        first = load_i64(link, 4) != 0
        if fade != 0:
            if first:
                for i in range(frames):
                    store_f32(target, i, np.float32(0.0))
            add_fading(target, 1, source, stride, fade, frames)
        elif first:
            for i in range(frames):
                store_f32(target, i, load_f32(source, i * stride))
        else:
            for i in range(frames):
                store_f32(target, i, load_f32(target, i) + load_f32(source, i * stride))


@inline
def finite(samples, stride, frames):  # type: ignore[no-untyped-def]
    """Whether all of these samples are finite."""
    worst = np.float32(0.0)
    for i in range(frames):
        worst = worst + load_f32(samples, i * stride) * np.float32(0.0)  # 0 x infinity and 0 x NaN are NaN
    return worst == worst


@inline
def all_finite(ports, first, count, lane, frames):  # type: ignore[no-untyped-def]
    """Whether all samples of these ports of one lane are finite."""
    whole = True
    for p in range(first, first + count):
        whole &= finite(load_i64(ports, 2 * p) + 4 * lane, load_i64(ports, 2 * p + 1), frames)
    return whole


@inline
def find_culprit(ctx, program, frames):  # type: ignore[no-untyped-def]
    """Record the first lane that outputs NaN or infinity although its input is finite."""
    runs, ins, outs = load_i64(program, HEAD_RUNS), load_i64(program, HEAD_RUN_INPUTS), load_i64(program, HEAD_RUN_OUTPUTS)
    for r in range(load_i64(program, HEAD_RUN_COUNT)):
        run = runs + 8 * RUN_WORDS * r
        for lane in range(load_i64(run, 4)):
            if not all_finite(outs, load_i64(run, 2), load_i64(run, 3), lane, frames) and all_finite(
                ins, load_i64(run, 0), load_i64(run, 1), lane, frames
            ):
                store_i64(ctx, CULPRIT_PROGRAM, load_i64(program, HEAD_NUMBER))
                store_release(ctx + 8 * CULPRIT, 1 + 64 * r + lane)
                return
    store_release(ctx + 8 * CULPRIT, -1)


@inline
def guard_channels(ctx, program, frames):  # type: ignore[no-untyped-def]
    """Replace NaN and infinity in the channels by 0, count them, and find the processing that caused them.

    Shows the peaks on the meters; returns the bits of the largest absolute value.
    """
    mixes, block = load_i64(program, HEAD_MIXES), load_i64(program, HEAD_BLOCK)
    loudest = np.int32(0)
    for c in range(load_i64(program, HEAD_CHANNELS)):
        channel = mixes + 4 * block * c
        bits = loudest_bits(channel, frames)
        if bits >= INFINITE:
            for i in range(frames):
                if not abs(load_f32(channel, i)) <= LARGEST:
                    store_f32(channel, i, np.float32(0.0))
                    store_i64(ctx, BAD, load_i64(ctx, BAD) + 1)
            store_i64(ctx, BAD_SINK, c + 1)
            if load_acquire(ctx + 8 * CULPRIT) == 0:
                find_culprit(ctx, program, frames)
            bits = loudest_bits(channel, frames)
        meter(ctx, program, c, bits, frames)
        if bits > loudest:
            loudest = bits
    return loudest


@inline
def record(ctx, program, frames):  # type: ignore[no-untyped-def]
    """Copy the channels to the ring of a recording, which a Python thread writes to a file."""
    recording = load_i64(ctx, RECORD)
    if recording == 0:
        return
    ring = load_i64(recording, RECORD_RING)
    size, channels = load_i64(recording, RECORD_FRAMES), load_i64(recording, RECORD_CHANNELS)
    written = load_i64(recording, RECORD_WRITTEN)
    wanted = min(frames, load_i64(recording, RECORD_LIMIT) - written)
    room = size - (written - load_acquire(recording + 8 * RECORD_READ))
    if room < wanted:
        store_i64(recording, RECORD_LOST, load_i64(recording, RECORD_LOST) + wanted - room)
        wanted = room
    mixes, block, there = load_i64(program, HEAD_MIXES), load_i64(program, HEAD_BLOCK), load_i64(program, HEAD_CHANNELS)
    for c in range(channels):
        if c < there:
            for i in range(wanted):
                store_f32(ring, ((written + i) % size) * channels + c, load_f32(mixes + 4 * block * c, i))
        else:
            for i in range(wanted):
                store_f32(ring, ((written + i) % size) * channels + c, np.float32(0.0))
    store_release(recording + 8 * RECORD_WRITTEN, written + wanted)


@inline
def write_channels(ctx, program, outputs, channels, skip, frames):  # type: ignore[no-untyped-def]
    """Copy the channels to those of the device, faded by the master level."""
    level, fade = load_f64(ctx, LEVEL), load_i64(ctx, FADE)
    target = 1.0 if load_i64(ctx, MODE) == 1 else 0.0
    step = 1.0 / fade if fade > 0 else 2.0
    mixes, block, there = load_i64(program, HEAD_MIXES), load_i64(program, HEAD_BLOCK), load_i64(program, HEAD_CHANNELS)
    if outputs != 0:
        for c in range(channels):
            out = load_i64(outputs, c) + 4 * skip
            source = mixes + 4 * block * c
            if c >= there:
                for i in range(frames):
                    store_f32(out, i, np.float32(0.0))
            elif level == target == 1.0:
                for i in range(frames):
                    store_f32(out, i, load_f32(source, i))
            else:
                gain = level
                for i in range(frames):
                    gain = min(gain + step, target) if target > level else max(gain - step, target)
                    store_f32(out, i, np.float32(gain * load_f32(source, i)))
    change = step * frames
    store_f64(ctx, LEVEL, min(level + change, target) if target > level else max(level - change, target))


@inline
def silence(outputs, channels, skip, frames):  # type: ignore[no-untyped-def]
    """Write silence to every out channel."""
    if outputs != 0:
        for c in range(channels):
            out = load_i64(outputs, c) + 4 * skip
            for i in range(frames):
                store_f32(out, i, np.float32(0.0))
