"""Checks of the class of a processing type before compilation, with errors in the terms of its author."""

from __future__ import annotations

import builtins
import dis
import inspect
import linecache
import types
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import DefinitionError, suggest
from .arguments import Argument, arguments_of, refusal
from .declaration import FORMS, Declared, Form
from .mistaken_items import check_item

BESIDE: Final = ("block", "initial", "prepare", "companion", "problem", "ports")
"""The optional functions besides ``step``, ``process`` and ``receive``."""

_OF_OTHERS: Final = ("block_size", "seed")
"""Names of arguments that only functions beside the compiled ones take."""

_WORDS: Final = {
    "config": "parameters",
    "inports": "in ports",
    "outports": "out ports",
    "incontrols": "in controls",
    "outcontrols": "out controls",
}


def check(name: str, members: Mapping[str, Any], items: tuple[Declared, ...]) -> None:
    """Raise `DefinitionError` for mistakes in a class; `members` are its members, `items` its declarations."""
    if "__init__" in members:
        raise DefinitionError(
            name, "its class is never instantiated, so __init__ is not called. Give initial values in State: phase: float = 0.5"
        )
    for member, value in members.items():
        if inspect.isfunction(value) and value.__module__ == "ipyclam_core.declare":
            raise DefinitionError(name, f"{member} is the function {value.__name__}. Call it: {member} = {value.__name__}()")
        if member in FORMS or (member in BESIDE and value is not None):
            _check_function(name, member, value)
    for item in items:
        check_item(name, item)
    reserved = {*_OF_OTHERS, *(each.name for item in items for each in arguments_of([item], True).values() if each.name != each.attribute)}
    for item in items:
        if item.attribute in reserved:
            other = f"Choose another attribute, with name={item.attribute!r}: that is what people see"
            raise DefinitionError(name, f"{item.attribute!r} already has a meaning in its functions. {other}")
    for role, word in _WORDS.items():
        for twice, count in Counter(item.spec.name for item in items if item.role == role).items():
            if count > 1:
                raise DefinitionError(name, f"{count} of its {word} are called {twice!r}. Give each its own name")


def check_arguments(name: str, what: str, members: Mapping[str, Any], known: Mapping[str, Argument]) -> None:
    """Raise `DefinitionError` when the compiled function called `what` takes an unknown argument, or uses what it does not take."""
    function = members[what]
    for argument, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            stars = "*" if parameter.kind == parameter.VAR_POSITIONAL else "**"
            raise DefinitionError(name, f"{what} takes {stars}{argument}. Name each argument that it needs")
        if argument not in known:
            raise DefinitionError(name, _unknown(what, argument, known, members))
        refused = refusal(known[argument], what)
        if refused:
            raise DefinitionError(name, f"{what} takes {argument!r}, {refused}")
    for line, used in _globals(function.__code__):
        if used not in function.__globals__ and not hasattr(builtins, used) and used in members:
            raise DefinitionError(name, f"{what}{where(function.__code__.co_filename, line)}: {_unseen(what, used, known)}")


def check_form(name: str, form: Form, members: Mapping[str, Any], known: Mapping[str, Argument]) -> None:
    """Raise `DefinitionError` for functions and connectors that a type of this form cannot use."""
    if form != "step" and members.get("block") is not None:
        raise DefinitionError(name, f"block is called before the samples of step: a {form} type has none. Put its statements into {form}")
    functions = {form, "block"} if form == "step" else {form}
    for argument in known.values():
        used = functions & set(argument.kind.functions) or (form == "step" and argument.kind.returned)
        if argument.name == argument.attribute and not used:
            raise DefinitionError(name, f"a {form} type cannot have {argument.name!r}, {refusal(argument, form)}")


def where(file: str, line: int) -> str:
    """``, line 7, `x = foo(y)```."""
    source = linecache.getline(file, line).strip()
    return f", line {line}" + (f", `{source}`" if source else "")


