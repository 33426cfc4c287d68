"""The tables of a processing type: its ports, controls and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from markdown_tables import table

from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ConnectorSpec, ControlSpec, PortSpec, TypeSpec

SHOWN = 16
"""The most names of ports that a row lists."""


def tables(spec: TypeSpec, counts: Mapping[str, Any]) -> Iterator[str]:
    ports = ("Name", "Data type", "Description")
    controls = ("Name", "Type", "Range", "Default", "Description")
    parameters = ("Name", "Type", "Default", "Values", "Description")
    for title, head, rows in (
        ("In ports", ports, [(names(each, spec, counts), each.type, each.doc) for each in spec.inports]),
        ("Out ports", ports, [(names(each, spec, counts), each.type, each.doc) for each in spec.outports]),
        ("In controls", controls, [in_control(each, spec, counts) for each in spec.incontrols]),
        ("Out controls", ("Name", "Type", "Unit", "Description"), [out_control(each, spec, counts) for each in spec.outcontrols]),
        ("Parameters", parameters, [parameter(each) for each in flat(spec.parameters)]),
    ):
        if lines := table(head, rows):
            yield from [f"## {title}", "", *lines]


def names(declared: ConnectorSpec, spec: TypeSpec, counts: Mapping[str, Any]) -> str:
    """The names of the connectors that a declared one stands for."""
    if not declared.count:
        return f"`{declared.name}`"
    alone = TypeSpec("", inports=[declared]) if isinstance(declared, PortSpec) else TypeSpec("", incontrols=[declared])
    made = alone.connectors({**spec.defaults, **counts})
    several = [f"`{each.name}`" for each in (*made.inports, *made.incontrols)] or [f"`{declared.name}`"]
    shown = ", ".join([*several[:SHOWN], *(["..."] if len(several) > SHOWN else [])])
    return f"{shown} (`{declared.count}` sets the number)" if declared.count in spec.config else shown


def in_control(control: ControlSpec, spec: TypeSpec, counts: Mapping[str, Any]) -> tuple[object, ...]:
    default = f"{control.default:g} {control.unit}"
    return names(control, spec, counts), control.type, bounds(control.minimum, control.maximum), default, control.doc


def out_control(control: ControlSpec, spec: TypeSpec, counts: Mapping[str, Any]) -> tuple[object, ...]:
    return names(control, spec, counts), control.type, control.unit, control.doc


def bounds(minimum: float | None, maximum: float | None) -> str:
    """A range in words."""
    if minimum is not None and maximum is not None:
        return f"{minimum:g} to {maximum:g}"
    if minimum is not None:
        return f"at least {minimum:g}"
    return f"at most {maximum:g}" if maximum is not None else ""


def flat(parameters: Iterable[ParameterSpec], prefix: str = "") -> Iterator[ParameterSpec]:
    """All parameters; those of nested configurations are named by their path."""
    for each in parameters:
        named = replace(each, name=prefix + each.name)
        yield from flat(each.fields, f"{named.name}.") if each.type == "config" else (named,)


def parameter(spec: ParameterSpec) -> tuple[object, ...]:
    values = ", ".join(f"`{choice}`" for choice in spec.choices) or bounds(spec.minimum, spec.maximum)
    return f"`{spec.name}`", spec.type, f"`{spec.default!r}` {spec.unit}", values, spec.doc
