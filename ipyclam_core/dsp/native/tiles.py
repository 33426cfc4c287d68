"""Loops over lanes with a fixed vectorisation: vectors that stay in registers from the first frame to the last, or no vectors.

Left to itself, LLVM makes vectors only as wide as the widest type in a loop allows, has by then unrolled a loop as short as a
tile, and computes a tangent for every lane where one lane needs it. So these loops are written instruction by instruction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .memory import I32, I64

_FEATURES = llvm.get_host_cpu_features()
_FLOATS: Final = 16 if _FEATURES.get("avx512f") else 8 if _FEATURES.get("avx2") else 4  # lanes in a register

WIDE: Final = 2 * _FLOATS
"""Lanes of a tile: two vectors of float32, so that the latency of one hides behind the other."""


@intrinsic
def side_by_side(typingctx: Any, body: Any, frames: Any, *given: Any) -> Any:
    """Call ``body(*given, i, j)`` for every frame i and every lane j below `WIDE`."""
    arguments = (*given, types.int64, types.int64)
    body.get_call_type(typingctx, arguments, {})

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = context.get_function(body, body.get_call_type(context.typing_context, arguments, {}))
        values = [builder.extract_value(args[2], k) for k in range(len(given))]
        with _counting(builder, args[1]) as i, _counting(builder, I64(WIDE), _VECTORISED) as j:
            function(builder, (*values, i, j))
        return context.get_dummy_value()

    return types.void(body, frames, types.StarArgTuple(given)), codegen


@intrinsic
def one_by_one(typingctx: Any, body: Any, lanes: Any, *given: Any) -> Any:
    """Call ``body(*given, j)`` for every lane j, without vectors, so that a branch taken by one lane is not computed for the others."""
    arguments = (*given, types.int64)
    body.get_call_type(typingctx, arguments, {})

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = context.get_function(body, body.get_call_type(context.typing_context, arguments, {}))
        values = [builder.extract_value(args[2], k) for k in range(len(given))]
        with _counting(builder, args[1], _SCALAR) as j:
            function(builder, (*values, j))
        return context.get_dummy_value()

    return types.void(body, lanes, types.StarArgTuple(given)), codegen


_VECTORISED: Final = {"vectorize.width": I32(_FLOATS), "interleave.count": I32(WIDE // _FLOATS), "unroll.disable": None}
_SCALAR: Final = {"vectorize.enable": ir.IntType(1)(0)}


@contextmanager
def _counting(builder: Any, count: Any, wishes: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """A loop over the numbers below `count`. Its last block is never empty, so that LLVM does not take it for that of a loop in it."""
    before = builder.block
    body, latch, after = (builder.append_basic_block(name) for name in ("body", "latch", "after"))
    builder.cbranch(builder.icmp_signed(">", count, I64(0)), body, after)
    builder.position_at_end(body)
    number = builder.phi(I64)
    yield number
    builder.branch(latch)
    builder.position_at_end(latch)
    following = builder.add(number, I64(1))
    number.add_incoming(I64(0), before)
    number.add_incoming(following, latch)
    again = builder.cbranch(builder.icmp_signed("<", following, count), body, after)
    if wishes is not None:
        again.set_metadata("llvm.loop", _about_loop(builder.module, wishes))
    builder.position_at_end(after)


def _about_loop(module: Any, wishes: Mapping[str, Any]) -> Any:
    """LLVM metadata of a loop. Its first operand is itself, so that no two loops share it."""
    parts = [module.add_metadata([f"llvm.loop.{name}", *([] if value is None else [value])]) for name, value in wishes.items()]
    loop = ir.MDValue(module, parts, name=str(len(module.metadata)))
    loop.operands = (loop, *loop.operands)
    return loop
