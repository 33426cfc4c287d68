"""Forms of code in user-defined functions whose indices numba does not check: they are refused where the type is defined.

``boundscheck`` checks the indices of arrays and tuples. It does not check those of ``array.flat``, of arrays made from an
address, or anything inside a function that was compiled elsewhere.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numba import carray, farray, literal_unroll, literally, prange, types
from numba.core import ir
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.extending import _Intrinsic
from numba.np.ufunc.dufunc import DUFunc
from numba.np.ufunc.gufunc import GUFunc
from numpy.lib.stride_tricks import as_strided

from ...declare.mistakes import where
from .errors import UncheckedKernel
from .explain import READ_ONLY
from .frames import FrameType
from .state import StateType

_OURS: Final = "ipyclam_core.dsp.native."
_POINTERS: Final = (types.CPointer, types.RawPointer, types.ArrayCTypes)
_INDEXING: Final = (operator.getitem, operator.setitem)
_MAKING: Final = (as_strided, carray, farray)
_OF_NUMBA: Final = (prange, literal_unroll, literally)
_FLAT: Final = (
    "the indices of .flat are not checked, and may be outside of the array. Index the array itself: a[i], or a.ravel()[i] if it has "
    "several dimensions"
)
_MADE: Final = (
    "{} cannot be used in compiled code: it makes arrays whose length is not checked. Keep arrays in State, and take parts of one "
    "with a[i:j]"
)
_ELSEWHERE: Final = (
    "the indices in {0} are not checked, because it was compiled elsewhere: call a plain function, or one with @njit, by its name"
)


@register_pass(mutates_CFG=False, analysis_only=True)  # type: ignore[untyped-decorator]
class RefuseUnchecked(AnalysisPass):  # type: ignore[misc]
    """Refuse statements with unchecked indices; the types are known by now."""

    _name = "ipyclam_refuse_unchecked"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        for block in state.func_ir.blocks.values():
            for statement in block.body:
                for reason in _reasons(statement, state.typemap, state.func_ir):
                    raise UncheckedKernel(reason, where(statement.loc.filename, statement.loc.line))
        return False


def is_guarded(function: Any) -> bool:
    """Whether a function with numba's decorator is one of ours, or has been guarded."""
    return bool(function.targetoptions.get("boundscheck")) or function.py_func.__module__.startswith(_OURS)


def _reasons(statement: Any, known: Any, code: Any) -> Iterator[str]:
    """Why a statement is refused, if it is."""
    if isinstance(statement, ir.SetAttr):
        yield from _of_attribute(statement, known, code)
    elif isinstance(statement, (ir.SetItem, ir.StaticSetItem)):
        yield from _of_index(known.get(statement.target.name))
    elif isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Expr):
        value = statement.value
        if value.op in ("getitem", "static_getitem", "typed_getitem"):
            yield from _of_index(known.get(value.value.name))
        elif value.op == "call":
            yield from _of_call(known.get(value.func.name), [known.get(each.name) for each in value.args])


def _of_attribute(statement: Any, known: Any, code: Any) -> Iterator[str]:
    held, given = known.get(statement.target.name), known.get(statement.value.name)
    name = f"{_named(statement.target)}.{statement.attr}"
    if isinstance(held, StateType):
        field = held.fields[statement.attr]
        array, number = field.array, not field.array and not field.table
    elif isinstance(held, FrameType):
        kind = held.fields[statement.attr][1].kind
        array, number = kind in ("row", "rows"), kind == "number"
        if held.read_only:
            yield READ_ONLY
    else:
        return
    if array:
        yield f"{name} is an array, which stays the same one. Set its items: {name}[:] = {_said(statement.value, code)}"
    if number and isinstance(given, types.Array):
        wish = f"{name} = {_said(statement.value, code)}[0]"
        yield f"{name} is a number, and is given an array. Give it one item of the array: {wish}"


def _named(variable: Any, otherwise: str = "frame") -> str:
    """How a function calls a variable; a frame of several has no name."""
    name = str(variable.name).partition(".")[0]
    return otherwise if name.startswith("$") else name


def _said(variable: Any, code: Any) -> str:
    """The expression ``name`` or ``name.attribute`` that a variable holds; ``...`` for any other."""
    try:
        definition = code.get_definition(variable)
    except KeyError:
        return "..."
    if isinstance(definition, ir.Expr) and definition.op == "getattr":
        return f"{_named(definition.value)}.{definition.attr}"
    return _named(variable, "...")


def _of_index(indexed: Any) -> Iterator[str]:
    if isinstance(indexed, types.NumpyFlatType):
        yield _FLAT


def _of_call(function: Any, arguments: list[Any]) -> Iterator[str]:
    if any(isinstance(each, types.NumpyFlatType) for each in arguments[:1]) and getattr(function, "typing_key", None) in _INDEXING:
        yield _FLAT
    if isinstance(function, types.Dispatcher):
        if not is_guarded(function.dispatcher):
            yield _ELSEWHERE.format(function.dispatcher.py_func.__name__)
    elif isinstance(function, types.ExternalFunctionPointer):
        if any(isinstance(each, _POINTERS) or each is types.voidptr for each in function.sig.args):
            yield "a C function that takes a pointer may go outside of an array: compiled code can call those that take numbers"
    elif isinstance(function, (types.FunctionType, types.UndefinedFunctionType)):
        yield _ELSEWHERE.format("a function of numba.cfunc")
    elif isinstance(function, types.Function):
        yield from _of_key(function.typing_key, arguments)


def _of_key(key: Any, arguments: list[Any]) -> Iterator[str]:
    name = getattr(key, "__name__", str(key))
    if isinstance(key, np.ufunc):
        if len(arguments) > key.nin and isinstance(arguments[-1], types.Array):  # `checked` has dealt with the others
            yield f"np.{name} is not checked when it is called like this: call it by its name, np.{name}(...)"
    elif key is np.fill_diagonal or (key is np.outer and len(arguments) > 2):
        yield f"np.{name} does not check the lengths of its arrays: use a loop, for i in range(len(x)): ..."
    elif key in _MAKING:
        yield _MADE.format(name)
    elif isinstance(key, (_Intrinsic, DUFunc, GUFunc)):
        yield _ELSEWHERE.format(name)
    elif (getattr(key, "__module__", None) or "").partition(".")[0] == "numba" and key not in _OF_NUMBA and callable(key):
        yield f"{name} is a function of numba itself: compiled code can use plain arithmetic, math, numpy, if, for and while"
