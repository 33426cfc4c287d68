"""The kernel of a ``process`` or ``receive`` type: one call of its function for one instance and one block, or once for each frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit, types
from numba.extending import intrinsic

from ...declare.declaration import Declaration
from ..memory.layout import CONTROL_ARRIVALS, CONTROL_REACHED, CONTROL_VALUE, CONTROL_WIDTH, Layout
from ..memory.program import OP_BASE, OP_FIRING, OP_INPUTS, OP_OUTPUTS
from . import firing as firings
from . import frame_ports
from .arguments import PER_BLOCK, Block, Functions
from .guard import attempt, blaming, guarded, silencing
from .memory import I64, load_f64, load_i64, store_f64, store_i64
from .state import STRICT, address_of

inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)


def build(type_: Declaration, layout: Layout, compilable: Callable[..., Any]) -> Callable[[int, int], None]:
    """The kernel ``(address of the op, frames)`` of a type, as a Python function for numba to compile."""
    functions = Functions(type_, layout)
    state_type = functions.state
    function = compilable(type_.function)
    controls = type_.items_of("incontrols")
    taken = functions.arguments(type_.arguments)
    arguments = types.Tuple(functions.types(type_.form, type_.arguments))

    @intrinsic
    def gather(typingctx: Any, base: Any, ins: Any, outs: Any, state: Any, frames: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            block = Block(context, builder, type_, layout, *args)
            values = [PER_BLOCK[argument.kind].load(block, argument) for argument in taken]
            return context.make_tuple(builder, arguments, values)

        return arguments(types.int64, types.int64, types.int64, state_type, types.int64), codegen

    load_state, store_state = state_type.load(), state_type.store()

    @intrinsic
    def wanted(typingctx: Any, base: Any) -> Any:
        """The number of control values that arrived since the last call, or 1 for the first call."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            count = builder.load(address_of(context, builder, layout, args[0], "fresh", I64(0)))
            for item in controls:
                if not item.many:
                    arrived = builder.load(address_of(context, builder, layout, args[0], f"n.{item.attribute}", I64(0)))
                    count = builder.add(count, arrived)
            return count

        return types.int64(types.int64), codegen

    @intrinsic
    def served(typingctx: Any, base: Any) -> Any:
        """Reset the counts of arrivals, and set smooth controls to their targets."""

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            builder.store(I64(0), address_of(context, builder, layout, args[0], "fresh", I64(0)))
            for item in controls:
                if item.many:
                    continue
                builder.store(I64(0), address_of(context, builder, layout, args[0], f"n.{item.attribute}", I64(0)))
                if item.smooth:
                    value = builder.load(address_of(context, builder, layout, args[0], f"c.{item.attribute}", I64(0)))
                    builder.store(value, address_of(context, builder, layout, args[0], f"r.{item.attribute}", I64(0)))
            return context.get_dummy_value()

        return types.void(types.int64), codegen

    @intrinsic
    def several(typingctx: Any, base: Any) -> Any:
        """The tables and lengths of the controls declared with `count`, one after the other."""
        pairs = types.UniTuple(types.int64, 2 * len(many))

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            cells = [f"{prefix}.{item.attribute}" for item in many for prefix in "cl"]
            values = [builder.load(address_of(context, builder, layout, args[0], cell, I64(0))) for cell in cells]
            return context.make_tuple(builder, pairs, values)

        return pairs(types.int64), codegen

    many = [item for item in controls if item.many]

    def count_many(base: int) -> int:
        tables = several(base)
        count = 0
        for m in range(len(tables) // 2):
            for k in range(tables[2 * m + 1]):
                count += load_i64(tables[2 * m], CONTROL_WIDTH * k + CONTROL_ARRIVALS)
        return count

    def serve_many(base: int) -> None:
        tables = several(base)
        for m in range(len(tables) // 2):
            for k in range(tables[2 * m + 1]):
                place = CONTROL_WIDTH * k
                store_i64(tables[2 * m], place + CONTROL_ARRIVALS, 0)
                store_f64(tables[2 * m], place + CONTROL_REACHED, load_f64(tables[2 * m], place + CONTROL_VALUE))

    waiting = inline(count_many) if many else inline(lambda base: 0)
    settle = inline(serve_many) if many else inline(lambda base: None)

    blame = blaming(layout)
    silence = frame_ports.silencing(type_) if type_.framed else silencing(type_)

    @inline
    def call(base, ins, outs, state, frames):  # type: ignore[no-untyped-def]
        function(*gather(base, ins, outs, state, frames))

    @inline
    def call_guarded(base, ins, outs, state, frames):  # type: ignore[no-untyped-def]
        failed, _ = attempt(function, gather(base, ins, outs, state, frames))
        blame(base, 0, failed)
        if failed:
            silence(outs, frames)

    compute = call_guarded if guarded(type_) else call
    begin = (
        silence if type_.spec.origin and not type_.framed else inline(lambda outs, frames: None)
    )  # our own types fill their out ports, which tests check

    def process(op: int, frames: int) -> None:
        base = load_i64(op, OP_BASE)
        state = load_state(base, 0)
        begin(load_i64(op, OP_OUTPUTS), frames)
        compute(base, load_i64(op, OP_INPUTS), load_i64(op, OP_OUTPUTS), state, frames)
        store_state(base, 0, state)
        served(base)
        settle(base)

    def receive(op: int, frames: int) -> None:
        base = load_i64(op, OP_BASE)
        if wanted(base) + waiting(base) == 0:
            return
        state = load_state(base, 0)
        compute(base, 0, 0, state, frames)
        store_state(base, 0, state)
        served(base)
        settle(base)

    begin_frames, clean = frame_ports.copying(type_), frame_ports.cleaning(type_)

    def fire(op: int, frames: int) -> None:
        base, firing = load_i64(op, OP_BASE), load_i64(op, OP_FIRING)
        firings.tick(firing, frames)
        while firings.ready(firing, frames):
            begin_frames(firing)
            state = load_state(base, 0)
            compute(base, firing, firing, state, frames)
            store_state(base, 0, state)
            served(base)
            settle(base)
            clean(firing)
            firings.give(firing)

    if type_.framed:
        return fire
    return receive if type_.form == "receive" else process
