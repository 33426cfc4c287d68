"""Short descriptions for the rows of tab: ``outport · Audio``, ``config · float = 440.0 Hz``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..parameters import ParameterSpec
from ..proxy import ConnectorSpec, ControlSpec, Direction, Kind, ProcessingState, TypeSpec

_LONGEST: Final = 48
_LONGEST_VALUE: Final = 32
_DIFFERENT: Final = 3
"""So many values of a group are shown where they are not all the same."""


def processing(state: ProcessingState) -> str:
    """``processing · Oscillator``"""
    return f"processing · {state.spec.title or state.spec.name}{' (placeholder)' if state.placeholder else ''}"


def group(states: Sequence[ProcessingState], size: int) -> str:
    """``group · 8 Oscillator``"""
    return f"group · {size} {states[0].spec.name}" if states else f"group · {size} processings"


def type_(spec: TypeSpec) -> str:
    """``type · Generators``"""
    return f"type · {spec.category}" if spec.category else "type"


def connector(kind: Kind, direction: Direction, spec: ConnectorSpec) -> str:
    """``outport · Audio``"""
    return f"{direction}{kind}".lower() + f" · {spec.type}"


def parameter(spec: ParameterSpec, values: Mapping[str, Any]) -> str:
    """``config · float = 440.0 Hz``"""
    if spec.type == "config" and values[spec.name] is not None:
        return f"config · {len(spec.fields)} parameters"
    value = repr(values[spec.name])
    return _config(spec, value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 3]}...")


def parameters(spec: ParameterSpec, configs: Sequence[Mapping[str, Any]]) -> str:
    """A parameter of several processings: their values where they are not the same."""
    different = list(dict.fromkeys(repr(config.get(spec.name)) for config in configs))
    if len(different) == 1:
        return parameter(spec, configs[0])
    return _config(spec, ", ".join(different[:_DIFFERENT]) + (" ..." if len(different) > _DIFFERENT else ""))


def value(held: object, spec: ParameterSpec | ControlSpec, now: object) -> str:
    """``value · now``"""
    known = {"now": now, "default": spec.default, "smallest": spec.minimum, "largest": spec.maximum}
    what = next((word for word, known_value in known.items() if held == known_value), "")
    return f"value · {what}" if what else "value"


def word(held: object) -> str:
    """A method or a property of ours, by the beginning of its documentation."""
    first = " ".join((getattr(held, "__doc__", None) or "").split("\n\n")[0].split())
    doc = first.partition(". ")[0].strip(".").replace("`", "")
    kind = "method" if callable(held) else "attribute"
    return f"{kind} · {doc if len(doc) <= _LONGEST else doc[: _LONGEST - 3] + '...'}" if doc else kind


def _config(spec: ParameterSpec, value: str) -> str:
    return f"config · {spec.type} = {value}{' ' if spec.unit else ''}{spec.unit}"
