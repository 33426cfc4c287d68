"""What ``del net.osc.Frequency`` answers: parameters and connectors belong to their type, and the error says how to reset them."""

from __future__ import annotations

from ..errors import ReadOnly
from ..parameters import ParameterSpec
from ..proxy import ConnectorId, ProcessingState
from . import names


def not_deletable(state: ProcessingState, found: ParameterSpec | ConnectorId, typed: str) -> ReadOnly:
    """The error for deleting a parameter or connector, `typed` as ``net.osc.Frequency``."""
    if isinstance(found, ParameterSpec):
        return parameter_not_deletable(found, typed)
    if (found.kind, found.direction) == ("Control", "In"):
        spec = state.connectors.find("Control", "In", found.name)
        default = getattr(spec, "default", 0.0)
        return ReadOnly(f"{typed} is a control, and cannot be deleted. To set it to its default: {typed} = {default!r}")
    return ReadOnly(f"{typed} is {_KINDS[found.kind]}, and cannot be deleted. To remove its wires: {typed}.disconnect()")


def parameter_not_deletable(spec: ParameterSpec, typed: str) -> ReadOnly:
    """The error for deleting a parameter."""
    default = names.literal(spec.initial)
    return ReadOnly(f"{typed} is a parameter, and cannot be deleted. To set it to its default: {typed} = {default}")


_KINDS = {"Port": "a port", "Control": "an out control"}
