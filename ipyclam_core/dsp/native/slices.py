"""``row[:] = other`` in user-defined functions: the items are copied one by one.

numba makes a copy of the other array first, in case the two overlap, and the audio thread cannot allocate memory.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import ir
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from .inserting import call
from .memory import I64


def instead(code: Any, block: Any, statement: Any) -> list[Any] | None:
    """The statements that do the same as one that sets a slice; None if it does something else."""
    if isinstance(statement, ir.StaticSetItem):
        index, slices = statement.index_var, statement.index if isinstance(statement.index, tuple) else (statement.index,)
        if not any(isinstance(each, slice) for each in slices):
            return None
    elif isinstance(statement, ir.SetItem) and _has_slice(code, statement.index):
        index = statement.index
    else:
        return None
    part, nothing = (block.scope.redefine(name, statement.loc) for name in ("$part", "$filled"))
    found = ir.Expr.getitem(statement.target, index, statement.loc)
    return [ir.Assign(found, part, statement.loc), *call(block, nothing, _fill, part, statement.value, at=statement.loc)]


def _has_slice(code: Any, index: Any) -> bool:
    try:
        definition = code.get_definition(index)
    except KeyError:
        return False
    if isinstance(definition, ir.Const):
        return isinstance(definition.value, slice)
    if not isinstance(definition, ir.Expr):
        return False
    if definition.op == "build_tuple":
        return any(_has_slice(code, each) for each in definition.items)
    return definition.op == "call" and _is_slice(code, definition.func)


def _is_slice(code: Any, function: Any) -> bool:
    try:
        definition = code.get_definition(function)
    except KeyError:
        return False
    return isinstance(definition, ir.Global) and definition.value is slice


def _fill(part: Any, value: Any) -> None:
    """Give the items of an array those of another one, or a number."""
    raise NotImplementedError("compiled code only")


@overload(_fill)  # type: ignore[untyped-decorator]
def _compiled_fill(part, value):  # type: ignore[no-untyped-def]
    if isinstance(part, types.Array) and isinstance(value, types.Array) and 1 <= value.ndim <= part.ndim <= 2:
        if part.ndim == 1:
            return lambda part, value: _copy(part, value)
        return _copy_each if value.ndim == 2 else _copy_to_each

    def other(part, value):  # type: ignore[no-untyped-def]
        part[...] = value

    return other


@intrinsic
def _address(typingctx: Any, array: Any) -> Any:
    """Where the first item of an array is."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ptrtoint(make_array(signature.args[0])(context, builder, args[0]).data, I64)

    return types.int64(array), codegen


def _copy_each(part, value):  # type: ignore[no-untyped-def]
    if len(value) not in (1, len(part)):
        raise ValueError
    step = 0 if len(value) == 1 else 1
    forwards = _address(part) <= _address(value)
    for n in range(len(part)):
        k = n if forwards else len(part) - 1 - n
        _copy(part[k], value[step * k])


def _copy_to_each(part, value):  # type: ignore[no-untyped-def]
    for k in range(len(part)):
        _copy(part[k], value)


def _copy(part: Any, value: Any) -> None:
    raise NotImplementedError("compiled code only")


@overload(_copy)  # type: ignore[untyped-decorator]
def _compiled_copy(part, value):  # type: ignore[no-untyped-def]
    def copy(part, value):  # type: ignore[no-untyped-def]
        count = len(part)
        if len(value) == 1:
            first = value[0]
            for k in range(count):
                part[k] = first
            return
        if len(value) != count:
            raise ValueError
        to, from_ = _address(part), _address(value)
        if to == from_ and part.strides == value.strides:
            return
        forwards = to <= from_
        if part.strides != value.strides:
            ends = from_ + (count - 1) * value.strides[0], to + (count - 1) * part.strides[0]
            if max(from_, ends[0]) >= min(to, ends[1]) and max(to, ends[1]) >= min(from_, ends[0]):
                raise ValueError  # they overlap: a copy would be needed
        elif part.strides[0] < 0:
            forwards = not forwards
        if forwards:
            for k in range(count):
                part[k] = value[k]
        else:
            for k in range(count - 1, -1, -1):
                part[k] = value[k]

    return copy
