"""In ``net.bank("saw{}", `` the types, then their parameters; in ``net.group("`` patterns that fit several, and names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from ipyclam_core.frontend import names
from ipyclam_core.proxy import TypeSpec

from . import _offers as offers
from ._asked import Asked, TheNetwork, TheType
from ._completer import completer
from ._offers import Answer, Offer
from .creation import types


@completer()
def bank(asked: Asked) -> Answer | None:
    """The arguments of ``net.bank(``: the type, and what its processings shall have."""
    typed = asked.typed
    if not _is_argument_of(asked, "bank") or typed.listed or not typed.given:
        return None
    if len(typed.given) == 1:
        return Answer(types(asked), alone=not typed.fragment or bool(typed.quote))
    spec = _type(asked)
    return Answer(_parameters(spec), alone=not typed.fragment) if spec is not None and not typed.quote else None


@completer()
def group(asked: Asked) -> Answer | None:
    """The argument of ``net.group(``: a pattern, a name, or a list of names."""
    typed = asked.typed
    if not _is_argument_of(asked, "group") or (typed.given and not typed.listed) or (typed.fragment and not typed.quote):
        return None
    return Answer(_members(asked))


def _is_argument_of(asked: Asked, method: str) -> bool:
    owner = asked.typed.owner
    if asked.typed.relation != "argument" or not owner.steps or owner.steps[-1].key != method or owner.steps[-1].subscript:
        return False
    return isinstance(asked.place(owner._replace(steps=owner.steps[:-1])), TheNetwork)


def _type(asked: Asked) -> TypeSpec | None:
    """The type that is the second argument."""
    given = asked.typed.given[1]
    if given is None or isinstance(given, str):
        return asked.types.get(given or "")
    place = asked.place(given)
    return place.spec if isinstance(place, TheType) else None


def _parameters(spec: TypeSpec) -> Iterator[Offer]:
    for parameter in spec.parameters:
        if word := names.alias(parameter.name):
            yield Offer(word, offers.parameter(parameter, spec.defaults), f"{word}=")


def _members(asked: Asked) -> Iterator[Offer]:
    for name, says in (*([] if asked.typed.listed else _patterns(asked)), *_names(asked)):
        yield Offer(name, says, "" if asked.typed.quote else f'"{offers.quoted(name)}"')


def _names(asked: Asked) -> Iterator[tuple[str, Callable[[], str]]]:
    for name, state in asked.processings.items():
        yield name, offers.processing(state)


def _patterns(asked: Asked) -> Iterator[tuple[str, Callable[[], str]]]:
    """For each stem of numbered names, as of banks, the pattern that finds them."""
    stems = Counter(stem for name in asked.processings if (stem := name.rstrip("0123456789")) != name)
    for stem, count in stems.items():
        if count > 1 and stem and not re.search(r"[*?[]", stem):
            yield f"{stem}*", _says(asked, stem)


def _says(asked: Asked, stem: str) -> Callable[[], str]:
    return lambda: f"group · {sum(name.startswith(stem) for name in asked.processings)} processings"
