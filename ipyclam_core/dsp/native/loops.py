"""While loops that end: those of somebody's own functions give up after so many rounds, for nothing can stop the audio thread.

``while x > 1.0: x = 2.0 - x`` does not end where x is 1e30, and whoever waits for a thread that computes it waits for ever.
"""

from __future__ import annotations

from typing import Any, Final

from numba import njit
from numba.core import ir
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.ir_utils import build_definitions
from numba.core.postproc import PostProcessor
from numba.core.untyped_passes import IRProcessing

ROUNDS: Final = 1 << 18
"""In one call of a function, all its while loops together: a fraction of a second."""


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _one_less(left):  # type: ignore[no-untyped-def]
    if left <= 0:
        raise RuntimeError
    return left - 1


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[untyped-decorator]
class _CountRounds(FunctionPass):  # type: ignore[misc]
    """Count down at the head of each loop that is not over a range or a sequence, which end by themselves."""

    _name = "ipyclam_count_rounds"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        blocks = state.func_ir.blocks
        heads = [blocks[loop.header] for loop in compute_cfg_from_blocks(blocks).loops().values()]
        heads = [head for head in heads if not any(_takes_next(statement) for statement in head.body)]
        if not heads:
            return False
        first = blocks[min(blocks)]
        left = ir.Var(first.scope, "$rounds_left", first.loc)
        for head in heads:
            less = ir.Var(head.scope, f"$one_less_{head.loc.line}_{id(head)}", head.loc)
            head.body[:0] = [
                ir.Assign(ir.Global("_one_less", _one_less, head.loc), less, head.loc),
                ir.Assign(ir.Expr.call(less, [left], (), head.loc), left, head.loc),
            ]
        first.body.insert(0, ir.Assign(ir.Const(ROUNDS, first.loc), left, first.loc))
        PostProcessor(state.func_ir).run()
        state.func_ir._definitions = build_definitions(blocks)
        return True


def _takes_next(statement: Any) -> bool:
    return isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Expr) and statement.value.op == "iternext"


class EndingLoops(CompilerBase):  # type: ignore[misc]
    """Numba's compiler, with while loops that end."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_CountRounds, IRProcessing)
        passes.finalize()
        return [passes]
