"""The code of the audio thread: one block of a program, from pending messages to output samples.

These functions are compiled; they never raise, allocate, lock, print, or take the GIL.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from ..memory.context import (
    ASKED,
    BLOCK,
    BLOCKS,
    BUFFER,
    BUSY,
    CLIENT,
    CLOCK,
    COMPUTE,
    CONTROL,
    COPY,
    DEVICE_INPUTS,
    DEVICE_OUTPUTS,
    DONE,
    EXPECTED,
    FRAME_TIME,
    FRAMES,
    GONE,
    HEAD,
    HEAD_BLOCK,
    HEAD_COUNT,
    HEAD_INPUT_COUNT,
    HEAD_INPUTS,
    HEAD_OPS,
    HEAD_OUTPUT_COUNT,
    HEAD_OUTPUTS,
    HEAD_SOURCE_COUNT,
    HEAD_SOURCES,
    LAST,
    LEVEL,
    LIST,
    LONGEST,
    MESSAGE_ADDRESS,
    MESSAGE_COUNT,
    MESSAGE_KIND,
    MESSAGE_VALUE,
    MESSAGE_WORDS,
    MISSED,
    MODE,
    PERIOD,
    PROFILE,
    PROGRAM,
    QUEUE,
    QUEUE_LENGTH,
    QUIT,
    SLEEP,
    STORE_1,
    STORE_4,
    STORE_8,
    TAIL,
    XRUNS,
)  # fmt: skip
from ..memory.program import OP_KERNEL, OP_TIME, OP_WIDTH
from .levels import apply_volume, limit
from .memory import (
    I8,
    I32,
    I64,
    caller,
    flush_denormals,
    load_acquire,
    load_f32,
    load_f64,
    load_i8,
    load_i64,
    restore_denormals,
    store_f32,
    store_i8,
    store_i64,
    store_release,
)  # fmt: skip
from .sinks import guard_channels, mix_channels, record, silence, write_channels
from .state import STRICT

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
call_kernel = caller(types.void, types.int64, types.int64)
call_compute = caller(types.void, *[types.int64] * 7)
call_frame_time = caller(types.uint32, types.int64)
call_buffer = caller(types.int64, types.int64, types.uint32)


NAP = 50_000_000  # nanoseconds: the longest time after which the clock device hears that it is to end


@intrinsic
def now(typingctx: Any, clock: Any) -> Any:
    """Nanoseconds of CLOCK_MONOTONIC, from the address of clock_gettime."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        time = cgutils.alloca_once(builder, ir.ArrayType(I64, 2))
        words = builder.bitcast(time, I64.as_pointer())
        function = builder.inttoptr(args[0], ir.FunctionType(I32, [I32, I64.as_pointer()]).as_pointer())
        builder.call(function, [I32(1), words])
        return builder.add(builder.mul(builder.load(words), I64(10**9)), builder.load(builder.gep(words, [I64(1)])))

    return types.int64(types.int64), codegen


