"""Why a function could not be compiled, in the words of whoever wrote it: which line, and what to write instead."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from numba.core import errors as numba_errors

from ...errors import DefinitionError, suggest
from ..declare import ProcessingType

_CAUSES: Final[tuple[tuple[str, str], ...]] = (
    (r"NameError: name '(\w+)' is not defined", "{0!r} is not defined"),
    (r"Untyped global name '(\w+)'", "{0!r} cannot be used in compiled code; numbers, math, numpy's functions and plain functions of yours can"),
    (r"Unknown attribute '(\w+)' of type State", "state has no field {0!r}; class State declares them"),
    (r"Unknown attribute '(\w+)' of type (\w+)", "{1} has no attribute {0!r}"),
    (r"Cannot unify (.+?) and (.+?) for '(\w+?)[.\d]*'", "{2!r} is {0} in one branch and {1} in another; give it one type"),
    (r"Use of unsupported NumPy function '([\w.]+)'", "{0} is not available in compiled code"),
    (r"Undecided type", "a variable has no type here: it is used before it is set"),
    (r"No implementation of function Function\(<.*?(?:function|ufunc) '?(\w+)'?.*?\) found for signature:\s*>>> \w+\((.*?)\)",
     "{0} cannot be used with {1}"),
    (r"(?:The use of|Use of) (.+?) (?:is|are) not supported", "{0} cannot be used in compiled code"),
    (r"Unsupported opcode|unsupported feature|does not support", "this is not available in compiled code: plain arithmetic, if, for and while are"),
    (r"variable '?(\w+)'? referenced before assignment", "{0!r} is used before it is set"),
    (r"(\w+)\.step returns (.+?), but it has (\d+) out ports", "step must return {2} numbers, one for each out port; it returns {1}"),
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
        except numba_errors.NumbaError as alone:
            return DefinitionError(type_.name, f"{written.__name__}{_where(alone, written)}: {_cause(str(alone), written)}")
    return DefinitionError(type_.name, f"{type_.form}: {_cause(str(error), None)}")


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
