"""Right of an arrow, only what fits: ``net.a > net.``, ``net.a.Out > net.b.``; behind ``/``, only what is connected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain

from ipyclam_core.frontend import exploring, names
from ipyclam_core.frontend.exploring import Explorable
from ipyclam_core.frontend.fitting import Fits, Peers
from ipyclam_core.frontend.network import Network

from . import _offers as offers
from ._asked import Asked
from ._completer import completer
from ._offers import Answer, Offer
from ._typed import Typed


@completer()
def connect(asked: Asked) -> Answer | None:
    """The processings and connectors that the operator before the path can apply to."""
    typed = asked.typed
    if not typed.operator or typed.relation not in ("attribute", "item", "peer") or asked.left is None:
        return None
    peers = Peers(asked.left, typed.operator)
    if not peers:
        return None
    if typed.relation == "peer":  # any other name of Python may stand here as well, once somebody has begun to type it
        return Answer(_whole(asked, peers), alone=not typed.fragment)
    if asked.owner is None:
        return None
    found = exploring.attributes(asked.owner) if typed.relation == "attribute" else exploring.items(asked.owner)
    ends = (member for member in found if member.connectable)
    first = next(ends, None)
    return Answer(offers.of_members(chain([first], ends), typed, peers.among(asked.owner))) if first is not None else None


def _whole(asked: Asked, peers: Peers) -> Iterator[Offer]:
    """Where nothing of a path is typed yet: variables, and the processings with the name of the network before them."""
    typed = asked.typed
    for variable, handle in asked.variables:
        if variable != typed.owner.root and peers.takes(handle):
            yield Offer(variable, partial(exploring.says, handle))
    beginnings: list[tuple[str, Explorable | None]] = [(typed.owner.root, asked.owner), *asked.variables]
    for variable, beginning in beginnings:
        if isinstance(beginning, Network):
            yield from _processings(variable, beginning, typed, peers.among(beginning))
            return


def _processings(variable: str, network: Network, typed: Typed, fits: Fits) -> Iterator[Offer]:
    for member in exploring.items(network):
        if member.connectable and fits(member.connects()):
            text = variable + names.access("Network", member.name)
            yield Offer(text if typed.text and text.startswith(typed.text) else member.name, member.says, text)
