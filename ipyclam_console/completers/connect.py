"""Right of an arrow, only what fits: ``net.a > net.``, ``net.a.Out > net.b.``; behind ``/``, only what is connected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ipyclam_core.frontend import names
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ConnectorId, Direction, Kind, ProcessingState

from . import _offers as offers
from ._asked import SIDES, Asked, Place, TheConnector, TheConnectors, TheGroup, TheGroupConnectors, TheNetwork, TheProcessing, ends
from ._completer import completer
from ._offers import Answer, Offer
from .path import connector_attributes, connector_items, group_attributes, processing_attributes

Side = tuple[Kind, Direction]

OTHER: dict[Direction, Direction] = {"In": "Out", "Out": "In"}
BOTH: tuple[Direction, ...] = ("Out", "In")
DIRECTIONS = {">": BOTH[:1], "<": BOTH[1:], "/": BOTH[:1], "connect": BOTH, "disconnect": BOTH}
"""Which direction the connectors left of each operator have."""


@completer()
def connect(asked: Asked) -> Answer | None:
    """The processings and connectors that the operator before the path can apply to."""
    typed = asked.typed
    if not typed.operator or typed.relation not in ("attribute", "item", "peer") or asked.left is None:
        return None
    directions = BOTH if isinstance(asked.left, TheConnector) and typed.operator == "/" else DIRECTIONS[typed.operator]
    place = asked.left
    if isinstance(asked.owner, TheGroup) and isinstance(place, (TheGroup, TheGroupConnectors)):
        place = replace(place, states=place.states[:1])  # one to one: the first of each stands for all
    left = [end for direction in directions for end in ends(place, direction)]
    if not left or not (typed.relation == "peer" or isinstance(asked.owner, (TheNetwork, TheProcessing, TheConnectors, TheGroup))):
        return None
    cutting = typed.operator in ("/", "disconnect")
    peers: _Connected | _Connectable = _Connected(asked, left) if cutting else _Connectable(asked, left)
    if typed.relation == "peer":  # any other name of Python may stand here as well, once somebody has begun to type it
        return Answer(_whole(asked, peers), alone=not typed.fragment)
    return Answer(_offers(asked, peers))


def _whole(asked: Asked, peers: _Connected | _Connectable) -> Iterator[Offer]:
    """The groups that variables hold, and the processings with the network's name before them, where nothing of a path is typed yet."""
    typed = asked.typed
    for variable, place in asked.variables:
        if isinstance(place, TheGroup) and variable != typed.owner.root and _as_many(asked.left, place) and peers.has(place.states[0]):
            yield Offer(variable, offers.group(place.states))
    network = typed.owner.root if isinstance(asked.owner, TheNetwork) else _network(asked)
    if network is not None:
        for name, state in asked.processings.items():
            if peers.has(state):
                text = network + names.access("Network", name)
                yield Offer(text if typed.text and text.startswith(typed.text) else name, offers.processing(state), text)


def _network(asked: Asked) -> str | None:
    """A variable that holds the network."""
    return next((variable for variable, place in asked.variables if isinstance(place, TheNetwork)), None)


def _as_many(left: Place | None, group: TheGroup) -> bool:
    """Whether a group can be connected with what is left of the arrow: groups only with those of their size."""
    return not isinstance(left, (TheGroup, TheGroupConnectors)) or len(left.states) == len(group.states)


def _offers(asked: Asked, peers: _Connected | _Connectable) -> Iterator[Offer]:
    by_attribute = asked.typed.relation == "attribute"
    match asked.owner:
        case TheNetwork() if by_attribute:
            yield from processing_attributes(asked, peers.has)
        case TheNetwork():
            for name, state in asked.processings.items():
                if peers.has(state):
                    yield Offer(name, offers.processing(state))
        case TheProcessing(state) if by_attribute:
            yield from _fitting_attributes(state, None, peers)
            for scope, side in SIDES.items():
                if any(peers.fits(end, type_) for end, type_ in ends(TheConnectors(state, side), side[1])):
                    yield Offer(scope, offers.scope(side))
        case TheGroup(states) if by_attribute:
            yield from _fitting(group_attributes(states), states[0], peers)
        case TheConnectors(state, (kind, direction)) if by_attribute:
            yield from _fitting_attributes(state, (kind, direction), peers)
        case TheProcessing(state) | TheConnectors(state, _):
            only = asked.owner.side if isinstance(asked.owner, TheConnectors) else None
            for each in SIDES.values() if only is None else (only,):
                fit = [peers.fits(end, type_) for end, type_ in ends(TheConnectors(state, each), each[1])]
                yield from (offer for offer, does in zip(connector_items(state, each), fit, strict=True) if does)


def _fitting_attributes(state: ProcessingState, side: Side | None, peers: _Connected | _Connectable) -> Iterator[Offer]:
    yield from _fitting(connector_attributes(state, side), state, peers)


def _fitting(
    attributes: Iterator[tuple[ParameterSpec | ConnectorId, Offer]], state: ProcessingState, peers: _Connected | _Connectable
) -> Iterator[Offer]:
    types = {end: type_ for each in SIDES.values() for end, type_ in ends(TheConnectors(state, each), each[1])}
    for found, offer in attributes:
        if not isinstance(found, ParameterSpec) and peers.fits(found, types[found]):
            yield offer


class _Connectable:
    """What could be connected to connectors, and is not yet."""

    def __init__(self, asked: Asked, left: list[tuple[ConnectorId, str]]) -> None:
        self._left: dict[tuple[Kind, Direction, str], list[ConnectorId]] = {}
        for end, type_ in left:
            self._left.setdefault((end.kind, OTHER[end.direction], type_), []).append(end)
        own = {end.processing for end, _ in left}
        self._wired: set[tuple[ConnectorId, ConnectorId]] = set()
        for wire in asked.wires:
            if wire.source in own or wire.target in own:
                self._wired |= {(wire.out_end, wire.in_end), (wire.in_end, wire.out_end)}
        self._touched = {other.processing for _, other in self._wired}

    def has(self, state: ProcessingState) -> bool:
        """Whether any connector of a processing fits."""
        for kind, direction in {(kind, direction) for kind, direction, _ in self._left}:
            for spec in state.connectors.of(kind, direction):
                if (kind, direction, spec.type) in self._left and (
                    state.name not in self._touched or self.fits(ConnectorId(state.name, kind, direction, spec.name), spec.type)
                ):
                    return True
        return False

    def fits(self, end: ConnectorId, type_: str) -> bool:
        """Whether a connector fits."""
        lefts = self._left.get((end.kind, end.direction, type_), ())
        return any((left, end) not in self._wired for left in lefts)


class _Connected:
    """What is connected to connectors."""

    def __init__(self, asked: Asked, left: list[tuple[ConnectorId, str]]) -> None:
        own = {end for end, _ in left}
        at = {end.processing for end in own}  # asked first: of most wires no ends are made at all
        self._peers = {wire.in_end for wire in asked.wires if wire.source in at and wire.out_end in own}
        self._peers |= {wire.out_end for wire in asked.wires if wire.target in at and wire.in_end in own}
        self._processings = {peer.processing for peer in self._peers}

    def has(self, state: ProcessingState) -> bool:
        return state.name in self._processings

    def fits(self, end: ConnectorId, type_: str) -> bool:
        return end in self._peers
