"""Ports of the engine that hold frames: their data types, and the frames as others see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import NotSupported
from ...proxy import ConnectorId, FrameValue, ProcessingState
from .types import declaration

if TYPE_CHECKING:
    from ...declare.declaration import Declared
    from ...declare.frames import FrameSpec


def data_type(state: ProcessingState, port: ConnectorId) -> FrameSpec:
    """The data type of an out port; `NotSupported` if it holds no frames."""
    from ...declare.declaration import is_buffer
    from ...declare.frames import BUFFER, frame_types

    item = _declared(state, port) if (port.kind, port.direction) == ("Port", "Out") else None
    if item is not None and item.frame is not None:
        return item.frame
    if item is not None and is_buffer(item) and BUFFER in frame_types:  # if it hears such
        return frame_types[BUFFER]
    raise NotSupported("clam", f"show frames of {port.processing}[{port.name!r}]", "Only out ports of a data type hold frames")


def check_frames(state: ProcessingState, port: ConnectorId) -> None:
    """Raise `NotSupported` for an out port that puts out blocks, as long as nothing else comes to its processing."""
    item = _declared(state, port)
    if item is not None and item.frame is None:
        said = "It puts out a signal while its processing hears no buffers. To look at the signal: samples()"
        raise NotSupported("clam", f"show frames of {port.processing}[{port.name!r}]", said)


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
