"""The kernel of a ``process`` or ``receive`` type: one call of its function for one instance and one block."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from numba import njit, types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import intrinsic, make_attribute_wrapper, overload, overload_method, register_model
from numba.np import numpy_support

from ...declare.declaration import ProcessingType
from ...errors import DefinitionError
from ..memory.layout import CONTROL_ARRIVALS, CONTROL_REACHED, CONTROL_VALUE, CONTROL_WIDTH, Layout
from ..memory.program import OP_BASE, OP_INPUTS, OP_OUTPUTS
from .guard import attempt, blaming, guarded, silencing
from .memory import I64, load_f64, load_i64, store_f64, store_i64
from .state import STRICT, StateType, address_of, array_over


class _Struct(types.Type):  # type: ignore[misc]
    """A few int64 passed as one value."""

    members: tuple[str, ...] = ()

    def __init__(self, variant: str = "", checked: bool = False) -> None:
        self.variant, self.checked = variant, checked
        super().__init__(name=f"{type(self).__name__}({variant}, {checked})")


class PortList(_Struct):
    """Ports declared with `count`: ``len(ports)``, and ``ports[k]`` is an array."""

    members = ("table", "count", "frames")


class ControlList(_Struct):
    """In controls declared with `count`: ``gains[k]`` is a number, or for smooth ones (where it is, where it goes)."""

    members = ("table", "count")


class Sender(_Struct):
    """An out control: ``send(value)``."""

    members = ("value", "sent")


class SenderList(_Struct):
    """Out controls declared with `count`: ``outs[k].send(value)``."""

    members = ("table", "count")


def _register(kind: type[_Struct]) -> None:
    class Model(models.StructModel):  # type: ignore[misc]
        def __init__(self, manager: Any, fe_type: Any) -> None:
            super().__init__(manager, fe_type, [(member, types.int64) for member in kind.members])

    register_model(kind)(Model)
    for member in kind.members:
        make_attribute_wrapper(kind, member, member)


for _kind in (PortList, ControlList, Sender, SenderList):
    _register(_kind)

ARRAY: Final = types.Array(types.float32, 1, "C")


@intrinsic
def _array_at(typingctx: Any, address: Any, length: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return array_over(context, builder, ARRAY, args[0], args[1])

    return ARRAY(types.int64, types.int64), codegen


@intrinsic
def _sender_at(typingctx: Any, value: Any, sent: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        struct = cgutils.create_struct_proxy(signature.return_type)(context, builder)
        struct.value, struct.sent = args
        return struct._getvalue()

    return Sender()(types.int64, types.int64), codegen


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _within(k, count):  # type: ignore[no-untyped-def]
    """An index into so many, from their end where it is negative; whoever calls somebody's own function sees it fail (`guard`)."""
    if k < -count or k >= count:
        raise IndexError
    return k + count if k < 0 else k


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def _as_it_is(k, count):  # type: ignore[no-untyped-def]
    return k


@overload(len)
def _length(several):  # type: ignore[no-untyped-def]
    if isinstance(several, (PortList, ControlList, SenderList)):
        return lambda several: several.count
    return None


@overload(operator.getitem)
def _item(several, k):  # type: ignore[no-untyped-def]
    index = _within if getattr(several, "checked", False) else _as_it_is
    if isinstance(several, PortList):
        return lambda several, k: _array_at(load_i64(several.table, 2 * index(k, several.count)), several.frames)
    if isinstance(several, SenderList):

        def sender(several, k):  # type: ignore[no-untyped-def]
            place = several.table + 8 * CONTROL_WIDTH * index(k, several.count)
            return _sender_at(place + 8 * CONTROL_VALUE, place + 8 * CONTROL_ARRIVALS)

        return sender
    if isinstance(several, ControlList) and several.variant == "smooth":

        def pair(several, k):  # type: ignore[no-untyped-def]
            place = CONTROL_WIDTH * index(k, several.count)
            return load_f64(several.table, place + CONTROL_REACHED), load_f64(several.table, place + CONTROL_VALUE)

        return pair
    if isinstance(several, ControlList):
        return lambda several, k: load_f64(several.table, CONTROL_WIDTH * index(k, several.count) + CONTROL_VALUE)
    return None


@overload_method(Sender, "send")  # type: ignore[misc]
def _send(sender, value):  # type: ignore[no-untyped-def]
    def send(sender, value):  # type: ignore[no-untyped-def]
        store_f64(sender.value, 0, float(value))
        store_i64(sender.sent, 0, load_i64(sender.sent, 0) + 1)

    return send


