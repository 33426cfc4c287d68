"""Checked forms of functions that do not check an index or a shape themselves, for user-defined functions.

numba does not compare the shapes of arrays in ``audio += row`` and in ``np.add(a, b, audio)``, and ``reshape`` takes a shape
whose size overflows. Our own counters check nothing, since the types that come with ipyclam are tested.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any, Final

import numpy as np
from numba import njit, types
from numba.core import ir
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError
from numba.extending import overload

from ...declare import maths
from . import slices
from .inserting import call, constant_in, is_expression, update
from .unchecked import is_guarded

inline = njit(forceinline=True, error_model="numpy")


@inline  # type: ignore[untyped-decorator]
def _place(counters, k):  # type: ignore[no-untyped-def]
    """The index of a counter, if it is that of an int64 in an array without gaps."""
    place = int(k)
    if counters.itemsize != 8 or counters.strides[0] != 8 or place < 0 or place >= counters.size:
        raise IndexError
    return place


@inline  # type: ignore[untyped-decorator]
def _published(counters, k):  # type: ignore[no-untyped-def]
    return maths.published(counters, _place(counters, k))


@inline  # type: ignore[untyped-decorator]
def _publish(counters, k, value):  # type: ignore[no-untyped-def]
    return maths.publish(counters, _place(counters, k), value)


def _fits(target: Any, value: Any) -> None:
    """Fail if an array cannot be broadcast to the shape of another one."""
    raise NotImplementedError("compiled code only")


@overload(_fits)  # type: ignore[untyped-decorator]
def _compiled_fits(target, value):  # type: ignore[no-untyped-def]
    if isinstance(target, types.Array) and not target.mutable:
        raise TypingError("Cannot modify readonly array")
    if not isinstance(target, types.Array) or not isinstance(value, types.Array):
        return lambda target, value: None
    missing = target.ndim - value.ndim

    def fits(target, value):  # type: ignore[no-untyped-def]
        if missing < 0:
            raise ValueError
        for axis in range(value.ndim):
            length = value.shape[axis]
            if length not in (1, target.shape[missing + axis]):
                raise ValueError

    return fits


def _can_be(array: Any, shape: Any) -> None:
    """Fail if a shape has more items than an array; the product of its lengths may be too large for an int."""
    raise NotImplementedError("compiled code only")


@overload(_can_be)  # type: ignore[untyped-decorator]
def _compiled_can_be(array, shape):  # type: ignore[no-untyped-def]
    lengths = (shape,) if isinstance(shape, types.Integer) else shape
    if not isinstance(array, types.Array) or not isinstance(lengths, types.BaseTuple):
        return lambda array, shape: None
    if isinstance(shape, types.Integer):
        return lambda array, shape: None

    def can_be(array, shape):  # type: ignore[no-untyped-def]
        size = 1
        for length in shape:
            if length > 0:
                if size > array.size // length:
                    raise ValueError
                size *= length

    return can_be


@cache
def _into_array(function: Any) -> Any:
    """A ufunc with as many arguments as it has inputs and outputs, which checks that the inputs fit the outputs."""
    if function.nin + function.nout == 2:

        @inline  # type: ignore[untyped-decorator]
        def checked(x, out):  # type: ignore[no-untyped-def]
            _fits(out, x)
            return function(x, out)

    elif function.nin + function.nout == 3 and function.nout == 1:

        @inline  # type: ignore[untyped-decorator]
        def checked(x, y, out):  # type: ignore[no-untyped-def]
            _fits(out, x)
            _fits(out, y)
            return function(x, y, out)

    else:
        return None
    return checked


GUARDING: Final = "_ipyclam_guarding"
"""The attribute of a function made compilable that makes another one so, which it calls."""


def _of_module(code: Any, function: Any) -> Any:
    """The guarded form of a function with numba's own decorator that is looked up in its module, ``helpers.louder(x)``."""
    return getattr(code.func_id.func, GUARDING)(function.py_func)


_CHECKED: Final[dict[Any, Any]] = {maths.published: _published, maths.publish: _publish}


@register_pass(mutates_CFG=False, analysis_only=False)  # type: ignore[untyped-decorator]
class UseChecked(FunctionPass):  # type: ignore[misc]
    """Use the checked forms, before the types are known."""

    _name = "ipyclam_use_checked"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        code = state.func_ir
        for block in code.blocks.values():
            block.body = [each for statement in block.body for each in _checked(code, block, statement)]
        update(code)
        return True


def _checked(code: Any, block: Any, statement: Any) -> list[Any]:
    """The statements that do the same as one, with checks."""
    return slices.instead(code, block, statement) or [*_before(code, block, statement), statement]


def _before(code: Any, block: Any, statement: Any) -> list[Any]:
    """The statements to put before a statement; if it calls a function that has a checked form, it will call that."""
    nothing = block.scope.redefine("$checked", block.loc)
    if is_expression(statement, "inplace_binop"):
        return call(block, nothing, _fits, statement.value.lhs, statement.value.rhs, at=statement.loc)
    if not is_expression(statement, "call") or statement.value.vararg is not None:
        return []
    value = statement.value
    function = constant_in(code, value.func)
    checked: Any = _CHECKED.get(function) if isinstance(function, FunctionType) else None
    if isinstance(function, Dispatcher) and not is_guarded(function):
        checked = _of_module(code, function)
    if isinstance(function, np.ufunc) and len(value.args) == function.nargs:
        checked = _into_array(function)
    if checked is not None:
        name = block.scope.redefine("$checked", block.loc)
        statement.value = ir.Expr.call(name, value.args, value.kws, value.loc)
        return [ir.Assign(ir.Global(name.name, checked, value.loc), name, value.loc)]
    return _before_reshape(code, block, value, function)


def _before_reshape(code: Any, block: Any, value: Any, function: Any) -> list[Any]:
    """The check before ``array.reshape(...)`` or ``np.reshape(array, ...)``."""
    arguments = list(value.args)
    if function is not np.reshape:
        method = _definition(code, value.func)
        if not (isinstance(method, ir.Expr) and method.op == "getattr" and method.attr == "reshape" and function is None):
            return []
        arguments.insert(0, method.value)
    array, *shape = [*arguments, *(given for _, given in value.kws)]
    nothing, lengths = (block.scope.redefine(name, block.loc) for name in ("$checked", "$shape"))
    if len(shape) == 1:
        return call(block, nothing, _can_be, array, shape[0])
    return [ir.Assign(ir.Expr.build_tuple(shape, block.loc), lengths, block.loc), *call(block, nothing, _can_be, array, lengths)]


def _definition(code: Any, variable: Any) -> Any:
    try:
        return code.get_definition(variable)
    except KeyError:
        return None
