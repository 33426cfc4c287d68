"""A processing becomes one of another type: ``net.osc.become(net.types.Saw)`` keeps what fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..errors import IpyclamError
from ..proxy import ConnectorId, ProcessingState, TypeSpec, Wire
from ..variables import variable_of
from ..wires import wires_at
from . import names
from .history import RecordingProxy


class Unfit(list[str]):
    """The settings and wires that did not fit a new type; at a prompt a sentence."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("\n    ".join(["did not fit:", *self]) if self else "all settings and wires fitted")


def become(proxy: RecordingProxy, before: ProcessingState, spec: TypeSpec, config: Mapping[str, Any] | None = None) -> Unfit:
    """Replace a processing by one of another type, as one step; returns what did not fit.

    The name, the place, settings of the same names and wires between fitting connectors stay. A `config` replaces the settings.
    """
    wires = list(dict.fromkeys(wires_at(before, proxy.peers)))
    lost = Unfit()
    with proxy.step(f"{before.name} becomes {spec.title or spec.name}"):
        index = list(proxy.processings()).index(before.name)
        proxy.remove(before.name)
        proxy.add(before.name, spec, index=index)
        if config is None:
            lost += _configure(proxy, before)
        else:
            proxy.configure(before.name, config)
        if (before.position, before.size) != (None, None):
            proxy.place(before.name, before.position, before.size)
        after = proxy.processings()[before.name]
        for wire in wires:
            moved = _moved(wire, before, after)
            if moved is None or proxy.connect_many([moved]):
                lost.append(_typed(proxy, before, wire))
        lost += _controls(proxy, before, after)
    return lost


def _configure(proxy: RecordingProxy, before: ProcessingState) -> Iterator[str]:
    """Take over the parameters that were set, each by itself; yields those that are not possible."""
    parameters = proxy.processings()[before.name].spec.config
    for parameter, value in before.config.items():
        if value == before.spec.defaults[parameter]:
            continue
        fits = parameter in parameters
        try:
            if fits:
                proxy.configure(before.name, {parameter: value})
        except (IpyclamError, ValueError, TypeError):
            fits = False
        if not fits:
            yield f"{parameter} = {names.literal(value)}"


def _controls(proxy: RecordingProxy, before: ProcessingState, after: ProcessingState) -> Iterator[str]:
    """Send the values that controls had; yields those that have no control of the name any more."""
    for control, value in before.controls.items():
        if after.connectors.find("Control", "In", control) is None:
            yield f"{control} = {value:g}"
        else:
            proxy.set_control(before.name, control, value)


def _moved(wire: Wire, before: ProcessingState, after: ProcessingState) -> Wire | None:
    """The wire at the new connectors; None where none fits."""
    source, target = wire.source_connector, wire.target_connector
    if wire.source == before.name:
        source = _fitting(wire.out_end, before, after)
    if wire.target == before.name:
        target = _fitting(wire.in_end, before, after)
    return replace(wire, source_connector=source, target_connector=target) if source and target else None


def _fitting(end: ConnectorId, before: ProcessingState, after: ProcessingState) -> str:
    """The connector of the same name, or else at the same place among those that carry the same; ``""`` if there is none."""
    old = before.connectors.find(end.kind, end.direction, end.name)
    same = after.connectors.find(end.kind, end.direction, end.name)
    if old is None or (same is not None and same.type == old.type):
        return "" if same is None else same.name
    if end.kind == "Control":
        return ""  # the first control of one type is not the first of another
    carried = [spec.name for spec in before.connectors.of(end.kind, end.direction) if spec.type == old.type]
    there = [spec.name for spec in after.connectors.of(end.kind, end.direction) if spec.type == old.type]
    k = carried.index(end.name)
    return there[k] if k < len(there) else ""


def _typed(proxy: RecordingProxy, before: ProcessingState, wire: Wire) -> str:
    states: Mapping[str, ProcessingState] = {**proxy.processings(), before.name: before}
    variable = variable_of(proxy)
    return f"{names.expression(states, wire.out_end, variable)} > {names.expression(states, wire.in_end, variable)}"
