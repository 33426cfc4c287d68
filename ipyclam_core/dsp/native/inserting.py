"""Statements that are put into the code of user-defined functions before numba finds out their types."""

from __future__ import annotations

from typing import Any

from numba.core import ir
from numba.core.errors import ConstantInferenceError
from numba.core.ir_utils import build_definitions
from numba.core.postproc import PostProcessor


def call(block: Any, target: Any, function: Any, *arguments: Any, at: Any = None) -> list[Any]:
    """The statements of ``target = function(*arguments)``, in the line `at`."""
    at = at or block.loc
    name = block.scope.redefine(f"${function.__name__}", at)
    return [
        ir.Assign(ir.Global(function.__name__, function, at), name, at),
        ir.Assign(ir.Expr.call(name, arguments, (), at), target, at),
    ]


def is_expression(statement: Any, operation: str) -> bool:
    """Whether a statement assigns the result of an operation of numba's intermediate code: ``"call"``, ``"getiter"``."""
    return isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Expr) and statement.value.op == operation


def constant_in(code: Any, variable: Any) -> Any:
    """The value of a variable that has always the same, such as a function; None if it has not, or if it is None."""
    try:
        return code.infer_constant(variable)
    except ConstantInferenceError:
        return None


def update(code: Any) -> None:
    """Bring the tables of code that was changed up to date."""
    PostProcessor(code).run()
    code._definitions = build_definitions(code.blocks)
