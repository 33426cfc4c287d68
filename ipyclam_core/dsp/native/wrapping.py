"""Whole numbers that wrap around where they are too large, as numpy's do, in user-defined functions.

numba tells LLVM that signed numbers never overflow. LLVM then takes ``i * i`` for positive, and leaves out the check for an index
below 0, which it is where ``i * i`` is too large.
"""

from __future__ import annotations

import operator
from typing import Any, Final

from llvmlite.ir.instructions import Instruction
from numba.core import ir, types
from numba.core.compiler_machinery import register_pass
from numba.core.ir_utils import get_definition, guard
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering

_SMALL: Final = 1 << 31
_ARITHMETIC: Final = ("binop", "inplace_binop", "unary", "call")
_NEVER_TOO_LARGE: Final = (len, min, max, abs)


class _WrappingLower(Lower):  # type: ignore[misc]
    def lower_expr(self, resty: Any, expr: Any) -> Any:
        if expr.op not in _ARITHMETIC or self._is_beside_loop_variable(expr):
            return super().lower_expr(resty, expr)
        before = {id(each): len(each.instructions) for each in self.function.blocks}
        result = super().lower_expr(resty, expr)
        for block in self.function.blocks:
            for instruction in block.instructions[before.get(id(block), 0) :]:
                if "nsw" in getattr(instruction, "flags", ()):
                    instruction.flags = [flag for flag in instruction.flags if flag != "nsw"]
        return _freeze(self.builder, result) if isinstance(resty, types.Integer) and self._is_made_elsewhere(expr) else result

    def _is_beside_loop_variable(self, expr: Any) -> bool:
        """Whether it is ``i + 1`` of the variable of a for loop, which `loops` keeps far from where numbers overflow."""
        if expr.op != "binop" or expr.fn not in (operator.add, operator.sub):
            return False
        number = expr.static_rhs
        if not isinstance(number, int) or abs(number) > _SMALL:
            return False
        defined = guard(get_definition, self.func_ir, expr.lhs)
        return isinstance(defined, ir.Expr) and defined.op == "pair_first"

    def _is_made_elsewhere(self, expr: Any) -> bool:
        """Whether a number is made by code of numba's own, whose instructions are not here: a power, a call."""
        if expr.op == "call":
            return getattr(self.typeof(expr.func.name), "typing_key", None) not in _NEVER_TOO_LARGE
        return expr.fn in (operator.pow, operator.ipow)


def _freeze(builder: Any, value: Any) -> Any:
    """The same number, of which LLVM may not assume that it did not overflow."""
    instruction = Instruction(builder.block, value.type, "freeze", [value])
    builder._insert(instruction)
    return instruction


@register_pass(mutates_CFG=True, analysis_only=False)  # type: ignore[untyped-decorator]
class WrappingLowering(BaseNativeLowering):  # type: ignore[misc]
    """Makes code of which LLVM may not assume that whole numbers never overflow."""

    _name = "ipyclam_wrapping_lowering"

    @property
    def lowering_class(self) -> Any:
        """The class that does it."""
        return _WrappingLower
