"""A network as Python statements, and whether two networks are the same.

The order is canonical: processings as they were made, wires by the places of their ends. So the text does not depend on
the order in which things were connected, and what is undone gives the text it had before.
"""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..parameters import PATHS, ParameterSpec, Value
from ..proxy import ConnectorId, ConnectorSpecs, ProcessingState, Wire
from ..system.display import brief
from ..wires import wires_at
from . import names
from .configuration import plain, same_values
from .history import RecordingProxy
from .paths import in_file
from .placeholder import placeholder_text

_SILENCE: Final = "-1e999"
"""The literal of minus infinity: a network file calls no function."""


def code(proxy: RecordingProxy, variable: str = "net", *, full_config: bool = False, relative_to: str | None = None) -> str:
    """The statements that make the network again in an empty one called `variable`.

    Parameters
    ----------
    full_config : write every parameter, not only those that differ from their defaults.
    relative_to : a folder; relative paths of file parameters are written relative to it instead of to the current one.
    """
    if not (isinstance(variable, str) and variable.isidentifier() and not keyword.iskeyword(variable)):
        raise ValueError(f"the variable of a network must be an identifier, not {brief(variable)}")
    with proxy.unchanging():
        blocks = (
            list(_head(proxy, variable)),
            [line for state in _written(proxy) for line in _processing(state, variable, full_config, relative_to)],
            [_wire(proxy, wire, variable) for wire in sorted_wires(proxy)],
            list(_controls(proxy, variable)),
        )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def same(one: RecordingProxy, other: RecordingProxy) -> bool:
    """Whether two networks hold the same: description, volume, processings in order, wires, controls set by hand."""
    if one is other:
        return True
    ours, theirs = list(one.processings().values()), list(other.processings().values())  # other threads may change them meanwhile
    if (one.info().description, one.info().volume) != (other.info().description, other.info().volume) or len(ours) != len(theirs):
        return False
    for state, another in zip(ours, theirs, strict=True):
        if (state.name, state.spec.name) != (another.name, another.spec.name):
            return False
        if not same_values(state.config, another.config) or hand_set(one, state) != hand_set(other, another):
            return False
    return set(one.wires()) == set(other.wires())


def sorted_wires(proxy: RecordingProxy) -> list[Wire]:
    """The wires in canonical order: by the places of the source, its connector, the target, its connector."""
    processings = proxy.processings()
    places = {name: place for place, name in enumerate(processings)}

    def key(wire: Wire) -> tuple[int, bool, int, int, int]:
        out, into = wire.out_end, wire.in_end
        return (
            places[wire.source], wire.kind == "Control", names.index(processings[wire.source], out),
            places[wire.target], names.index(processings[wire.target], into),
        )  # fmt: skip

    return sorted(proxy.wires(), key=key)


def hand_set(proxy: RecordingProxy, state: ProcessingState) -> dict[str, float]:
    """The control values set by hand that count: those no wire feeds."""
    return {
        name: value for name, value in state.controls.items() if not proxy.peers(ConnectorId(state.name, "Control", "In", name))
    }  # fmt: skip


def relative_paths(parameters: Sequence[ParameterSpec], config: Mapping[str, Value], folder: str | None) -> Mapping[str, Value]:
    """`config` with the relative paths of its file parameters made relative to `folder`."""
    if folder is None:
        return config
    moved = dict(config)
    for parameter in parameters:
        value = config[parameter.name]
        if parameter.type == "config" and value is not None:
            moved[parameter.name] = relative_paths(parameter.fields, value, folder)
        elif parameter.type in PATHS and isinstance(value, str):
            moved[parameter.name] = in_file(value, folder)
    return moved


# -- the statements


def _head(proxy: RecordingProxy, variable: str) -> Iterator[str]:
    info = proxy.info()
    if info.description:
        yield f"{variable}.description = {names.quoted(info.description)}"
    if info.title:
        yield f"{variable}._title = {names.quoted(info.title)}"
    if info.waiting:
        waiting = [(w.kind, w.source, w.source_connector, w.target, w.target_connector) for w in info.waiting]
        yield f"{variable}._waiting = {names.literal(waiting)}"
    if info.volume:
        yield f"{variable}.volume = {_SILENCE if info.volume == -math.inf else repr(info.volume)}"


def _written(proxy: RecordingProxy) -> Iterator[ProcessingState]:
    """The processings to write. Of those that somebody else made, the other clients of a server, the ones with wires are
    asked for, as placeholders with the ports that are in use."""
    types = proxy.types()
    for state in proxy.processings().values():
        if state.placeholder or state.spec.name in types:
            yield state
            continue
        used = {end for wire in wires_at(state, proxy.peers) for end in (wire.out_end, wire.in_end)}
        inports = tuple(port for port in state.connectors.inports if ConnectorId(state.name, "Port", "In", port.name) in used)
        outports = tuple(port for port in state.connectors.outports if ConnectorId(state.name, "Port", "Out", port.name) in used)
        if used:
            yield replace(state, connectors=ConnectorSpecs(inports, outports), placeholder=True)


def _processing(state: ProcessingState, variable: str, full: bool, relative_to: str | None) -> Iterator[str]:
    target = variable + names.access("Network", state.name)
    config = relative_paths(state.spec.parameters, state.config, relative_to)
    if state.placeholder:
        yield f"{target} = {placeholder_text(state, plain(config))}"
    else:
        yield f"{target} = {variable}.types{names.access('ProcessingTypes', state.spec.name)}"
        defaults = None if full else relative_paths(state.spec.parameters, state.spec.defaults, relative_to)
        yield from _configuration(state.spec.parameters, config, defaults, target, "Processing")
    if state.position is not None:
        yield f"{target}._position = {state.position!r}"
    if state.size is not None:
        yield f"{target}._size = {state.size!r}"


def _configuration(
    parameters: Sequence[ParameterSpec],
    config: Mapping[str, Value],
    defaults: Mapping[str, Value] | None,
    target: str,
    handle: names.Handle,
) -> Iterator[str]:
    for parameter in parameters:
        value = config[parameter.name]
        default = None if defaults is None else defaults[parameter.name]
        place = target + names.access(handle, parameter.name)
        if parameter.type == "config" and not parameter.optional:
            yield from _configuration(parameter.fields, value, default, place, "Configuration")
        elif defaults is None or not same_values(value, default):
            yield f"{place} = {names.literal(plain(value))}"
            if parameter.sets_others:
                defaults = None  # write every value after it, also defaults, as it has changed them


def _wire(proxy: RecordingProxy, wire: Wire, variable: str) -> str:
    processings = proxy.processings()
    return f"{names.expression(processings, wire.out_end, variable)} > {names.expression(processings, wire.in_end, variable)}"


def _controls(proxy: RecordingProxy, variable: str) -> Iterator[str]:
    processings = proxy.processings()
    for state in processings.values():
        if state.controls:
            values = hand_set(proxy, state)
            for spec in state.connectors.incontrols:  # in their order, not in that of their setting
                if spec.name in values:
                    end = ConnectorId(state.name, "Control", "In", spec.name)
                    yield f"{names.expression(processings, end, variable)} = {values.pop(spec.name)!r}"
