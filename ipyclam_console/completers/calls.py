"""In a call of a method of ours, the names of its arguments: ``net.render(`` and then ``seconds=``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from ipyclam_core.frontend.configuration import Configuration
from ipyclam_core.frontend.connectors import Connector, Connectors
from ipyclam_core.frontend.groups import Group, GroupConnectors
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.processing import Processing
from ipyclam_core.frontend.processing_types import ProcessingTypes

from . import _asked
from ._asked import Asked
from ._completer import completer
from ._offers import Answer, Offer

HANDLES = {
    _asked.TheNetwork: Network, _asked.TheTypes: ProcessingTypes, _asked.TheProcessing: Processing, _asked.TheConnector: Connector,
    _asked.TheConnectors: Connectors, _asked.TheConfiguration: Configuration, _asked.TheGroup: Group,
    _asked.TheGroupConnectors: GroupConnectors,
}  # fmt: skip


@completer(after="bank")
def calls(asked: Asked) -> Answer | None:
    """The names of the arguments of a method that are not given yet."""
    typed = asked.typed
    if typed.relation != "argument" or typed.quote or typed.listed or not typed.owner.steps:
        return None
    *before, method = typed.owner.steps
    place = asked.place(typed.owner._replace(steps=tuple(before)))
    if place is None or method.subscript or not isinstance(method.key, str) or method.key.startswith("_"):
        return None
    called = inspect.getattr_static(HANDLES.get(type(place), object), method.key, None)
    names = list(_names(called, len(typed.given))) if inspect.isfunction(called) else []
    # Any expression may stand here as well, once somebody has begun to type it.
    return Answer(names, alone=not typed.fragment) if names else None


def _names(method: object, given: int) -> Iterator[Offer]:
    parameters = list(inspect.signature(method).parameters.values())[1:]  # type: ignore[arg-type]
    for place, parameter in enumerate(parameters):
        if parameter.kind == parameter.KEYWORD_ONLY or (parameter.kind == parameter.POSITIONAL_OR_KEYWORD and place >= given):
            yield Offer(parameter.name, lambda parameter=parameter: _says(parameter), f"{parameter.name}=")  # type: ignore[misc]


def _says(parameter: inspect.Parameter) -> str:
    default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
    return f"argument · {parameter.annotation}{default}"
