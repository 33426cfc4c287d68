"""Why a function could not be compiled, in terms of its source: the line, and a replacement."""

from __future__ import annotations

import dis
import random
import re
import sys
import traceback
import types as python_types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numba import types
from numba.core import ir

from ...declare.declaration import Declaration
from ...declare.mistakes import where
from ...errors import DefinitionError, suggest

Functions = Sequence[tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]]
"""Functions as written, as made compilable, and the numba types of their arguments."""

_PLAIN: Final = "this is not available in compiled code: plain arithmetic, if, for and while are"
_UNFIT: Final = "{0!r} cannot be used in compiled code; numbers, math, numpy and plain functions can"
_ROW: Final = "{0!r} is a list, which compiled code does not read; make it a tuple, or an array: np.array({0})"
_READ_ONLY_SAID: Final = "Cannot modify readonly array"
READ_ONLY: Final = (
    "an in port can only be read, because other processings read the same memory. Write into the out port, or into an array of State"
)
_CAUSES: Final[tuple[tuple[str, str], ...]] = (
    (r"Variable '(\w+?)[.\d]*' is not defined", "{0!r} is used before it is set"),
    (r"NameError: name '(\w+)' is not defined", "{0!r} is not defined"),
    (r"reflected list.*? assigned to variable '(\w+)' in globals", _ROW),
    (r"Untyped global name 'reversed'", "reversed is not available in compiled code; range(n - 1, -1, -1) and row[::-1] are"),
    (r"Illegal IR, del found", "del is not available in compiled code, nor is it needed"),
    (r"Type of variable '\$.*?cannot be determined", "nothing here says what kind of number this is; write it in plainer steps"),
    (r"Cannot bind .*? to signature", "this function is not called so in compiled code: give it what it takes in order"),
    (r"exception_match", "try and except are not available in compiled code"),
    (r"yield in a closure", "generator expressions are not available in compiled code; a for loop is"),
    (r"Cannot cast (\w+) to Table", "a table is given a {0}; give it a table, of the state or of another frame"),
    (r"Function\(<built-in function (?:get|set)item>\) found for signature:\s*>>> \w+\(Table",
     "a table has no items itself; index its values: frame.table.values[0]"),
    (r"Cannot cast (?:float\w+|int\w+) to array", "a number is given to an array; give it to all of its items, with [:], or to one"),
    (rf"{_READ_ONLY_SAID}|'NoneType' object has no attribute 'args'", READ_ONLY),  # numba's error for row *= 2 is the second one
    (r"Untyped global name '(\w+)'", _UNFIT),
    (r"Unknown attribute '(\w+)' of type Module\(<module '([\w.]+)'", "{1}.{0} is not available in compiled code"),
    (r"Unknown attribute '(\w+)' of type State", "state has no field {0!r}; class State declares them"),
    (r"Unknown attribute '(\w+)' of type (\w+)", "{1} has no attribute {0!r}"),
    (r"Cannot resolve setattr: \(State.*?\)\.(\w+) = (\w+)", "state.{0} cannot hold {1}: class State does not declare it so"),
    (r"construct is not supported", _PLAIN),
    (r"Cannot unify (.+?) and (.+?) for '(\w+?)[.\d]*'", "{2!r} is {0} in one branch and {1} in another; give it one type"),
    (r">>> _send\(Sender\(.*?\), (?:readonly )?array\(",
     "an out control is sent an array, and takes a number. Send one item of the array: [0]"),
    (r">>> setitem\((?:readonly )?array\([^()]*\), [^,()]*(?:\([^()]*\))?, (?:readonly )?array\(",
     "an item is a number, and is given an array. Give it one item of the array: [0]"),
    (r"Function\((?:<class '\w+'>|float\d+|int\d+)\) found for signature:\s*>>> [^\n]*?\((?:readonly )?array\(",
     "an array is not a number. Take one item of it: [0]"),
    (r"Use of unsupported NumPy function '([\w.]+)'", "{0} is not available in compiled code"),
    (r"Undecided type", "a variable has no type here: it is used before it is set"),
    (r"No implementation of function Function\(<.*?(?:function|ufunc) '?(\w+)'?.*?\) found for signature:\s*>>> \w+\((.*?)\)",
     "{0} cannot be used with {1}"),
    (r"(?:The use of|Use of) (.+?) (?:is|are) not supported", "{0} cannot be used in compiled code"),
    (r"[Uu]nsupported opcode|unsupported feature|does not support", _PLAIN),
    (r"variable '?(\w+)'? referenced before assignment", "{0!r} is used before it is set"),
)  # fmt: skip


