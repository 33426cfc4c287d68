"""What a path goes on with: ``net.``, ``net.osc.``, ``net.osc._inports.``, ``net.types.``, ``net["``, ``net.osc["Out``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ipyclam_core.errors import AmbiguousName
from ipyclam_core.frontend import names
from ipyclam_core.frontend.configuration import Configuration
from ipyclam_core.frontend.connectors import Connector, Connectors
from ipyclam_core.frontend.groups import Group, GroupConnectors
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.processing import Processing
from ipyclam_core.frontend.processing_types import ProcessingType, ProcessingTypes
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ConnectorId, Direction, Kind, ProcessingState

from . import _offers as offers
from ._asked import (
    SIDES,
    Asked,
    TheConfiguration,
    TheConnector,
    TheConnectors,
    TheGroup,
    TheGroupConnectors,
    TheNetwork,
    TheProcessing,
    TheType,
    TheTypes,
)
from ._completer import completer
from ._offers import Answer, Offer


@completer(after="connect")
def path(asked: Asked) -> Answer | None:
    """The attributes or items of what the path leads to."""
    if asked.typed.relation == "attribute":
        return Answer(_attributes(asked))
    if asked.typed.relation == "item":
        return Answer(_items(asked))
    return None


def _attributes(asked: Asked) -> Iterator[Offer]:
    match asked.owner:
        case TheNetwork():
            yield from processing_attributes(asked)
            yield from offers.words(Network)
        case TheTypes():
            for name, spec in asked.types.items():
                attribute = names.alias(name)
                if attribute := names.alias(offers.name_of_type(attribute, spec, asked.typed.text)) or attribute:
                    yield Offer(attribute, offers.type_(spec))
            yield from offers.words(ProcessingTypes)
        case TheType():
            yield from offers.words(ProcessingType)
        case TheProcessing(state):
            yield from (offer for _, offer in connector_attributes(state, None))
            yield Offer("_config", lambda: "all parameters")
            for scope, side in SIDES.items():
                yield Offer(scope, offers.scope(side))
            yield from offers.words(Processing)
        case TheConnectors(state, side, which):
            if side is not None and which == slice(None):
                yield from (offer for _, offer in connector_attributes(state, side))
            yield from offers.words(Connectors)
        case TheConnector():
            yield from offers.words(Connector)
        case TheGroup(states):
            yield from (offer for _, offer in group_attributes(states))
            yield from offers.words(Group)
        case TheGroupConnectors():
            yield from offers.words(GroupConnectors)
        case TheConfiguration(parameters, values):
            for parameter in parameters:
                if attribute := names.alias(parameter.name):
                    yield Offer(attribute, offers.parameter(parameter, values))
            yield from offers.words(Configuration)


def _items(asked: Asked) -> Iterator[Offer]:
    match asked.owner:
        case TheNetwork():
            for name, state in asked.processings.items():
                yield Offer(name, offers.processing(state))
        case TheTypes():
            for name, spec in asked.types.items():
                yield Offer(offers.name_of_type(name, spec, asked.typed.text), offers.type_(spec))
        case TheProcessing(state) | TheGroup([state, *_]):
            for parameter in state.spec.parameters:
                yield Offer(parameter.name, offers.parameter(parameter, state.config))
            for side in SIDES.values():
                yield from connector_items(state, side)
        case TheConnectors(state, (kind, direction), which) if which == slice(None):
            yield from connector_items(state, (kind, direction))
        case TheConfiguration(parameters, values):
            for parameter in parameters:
                yield Offer(parameter.name, offers.parameter(parameter, values))


def processing_attributes(asked: Asked, wanted: Callable[[ProcessingState], bool] | None = None) -> Iterator[Offer]:
    """The processings (that are wanted) that an attribute of the network reaches, by name or alias."""
    reserved = names.reserved("Network")
    for name, state in asked.processings.items():
        if wanted is not None and not wanted(state):
            continue
        text = name if name.isidentifier() and name.isascii() else names.alias(name)
        if not text or text in reserved or (text != name and text in asked.processings) or not names.is_attribute(text):
            continue
        yield Offer(text, offers.processing(state))


def connector_attributes(
    state: ProcessingState, side: tuple[Kind, Direction] | None
) -> Iterator[tuple[ParameterSpec | ConnectorId, Offer]]:
    """The parameters and connectors that an attribute of a processing, or of one side of it, reaches."""
    reserved = names.reserved("Processing" if side is None else "Connectors")
    for text in names.connector_attributes(state, side):
        if text in reserved:
            continue
        try:
            found = names.find(state, text) if side is None else names.find_connector(state, side, text)
        except AmbiguousName:
            continue
        if isinstance(found, ParameterSpec):
            yield found, Offer(text, offers.parameter(found, state.config))
        else:
            specs = state.connectors.of(found.kind, found.direction)
            yield found, Offer(text, offers.connector(found.kind, found.direction, specs[names.index(state, found)]))


def group_attributes(states: Sequence[ProcessingState]) -> Iterator[tuple[ParameterSpec | ConnectorId, Offer]]:
    """The parameters and connectors that an attribute of a group reaches."""
    for found, offer in connector_attributes(states[0], None):
        if offer.name not in names.reserved("Group"):
            says = offers.parameters(found, [state.config for state in states]) if isinstance(found, ParameterSpec) else offer.says
            yield found, offer._replace(says=says)


def connector_items(state: ProcessingState, side: tuple[Kind, Direction]) -> Iterator[Offer]:
    """The exact names of the connectors of one side."""
    for spec in state.connectors.of(*side):
        yield Offer(spec.name, offers.connector(*side, spec))
