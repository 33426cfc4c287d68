"""The names that continue a path: ``net.``, ``net.osc.``, ``net.osc._inports.``, ``net.types.``, ``net["``, ``net.osc["Out``."""

from __future__ import annotations

from ipyclam_core.frontend import exploring

from . import _offers as offers
from ._asked import Asked
from ._completer import completer
from ._offers import Answer


@completer(after="connect")
def path(asked: Asked) -> Answer | None:
    """The attributes or items of what the path leads to."""
    if asked.owner is None or asked.typed.relation not in ("attribute", "item"):
        return None
    found = exploring.attributes(asked.owner) if asked.typed.relation == "attribute" else exploring.items(asked.owner)
    return Answer(offers.of_members(found, asked.typed))
