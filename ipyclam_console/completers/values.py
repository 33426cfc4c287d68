"""Right of an equals sign, the values that can stand there: ``net.new =``, ``net.osc.Waveform =``, ``net.player.File =``."""

from __future__ import annotations

from ipyclam_core.errors import NameError_
from ipyclam_core.frontend import exploring

from . import _offers as offers
from ._asked import Asked
from ._completer import completer
from ._offers import Answer


@completer()
def values(asked: Asked) -> Answer | None:
    """The values that can be assigned to an attribute or an item, or compared with it."""
    typed = asked.typed
    if typed.relation != "assigned" or not typed.owner.steps:
        return None
    key, subscript = typed.owner.steps[-1]
    try:
        found = [] if asked.before_last is None else list(exploring.choices(asked.before_last, key, subscript))
    except NameError_:
        return Answer((), alone=not typed.fragment)  # nothing can be assigned to a name that does not exist
    # Any other name of Python may stand here as well, once somebody has begun to type it.
    return Answer(offers.of_choices(found, typed), alone=not typed.fragment or bool(typed.quote)) if found else None
