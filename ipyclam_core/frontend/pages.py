"""Help pages that ``?`` shows for a processing, a connector and a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..parameters import ParameterSpec
from ..proxy import ConnectorId, ConnectorSpec, ControlSpec, NetworkProxy, ProcessingState
from ..system.display import escaped_lines, number
from ..variables import variable_of
from . import names
from .processing_types import connector_line, page, parameter_lines

if TYPE_CHECKING:
    from .connectors import Connector
    from .processing import Processing

LONGEST = 20
"""Wires that are listed."""


def of_processing(processing: Processing) -> str:
    """The settings and wires of a processing, then the page of its type."""
    state = processing._proxy.processings().get(processing.name)
    if state is None:
        return f"{processing!r} no longer exists."
    here = [*_settings(state), *_wires(processing._proxy, _ends(state))]
    return escaped_lines("\n".join([f"{processing!r}, a processing", *here, "", page(state.spec)]))


def of_connector(connector: Connector) -> str:
    """The data type of a connector, and its peers."""
    proxy, end, spec = connector._proxy, connector._id, _spec(connector)
    if spec is None:
        return f"{connector!r} no longer exists."
    value = f"\n    value = {number(proxy.value(end))}" if end.kind == "Control" else ""
    head = f"{connector!r}, an {end.direction.lower()} {end.kind.lower()}{value}"
    late = connector.latency if end.kind == "Port" else 0
    latency = [f"    latency = {late} frames"] if late else []
    return escaped_lines("\n".join([head, *latency, *_wires(proxy, [end]), "", connector_line(spec)]))


def shown_processing(processing: Processing) -> str:
    """A processing at the prompt: its type and settings in a line, then its wires."""
    state = processing._proxy.processings().get(processing.name)
    if state is None:
        return f"{processing!r}, which no longer exists"
    head = ", ".join([f"{processing!r}: {state.spec.title or state.spec.name}", *(each.strip() for each in _settings(state))])
    trouble = [f"    {state.problem}"] if state.problem else []
    return escaped_lines("\n".join([head, *trouble, *_wires(processing._proxy, _ends(state))]))


def shown_connector(connector: Connector) -> str:
    """A connector at the prompt: its value, or the type of its data, then its wires."""
    proxy, end, spec = connector._proxy, connector._id, _spec(connector)
    if spec is None:
        return f"{connector!r}, which no longer exists"
    unit = f" {spec.unit}" if isinstance(spec, ControlSpec) and spec.unit else ""
    value = f" = {number(proxy.value(end))}{unit}" if end.kind == "Control" else ""
    head = f"{connector!r}{value}, an {end.direction.lower()} {end.kind.lower()}{'' if value else f' that carries {spec.type}'}"
    return escaped_lines("\n".join([head, *_wires(proxy, [end])]))


def of_parameters(parameters: Sequence[ParameterSpec]) -> dict[str, str]:
    """A page for each parameter, by name and by the attribute that one types."""
    pages = {parameter.name: escaped_lines("\n".join(parameter_lines(parameter))) for parameter in parameters}
    return pages | {alias: pages[name] for name in pages if (alias := names.alias(name))}


def _spec(connector: Connector) -> ConnectorSpec | None:
    """What is declared of a connector; None when it no longer exists."""
    end = connector._id
    state = connector._proxy.processings().get(end.processing)
    return None if state is None else state.connectors.find(end.kind, end.direction, end.name)


def _ends(state: ProcessingState) -> list[ConnectorId]:
    """All connectors of a processing."""
    return [ConnectorId(state.name, *side, spec.name) for side in names.SCOPES for spec in state.connectors.of(*side)]


def _settings(state: ProcessingState) -> Iterator[str]:
    """The values that differ from the defaults."""
    for parameter in state.spec.parameters:
        if (value := state.config[parameter.name]) != parameter.default:
            yield f"    {parameter.name} = {names.literal(value)}{' ' if parameter.unit else ''}{parameter.unit}"
    for control, value in state.controls.items():
        yield f"    {control} = {number(value)}"


def _wires(proxy: NetworkProxy, ends: list[ConnectorId]) -> list[str]:
    """The wires at some connectors, as one types them."""
    states = proxy.processings()
    found = dict.fromkeys((end, peer) if end.direction == "Out" else (peer, end) for end in ends for peer in proxy.peers(end))
    text = partial(names.expression, states, variable=variable_of(proxy))
    lines = [f"    {text(out)} > {text(into)}" for out, into in list(found)[:LONGEST]]
    return lines if len(found) <= LONGEST else [*lines, f"    and {len(found) - LONGEST} more wires"]