def plain_function(value: Any) -> Any:
    """A function of a class, without a decorator such as ``staticmethod``."""
    return value.__func__ if isinstance(value, (staticmethod, classmethod)) else value


def _check_function(name: str, member: str, value: Any) -> None:
    function = plain_function(value)
    if not isinstance(function, types.FunctionType):
        said = f"{member} must be a function: def {member}(...)"
        raise DefinitionError(name, f"{said}. Give this {'parameter or connector ' if isinstance(value, Declared) else ''}another name")
    if member in (*FORMS, "block"):
        _check_ends(name, member, function)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise DefinitionError(name, f"{member} is asynchronous. Write def {member}, without async")
    if inspect.isgeneratorfunction(function):
        again = "sample, and must return it" if member == "step" else "block" if member in FORMS else "processing, and must return"
        raise DefinitionError(name, f"{member} yields, but is called again for each {again}")


def _check_ends(name: str, member: str, function: types.FunctionType) -> None:
    """Raise `DefinitionError` for a function whose loop has no way out; Python leaves out all statements after it."""
    instructions = list(dis.get_instructions(function))
    if not any(each.opname.startswith(("RETURN_", "RAISE_", "RERAISE")) for each in instructions):
        lines = [each.positions.lineno for each in instructions if "JUMP" in each.opname and each.positions and each.positions.lineno]
        place = where(function.__code__.co_filename, max(lines)) if lines else ""
        raise DefinitionError(name, f"{member}{place}: this loop never ends. Leave it with break or return")


def _unknown(what: str, argument: str, known: Mapping[str, Argument], members: Mapping[str, Any]) -> str:
    if argument == "self":
        return f"{what} must not take 'self'. Its arguments are parameters and connectors by name, and 'state' for memory"
    if argument == "state":
        wrong = ". Rename the class 'state' to 'State'" if "state" in members else ""
        return f"{what} takes 'state', but there is no class State that declares its fields{wrong}"
    for attribute, each in known.items():
        if each.item is not None and argument == each.item.spec.name:
            return f"{what} takes {argument!r}, which is a displayed name. Use its attribute name: {attribute!r}"
    able = sorted(name for name, each in known.items() if not refusal(each, what))
    return f"{what} takes {argument!r}, which is not declared{suggest(argument, able)}"


def _unseen(what: str, used: str, known: Mapping[str, Argument]) -> str:
    if used not in known:
        return f"{used!r} is a name inside the class, which its functions cannot see. Define it before the class"
    refused = refusal(known[used], what)
    return f"it uses {used!r}, {refused}" if refused else f"{used!r} is declared, but {what} does not take it. Add it to the arguments"


def _globals(code: types.CodeType) -> Iterator[tuple[int, str]]:
    """The global names that a function looks up, with their lines."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            lines = instruction.positions
            yield (lines and lines.lineno) or code.co_firstlineno, str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _globals(constant)


def check_decorator(title: str, name: object, category: object, source: object, role: object, synonyms: object) -> None:
    """Raise `DefinitionError` for arguments of ``@processing`` that would be refused only where they are used, or never."""
    for what, text in (("name", name), ("category", category), ("source", source)):
        if not isinstance(text, str):
            raise DefinitionError(title, f"{what} takes a str, not {text!r}")
    if not str(name).isprintable():
        raise DefinitionError(title, f"name is {name!r}. It must have no line breaks or other control characters")
    if role not in ("", "source", "sink"):
        raise DefinitionError(title, f'role takes "source" or "sink", for types that stand for the sound device, not {role!r}')
    _check_synonyms(title, synonyms)


def _check_synonyms(name: str, synonyms: object) -> None:
    """Raise `DefinitionError` unless `synonyms` are words; a single str would be taken for its letters."""
    if not isinstance(synonyms, (tuple, list)) or not all(isinstance(word, str) and word.strip() for word in synonyms):
        raise DefinitionError(name, f'synonyms takes a tuple of words, such as ("lfo", "vco"), not {synonyms!r}')