def argument_type(type_: ProcessingType, layout: Layout, state_type: StateType, name: str) -> Any:
    """The numba type of one argument of ``process`` or ``receive``."""
    if name == "state":
        return state_type
    if name == "frames":
        return types.int64
    if name == "sample_rate":
        return types.float64
    checked = guarded(type_)
    item = next((item for item in type_.items if item.attribute == name), None)
    if item is None:  # Pitch_arrived
        return types.int64
    if item.role in ("inports", "outports"):
        return PortList(checked=checked) if item.many else ARRAY
    if item.role == "outcontrols":
        return SenderList(checked=checked) if item.many else Sender()
    if item.role == "incontrols":
        if item.many:
            return ControlList("smooth" if item.smooth else "", checked)
        return types.UniTuple(types.float64, 2) if item.smooth else types.float64
    cell = layout.cells.get(f"p.{name}")
    if cell is None:
        raise DefinitionError(type_.name, f"{name!r} is no number, and compiled functions take numbers; use it in prepare")
    return numpy_support.from_dtype(cell.dtype)


def build(type_: ProcessingType, layout: Layout, compilable: Callable[..., Any]) -> Callable[[int, int], None]:
    """The kernel ``(address of the op, frames)`` of a type, as a Python function for numba to compile."""
    state_type = StateType(type_, layout)
    function = compilable(type_.function)
    items = {item.attribute: item for item in type_.items}
    places = {role: [item.attribute for item in type_.items_of(role)] for role in ("inports", "outports")}
    controls = type_.items_of("incontrols")
    names = type_.arguments

    def value_of(context: Any, builder: Any, name: str, base: Any, ins: Any, outs: Any, state: Any, frames: Any) -> Any:
        def address(cell: str) -> Any:
            return builder.add(base, I64(layout.cells[cell].offset))

        def load(cell: str) -> Any:
            return builder.load(address_of(context, builder, layout, base, cell, I64(0)))

        def struct(kind: _Struct, *members: Any) -> Any:
            proxy = cgutils.create_struct_proxy(kind)(context, builder)
            for member, value in zip(kind.members, members, strict=True):
                setattr(proxy, member, value)
            return proxy._getvalue()

        kind = argument_type(type_, layout, state_type, name)
        if name == "state":
            return state
        if name == "frames":
            return frames
        if name == "sample_rate":
            return load("rate")
        if name.endswith("_arrived") and name not in items:
            return load(f"n.{name.removesuffix('_arrived')}")
        item = items[name]
        if item.role in ("inports", "outports"):
            table = builder.inttoptr(ins if item.role == "inports" else outs, I64.as_pointer())
            k = places[item.role].index(name)
            first, second = (builder.load(builder.gep(table, [I64(2 * k + m)])) for m in (0, 1))
            return struct(kind, first, second, frames) if item.many else array_over(context, builder, ARRAY, first, frames)
        if item.role == "outcontrols":
            if item.many:
                return struct(kind, load(f"c.{name}"), load(f"l.{name}"))
            return struct(kind, address(f"c.{name}"), address(f"n.{name}"))
        if item.role == "incontrols" and item.many:
            return struct(kind, load(f"c.{name}"), load(f"l.{name}"))
        if item.role == "incontrols" and item.smooth:
            return context.make_tuple(builder, kind, (load(f"r.{name}"), load(f"c.{name}")))
        return load(f"{'p' if item.role == 'config' else 'c'}.{name}")

    arguments = types.Tuple([argument_type(type_, layout, state_type, name) for name in names])

    @intrinsic
    def gather(typingctx: Any, base: Any, ins: Any, outs: Any, state: Any, frames: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            values = [value_of(context, builder, name, *args) for name in names]
            return context.make_tuple(builder, arguments, values)

        return arguments(types.int64, types.int64, types.int64, state_type, types.int64), codegen

    load_state, store_state = state_type.load(), state_type.store()

    @intrinsic
    def wanted(typingctx: Any, base: Any) -> Any:
        """How many controls have arrived since the last call, or 1 for the first call."""

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
        """Nothing waits any more, and smooth controls are where they were going."""

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
    inline = njit(forceinline=True, error_model="numpy", fastmath=STRICT)

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

    blame, silence = blaming(layout), silencing(type_)

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

    def process(op: int, frames: int) -> None:
        base = load_i64(op, OP_BASE)
        state = load_state(base, 0)
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

    return receive if type_.form == "receive" else process
