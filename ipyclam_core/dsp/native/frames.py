"""Frames in compiled code: the value of a port of a data type, or of several declared with `count`.

Nothing compiled depends on a length: lengths are read where the frame is.
"""

from __future__ import annotations

import operator
from typing import Any, Final

from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, lower_getattr_generic, lower_setattr_generic, make_attribute_wrapper, overload, register_model

from ...declare.frames import FrameSpec
from ..memory.queues import (
    FIELD_COLUMNS,
    FIELD_ITEMS,
    FIELD_OFFSET,
    FIELD_WORDS,
    LINE,
    LINE_BEGIN,
    LINE_DATA,
    RING_DATA,
    RING_FIELDS,
    RING_FRAMES,
    RING_STRIDE,
    RING_WRITTEN,
    ROW_CURSOR,
    ROW_FORM,
    ROW_KIND,
    ROW_QUEUE,
    ROW_WORDS,
)
from . import tables
from .memory import F64, I64
from .several import ARRAY, READ, as_it_is, within
from .state import array_over

TABLE: Final = types.Array(types.float32, 2, "C")


class FrameType(types.Type):  # type: ignore[misc]
    """A frame: its address, and the address of the ring that says where its fields are."""

    def __init__(self, spec: FrameSpec, read_only: bool = False) -> None:
        self.title, self.read_only = spec.name, read_only
        self.fields = {field.name: (k, field) for k, field in enumerate(spec.fields)}
        super().__init__(name=f"Frame({spec.name}, {[(f.name, f.kind) for f in spec.fields]}, {read_only})")


class FrameList(types.Type):  # type: ignore[misc]
    """Several frames: ``len(spectra)``, and ``spectra[k]`` is a frame."""

    def __init__(self, frame: FrameType, written: bool, checked: bool) -> None:
        self.frame, self.written, self.checked = frame, written, checked
        super().__init__(name=f"FrameList({frame.name}, {written}, {checked})")


@register_model(FrameType)
class _FrameModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, [("base", types.int64), ("form", types.int64)])


@register_model(FrameList)
class _FrameListModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, [("rows", types.int64), ("count", types.int64)])


_READ_TABLE: Final = types.Array(types.float32, 2, "C", readonly=True)
_KINDS: Final = {"row": ARRAY, "rows": TABLE, "number": types.float64, "table": tables.TABLE}
_READ: Final = {ARRAY: READ, TABLE: _READ_TABLE}

make_attribute_wrapper(FrameList, "rows", "rows")
make_attribute_wrapper(FrameList, "count", "count")


@infer_getattr
class _FrameAttributes(AttributeTemplate):  # type: ignore[misc]
    key = FrameType

    def generic_resolve(self, frame: FrameType, attribute: str) -> Any:
        if attribute not in frame.fields:
            return None
        kind = _KINDS[frame.fields[attribute][1].kind]
        return _READ.get(kind, kind) if frame.read_only else kind


def _field(context: Any, builder: Any, frame: FrameType, value: Any, attribute: str) -> tuple[Any, Any, Any]:
    """The address of a field, its items, and its columns."""
    struct = cgutils.create_struct_proxy(frame)(context, builder, value=value)
    k = RING_FIELDS + FIELD_WORDS * frame.fields[attribute][0]
    offset, items, columns = (word(builder, struct.form, k + m, constant=True) for m in (FIELD_OFFSET, FIELD_ITEMS, FIELD_COLUMNS))
    return builder.add(struct.base, offset), items, columns


@lower_getattr_generic(FrameType)  # type: ignore[misc]
def _get_field(context: Any, builder: Any, frame: FrameType, value: Any, attribute: str) -> Any:
    address, items, columns = _field(context, builder, frame, value, attribute)
    kind = frame.fields[attribute][1].kind
    if kind == "rows":
        none = builder.icmp_signed("==", columns, I64(0))
        rows = builder.sdiv(items, builder.select(none, I64(1), columns))
        return array_over(context, builder, TABLE, address, rows, columns)
    if kind == "row":
        return array_over(context, builder, ARRAY, address, items)
    return builder.load(builder.inttoptr(address, (I64 if kind == "table" else F64).as_pointer()))


@lower_setattr_generic(FrameType)  # type: ignore[misc]
def _set_field(context: Any, builder: Any, signature: Any, args: Any, attribute: str) -> None:
    frame, given = signature.args
    address, _, _ = _field(context, builder, frame, args[0], attribute)
    table = frame.fields[attribute][1].kind == "table"
    value = context.cast(builder, args[1], given, tables.TABLE if table else types.float64)
    builder.store(value, builder.inttoptr(address, (I64 if table else F64).as_pointer()))


def word(builder: Any, address: Any, k: int, constant: bool = False) -> Any:
    """Load a word of a table; a constant one is never written, so that a loop need not load it again."""
    load = builder.load(builder.gep(builder.inttoptr(address, I64.as_pointer()), [I64(k)]))
    if constant:
        load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return load


def frame_at(context: Any, builder: Any, kind: FrameType, row: Any, written: bool) -> Any:
    """The frame of a row at this firing: the one to write, or the next one to read."""
    queue, form = word(builder, row, ROW_QUEUE), word(builder, row, ROW_FORM)
    frame = cgutils.create_struct_proxy(kind)(context, builder)
    frame.form = form
    if written:
        frame.base = _slot(builder, queue, word(builder, queue, RING_WRITTEN))
        return frame._getvalue()
    base = cgutils.alloca_once(builder, I64)
    in_line = builder.icmp_signed("==", word(builder, row, ROW_KIND), I64(LINE))
    with builder.if_else(in_line) as (of_line, of_ring):
        with of_line:  # a piece of a block signal
            data, begin = word(builder, queue, LINE_DATA), word(builder, queue, LINE_BEGIN)
            builder.store(builder.add(data, builder.mul(begin, I64(4))), base)
        with of_ring:
            builder.store(_slot(builder, queue, word(builder, word(builder, row, ROW_CURSOR), 0)), base)
    frame.base = builder.load(base)
    return frame._getvalue()


def _slot(builder: Any, ring: Any, number: Any) -> Any:
    """The address of a ring's frame, by its number."""
    index = builder.srem(number, word(builder, ring, RING_FRAMES))
    return builder.add(word(builder, ring, RING_DATA), builder.mul(index, word(builder, ring, RING_STRIDE)))


def _frame_of(kind: FrameType, written: bool) -> Any:
    """An intrinsic ``(address of a row) -> frame``."""

    @intrinsic
    def of_row(typingctx: Any, row: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return frame_at(context, builder, kind, args[0], written)

        return kind(types.int64), codegen

    return of_row


@overload(len)
def _length(several):  # type: ignore[no-untyped-def]
    if isinstance(several, FrameList):
        return lambda several: several.count
    return None


@overload(operator.getitem)
def _item(several, k):  # type: ignore[no-untyped-def]
    if not isinstance(several, FrameList):
        return None
    index, of_row = within if several.checked else as_it_is, _frame_of(several.frame, several.written)
    stride: Final = 8 * ROW_WORDS
    return lambda several, k: of_row(several.rows + stride * index(k, several.count))