_FRAME: Final = r"Frame\((?P<title>\w+), \[(?P<fields>.*?)\], \w+\)"
_UNKNOWN_FIELD: Final = (
    rf"Cannot resolve setattr: \({_FRAME}\)\.(?P<field>\w+) = ",
    rf"Unknown attribute '(?P<field>\w+)' of type {_FRAME}",
)


def explain(type_: Declaration, error: Exception, functions: Functions) -> DefinitionError:
    """The error to raise when a type cannot be compiled.

    Each of `functions` is compiled alone, so that numba speaks of the author's lines and not of ours.
    """
    if _READ_ONLY_SAID in str(error) and type_.function is not None:
        return DefinitionError(type_.name, f"{type_.form}{_where(error, type_.function)}: {READ_ONLY}")
    for written, compilable, arguments in functions:
        try:
            compilable.compile(arguments)  # type: ignore[attr-defined]
        except Exception as alone:  # numba raises errors of many kinds
            return DefinitionError(type_.name, f"{written.__name__}{_where(alone, written)}: {_cause(str(alone), written)}")
    return DefinitionError(type_.name, f"{type_.form}: {_cause(str(error), None)}")


def allocation(functions: Functions) -> str:
    """Which line allocates memory or raises, as far as that can be seen: ``" (line 7, `...`)"``, and what to write instead."""
    for written, compilable, arguments in functions:
        for line in _lines(written.__code__, RAISING):
            return f" ({where(written.__code__.co_filename, line).removeprefix(', ')})"
        try:
            compilable.compile(arguments)  # type: ignore[attr-defined]
        except Exception:  # it is not compiled where something else is wrong with it
            continue
        annotation = compilable.overloads[arguments].type_annotation  # type: ignore[attr-defined]
        statements = (statement for block in annotation.blocks.values() for statement in block.body)
        for statement in sorted(statements, key=lambda each: each.loc.line):
            instead = _allocates(statement, annotation.typemap)
            if instead is not None:
                return f" ({where(statement.loc.filename, statement.loc.line).removeprefix(', ')}){instead}"
    return ""


def unfit_call(functions: Iterable[Callable[..., Any]]) -> str:
    """Which line calls a function of Python's or IPython's own that raises errors, such as ``open`` at the prompt; ``""`` if none does."""
    for written in functions:
        for instruction in dis.get_instructions(written):
            name, place = str(instruction.argval), instruction.positions
            called = written.__globals__.get(name) if instruction.opname == "LOAD_GLOBAL" else None
            if isinstance(called, python_types.FunctionType) and _is_of_library(called) and any(_lines(called.__code__, RAISING)):
                line = where(written.__code__.co_filename, place.lineno) if place is not None and place.lineno else ""
                return f"{written.__name__}{line}: {_UNFIT.format(name)}"
    return ""


def _is_of_library(function: Callable[..., Any]) -> bool:
    return (function.__module__ or "").partition(".")[0] in {*sys.stdlib_module_names, "IPython"} - {"__main__"}


RAISING: Final = {"RAISE_VARARGS", "LOAD_ASSERTION_ERROR"}
_NOT_COMPILED: Final = {"BEFORE_WITH", "IMPORT_NAME", "IMPORT_FROM", "STORE_GLOBAL", "LOAD_BUILD_CLASS", "DELETE_NAME"}
_SLICE: Final = "; a whole row is set with a slice: rows[k, :] = row"
_MAKING: Final = {"build_list", "build_set", "build_map"}
_RANDOM: Final = (
    "; for random numbers, keep an int in State: state.seed = (state.seed * 1664525 + 1013904223) % 4294967296, "
    "and state.seed / 2147483648.0 - 1.0 is noise from -1 to 1"
)
_LOOP: Final = "; an expression of arrays makes a new one, a loop over the frames does not: for i in range(len(x)): ..."


