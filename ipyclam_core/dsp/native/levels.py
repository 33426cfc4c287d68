"""How loud the channels are: the volume, the meters, and the limiter of sound cards.

Each works in place on the channels as they are mixed, and leaves every bit as it is where it has nothing to do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from ...proxy import FULL_SCALE
from ..memory.context import (
    GAIN,
    GAIN_FROM,
    GAIN_LEFT,
    GAIN_NOW,
    GAIN_OVER,
    GAIN_TO,
    HEAD_BLOCK,
    HEAD_CHANNELS,
    HEAD_METERS,
    HEAD_MIXES,
    LIMIT,
    LIMIT_LEAST,
    LIMIT_NOW,
    LIMITED,
    LIMITED_BLOCKS,
    METER_CLIPPED,
    METER_FALL,
    METER_HOLD,
    METER_LEFT,
    METER_NOW,
    METER_PEAK,
    RAMP,
    RELEASE,
)
from .memory import F32, I32, load_f32, load_f64, load_i64, store_f32, store_f64, store_i64
from .state import STRICT

LARGEST = np.float32(3.4028234e38)
INFINITE = 0x7F800000
"""The bits of infinity; those of NaN are larger numbers, those of all others are smaller."""

AT_REST = 1.0 / FULL_SCALE
"""A limiter's factor from which it is as good as 1."""

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)


@intrinsic
def larger_bits(typingctx: Any, bits: Any, samples: Any, index: Any) -> Any:
    """The larger one of `bits` and those of the absolute value of a sample. Integers, because that is what vectorises."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.gep(builder.inttoptr(args[1], I32.as_pointer()), [args[2]])
        mine = builder.and_(builder.load(pointer), ir.Constant(I32, 0x7FFFFFFF))
        return builder.select(builder.icmp_signed(">", mine, args[0]), mine, args[0])

    return types.int32(types.int32, types.int64, types.int64), codegen


@intrinsic
def amplitude_of(typingctx: Any, bits: Any) -> Any:
    """The float32 of these bits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], F32)

    return types.float32(types.int32), codegen


@inline
def loudest_bits(samples, frames):  # type: ignore[no-untyped-def]
    """The bits of the largest absolute value: `INFINITE` or more if there is infinity or NaN among the samples."""
    bits = np.int32(0)
    for i in range(frames):
        bits = larger_bits(bits, samples, i)
    return bits


@inline
def apply_volume(ctx, program, frames):  # type: ignore[no-untyped-def]
    """Multiply the channels by the volume. A new volume is reached along a parabola, so that it hardly changes at first."""
    goal = load_f64(ctx, GAIN)
    if goal != load_f64(ctx, GAIN_TO):
        store_f64(ctx, GAIN_FROM, load_f64(ctx, GAIN_NOW))
        store_f64(ctx, GAIN_TO, goal)
        store_i64(ctx, GAIN_OVER, load_i64(ctx, RAMP))
        store_i64(ctx, GAIN_LEFT, load_i64(ctx, RAMP))
    left = load_i64(ctx, GAIN_LEFT)
    mixes, block = load_i64(program, HEAD_MIXES), load_i64(program, HEAD_BLOCK)
    if left > 0:
        begin, over, moving = load_f64(ctx, GAIN_FROM), load_i64(ctx, GAIN_OVER), min(left, frames)
        bend = (goal - begin) / (np.float64(over) * np.float64(over))
        for c in range(load_i64(program, HEAD_CHANNELS)):
            channel = mixes + 4 * block * c
            for i in range(moving):
                done = np.float64(over - left + i + 1)
                store_f32(channel, i, np.float32((begin + bend * done * done) * load_f32(channel, i)))
            for i in range(moving, frames):
                store_f32(channel, i, np.float32(goal * load_f32(channel, i)))
        store_i64(ctx, GAIN_LEFT, left - moving)
        done = np.float64(over - left + moving)
        store_f64(ctx, GAIN_NOW, begin + bend * done * done if left > moving else goal)
    elif goal != 1.0:
        factor = np.float32(goal)
        for c in range(load_i64(program, HEAD_CHANNELS)):
            channel = mixes + 4 * block * c
            for i in range(frames):
                store_f32(channel, i, factor * load_f32(channel, i))


@inline
def meter(ctx, program, c, bits, frames):  # type: ignore[no-untyped-def]
    """Show the peak of a channel, whose largest sample has these bits, on its meter."""
    cells = load_i64(load_i64(program, HEAD_METERS), c)
    if cells == 0:
        return
    peak = np.float64(amplitude_of(bits))
    shown, left = load_f64(cells, METER_NOW), load_i64(cells, METER_LEFT)
    if left > 0:
        left -= frames
    else:
        shown *= max(0.0, 1.0 - load_f64(ctx, METER_FALL) * frames)
    if peak >= shown:
        shown, left = peak, load_i64(ctx, METER_HOLD)
    store_f64(cells, METER_NOW, shown)
    store_i64(cells, METER_LEFT, left)
    if peak > load_f64(cells, METER_PEAK):
        store_f64(cells, METER_PEAK, peak)
    if peak > FULL_SCALE:
        channel = load_i64(program, HEAD_MIXES) + 4 * load_i64(program, HEAD_BLOCK) * c
        clipped = load_i64(cells, METER_CLIPPED)
        for i in range(frames):
            if abs(load_f32(channel, i)) > FULL_SCALE:
                clipped += 1
        store_i64(cells, METER_CLIPPED, clipped)


@inline
def limit(ctx, program, heard, bits, frames):  # type: ignore[no-untyped-def]
    """Keep the first `heard` channels within full scale, all by the same factor: it falls at once, and recovers smoothly.

    `bits` are those of the largest sample of all channels.
    """
    gain = load_f64(ctx, LIMIT_NOW)
    if load_i64(ctx, LIMIT) == 0 or (gain == 1.0 and amplitude_of(bits) <= np.float32(1.0)):
        return
    mixes, block = load_i64(program, HEAD_MIXES), 4 * load_i64(program, HEAD_BLOCK)
    heard = min(heard, load_i64(program, HEAD_CHANNELS))
    release, least, limited = load_f64(ctx, RELEASE), load_f64(ctx, LIMIT_LEAST), 0
    for i in range(frames):
        peak = np.float32(1.0)
        for c in range(heard):
            sample = abs(load_f32(mixes + block * c, i))
            if sample <= LARGEST:
                peak = max(peak, sample)
            else:
                store_f32(mixes + block * c, i, np.float32(0.0))
        gain = min(1.0, gain * release, 1.0 / np.float64(peak))
        if gain < 1.0:
            limited += gain < AT_REST
            least = min(least, gain)
            for c in range(heard):
                store_f32(mixes + block * c, i, np.float32(gain * load_f32(mixes + block * c, i)))
    store_f64(ctx, LIMIT_NOW, gain)
    store_f64(ctx, LIMIT_LEAST, least)
    if limited > 0:
        store_i64(ctx, LIMITED, load_i64(ctx, LIMITED) + limited)
        store_i64(ctx, LIMITED_BLOCKS, load_i64(ctx, LIMITED_BLOCKS) + 1)
