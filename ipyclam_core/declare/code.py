"""The signal processing of a declared type, as text: its functions and its state, without what is declared around them."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, Final

from .declaration import FORMS, Declaration
from .mistakes import BESIDE

_FUNCTIONS: Final = (*FORMS, *BESIDE)
_STATES: Final = ("State", "Prepared")


def code_of(type_: Declaration) -> str:
    """The source of a type's state and functions, then that of the functions of its module which they call.

    It is empty for the types that the sound device computes, and where no source is to be found.
    """
    if type_.function is None:
        return ""
    functions = [each for name in _FUNCTIONS if (each := getattr(type_, "function" if name == type_.form else name, None)) is not None]
    held: dict[str, str] = {}
    for function in functions:
        for name, text in _members(function):
            held.setdefault(name, text)
    return "\n\n".join([*held.values(), *_called(functions)])


def _members(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """The state and the functions of the class that a function was written in, in the order of the file."""
    first, text = function.__code__.co_firstlineno, "".join(linecache.getlines(function.__code__.co_filename))
    try:
        tree = ast.parse(text)
    except SyntaxError:  # the file has changed since
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(each.lineno == first for each in node.body if isinstance(each, ast.FunctionDef)):
            for member in node.body:
                if isinstance(member, ast.FunctionDef | ast.ClassDef) and member.name in (*_FUNCTIONS, *_STATES):
                    yield member.name, _lines(text, member)


def _lines(text: str, node: ast.FunctionDef | ast.ClassDef) -> str:
    return textwrap.dedent("\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno]))


def _called(functions: list[Callable[..., Any]]) -> Iterator[str]:
    """The functions of the same module that some functions call, and those which these call."""
    waiting, seen = list(functions), set()
    while waiting:
        caller = waiting.pop(0)
        for name in _names(caller.__code__):
            called = getattr(called := caller.__globals__.get(name), "py_func", called)
            if inspect.isfunction(called) and called.__module__ == caller.__module__ and called not in seen:
                seen.add(called)
                waiting.append(called)
                try:
                    yield inspect.getsource(called).rstrip()
                except OSError:
                    continue


def _names(code: Any) -> Iterator[str]:
    """The global names that a function uses, within its inner functions too."""
    yield from code.co_names
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _names(constant)