@intrinsic
def sleep_until(typingctx: Any, sleep: Any, time: Any) -> Any:
    """Sleep until a moment of CLOCK_MONOTONIC, by the address of clock_nanosleep."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        time = cgutils.alloca_once(builder, ir.ArrayType(I64, 2))
        words = builder.bitcast(time, I64.as_pointer())
        builder.store(builder.sdiv(args[1], I64(10**9)), words)
        builder.store(builder.srem(args[1], I64(10**9)), builder.gep(words, [I64(1)]))
        kind = ir.FunctionType(I32, [I32, I32, I64.as_pointer(), I64.as_pointer()])
        nowhere = ir.Constant(I64.as_pointer(), None)
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), [I32(1), I32(1), words, nowhere])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


@intrinsic
def _store_bits(typingctx: Any, address: Any, bits: Any, width: Any) -> Any:
    """Store a value of 8, 4 or 1 bytes given by its bits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        with builder.if_then(builder.icmp_signed("==", args[2], I64(8))):
            builder.store(args[1], builder.inttoptr(args[0], I64.as_pointer()))
        with builder.if_then(builder.icmp_signed("==", args[2], I64(4))):
            builder.store(builder.trunc(args[1], I32), builder.inttoptr(args[0], I32.as_pointer()))
        with builder.if_then(builder.icmp_signed("==", args[2], I64(1))):
            builder.store(builder.trunc(args[1], I8), builder.inttoptr(args[0], I8.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), codegen


@inline
def obey(message):  # type: ignore[no-untyped-def]
    """Apply one message."""
    kind = load_i64(message, MESSAGE_KIND)
    address, value = load_i64(message, MESSAGE_ADDRESS), load_i64(message, MESSAGE_VALUE)
    if kind == STORE_8:
        _store_bits(address, value, 8)
    elif kind == STORE_4:
        _store_bits(address, value, 4)
    elif kind == STORE_1:
        _store_bits(address, value, 1)
    elif kind == CONTROL:
        _store_bits(address, value, 8)
        count = load_i64(message, MESSAGE_COUNT)
        store_i64(count, 0, load_i64(count, 0) + 1)
    elif kind == COPY:
        for i in range(load_i64(message, MESSAGE_COUNT)):
            store_i8(address, i, load_i8(value, i))


@inline
def take_messages(ctx):  # type: ignore[no-untyped-def]
    """Apply the messages posted since the last block, in order."""
    tail = load_acquire(ctx + 8 * TAIL)
    head = load_i64(ctx, HEAD)
    queue = load_i64(ctx, QUEUE)
    while head != tail:
        message = queue + 8 * MESSAGE_WORDS * (head & (QUEUE_LENGTH - 1))
        if load_i64(message, MESSAGE_KIND) == LIST:
            first = load_i64(message, MESSAGE_ADDRESS)
            for k in range(load_i64(message, MESSAGE_VALUE)):
                obey(first + 8 * MESSAGE_WORDS * k)
        else:
            obey(message)
        head += 1
    store_release(ctx + 8 * HEAD, head)


@inline
def run_ops(ctx, program, frames):  # type: ignore[no-untyped-def]
    """Call every kernel of a program in order. Every few blocks, measure the time of each."""
    op = load_i64(program, HEAD_OPS)
    end = op + 8 * OP_WIDTH * load_i64(program, HEAD_COUNT)
    every = load_i64(ctx, PROFILE)
    if every > 0 and load_i64(ctx, BLOCKS) % every == 0:
        clock = load_i64(ctx, CLOCK)
        before = now(clock)
        while op < end:
            call_kernel(load_i64(op, OP_KERNEL), op, frames)
            after = now(clock)
            spent = load_i64(op, OP_TIME)
            if spent != 0:
                store_i64(spent, 0, load_i64(spent, 0) + after - before)
            before = after
            op += 8 * OP_WIDTH
    else:
        while op < end:
            call_kernel(load_i64(op, OP_KERNEL), op, frames)
            op += 8 * OP_WIDTH


@inline
def read_sources(program, inputs, channels, skip, frames):  # type: ignore[no-untyped-def]
    """Copy the device's in channels to the buffers of the source ports; silence if the channel does not exist."""
    table = load_i64(program, HEAD_SOURCES)
    for k in range(load_i64(program, HEAD_SOURCE_COUNT)):
        channel, target = load_i64(table, 2 * k), load_i64(table, 2 * k + 1)
        if 0 <= channel < channels and inputs != 0:
            source = load_i64(inputs, channel) + 4 * skip
            for i in range(frames):
                store_f32(target, i, load_f32(source, i))
        else:
            for i in range(frames):
                store_f32(target, i, np.float32(0.0))


@inline
def begin(ctx):  # type: ignore[no-untyped-def]
    """Take the pending messages; returns the current program."""
    take_messages(ctx)
    return load_i64(ctx, PROGRAM)


@inline
def run_block(ctx, program, inputs, input_count, outputs, output_count, frames):  # type: ignore[no-untyped-def]
    """Call `compute`: by its address, so that it is compiled once for all devices."""
    call_compute(load_i64(ctx, COMPUTE), ctx, program, inputs, input_count, outputs, output_count, frames)


def compute(ctx: int, program: int, inputs: int, input_count: int, outputs: int, output_count: int, frames: int) -> None:
    """One callback of a device: as many blocks as its frames take."""
    control = flush_denormals()
    clock = load_i64(ctx, CLOCK)
    start = now(clock)
    holds = load_i64(ctx, MODE) == 0 and load_f64(ctx, LEVEL) == 0.0
    if program == 0 or holds:
        silence(outputs, output_count, 0, frames)
    else:
        done = np.int64(0)  # not 0, which has a type of its own
        while done < frames:
            part = min(frames - done, load_i64(program, HEAD_BLOCK))
            read_sources(program, inputs, input_count, done, part)
            run_ops(ctx, program, part)
            mix_channels(program, part)
            apply_volume(ctx, program, part)
            loudest = guard_channels(ctx, program, part)
            record(ctx, program, part)
            limit(ctx, program, output_count, loudest, part)
            write_channels(ctx, program, outputs, output_count, done, part)
            done += part
        store_i64(ctx, FRAMES, load_i64(ctx, FRAMES) + frames)
    spent = now(clock) - start
    store_i64(ctx, BUSY, load_i64(ctx, BUSY) + spent)
    if spent > load_i64(ctx, LONGEST):
        store_i64(ctx, LONGEST, spent)
    store_i64(ctx, LAST, start)
    store_i64(ctx, ASKED, frames)
    store_i64(ctx, BLOCKS, load_i64(ctx, BLOCKS) + 1)
    restore_denormals(control)


def drain(ctx: int) -> None:
    """Take the pending messages, when the device does not run any more."""
    begin(ctx)


def offline(ctx: int, inputs: int, input_count: int, outputs: int, output_count: int, frames: int, blocks: int) -> None:
    """Compute blocks as fast as possible, and advance the channel addresses in their tables."""
    for _ in range(blocks):
        run_block(ctx, begin(ctx), inputs, input_count, outputs, output_count, frames)
        for c in range(input_count):
            store_i64(inputs, c, load_i64(inputs, c) + 4 * frames)
        for c in range(output_count):
            store_i64(outputs, c, load_i64(outputs, c) + 4 * frames)


@inline
def wait_until(ctx, sleep, time, clock):  # type: ignore[no-untyped-def]
    """Sleep until a moment, or until the thread is to end: a block may be minutes long."""
    awake = now(clock)
    while awake < time and load_acquire(ctx + 8 * QUIT) == 0:
        awake = min(time, awake + NAP)
        sleep_until(sleep, awake)


def clock_thread(ctx: int) -> int:
    """The main function of the clock device's thread: blocks in real time, whose output is discarded."""
    clock, sleep = load_i64(ctx, CLOCK), load_i64(ctx, SLEEP)
    period = load_i64(ctx, PERIOD)
    time = now(clock)
    while load_acquire(ctx + 8 * QUIT) == 0:
        run_block(ctx, begin(ctx), 0, 0, 0, 0, load_i64(ctx, BLOCK))
        time += period
        late = now(clock) - time
        if late > 0:
            store_i64(ctx, XRUNS, load_i64(ctx, XRUNS) + 1)
            if late > 10 * period:
                time = now(clock)
        else:
            wait_until(ctx, sleep, time, clock)
    store_release(ctx + 8 * DONE, 1)
    return 0


@inline
def count_missed(ctx, frames):  # type: ignore[no-untyped-def]
    """Count the cycles since the last one in which the server did not call this client."""
    time = np.int64(call_frame_time(load_i64(ctx, FRAME_TIME), load_i64(ctx, CLIENT)))
    expected = load_i64(ctx, EXPECTED)
    if expected != 0:
        gap = (time - (expected - 1)) & 0xFFFFFFFF  # the server counts in 32 bits
        if 0 < gap < 0x7FFFFFFF:
            store_i64(ctx, MISSED, load_i64(ctx, MISSED) + (gap + frames - 1) // frames)
    store_i64(ctx, EXPECTED, ((time + frames) & 0xFFFFFFFF) + 1)


def jack_process(frames: Any, ctx: int) -> int:
    """JACK's process callback. The channels are the ports in the program's table: the handles, followed by the buffers."""
    count_missed(ctx, np.int64(frames))
    program = begin(ctx)
    inputs = outputs = input_count = output_count = 0
    if program != 0:
        buffer = load_i64(ctx, BUFFER)
        inputs, input_count = load_i64(program, HEAD_INPUTS), load_i64(program, HEAD_INPUT_COUNT)
        outputs, output_count = load_i64(program, HEAD_OUTPUTS), load_i64(program, HEAD_OUTPUT_COUNT)
        for c in range(input_count):
            store_i64(inputs, input_count + c, call_buffer(buffer, load_i64(inputs, c), frames))
        for c in range(output_count):
            store_i64(outputs, output_count + c, call_buffer(buffer, load_i64(outputs, c), frames))
    first_in, first_out = inputs + 8 * input_count, outputs + 8 * output_count
    run_block(ctx, program, first_in, input_count, first_out, output_count, np.int64(frames))
    return 0


def jack_xrun(ctx: int) -> int:
    """JACK's xrun callback, called for any xrun of the server."""
    store_i64(ctx, XRUNS, load_i64(ctx, XRUNS) + 1)
    return 0


def jack_gone(ctx: int) -> None:
    """JACK's shutdown callback: the server ended, or threw this client out."""
    store_release(ctx + 8 * GONE, 1)


def portaudio_callback(inputs: int, outputs: int, frames: int, time: int, flags: int, ctx: int) -> int:
    """PortAudio's callback, for channels that are not interleaved; their numbers are those the stream was opened with."""
    input_count, output_count = load_i64(ctx, DEVICE_INPUTS), load_i64(ctx, DEVICE_OUTPUTS)
    run_block(ctx, begin(ctx), inputs, input_count, outputs, output_count, np.int64(frames))
    if flags & 0xC:  # paOutputUnderflow, paOutputOverflow
        store_i64(ctx, XRUNS, load_i64(ctx, XRUNS) + 1)
    return 0


def publish(address: int, value: int) -> None:
    """Store a word with release ordering, for the other thread."""
    store_release(address, value)


SIGNATURES = {
    compute: types.void(*[types.int64] * 7),
    drain: types.void(types.int64),
    offline: types.void(*[types.int64] * 7),
    clock_thread: types.int64(types.int64),
    jack_process: types.int32(types.uint32, types.int64),
    jack_xrun: types.int32(types.int64),
    jack_gone: types.void(types.int64),
    portaudio_callback: types.int32(types.int64, types.int64, types.uint64, types.int64, types.uint64, types.int64),
    publish: types.void(types.int64, types.int64),
}
