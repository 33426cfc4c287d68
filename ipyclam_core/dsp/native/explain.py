"""Why a function could not be compiled, in the words of whoever wrote it: which line, and what to write instead."""

from __future__ import annotations

import dis
import linecache
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from ...declaration import ProcessingType
from ...errors import DefinitionError, suggest

_PLAIN: Final = "this is not available in compiled code: plain arithmetic, if, for and while are"
_CAUSES: Final[tuple[tuple[str, str], ...]] = (
    (r"NameError: name '(\w+)' is not defined", "{0!r} is not defined"),
    (r"Untyped global name '(\w+)'", "{0!r} cannot be used in compiled code; numbers, math, numpy and plain functions can"),
    (r"Unknown attribute '(\w+)' of type State", "state has no field {0!r}; class State declares them"),
    (r"Unknown attribute '(\w+)' of type (\w+)", "{1} has no attribute {0!r}"),
    (r"Cannot resolve setattr: \(State.*?\)\.(\w+) = (\w+)", "state.{0} cannot hold {1}: class State does not declare it so"),
    (r"Module has no attribute '(\w+)'", "{0!r} is not available in compiled code"),
    (r"construct is not supported", _PLAIN),
    (r"Cannot unify (.+?) and (.+?) for '(\w+?)[.\d]*'", "{2!r} is {0} in one branch and {1} in another; give it one type"),
    (r"Use of unsupported NumPy function '([\w.]+)'", "{0} is not available in compiled code"),
    (r"Undecided type", "a variable has no type here: it is used before it is set"),
    (r"No implementation of function Function\(<.*?(?:function|ufunc) '?(\w+)'?.*?\) found for signature:\s*>>> \w+\((.*?)\)",
     "{0} cannot be used with {1}"),
    (r"(?:The use of|Use of) (.+?) (?:is|are) not supported", "{0} cannot be used in compiled code"),
    (r"Unsupported opcode|unsupported feature|does not support", _PLAIN),
    (r"variable '?(\w+)'? referenced before assignment", "{0!r} is used before it is set"),
)  # fmt: skip


def explain(
    type_: ProcessingType,
    error: Exception,
    functions: Sequence[tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]],
) -> DefinitionError:
    """The error to raise when a type cannot be compiled.

    `functions` are its functions as written, as made compilable, and the numba types of their arguments: each is
    compiled alone, so that numba speaks of the author's lines and not of ours.
    """
    for written, compilable, arguments in functions:
        try:
            compilable.compile(arguments)  # type: ignore[attr-defined]
        except Exception as alone:  # numba raises errors of many kinds
            return DefinitionError(type_.name, f"{written.__name__}{_where(alone, written)}: {_cause(str(alone), written)}")
    return DefinitionError(type_.name, f"{type_.form}: {_cause(str(error), None)}")


def allocation(type_: ProcessingType) -> str:
    """Which line of a type's function allocates memory or raises, as far as that can be seen: ``" (line 7, `...`)"``."""
    for function in (type_.block, type_.function):
        if function is None:
            continue
        line = None
        for instruction in dis.get_instructions(function):
            line = instruction.starts_line or line
            if instruction.opname in _ALLOCATING or (instruction.opname.startswith("LOAD") and instruction.argval in _ALLOCATORS):
                source = linecache.getline(function.__code__.co_filename, line or 0).strip()
                return f" (line {line}{f', `{source}`' if source else ''})"
    return ""


_ALLOCATING: Final = {"RAISE_VARARGS", "LOAD_ASSERTION_ERROR", "BUILD_LIST", "LIST_EXTEND", "BUILD_MAP", "BUILD_SET", "BUILD_STRING"}
_ALLOCATORS: Final = {"print", "zeros", "zeros_like", "ones", "empty", "array", "arange", "linspace", "copy", "list", "str"}


def _where(error: Exception, written: Callable[..., Any]) -> str:
    """``, line 7, `x = foo(y)```: the line nearest to the cause that is in the function's own file."""
    file = written.__code__.co_filename
    found = re.findall(r'File "([^"]*)", line (\d+)', str(error))
    lines = [int(line) for name, line in found if name.endswith(file.rsplit("/", 1)[-1])]
    location = getattr(error, "loc", None)
    if not lines and location is not None and location.filename.endswith(file.rsplit("/", 1)[-1]):
        lines = [location.line]
    if not lines:
        return ""
    source = linecache.getline(file, lines[0]).strip()
    return f", line {lines[0]}" + (f", `{source}`" if source else "")


def _cause(text: str, written: Callable[..., Any] | None) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    for pattern, words in _CAUSES:
        found = re.search(pattern, plain, re.DOTALL)
        if found:
            said = words.format(*found.groups())
            if written is not None and "is not defined" in said:
                said += suggest(found.group(1), [*written.__code__.co_varnames, *written.__globals__])
            return said
    skipped = ("Failed in nopython", "During:", "File ", "-----", "There are")
    lines = [line.strip() for line in plain.splitlines() if line.strip() and not line.strip().startswith(skipped)]
    return lines[0] if lines else "it cannot be compiled"
