"""A loop over frames and lanes that keeps the lanes' state in vector registers from the first frame to the last.

LLVM makes vectors of a loop as wide as its widest type allows, and by then has unrolled one that is as short as a tile. So
the loop is written here instruction by instruction, and says what is to become of it.
"""

from __future__ import annotations

from typing import Any, Final

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .memory import I32, I64

_FEATURES = llvm.get_host_cpu_features()
_FLOATS: Final = 16 if _FEATURES.get("avx512f") else 8 if _FEATURES.get("avx2") else 4  # that a register holds

WIDE: Final = 2 * _FLOATS
"""Lanes of a tile: two vectors of float32, so that the latency of one hides behind the other."""


@intrinsic
def side_by_side(typingctx: Any, body: Any, frames: Any, *given: Any) -> Any:
    """Call ``body(*given, i, j)`` for every frame i and every lane j below `WIDE`."""
    arguments = (*given, types.int64, types.int64)
    body.get_call_type(typingctx, arguments, {})

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = context.get_function(body, body.get_call_type(context.typing_context, arguments, {}))
        frames = args[1]
        values = [builder.extract_value(args[2], k) for k in range(len(given))]
        before = builder.block
        outer, inner, latch, after = (builder.append_basic_block(name) for name in ("frame", "lane", "next", "after"))
        builder.cbranch(builder.icmp_signed(">", frames, I64(0)), outer, after)
        builder.position_at_end(outer)
        i = builder.phi(I64)
        builder.branch(inner)
        builder.position_at_end(inner)
        j = builder.phi(I64)
        function(builder, (*values, i, j))
        next_j = builder.add(j, I64(1))
        j.add_incoming(I64(0), outer)
        j.add_incoming(next_j, builder.block)
        again = builder.cbranch(builder.icmp_unsigned("<", next_j, I64(WIDE)), inner, latch)
        again.set_metadata("llvm.loop", _loop(builder.module, _VECTORISED))
        builder.position_at_end(latch)
        next_i = builder.add(i, I64(1))
        i.add_incoming(I64(0), before)
        i.add_incoming(next_i, latch)
        builder.cbranch(builder.icmp_signed("<", next_i, frames), outer, after)
        builder.position_at_end(after)
        return context.get_dummy_value()

    return types.void(body, frames, types.StarArgTuple(given)), codegen


_VECTORISED: Final = {"vectorize.width": _FLOATS, "interleave.count": WIDE // _FLOATS, "unroll.disable": None}


def _loop(module: Any, wishes: dict[str, int | None]) -> Any:
    """What LLVM is told about a loop; such metadata begins with itself, so that no two loops share it."""
    parts = []
    for name, value in wishes.items():
        parts.append(module.add_metadata([f"llvm.loop.{name}", *([] if value is None else [I32(value)])]))
    loop = ir.MDValue(module, parts, name=str(len(module.metadata)))
    loop.operands = (loop, *loop.operands)
    return loop
