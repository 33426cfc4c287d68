"""Placeholders: processings whose type the engine does not have. They keep position, wires and configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NoReturn

from ..parameters import ParameterSpec, control_value, plain_text
from ..proxy import ControlSpec, PortSpec, ProcessingState, TypeSpec
from ..system.display import brief
from .names import literal

MAX_DEPTH: Final = 30
"""Levels of a nested configuration."""

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
            raise TypeError(f"a placeholder takes the name of a type, not {brief(type)}")
        if config is not None and not (isinstance(config, Mapping) and all(isinstance(name, str) for name in config)):
            raise TypeError(f"config of a placeholder must be a dict of values by name, not {brief(config)}")
        self.config = dict(config or {})
        self.spec = TypeSpec(
            plain_text(type),
            [_port(declared) for declared in _listed("inports", inports)],
            [_port(declared) for declared in _listed("outports", outports)],
            [_control(declared) for declared in _listed("incontrols", incontrols)],
            [_control(declared) for declared in _listed("outcontrols", outcontrols)],
            {name: _parameter(name, value, MAX_DEPTH) for name, value in self.config.items()},
        )

    def __copy__(self) -> Placeholder:
        return self

    def __deepcopy__(self, memo: object) -> Placeholder:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"a placeholder cannot be pickled. To keep it, keep its text: {brief(self)}")

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


def _listed(what: str, declared: Sequence[Declared]) -> Sequence[Declared]:
    if isinstance(declared, (str, bytes, Mapping)) or not isinstance(declared, Sequence):
        raise TypeError(f'{what} of a placeholder must be a list such as ["Input"], not {brief(declared)}')
    return declared


def _port(declared: Declared) -> PortSpec:
    if isinstance(declared, (list, tuple)) and 0 < len(declared) <= 2 and all(isinstance(part, str) for part in declared):
        return PortSpec(*declared)
    if isinstance(declared, PortSpec):
        return declared
    if isinstance(declared, str):
        return PortSpec(declared)
    raise TypeError(f"a placeholder's port must be a name or (name, type), not {brief(declared)}")


def _control(declared: Declared) -> ControlSpec:
    if isinstance(declared, (list, tuple)) and 0 < len(declared) <= 3 and all(isinstance(part, str) for part in declared[:2]):
        spec = ControlSpec(*declared[:2])
        return replace(spec, default=control_value("a placeholder", spec.name, declared[2])) if len(declared) == 3 else spec
    if isinstance(declared, ControlSpec):
        return declared
    if isinstance(declared, str):
        return ControlSpec(declared)
    raise TypeError(f"a placeholder's control must be a name, (name, type) or (name, type, default), not {brief(declared)}")


def _parameter(name: str, value: Any, depth: int) -> ParameterSpec:
    if not depth:
        raise ValueError(f"config of a placeholder may be nested {MAX_DEPTH} levels deep: files could not hold more")
    if value is None:  # a parameter that is optional: nothing is known of it but that
        return ParameterSpec(name, None, "str", optional=True)
    if isinstance(value, Mapping):
        return ParameterSpec(name, None, "config", fields=tuple(_parameter(key, held, depth - 1) for key, held in value.items()))
    return ParameterSpec.of(name, value)
