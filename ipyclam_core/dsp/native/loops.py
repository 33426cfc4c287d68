"""Loops that end: a loop of a user-defined function stops after a limit of rounds, because nothing else can stop the audio thread.

``while x > 1.0: x = 2.0 - x`` never ends if x is 1e30, and ``for k in range(int(x))`` takes longer than a lifetime. A thread
that waits for the audio thread would never return.

Loops over ranges and arrays are counted as a whole before they begin, which costs nothing in the loop. All others, and
those with a break or return, are counted round by round.
"""

from __future__ import annotations

from typing import Any, Final

from numba import njit, types
from numba.core import ir
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.ir_utils import convert_code_obj_to_function
from numba.core.typed_passes import NativeLowering, NopythonTypeInference
from numba.core.untyped_passes import LiteralUnroll, RewriteDynamicRaises
from numba.extending import overload

from .checked import GUARDING, UseChecked
from .inserting import call, is_expression, update
from .unchecked import RefuseUnchecked
from .wrapping import WrappingLowering

ROUNDS: Final = 1 << 30
"""Limit for one call of a function that is called once a block, for all its loops together: about a second."""
ROUNDS_OFTEN: Final = 1 << 24
"""Limit for one call of a function that is called for every sample, or by another function."""
ROUNDS_OF_WHILE: Final = 1 << 18
"""Limit for while loops alone: their length is not known beforehand, so each round counts for more."""


LARGE: Final = 1 << 62


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _less(left, one):  # type: ignore[no-untyped-def]
    if one and left <= 0:
        raise RuntimeError
    return left - one


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _as_many_less(left, sequence):  # type: ignore[no-untyped-def]
    rounds = _rounds(sequence)
    if rounds < 0 or rounds > left:
        raise RuntimeError
    return left - rounds


def _stay_small(sequence: Any) -> None:
    """Fail if the variable of a for loop may come near the largest number, so that ``i + 1`` cannot overflow; see `wrapping`."""
    raise NotImplementedError("compiled code only")


def _rounds(sequence: Any) -> int:
    """The number of iterations of a for loop; 0 if unknown."""
    raise NotImplementedError("compiled code only")


def _each(sequence: Any) -> int:
    """The cost of one iteration of a loop: none if all of its iterations have been counted."""
    raise NotImplementedError("compiled code only")


_KNOWN: Final = (types.RangeType, types.Array, types.UniTuple)


@overload(_rounds)  # type: ignore[untyped-decorator]
def _compiled_rounds(sequence):  # type: ignore[no-untyped-def]
    return (lambda sequence: len(sequence)) if isinstance(sequence, _KNOWN) else (lambda sequence: 0)


@overload(_stay_small)  # type: ignore[untyped-decorator]
def _compiled_stay_small(sequence):  # type: ignore[no-untyped-def]
    if not isinstance(sequence, types.RangeType):
        return lambda sequence: None

    def stay_small(sequence):  # type: ignore[no-untyped-def]
        if not (-LARGE < sequence.start < LARGE and -LARGE < sequence.stop < LARGE):
            raise RuntimeError

    return stay_small


@overload(_each)  # type: ignore[untyped-decorator]
def _compiled_each(sequence):  # type: ignore[no-untyped-def]
    return (lambda sequence: 0) if isinstance(sequence, _KNOWN) else (lambda sequence: 1)


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[untyped-decorator]
class _CountRounds(FunctionPass):  # type: ignore[misc]
    """Count down before or in each loop."""

    _name = "ipyclam_count_rounds"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        blocks = state.func_ir.blocks
        loops = list(compute_cfg_from_blocks(blocks).loops().values())
        if not loops:
            return False
        first = blocks[min(blocks)]
        left = first.scope.redefine("$rounds_left", first.loc)
        for loop in loops:
            head = blocks[loop.header]
            one = head.scope.redefine("$rounds_one", head.loc)
            begins = [_beginning(blocks[entry]) for entry in loop.entries]
            counting = call(head, left, _less, left, one)
            if not any(is_expression(statement, "iternext") for statement in head.body):
                counting[:0] = _constant(head, one, state.rounds // ROUNDS_OF_WHILE)
            elif None in begins or _is_left(loop, blocks):
                counting[:0] = _constant(head, one, 1)
            else:
                for block, place, sequence in begins:
                    block.body[place:place] = call(block, left, _as_many_less, left, sequence) + call(block, one, _each, sequence)
            head.body[:0] = counting
            for block, place, sequence in filter(None, begins):
                block.body[place:place] = call(block, block.scope.redefine("$small", block.loc), _stay_small, sequence)
        first.body[:0] = _constant(first, left, state.rounds)
        update(state.func_ir)
        return True


def _beginning(block: Any) -> Any:
    """The start of a for loop: its block, the position in it, and the iterable; None if another block starts it."""
    found = [(block, k, statement.value.value) for k, statement in enumerate(block.body) if is_expression(statement, "getiter")]
    return found[-1] if found else None


def _is_left(loop: Any, blocks: Any) -> bool:
    """Whether a for loop may be left otherwise than by its end: by break or return."""
    return any(target not in loop.body for label in loop.body - {loop.header} for target in blocks[label].terminator.get_targets())


def _constant(block: Any, target: Any, value: int) -> list[Any]:
    return [ir.Assign(ir.Const(value, block.loc), target, block.loc)]


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[untyped-decorator]
class _GuardInner(FunctionPass):  # type: ignore[misc]
    """Guards inner functions that numba did not inline, like the outer one; numba would compile them without options."""

    _name = "ipyclam_guard_inner"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        for block in state.func_ir.blocks.values():
            for statement in block.body:
                if is_expression(statement, "make_function") and statement.value.defaults is None:
                    function = convert_code_obj_to_function(statement.value, state.func_ir)
                    setattr(function, GUARDING, getattr(state.func_id.func, GUARDING))
                    inner = njit(**GUARDED)(function)
                    statement.value = ir.Global(statement.value.code.co_name, inner, statement.loc)
        update(state.func_ir)
        return True


class EndingLoops(CompilerBase):  # type: ignore[misc]
    """Numba's compiler, with loops that end."""

    rounds = ROUNDS

    def define_pipelines(self) -> list[Any]:
        self.state.rounds = self.rounds
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_GuardInner, RewriteDynamicRaises)
        passes.add_pass_after(_CountRounds, LiteralUnroll)
        passes.add_pass_after(UseChecked, _CountRounds)
        passes.add_pass_after(RefuseUnchecked, NopythonTypeInference)
        passes.add_pass_after(WrappingLowering, NativeLowering)
        passes.passes = [each for each in passes.passes if each[0] is not NativeLowering]
        passes.finalize()
        return [passes]


class EndingSooner(EndingLoops):
    """The same for functions that are called often."""

    rounds = ROUNDS_OFTEN


NAN_SAFE: Final = {"nsz"}
PLAIN: Final[dict[str, Any]] = {"forceinline": True, "error_model": "numpy", "fastmath": NAN_SAFE}
GUARDED_ONCE: Final[dict[str, Any]] = {**PLAIN, "boundscheck": True, "pipeline_class": EndingLoops}
GUARDED: Final[dict[str, Any]] = {**GUARDED_ONCE, "pipeline_class": EndingSooner}
