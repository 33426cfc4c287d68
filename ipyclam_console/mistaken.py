"""Statements that Python refuses by itself, such as ``net.types.Saw()``: what to type instead."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.exploring import Explorable

_NOT_CALLABLE = re.compile(r"'(\w+)' object is not callable")
_ARGUMENTS = re.compile(r"(\w+)\.(\w+)\(\) (missing|takes|got) ")
_OPERANDS = re.compile(r"unsupported operand type\(s\) for .+: '(\w+)' and '(\w+)'")

_VALUES = frozenset({"bool", "float", "int", "str", "tuple", "ControlledValue"})
"""The types of what a parameter gives."""

_NO_FUNCTION = {
    "ProcessingType": "is a processing type, not a function. To add a processing: net.x = {text}",
    "ProcessingTypes": 'is not a function. To search: net.types.search("filter")',
    "Processing": "is a processing, not a function. For help: {text}?",
    "Network": "is a network, not a function. For help: {text}?",
    "Connector": "is a connector, not a function. For help: {text}?",
}


def explained(shell: InteractiveShell, error: BaseException, trace: TracebackType) -> str:
    """The message for an error of Python itself about a handle; ``""`` where it is about something else."""
    if not isinstance(error, TypeError):
        return ""
    message, statement = str(error), _statement(trace)
    if isinstance(statement, ast.Call) and _is_ours(shell, statement.func):
        return _about_call(message, statement)
    named = set(found.groups()) if (found := _OPERANDS.match(message)) else {""}
    if isinstance(statement, ast.BinOp) and named <= {kind.__name__ for kind in _kinds()}:
        return f"{message}. To connect: {ast.unparse(statement.left)} > {ast.unparse(statement.right)}"
    return ""


def _about_call(message: str, call: ast.Call) -> str:
    text, value = ast.unparse(call.func), ast.unparse(call.args[0]) if len(call.args) == 1 and not call.keywords else ""
    if found := _NOT_CALLABLE.match(message):
        if found[1] in _VALUES:
            return f"{text} is a value, not a function. To set it: {text} = {value or '...'}"
        if found[1] == "Connector" and value:
            return f"{text} is a connector, not a function. To send a value to a control: {text} = {value}"
        return f"{text} {_NO_FUNCTION.get(found[1], 'is not a function').format(text=text)}"
    if found := _ARGUMENTS.match(message):
        owner, name, problem = found.groups()
        for kind in _kinds():
            if (method := getattr(kind, name, None)) and getattr(method, "__qualname__", "") == f"{owner}.{name}":
                told = f"too many arguments for {text}" if problem == "takes" else message.replace(f"{owner}.{name}", text, 1)
                return f"{told}. It takes {text}{_signature(method)}{_instead(name, call)}"
    return ""


def _instead(method: str, call: ast.Call) -> str:
    """The magic that does what a method was asked for."""
    seconds = next((each.value for each in call.keywords if each.arg in ("seconds", "duration")), None)
    return f". To play for a time: %play {ast.unparse(seconds)}" if method == "play" and seconds is not None else ""


def _signature(method: object) -> str:
    """The arguments of a method, as one gives them."""
    given = list(inspect.signature(method).parameters.values())[1:]  # type: ignore[arg-type]
    return str(inspect.Signature([each.replace(annotation=inspect.Parameter.empty) for each in given]))


def _statement(trace: TracebackType) -> ast.expr | None:
    """The expression that failed; None where it is not of one line, or unknown."""
    last = traceback.extract_tb(trace)[-1]
    if not last.lineno or last.lineno != last.end_lineno or last.colno is None or last.end_colno is None:
        return None
    line = linecache.getline(last.filename, last.lineno).encode()
    try:
        return ast.parse(line[last.colno : last.end_colno].decode(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _is_ours(shell: InteractiveShell, called: ast.expr) -> bool:
    """Whether a path such as ``net.types.Saw`` begins at a handle."""
    while isinstance(called, (ast.Attribute, ast.Subscript)):
        called = called.value
    return isinstance(called, ast.Name) and isinstance(shell.user_ns.get(called.id), Explorable)


def _kinds(kind: type[Explorable] = Explorable) -> Iterator[type[Explorable]]:
    """The classes of handles, and those that they share."""
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)
