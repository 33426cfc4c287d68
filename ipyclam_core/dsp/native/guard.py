"""Guards for user-defined functions: one that indexes outside an array or loops without end stops, and everything else goes on.

Compiled code does not check indices. The types that come with ipyclam are compiled like that, because they are tested. A type
written at the prompt is not tested, and could overwrite the memory of other processings or crash the program.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from ...declare.declaration import Declaration
from ..memory.layout import FAULT, Layout
from .memory import I64, load_i64, store_f32
from .state import STRICT, address_of

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)


def guarded(type_: Declaration) -> bool:
    """Whether a type's functions are guarded."""
    return bool(type_.spec.origin)


@intrinsic
def attempt(typingctx: Any, function: Any, arguments: Any) -> Any:
    """``(failed, result)`` of ``function(*arguments)``: 1 and zeros if it failed, possibly half way through."""
    called = function.get_call_type(typingctx, tuple(arguments), {})

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        compiled = function.dispatcher.overloads[called.args]
        context.add_linking_libs([compiled.library])
        values = [builder.extract_value(args[1], k) for k in range(len(arguments))]
        status, result = context.call_internal_no_propagate(builder, compiled.fndesc, called, values)
        result = builder.select(status.is_error, ir.Constant(result.type, None), result)
        return context.make_tuple(builder, signature.return_type, (builder.zext(status.is_error, I64), result))

    return types.Tuple((types.int64, called.return_type))(function, arguments), codegen


def blaming(layout: Layout) -> Any:
    """An intrinsic ``(base, lane, failed)`` that records the failure of a lane."""

    @intrinsic
    def blame(typingctx: Any, base: Any, lane: Any, failed: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            with builder.if_then(builder.icmp_signed("!=", args[2], I64(0)), likely=False):
                builder.store(I64(1), address_of(context, builder, layout, args[0], FAULT, args[1]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, types.int64), codegen

    return blame


def silencing(type_: Declaration) -> Any:
    """A function ``(outs, frames)`` that makes the out ports of a ``process`` type silent."""
    several = tuple(item.many for item in type_.items_of("outports"))

    @inline
    def zero(address, frames):  # type: ignore[no-untyped-def]
        for i in range(frames):
            store_f32(address, i, 0.0)

    @inline
    def silence(outs, frames):  # type: ignore[no-untyped-def]
        for k, many in enumerate(several):
            first, second = load_i64(outs, 2 * k), load_i64(outs, 2 * k + 1)
            if many:
                for m in range(second):
                    zero(load_i64(first, 2 * m), frames)
            else:
                zero(first, frames)

    return silence if several else inline(lambda outs, frames: None)
