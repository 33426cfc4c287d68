"""Right of ``net.new =``, the types: ``net.new = net.types.Oscillator``, ``net.new = "Oscillator"``."""

from __future__ import annotations

from collections.abc import Iterator

from ipyclam_core.frontend import names

from . import _offers as offers
from ._asked import Asked
from ._completer import completer
from ._offers import Answer, Offer


@completer()
def creation(asked: Asked) -> Answer | None:
    """The processing types, where a new name of the network is assigned."""
    typed = asked.typed
    steps = asked.steps(typed.owner)
    if typed.relation != "assigned" or steps is None or len(steps) != 1:
        return None
    new = steps[0]
    if not isinstance(new.key, str) or (not new.subscript and new.key in names.reserved("Network")) or new.key in asked.processings:
        return None
    # Any other name of Python may stand here as well, once somebody has begun to type it.
    return Answer(types(asked), alone=not typed.fragment or bool(typed.quote))


def types(asked: Asked) -> Iterator[Offer]:
    """The types of the network whose variable the path begins with, with its name before them."""
    typed = asked.typed
    owner = f"{typed.owner.root}.types"
    for exact, spec in asked.types.items():
        name = offers.name_of_type(exact, spec, typed.text)
        if typed.quote:
            yield Offer(name, offers.type_(spec))
            continue
        text = owner + names.access("ProcessingTypes", name)
        yield Offer(text if typed.text and text.startswith(typed.text) else name, offers.type_(spec), text)
