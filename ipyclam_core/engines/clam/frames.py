"""Ports of the engine that hold frames: their data types, and the frames as others see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import DifferentConnectorType, NotSupported
from ...proxy import ConnectorId, FrameValue, ProcessingState, Wire
from .types import declaration

if TYPE_CHECKING:
    from ...declare.declaration import Declared
    from ...declare.frames import FrameSpec


def check_buffers(wire: Wire, source: ProcessingState, target: ProcessingState) -> None:
    """Refuse buffers of any length for a processing that computes blocks."""
    out, into = _declared(source, wire.out_end), _declared(target, wire.in_end)
    if out is not None and into is not None and out.frame is not None and into.frame is None:
        texts = f"{wire.source}[{wire.source_connector!r}]", f"{wire.target}[{wire.target_connector!r}]"
        raise DifferentConnectorType(texts[0], "AudioBuffer of its own length", texts[1], "AudioBuffer of a block")


def data_type(state: ProcessingState, port: ConnectorId) -> FrameSpec:
    """The data type of an out port; `NotSupported` if it holds no frames."""
    item = _declared(state, port) if (port.kind, port.direction) == ("Port", "Out") else None
    if item is None or item.frame is None:
        raise NotSupported("clam", f"show frames of {port.processing}[{port.name!r}]", "Only out ports of a data type hold frames")
    return item.frame


def value_of(spec: FrameSpec, time: int, fields: Mapping[str, Any]) -> FrameValue:
    """A frame as others see it."""
    return FrameValue(
        spec.name,
        time,
        fields,
        {field.name: field.unit for field in spec.fields if field.unit},
        {field.name: counter.name for field in spec.fields if field.length and (counter := spec.counter_of(field.length))},
        {field.name: field.plot for field in spec.fields if field.length and field.plot != "none"},
    )


def _declared(state: ProcessingState, port: ConnectorId) -> Declared | None:
    """The declaration of a port; None if the processing is a placeholder, or has no such port."""
    if state.placeholder:
        return None
    from ...dsp.memory.instances import connector_map

    found = connector_map(declaration(state.spec.name), state.connectors).declared.get((f"{port.direction.lower()}ports", port.name))
    return None if found is None else found[0]
