"""Loops that end: those of somebody's own functions give up after so many rounds, for nothing can stop the audio thread.

``while x > 1.0: x = 2.0 - x`` does not end where x is 1e30, nor does ``for k in range(int(x))`` in anybody's lifetime, and
whoever waits for a thread that computes it waits for ever.
"""

from __future__ import annotations

from typing import Any, Final

from numba import njit, types
from numba.core import ir
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.ir_utils import build_definitions
from numba.core.postproc import PostProcessor
from numba.core.untyped_passes import IRProcessing
from numba.extending import overload

ROUNDS: Final = 1 << 30
"""In one call of a function, all its loops together: a second or so."""
OF_WHILE: Final = 1 << 12
"""What a round of a while loop counts for, which nobody knows the end of."""


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _one_less(left):  # type: ignore[no-untyped-def]
    if left <= 0:
        raise RuntimeError
    return left - OF_WHILE


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _as_many_less(left, sequence):  # type: ignore[no-untyped-def]
    rounds = _rounds(sequence)
    if rounds < 0 or rounds > left:
        raise RuntimeError
    return left - rounds


def _rounds(sequence: Any) -> int:
    """How often a for loop goes round; 0 where that is not known, but no more than there are things in memory."""
    raise NotImplementedError("compiled code only")


@overload(_rounds)  # type: ignore[untyped-decorator]
def _compiled_rounds(sequence):  # type: ignore[no-untyped-def]
    if isinstance(sequence, types.RangeType | types.Array):
        return lambda sequence: len(sequence)
    return lambda sequence: 0


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[untyped-decorator]
class _CountRounds(FunctionPass):  # type: ignore[misc]
    """Count down at the head of each while loop, and before each for loop, which is as fast as it was then."""

    _name = "ipyclam_count_rounds"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        blocks = state.func_ir.blocks
        heads = [blocks[loop.header] for loop in compute_cfg_from_blocks(blocks).loops().values()]
        if not heads:
            return False
        first = blocks[min(blocks)]
        left = ir.Var(first.scope, "$rounds_left", first.loc)
        for head in heads:
            if not any(_is(statement, "iternext") for statement in head.body):
                head.body[:0] = _counting(head, head.loc, left, _one_less)
        for block in blocks.values():
            for statement in [statement for statement in block.body if _is(statement, "getiter")]:
                place = block.body.index(statement)
                block.body[place:place] = _counting(block, statement.loc, left, _as_many_less, statement.value.value)
        first.body.insert(0, ir.Assign(ir.Const(ROUNDS, first.loc), left, first.loc))
        PostProcessor(state.func_ir).run()
        state.func_ir._definitions = build_definitions(blocks)
        return True


def _counting(block: Any, loc: Any, left: Any, function: Any, *arguments: Any) -> list[Any]:
    """The statements of ``left = function(left, *arguments)``."""
    name = ir.Var(block.scope, f"${function.__name__}_{loc.line}_{len(block.body)}_{id(block)}", loc)
    return [
        ir.Assign(ir.Global(function.__name__, function, loc), name, loc),
        ir.Assign(ir.Expr.call(name, [left, *arguments], (), loc), left, loc),
    ]


def _is(statement: Any, operation: str) -> bool:
    return isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Expr) and statement.value.op == operation


class EndingLoops(CompilerBase):  # type: ignore[misc]
    """Numba's compiler, with loops that end."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_CountRounds, IRProcessing)
        passes.finalize()
        return [passes]