def _allocates(statement: Any, known: Any) -> str | None:
    """A replacement for a statement that allocates: ``""`` if it is obvious; None if the statement does not allocate."""
    if isinstance(statement, (ir.Print, ir.Raise, ir.StaticRaise, ir.TryRaise, ir.StaticTryRaise)):
        return ""
    if isinstance(statement, ir.StaticSetItem) and isinstance(statement.index, int) and _is_array(known.get(statement.value.name)):
        return _SLICE
    if isinstance(statement, ir.SetItem):
        index, given = known.get(statement.index.name), known.get(statement.value.name)
        return _SLICE if isinstance(index, types.Integer) and _is_array(given) else None
    if not (isinstance(statement, ir.Assign) and isinstance(statement.value, ir.Expr)):
        return None
    op, result = statement.value.op, known.get(statement.target.name)
    if op == "call" and isinstance(_owner(known.get(statement.value.func.name)), (random.Random, np.random.RandomState)):
        return _RANDOM
    if op == "arrayexpr" or (op in ("binop", "inplace_binop", "unary") and isinstance(result, types.Array)):
        return _LOOP
    made = op in _MAKING or (op == "call" and isinstance(result, (types.Array, types.List, types.UnicodeType)))
    return "" if made else None


def _owner(function: Any) -> Any:
    """The object that a function is a method of: ``np.random.random`` is one of a random number generator."""
    return getattr(getattr(function, "typing_key", None), "__self__", None)


def _is_array(known: Any) -> bool:
    return isinstance(known, types.Array)


def in_words(given: Any) -> str:
    """The return type of a function, in words for readers who do not know numba's types."""
    if given == types.none:
        return "nothing"
    if isinstance(given, types.Optional):
        return f"{in_words(given.type)} on one path and nothing on another"
    if isinstance(given, types.BaseTuple):
        return f"({', '.join(map(in_words, given))})"
    for kind, words in _KINDS:
        if isinstance(given, kind):
            return words
    return str(given)


_KINDS: Final[tuple[tuple[Any, str], ...]] = (
    (types.Complex, "a complex number"),
    (types.Number, "a number"),
    (types.Boolean, "a bool"),
    (types.UnicodeType, "text"),
    (types.List, "a list; numbers are returned with commas between: return left, right"),
    (types.Array, "an array"),
)


def last_line(function: Callable[..., Any] | None) -> str:
    """``" (line 7, `return x`)"``: where a function last returns, or ends."""
    if function is None:
        return ""
    lines = list(_lines(function.__code__, {"RETURN_VALUE", "RETURN_CONST"}))
    return f" ({where(function.__code__.co_filename, max(lines)).removeprefix(', ')})" if lines else ""


def _lines(code: python_types.CodeType, operations: set[str]) -> Iterator[int]:
    """The lines of a function in which one of some operations is."""
    for instruction in dis.get_instructions(code):
        place = instruction.positions
        if instruction.opname in operations and place is not None and place.lineno is not None:
            yield place.lineno


def _where(error: Exception, written: Callable[..., Any]) -> str:
    """``, line 7, `x = foo(y)```: the line nearest to the cause that is in the function's own file."""
    file = written.__code__.co_filename
    said = [(name, int(line)) for name, line in re.findall(r'File "([^"]*)", line (\d+)', str(error))]
    said += [(name, int(line)) for name, line in re.findall(r"(?:Raised from|at) (\S+) \((\d+)\)", str(error))]
    location = getattr(error, "loc", None)
    if location is not None:
        said.append((location.filename, location.line))
    held = [getattr(frame.f_locals.get("self"), "loc", None) for frame, _ in traceback.walk_tb(error.__traceback__)]
    said += [(loc.filename, loc.line) for loc in reversed(held) if loc is not None]
    lines = [line for name, line in said if name.endswith(file.rsplit("/", 1)[-1])] or list(_lines(written.__code__, _NOT_COMPILED))
    return where(file, lines[0]) if lines else ""


def _cause(text: str, written: Callable[..., Any] | None) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    unknown = next(filter(None, (re.search(pattern, plain) for pattern in _UNKNOWN_FIELD)), None)
    if unknown is not None:
        fields = re.findall(r"\('(\w+)'", unknown["fields"])
        return f"a {unknown['title']} has no field {unknown['field']!r}{suggest(unknown['field'], fields)}"
    for pattern, words in _CAUSES:
        found = re.search(pattern, plain, re.DOTALL)
        if found:
            said = words.format(*found.groups())
            if written is not None and "is not defined" in said:
                said += suggest(found.group(1), [*written.__code__.co_varnames, *written.__globals__])
            return said
    skipped = ("Failed in nopython", "During:", "File ", "-----", "There are")
    lines = [line.strip() for line in plain.splitlines() if line.strip() and not line.strip().startswith(skipped)]
    return (
        lines[0]
        if lines
        else "it cannot be compiled, and numba does not say why; zip with strict= is one such thing, leave out others to find it"
    )
