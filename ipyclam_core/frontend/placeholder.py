"""Placeholders: processings whose type the engine does not have. They keep position, wires and configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..parameters import ParameterSpec, plain_text
from ..proxy import ControlSpec, PortSpec, ProcessingState, TypeSpec
from .names import literal

Declared = str | tuple[Any, ...] | PortSpec | ControlSpec


class Placeholder:
    """A processing of a type that the engine may not have: ``net.x = Placeholder("Vocoder2", inports=["Input"])``.

    If the engine has a type of that name, a real processing is added, with this configuration.

    Parameters
    ----------
    type : the name of the type.
    inports, outports : the ports, as names, or ``(name, type)`` where the type is not ``"Audio"``.
    incontrols, outcontrols : the controls, as names, or ``(name, type)``, ``(name, type, default)``.
    config : the values of its parameters, by name.
    """

    __slots__ = ("config", "spec")

    def __init__(
        self,
        type: str,
        inports: Sequence[Declared] = (),
        outports: Sequence[Declared] = (),
        incontrols: Sequence[Declared] = (),
        outcontrols: Sequence[Declared] = (),
        config: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(type, str) or not type:
            raise TypeError(f"a placeholder takes the name of a type, not {type!r}")
        self.config = dict(config or {})
        self.spec = TypeSpec(
            plain_text(type),
            [_port(declared) for declared in inports],
            [_port(declared) for declared in outports],
            [_control(declared) for declared in incontrols],
            [_control(declared) for declared in outcontrols],
            {name: _parameter(name, value) for name, value in self.config.items()},
        )

    def __repr__(self) -> str:
        spec = self.spec
        return expression(spec.name, spec.inports, spec.outports, spec.incontrols, spec.outcontrols, self.config)


def placeholder_text(state: ProcessingState, config: Any) -> str:
    """The expression that makes a placeholder like this processing, of which `config` are the values."""
    made = state.connectors
    return expression(state.spec.name, made.inports, made.outports, made.incontrols, made.outcontrols, config)


def expression(
    type: str,
    inports: Sequence[PortSpec],
    outports: Sequence[PortSpec],
    incontrols: Sequence[ControlSpec],
    outcontrols: Sequence[ControlSpec],
    config: Any,
) -> str:
    """``Placeholder("Vocoder2", inports=["Input"])``"""
    parts = [literal(type)]
    sides: tuple[tuple[str, list[Any]], ...] = (
        ("inports", [_literal(spec, "Audio") for spec in inports]),
        ("outports", [_literal(spec, "Audio") for spec in outports]),
        ("incontrols", [_literal(spec, "float") for spec in incontrols]),
        ("outcontrols", [_literal(spec, "float") for spec in outcontrols]),
        ("config", config),
    )
    parts += [f"{name}={literal(value)}" for name, value in sides if value]
    return f"Placeholder({', '.join(parts)})"


def _literal(spec: PortSpec | ControlSpec, usual: str) -> str | tuple[str, str] | tuple[str, str, float]:
    if isinstance(spec, ControlSpec) and spec.default:
        return spec.name, spec.type, spec.default
    return spec.name if spec.type == usual else (spec.name, spec.type)


def _port(declared: Declared) -> PortSpec:
    if isinstance(declared, (list, tuple)) and 0 < len(declared) <= 2 and all(isinstance(part, str) for part in declared):
        return PortSpec(*declared)
    if isinstance(declared, PortSpec):
        return declared
    if isinstance(declared, str):
        return PortSpec(declared)
    raise TypeError(f"a placeholder's port must be a name or (name, type), not {declared!r}")


def _control(declared: Declared) -> ControlSpec:
    if isinstance(declared, (list, tuple)) and 0 < len(declared) <= 3 and all(isinstance(part, str) for part in declared[:2]):
        return ControlSpec(*declared)
    if isinstance(declared, ControlSpec):
        return declared
    if isinstance(declared, str):
        return ControlSpec(declared)
    raise TypeError(f"a placeholder's control must be a name, (name, type) or (name, type, default), not {declared!r}")


def _parameter(name: str, value: Any) -> ParameterSpec:
    if value is None:  # a parameter that is optional: nothing is known of it but that
        return ParameterSpec(name, None, "str", optional=True)
    if isinstance(value, Mapping):
        return ParameterSpec(name, None, "config", fields=tuple(_parameter(key, held) for key, held in value.items()))
    return ParameterSpec.of(name, value)
