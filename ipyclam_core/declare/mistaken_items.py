"""Checks of the arguments of ``config``, ``in_port``, ``out_port``, ``in_control`` and ``out_control``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, get_args

from ..errors import DefinitionError
from ..parameters import ParameterSpec, ParameterType
from ..proxy import ControlSpec
from .declaration import Declared

_MAKERS: Final = {
    "config": "config",
    "inports": "in_port",
    "outports": "out_port",
    "incontrols": "in_control",
    "outcontrols": "out_control",
}


def check_item(name: str, item: Declared) -> None:
    """Raise `DefinitionError` for an argument that has the wrong type, or a value that would be refused only where it is used, or never."""
    spec = item.spec
    if not isinstance(spec.name, str):
        maker = _MAKERS[item.role]
        wish = f"{maker}(default={spec.name!r})" if item.role == "incontrols" else f'{maker}("{item.attribute}")'
        raise DefinitionError(name, f"the name of {item.attribute} is {spec.name!r}, which is not a str; did you mean {wish}?")
    for what, (fits, wanted) in _WANTED.items():
        value = getattr(spec, what, getattr(item, what, None))
        if value is not None and not fits(value):
            raise DefinitionError(name, f"the {what} of {item.attribute} is {value!r}, which is not {wanted}")
    if isinstance(spec, (ControlSpec, ParameterSpec)):
        _check_range(name, item, spec)
    if isinstance(spec, ParameterSpec):
        _check_parameter(name, item, spec)
    elif not isinstance(spec, ControlSpec):
        return
    elif not _is_number(spec.default):
        raise DefinitionError(name, f"the default of {item.attribute} is {spec.default!r}, which is not a number")
    elif item.role == "incontrols" and not item.from_config and spec.default:  # 0 may be one that was not given
        _check_default(name, item, spec)


def _check_range(name: str, item: Declared, spec: ControlSpec | ParameterSpec) -> None:
    if spec.minimum is not None and spec.maximum is not None and spec.minimum > spec.maximum:
        raise DefinitionError(name, f"the minimum of {item.attribute}, {spec.minimum:g}, is above its maximum, {spec.maximum:g}")


def _check_default(name: str, item: Declared, spec: ControlSpec) -> None:
    """Raise `DefinitionError` unless a control starts in its range."""
    first = f"{item.attribute} starts at {spec.default:g}"
    if spec.minimum is not None and spec.default < spec.minimum:
        raise DefinitionError(name, f"{first}, which is below its minimum, {spec.minimum:g}")
    if spec.maximum is not None and spec.default > spec.maximum:
        raise DefinitionError(name, f"{first}, which is above its maximum, {spec.maximum:g}")


def _check_parameter(name: str, item: Declared, spec: ParameterSpec) -> None:
    if spec.type not in get_args(ParameterType):
        raise DefinitionError(
            name, f"the type of {item.attribute} is {spec.type!r}. It must be one of {', '.join(get_args(ParameterType))}"
        )
    if spec.type == "enum" and not spec.choices:
        raise DefinitionError(name, f"{item.attribute} is an enum without choices: config({spec.default!r}, choices=(...))")
    try:
        spec.check(spec.initial, name)
    except (TypeError, ValueError) as error:
        raise DefinitionError(name, f"the default of {item.attribute} is not valid: {error}") from None


def _is_number(value: object) -> bool:
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        return False
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _is_bound(value: object) -> bool:
    return _is_number(value) or (isinstance(value, float) and math.isinf(value))


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_name(value: object) -> bool:
    return _is_text(value) and str(value).isprintable()


def _is_count_from(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_words(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(map(_is_text, value)) and len(set(value)) == len(value)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


_WANTED: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "name": (_is_name, "a str of letters that can be shown in one line"),
    "type": (_is_text, "a str"),
    "doc": (_is_text, "a str that can be written in UTF-8"),
    "unit": (_is_text, "a str that can be written in UTF-8"),
    "count": (_is_text, "the name of a parameter"),
    "from_config": (_is_text, "the name of a parameter"),
    "first": (_is_count_from, "a number from 0"),
    "names": (_are_words, "a tuple of different names"),
    "choices": (_are_words, "a tuple of different choices, each a str"),
    "minimum": (_is_bound, "a number"),
    "maximum": (_is_bound, "a number"),
    "open": (_is_number, "a number"),
    "smooth": (_is_bool, "True or False"),
    "optional": (_is_bool, "True or False"),
}
"""For each argument, a test of its value, and the values that are accepted, in words."""
