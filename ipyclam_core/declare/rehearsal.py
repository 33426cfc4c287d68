"""A trial run of the Python functions of a type before it plays: which of them fails, in which line, and why.

They are run when a user-defined type is defined, with its defaults, and whenever a processing of it is configured. So
their errors are shown at the statement that causes them, and not while the engine plays.
"""

from __future__ import annotations

import inspect
import math
import traceback
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import DefinitionError, suggest
from .declaration import Declaration, StateField, values_for
from .mistakes import where
from .unseen import MOST

RATES = {"sample_rate": 48000.0, "block_size": 512, "seed": 1}


def rehearse(type_: Declaration) -> None:
    """Raise `DefinitionError` if a type cannot start with its defaults."""
    try:
        if type_.ports is not None:
            _counts(type_, type_.spec.defaults)
        if not _problem(type_, type_.spec.defaults):
            _begin(type_, type_.spec.defaults)
        if type_.companion is not None:
            _check_takes(type_, "companion", {*RATES, "state"})
    except _Failed as failed:
        raise DefinitionError(type_.name, str(failed)) from None


def problem_of(type_: Declaration, config: Mapping[str, Any]) -> str:
    """Why a processing cannot play: the result of ``problem``, or the function of a user-defined type that fails; else ``""``."""
    if not type_.spec.origin:
        return "" if type_.problem is None else type_.problem(**values_for(type_.problem, config, type_.items))
    try:
        problem = _problem(type_, config)
        if not problem:
            _begin(type_, config)
    except _Failed as failed:
        return str(failed)
    return problem


def counts_of(type_: Declaration, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The result of the ``ports`` of a type for this configuration; `DefinitionError` if it fails."""
    try:
        return _counts(type_, config)
    except _Failed as failed:
        raise DefinitionError(type_.name, str(failed)) from None


class _Failed(Exception):
    """One of the functions fails: which, where, and why."""


def _counts(type_: Declaration, config: Mapping[str, Any]) -> Mapping[str, Any]:
    counts = _run(type_, "ports", config)
    if not isinstance(counts, Mapping):
        raise _Failed(f"ports must return the numbers of connectors by the name of their count, such as {{'channels': 2}}, not {counts!r}")
    counted = {getattr(item.spec, "count", "") for item in type_.items}
    wanted = {*counted, *_sizes(type_)} - {"", *type_.spec.defaults, *(item.attribute for item in type_.items)}
    missing = sorted(wanted - set(counts))
    if missing:
        raise _Failed(f"ports does not return the number of {missing[0]!r}{suggest(missing[0], sorted(counts))}")
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, (int, np.integer, tuple)) or (not isinstance(count, tuple) and count < 0):
            raise _Failed(f"ports returns {count!r} for {name!r}. It must be a number, 0 or more, or a tuple of names")
        if name in counted and (len(count) if isinstance(count, tuple) else count) > MOST:
            raise _Failed(f"ports returns more than {MOST} connectors for {name!r}, which is the most that a processing can have")
    return counts


def _sizes(type_: Declaration) -> set[str]:
    """The names that give sizes and lengths of ports, but for lengths of in ports."""
    said = [each for item in type_.items for each in (item.size, item.hop, item.before, *(length for _, length in item.lengths))]
    return {name for name in said if isinstance(name, str) and "." not in name}


def _problem(type_: Declaration, config: Mapping[str, Any]) -> str:
    if type_.problem is None:
        return ""
    problem = _run(type_, "problem", config)
    if not isinstance(problem, str):
        raise _Failed(f'problem must return a description of the problem, or "" if there is none, not {problem!r}')
    return problem


def _begin(type_: Declaration, config: Mapping[str, Any]) -> None:
    """Have the values computed that a processing begins with, and look at them."""
    fields = {field.name: field for field in type_.fields}
    given: set[str] = set()
    for key in ("initial", "prepare"):
        if getattr(type_, key) is None:
            continue
        values = _run(type_, key, config, **RATES, **type_.forms)
        if not isinstance(values, Mapping):
            raise _Failed(f"{key} must return the values of fields by name, such as {{'phase': 0.5}}, not {values!r}")
        for name, value in values.items():
            if name not in fields:
                raise _Failed(f"{key} gives a value for {name!r}, which is not a field of State or Prepared{suggest(name, sorted(fields))}")
            _check_value(fields[name], key, value)
        given.update(values)
    for field in type_.fields:
        if field.array and field.name not in given:
            holder, maker = ("Prepared", "prepare") if field.prepared else ("State", "initial")
            raise _Failed(
                f"{holder}.{field.name} is an Array without a length. {maker} must return its content: {{{field.name!r}: np.zeros(100)}}"
            )


def _check_value(field: StateField, key: str, value: Any) -> None:
    try:
        if field.array or field.table:
            np.array(value, field.dtype)
        else:
            _check_number(field, key, value)
    except (TypeError, ValueError, OverflowError):
        wanted = "an array of numbers" if field.array or field.table else "a number"
        raise _Failed(f"{key} gives {field.name!r} the value {value!r}, which is not {wanted}") from None


def _check_number(field: StateField, key: str, value: Any) -> None:
    dtype = field.dtype
    number = float(value) if dtype.kind == "f" else int(value)
    limits: Any = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype) if dtype.kind in "iu" else None
    if limits is not None and math.isfinite(number):
        low, high = (float(each) if dtype.kind == "f" else int(each) for each in (limits.min, limits.max))
        if not low <= number <= high:
            raise _Failed(f"{key} gives {field.name!r} the value {value!r}. As {dtype}, it can be from {low} to {high}")
    if dtype.itemsize == 2:
        raise _Failed(f"{key} gives {field.name!r} a value, which a number of 16 bits cannot be given. Use np.int32")


def _run(type_: Declaration, key: str, config: Mapping[str, Any], **others: Any) -> Any:
    """The value that one of the functions returns."""
    _check_takes(type_, key, set(others))
    function = getattr(type_, key)
    try:
        return function(**values_for(function, config, type_.items, **others))
    except Exception as error:  # whatever somebody's own function raises
        steps = [step for step in traceback.extract_tb(error.__traceback__) if step.name == key]
        line = where(steps[-1].filename, steps[-1].lineno or 0) if steps else ""
        raise _Failed(f"{key}{line}: {type(error).__name__}: {error}") from None


def _check_takes(type_: Declaration, key: str, others: set[str]) -> None:
    known = {item.attribute for item in type_.items_of("config")} | others
    for argument in inspect.signature(getattr(type_, key)).parameters:
        if argument == "self":
            raise _Failed(f"{key} must not take 'self'. Its arguments are parameters by name")
        if argument not in known:
            raise _Failed(f"{key} takes {argument!r}, which is not a parameter{suggest(argument, sorted(known))}")
