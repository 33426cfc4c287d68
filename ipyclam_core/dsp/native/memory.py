"""Memory by address, for compiled code: loads, stores, atomics, calls through pointers, and the state of the FPU.

Addresses are int64 throughout. Nothing here can raise, allocate or take the GIL.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

I8: Final = ir.IntType(8)
I32: Final = ir.IntType(32)
I64: Final = ir.IntType(64)
F32: Final = ir.FloatType()
F64: Final = ir.DoubleType()


def _loader(numba_type: Any, ir_type: Any) -> Any:
    @intrinsic
    def load(typingctx: Any, address: Any, index: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            pointer = builder.inttoptr(args[0], ir_type.as_pointer())
            return builder.load(builder.gep(pointer, [args[1]]))

        return numba_type(types.int64, types.int64), codegen

    return load


def _storer(numba_type: Any, ir_type: Any) -> Any:
    @intrinsic
    def store(typingctx: Any, address: Any, index: Any, value: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            pointer = builder.inttoptr(args[0], ir_type.as_pointer())
            builder.store(args[2], builder.gep(pointer, [args[1]]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, numba_type), codegen

    return store


load_i64, store_i64 = _loader(types.int64, I64), _storer(types.int64, I64)
load_f64, store_f64 = _loader(types.float64, F64), _storer(types.float64, F64)
load_f32, store_f32 = _loader(types.float32, F32), _storer(types.float32, F32)
load_i32, store_i32 = _loader(types.int32, I32), _storer(types.int32, I32)
load_i8, store_i8 = _loader(types.int8, I8), _storer(types.int8, I8)


@intrinsic
def load_acquire(typingctx: Any, address: Any) -> Any:
    """Load a value stored by another thread with `store_release`. Everything it wrote before is visible after this."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load_atomic(builder.inttoptr(args[0], I64.as_pointer()), "acquire", 8)

    return types.int64(types.int64), codegen


@intrinsic
def store_release(typingctx: Any, address: Any, value: Any) -> Any:
    """Store a value with release ordering: everything written before becomes visible with it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store_atomic(args[1], builder.inttoptr(args[0], I64.as_pointer()), "release", 8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def caller(result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function that calls the C function of these numba types at an address: ``call(address, *arguments)``."""

    @intrinsic
    def call(typingctx: Any, address: Any, *given: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            back = ir.VoidType() if result is types.void else context.get_value_type(result)
            function = ir.FunctionType(back, [context.get_value_type(argument) for argument in arguments])
            values = [args[0], *cgutils.unpack_tuple(builder, args[1])] if len(args) == 2 else list(args)
            value = builder.call(builder.inttoptr(values[0], function.as_pointer()), values[1:])
            return context.get_dummy_value() if result is types.void else value

        return result(types.int64, types.StarArgTuple(arguments)), codegen

    return call  # type: ignore[no-any-return]


@intrinsic
def flush_denormals(typingctx: Any) -> Any:
    """Treat denormals as zero from now on. Returns the control word for `restore_denormals`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        before = _read_control(builder)
        _write_control(builder, builder.or_(before, before.type(_FLUSH)))
        return builder.zext(before, I64) if before.type is I32 else before

    return types.int64(), codegen


@intrinsic
def restore_denormals(typingctx: Any, control: Any) -> Any:
    """Undo `flush_denormals`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _write_control(builder, args[0] if _ARM else builder.trunc(args[0], I32))
        return context.get_dummy_value()

    return types.void(types.int64), codegen


_ARM: Final = platform.machine() in ("aarch64", "arm64")
_FLUSH: Final = 1 << 24 if _ARM else 0x8040  # FPCR.FZ, or MXCSR's FTZ and DAZ


def _read_control(builder: Any) -> Any:
    if _ARM:
        return builder.asm(ir.FunctionType(I64, []), "mrs $0, fpcr", "=r", [], True)
    slot = cgutils.alloca_once(builder, I32)
    builder.call(_mxcsr(builder, "stmxcsr"), [builder.bitcast(slot, I8.as_pointer())])
    return builder.load(slot)


def _write_control(builder: Any, value: Any) -> None:
    if _ARM:
        builder.asm(ir.FunctionType(ir.VoidType(), [I64]), "msr fpcr, $0", "r", [value], True)
        return
    slot = cgutils.alloca_once(builder, I32)
    builder.store(value, slot)
    builder.call(_mxcsr(builder, "ldmxcsr"), [builder.bitcast(slot, I8.as_pointer())])


def _mxcsr(builder: Any, instruction: str) -> Any:
    function = ir.FunctionType(ir.VoidType(), [I8.as_pointer()])
    return cgutils.get_or_insert_function(builder.module, function, f"llvm.x86.sse.{instruction}")
