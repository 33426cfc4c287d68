"""Arguments of public functions, checked before anything is done: paths, numbers, sizes, yes or no.

Each function returns the argument as a plain value of Python, or raises a ``TypeError`` or ``ValueError`` that names the argument.
"""

from __future__ import annotations

import math
import os
from typing import Any, Final

from .display import brief

LARGEST_COUNT: Final = (1 << 31) - 1


def path(value: Any, what: str = "the path") -> str:
    """A path that the system can open, as a str. It does not have to exist."""
    try:
        text = os.fspath(value)
    except TypeError:
        text = None
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a str or a pathlib.Path, not {brief(value)} ({type(value).__name__})")
    text = str.__str__(text)
    if fault := fault_of_path(text):
        raise ValueError(f"{what} cannot be {brief(text)}: {fault}. Use another name")
    return text


def fault_of_path(text: str) -> str:
    """Why the system could open no file of that name, or ``""``."""
    try:
        return "it contains a null character (\\x00)" if b"\0" in os.fsencode(text) else ""
    except UnicodeEncodeError:
        return "it contains a character that file names cannot have"


def count(what: str, value: Any, least: int, most: int = LARGEST_COUNT, head: str = "") -> int:
    """An int from `least` to `most`. `head` begins the message in place of ``"frames must be "``."""
    head, number = head or f"{what} must be ", _index(value)
    if number is None:
        raise TypeError(f"{head}an int, not {brief(value)}")
    if not least <= number <= most:
        bounds = f"{least} or more" if number < least else f"{most} or less"
        raise ValueError(f"{head}{bounds}, not {brief(number)}")
    return number


def duration(value: Any, what: str = "seconds", most: float = math.inf) -> float:
    """Seconds as a float: finite, from 0 to `most`."""
    seconds = real(value)
    if seconds is None or isinstance(value, bool):
        raise TypeError(f"{what} must be a number, not {brief(value)}")
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"{what} must be a finite number, 0 or more, not {brief(value)}")
    if seconds > most:
        raise ValueError(f"{what} must be {most:,.0f} or less, not {brief(value)}")
    return seconds


def real(value: Any) -> float | None:
    """A number as a float, an int that is too large for one as infinity; None for anything else, such as texts and arrays."""
    if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError):  # an array of several numbers, a date
        return None


def flag(what: str, value: Any) -> bool:
    """True or False, also as numpy has them, or as 1 and 0."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    if type(value) is int and value in (0, 1):
        return value == 1
    raise TypeError(f"{what} must be True or False, not {brief(value)}")


def listed(value: Any) -> list[Any] | None:
    """The items of a list or of anything else that can be iterated; None for a text, and for anything that has no items."""
    if isinstance(value, (str, bytes)):
        return None
    try:
        return list(value)
    except TypeError:
        return None


def origins(value: Any) -> list[str]:
    """Names of modules and paths of ``.py`` files, as ``types`` of a network has them."""
    given = listed(value)
    if given is None or isinstance(value, os.PathLike):
        advice = f". Type types=[{brief(value)}]" if isinstance(value, (str, os.PathLike)) else ""
        raise TypeError(f'types must be a list such as ["my_types.py"], not {brief(value)} ({type(value).__name__}){advice}')
    found = [path(origin, "each of types") for origin in given]
    for origin in found:
        if not is_origin(origin):
            raise ValueError(f"each of types must be the name of a module or the path of a .py file, not {brief(origin)}")
    return found


def is_origin(text: str) -> bool:
    """Whether it is the path of a ``.py`` file, or can be the name of a module."""
    return text.endswith(".py") or (os.sep not in text and all(text.split(".")))


def slice_of_ints(which: slice) -> slice:
    """A slice whose parts are ints, with a step that is not 0."""
    parts = []
    for part in (which.start, which.stop, which.step):
        number = None if part is None else _index(part)
        if number is None and part is not None:
            raise TypeError(f"a slice takes whole numbers, such as [1:4] or [::2], not {brief(part)}")
        parts.append(number)
    if parts[2] == 0:
        raise ValueError("the step of a slice cannot be 0. For every second one: [::2]")
    return slice(*parts)


def _index(value: Any) -> int | None:
    """An int, also as numpy has it; None for anything else, such as True and arrays."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        return None
    try:
        return int(value.__index__())
    except TypeError:  # an array of several numbers
        return None
