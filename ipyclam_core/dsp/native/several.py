"""Arguments for ports and controls declared with `count`, and for out controls, in compiled code."""

from __future__ import annotations

import operator
from typing import Any, Final

from numba import njit, types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import intrinsic, make_attribute_wrapper, overload, overload_method, register_model

from ..memory.layout import CONTROL_ARRIVALS, CONTROL_REACHED, CONTROL_VALUE, CONTROL_WIDTH
from .memory import load_f64, load_i64, store_f64, store_i64
from .state import array_over


class Struct(types.Type):  # type: ignore[misc]
    """A few int64 passed as one value."""

    members: tuple[str, ...] = ()

    def __init__(self, variant: str = "", checked: bool = False) -> None:
        self.variant, self.checked = variant, checked
        super().__init__(name=f"{type(self).__name__}({variant}, {checked})")


class PortList(Struct):
    """Ports declared with `count`: ``len(ports)``, and ``ports[k]`` is an array; of the variant "read", one to read only."""

    members = ("table", "count", "frames")


class ControlList(Struct):
    """In controls declared with `count`: ``gains[k]`` is a number, or for smooth ones (current value, target value)."""

    members = ("table", "count")


class Sender(Struct):
    """An out control: ``send(value)``."""

    members = ("value", "sent")


class SenderList(Struct):
    """Out controls declared with `count`: ``outs[k].send(value)``."""

    members = ("table", "count")


def _register(kind: type[Struct]) -> None:
    class Model(models.StructModel):  # type: ignore[misc]
        def __init__(self, manager: Any, fe_type: Any) -> None:
            super().__init__(manager, fe_type, [(member, types.int64) for member in kind.members])

    register_model(kind)(Model)
    for member in kind.members:
        make_attribute_wrapper(kind, member, member)


for _kind in (PortList, ControlList, Sender, SenderList):
    _register(_kind)

ARRAY: Final = types.Array(types.float32, 1, "C")
READ: Final = types.Array(types.float32, 1, "C", readonly=True)
"""The array of an in port in user-defined types: others read the same memory."""


def _array_at(kind: Any) -> Any:
    """An intrinsic ``(address, length) -> array``."""

    @intrinsic
    def array_at(typingctx: Any, address: Any, length: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return array_over(context, builder, kind, args[0], args[1])

        return kind(types.int64, types.int64), codegen

    return array_at


_ARRAY_AT: Final = _array_at(ARRAY)
_READ_AT: Final = _array_at(READ)


@intrinsic
def _sender_at(typingctx: Any, value: Any, sent: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        struct = cgutils.create_struct_proxy(signature.return_type)(context, builder)
        struct.value, struct.sent = args
        return struct._getvalue()

    return Sender()(types.int64, types.int64), codegen


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def within(k, count):  # type: ignore[no-untyped-def]
    """An index, counted from the end if negative. Out of range, a user-defined function fails (see `guard`)."""
    if k < -count or k >= count:
        raise IndexError
    return k + count if k < 0 else k


@njit(forceinline=True)  # type: ignore[untyped-decorator]
def as_it_is(k, count):  # type: ignore[no-untyped-def]
    return k


@overload(len)
def _length(several):  # type: ignore[no-untyped-def]
    if isinstance(several, (PortList, ControlList, SenderList)):
        return lambda several: several.count
    return None


@overload(operator.getitem)
def _item(several, k):  # type: ignore[no-untyped-def]
    index = within if getattr(several, "checked", False) else as_it_is
    if isinstance(several, PortList):
        array_at = _READ_AT if several.variant == "read" else _ARRAY_AT
        return lambda several, k: array_at(load_i64(several.table, 2 * index(k, several.count)), several.frames)
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
