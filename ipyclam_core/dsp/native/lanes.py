"""The kernel of a ``step`` type, made from its one per-sample function.

One kernel serves one instance and many: it computes a run of lanes, in tiles of as many lanes as fit in vector registers;
frame by frame across the lanes if there are fewer; four at a time, to hide latency, if there are
a few; or alone. No floating point operation may be reordered or fused by the compiler, so that the sound of an instance
does not depend on its neighbours.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from ...declare.arguments import ARRIVALS
from ...declare.declaration import Declaration
from ...errors import DefinitionError
from ..memory.layout import Layout
from ..memory.program import OP_BASE, OP_FIRST, OP_INPUTS, OP_LANES, OP_OUTPUTS
from .arguments import PER_FRAME, Functions, Lane
from .explain import in_words, last_line
from .guard import attempt, blaming, guarded
from .memory import F32, I64, load_i64
from .state import STRICT, Scopes, address_of
from .tiles import WIDE, one_by_one, side_by_side

MANY = 8  # lanes from which the inner loop runs across them
APART = ("singly", "by_fours", "in_tiles", "together")
"""Loops that LLVM unrolls better in the kernel if it has vectorised them before."""
NONE = np.int64(0)  # numba compiles a function twice, if it is called with a 0 and with a number that is not known
_REAL = (types.Integer, types.Float, types.Boolean)
CALLS = frozenset(
    {"sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "expm1", "log", "log1p", "log10", "pow"}
)


def build(type_: Declaration, layout: Layout, compilable: Callable[..., Any]) -> Callable[[int, int], None]:
    """The kernel ``(address of the op, frames)`` of a ``step`` type, as a Python function for numba to compile."""
    functions = Functions(type_, layout)
    state_type = functions.state
    step = compilable(type_.function, often=True)
    block = compilable(type_.block) if type_.block else None
    smooth = [item.attribute for item in type_.items_of("incontrols") if item.smooth]
    outputs = len(type_.items_of("outports"))
    block_names = tuple(inspect.signature(type_.block).parameters) if type_.block else ()

    load_any, store_any = state_type.load(), state_type.store()
    seldom = state_type.seldom

    def table_entry(builder: Any, scopes: Scopes, table: Any, index: int) -> Any:
        pointer = builder.inttoptr(table, I64.as_pointer())
        return scopes.constant(builder.load(builder.gep(pointer, [I64(index)])))

    def gatherer(function: str, names: tuple[str, ...], gliding: bool) -> Any:
        """An intrinsic that makes the argument tuple of `step` or `block` for one frame of one lane."""
        taken = functions.arguments(names)
        tuple_type = types.Tuple(functions.types(function, names))

        def load(at: Any, argument: Any) -> Any:
            if function == "block" and argument.kind is ARRIVALS and argument.name in type_.arguments:
                return at.load(f"n.{argument.attribute}")  # `step` takes it too, and resets the count
            return PER_FRAME[argument.kind].load(at, argument)

        @intrinsic
        def gather(typingctx: Any, base: Any, table: Any, state: Any, lane: Any, offset: Any, frame: Any, part: Any) -> Any:
            def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                at = Lane(context, builder, type_, layout, gliding, *args)
                values = [load(at, argument) for argument in taken]
                return context.make_tuple(builder, signature.return_type, values)

            return tuple_type(types.int64, types.int64, state_type, types.int64, types.int64, types.int64, types.float64), codegen

        return gather

    def check_returned(result: Any) -> None:
        returned = tuple(result) if isinstance(result, types.BaseTuple) else (result,)
        if outputs and not (len(returned) == outputs and all(isinstance(each, _REAL) for each in returned)):
            wanted = "one number" if outputs == 1 else f"{outputs} numbers"
            line = last_line(type_.function)
            raise DefinitionError(type_.name, f"step must return {wanted}, one for each out port; it returns {in_words(result)}{line}")

    @intrinsic
    def accepted(typingctx: Any, result: Any) -> Any:
        """The samples that `step` returned, if there is one for each out port."""
        check_returned(result)
        return result(result), lambda context, builder, signature, args: args[0]

    @intrinsic
    def store_outputs(typingctx: Any, table: Any, place: Any, result: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            scopes = Scopes.of(builder, type_, layout)
            given = signature.args[2]
            several = isinstance(given, types.BaseTuple)
            for k in range(outputs):
                value = builder.extract_value(args[2], k) if several else args[2]
                value = context.cast(builder, value, given[k] if several else given, types.float32)
                data = builder.inttoptr(table_entry(builder, scopes, args[0], 2 * k), F32.as_pointer())
                scopes.mark(builder.store(value, builder.gep(data, [args[1]])), f"output {k}")
            return context.get_dummy_value()

        check_returned(result)
        return types.void(types.int64, types.int64, result), codegen

    @intrinsic
    def glides(typingctx: Any, base: Any, lane: Any) -> Any:
        """1 if a smooth control of this lane is still ramping, or a field is true that seldom is."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            moving = ir.Constant(ir.IntType(1), 0)
            for name in smooth:
                target = builder.load(address_of(context, builder, layout, args[0], f"c.{name}", args[1]))
                start = builder.load(address_of(context, builder, layout, args[0], f"r.{name}", args[1]))
                moving = builder.or_(moving, builder.fcmp_unordered("!=", target, start))
            for name in seldom:
                there = builder.load(address_of(context, builder, layout, args[0], f"s.{name}", args[1]))
                moving = builder.or_(moving, builder.icmp_signed("!=", there, there.type(0)))
            return builder.zext(moving, I64)

        return types.int64(types.int64, types.int64), codegen

    @intrinsic
    def arrive(typingctx: Any, base: Any, lane: Any) -> Any:
        """Set smooth controls to their targets."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            for name in smooth:
                value = builder.load(address_of(context, builder, layout, args[0], f"c.{name}", args[1]))
                builder.store(value, address_of(context, builder, layout, args[0], f"r.{name}", args[1]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), codegen

    @intrinsic
    def is_new(typingctx: Any, base: Any, lane: Any) -> Any:
        """Not 0 before a lane's first block."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.load(address_of(context, builder, layout, args[0], "fresh", args[1]))

        return types.int64(types.int64, types.int64), codegen

    @intrinsic
    def begin(typingctx: Any, base: Any, lane: Any) -> Any:
        """In a lane's first block, smooth controls start at the values received so far."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            fresh = address_of(context, builder, layout, args[0], "fresh", args[1])
            with builder.if_then(builder.icmp_signed("!=", builder.load(fresh), I64(0))):
                builder.store(I64(0), fresh)
                for name in smooth:
                    value = builder.load(address_of(context, builder, layout, args[0], f"c.{name}", args[1]))
                    builder.store(value, address_of(context, builder, layout, args[0], f"r.{name}", args[1]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), codegen

    block_values = gatherer("block", block_names, False)
    steady, gliding = gatherer("step", type_.arguments, False), gatherer("step", type_.arguments, True)
    inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)
    apart = njit(forceinline=False, error_model="numpy", fastmath=STRICT)

    blame = blaming(layout)

    @inline
    def sample_guarded(base, lane, given):  # type: ignore[no-untyped-def]
        failed, result = attempt(step, given)
        blame(base, lane, failed)
        return accepted(result)

    @inline
    def begin_guarded(base, lane, given):  # type: ignore[no-untyped-def]
        failed, _ = attempt(block, given)
        blame(base, lane, failed)

    sample = sample_guarded if guarded(type_) else inline(lambda base, lane, given: step(*given))
    block_begins = begin_guarded if guarded(type_) else inline(lambda base, lane, given: block(*given))  # type: ignore[misc]

    def loops(gather: Any) -> Any:
        """The function ``(base, first, lanes, ins, outs, frames)`` that computes a run, by the method that suits its width."""
        load_state, store_state = state_type.load(gather is steady), state_type.store(gather is steady)

        @inline
        def sound(base, first, j, state, ins, outs, lanes, i, part):  # type: ignore[no-untyped-def]
            """One frame of one lane."""
            result = sample(base, first + j, gather(base, ins, state, first + j, j, i, part))
            store_outputs(outs, i * lanes + j, result)

        @inline
        def one(base, first, ins, outs, lanes, frames, tile, i, j):  # type: ignore[no-untyped-def]
            state = load_state(base, first + tile + j)
            sound(base, first, tile + j, state, ins, outs, lanes, i, (i + 1) / frames)
            store_state(base, first + tile + j, state)

        @apart
        def singly(base, first, begin, lanes, ins, outs, frames):  # type: ignore[no-untyped-def]
            for j in range(begin, lanes):
                state = load_state(base, first + j)
                for i in range(frames):
                    sound(base, first, j, state, ins, outs, lanes, i, (i + 1) / frames)
                store_state(base, first + j, state)

        @apart
        def by_fours(base, first, lanes, ins, outs, frames):  # type: ignore[no-untyped-def]
            for j in range(0, lanes - 3, 4):
                one, two = load_state(base, first + j), load_state(base, first + j + 1)
                three, four = load_state(base, first + j + 2), load_state(base, first + j + 3)
                for i in range(frames):
                    part = (i + 1) / frames
                    sound(base, first, j, one, ins, outs, lanes, i, part)
                    sound(base, first, j + 1, two, ins, outs, lanes, i, part)
                    sound(base, first, j + 2, three, ins, outs, lanes, i, part)
                    sound(base, first, j + 3, four, ins, outs, lanes, i, part)
                store_state(base, first + j, one)
                store_state(base, first + j + 1, two)
                store_state(base, first + j + 2, three)
                store_state(base, first + j + 3, four)
            singly(base, first, lanes - lanes % 4, lanes, ins, outs, frames)

        @apart
        def together(base, first, begin, lanes, ins, outs, frames):  # type: ignore[no-untyped-def]
            for i in range(frames):
                part = (i + 1) / frames
                for j in range(begin, lanes):
                    state = load_state(base, first + j)
                    sound(base, first, j, state, ins, outs, lanes, i, part)
                    store_state(base, first + j, state)

        @apart
        def in_tiles(base, first, lanes, ins, outs, frames):  # type: ignore[no-untyped-def]
            rest = lanes % WIDE
            for tile in range(0, lanes - rest, WIDE):
                side_by_side(one, frames, base, first, ins, outs, lanes, frames, tile)
            if rest >= MANY:
                together(base, first, lanes - rest, lanes, ins, outs, frames)
            else:
                singly(base, first, lanes - rest, lanes, ins, outs, frames)

        @inline
        def compute(base, first, lanes, ins, outs, frames):  # type: ignore[no-untyped-def]
            if lanes >= WIDE:
                in_tiles(base, first, lanes, ins, outs, frames)
            elif lanes >= MANY:
                together(base, first, NONE, lanes, ins, outs, frames)
            elif lanes >= 4:
                by_fours(base, first, lanes, ins, outs, frames)
            else:
                singly(base, first, NONE, lanes, ins, outs, frames)

        @inline
        def compute_gliding(base, first, lanes, ins, outs, frames):  # type: ignore[no-untyped-def]
            if lanes >= MANY:
                together(base, first, NONE, lanes, ins, outs, frames)
            else:
                singly(base, first, NONE, lanes, ins, outs, frames)

        return compute if gather is steady else compute_gliding

    compute = loops(steady)
    varied = bool(smooth or seldom)
    if varied:
        compute_gliding = loops(gliding)

    @inline
    def begin_block(base, first, ins, frames, j):  # type: ignore[no-untyped-def]
        state = load_any(base, first + j)
        block_begins(base, first + j, block_values(base, ins, state, first + j, j, frames, 1.0))
        store_any(base, first + j, state)

    def prologue(base: int, first: int, lanes: int, ins: int, frames: int) -> None:
        for j in range(lanes):
            begin_block(base, first, ins, frames, j)

    def calling_prologue(base: int, first: int, lanes: int, ins: int, frames: int) -> None:
        one_by_one(begin_block, lanes, base, first, ins, frames)

    calls = type_.block is not None and CALLS & set(type_.block.__code__.co_names)
    before = inline(calling_prologue if calls else prologue) if block else inline(lambda base, first, lanes, ins, frames: None)

    def plain_kernel(op: int, frames: int) -> None:
        base, first, lanes = load_i64(op, OP_BASE), load_i64(op, OP_FIRST), load_i64(op, OP_LANES)
        ins, outs = load_i64(op, OP_INPUTS), load_i64(op, OP_OUTPUTS)
        before(base, first, lanes, ins, frames)
        compute(base, first, lanes, ins, outs, frames)

    def gliding_kernel(op: int, frames: int) -> None:
        base, first, lanes = load_i64(op, OP_BASE), load_i64(op, OP_FIRST), load_i64(op, OP_LANES)
        ins, outs = load_i64(op, OP_INPUTS), load_i64(op, OP_OUTPUTS)
        before(base, first, lanes, ins, frames)
        new, moving = 0, 0
        for j in range(lanes):
            new |= is_new(base, first + j)
        for j in range(lanes if new else 0):
            begin(base, first + j)
        for j in range(lanes):
            moving |= glides(base, first + j)
        if moving == 0:
            compute(base, first, lanes, ins, outs, frames)
            return
        compute_gliding(base, first, lanes, ins, outs, frames)
        for j in range(lanes):
            arrive(base, first + j)

    return gliding_kernel if varied else plain_kernel
