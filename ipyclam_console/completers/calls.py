"""In a call of a method of ours, its arguments: ``net.play("``, ``net.load("``, ``net.render(`` and then ``seconds=``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from ipyclam_core.frontend import exploring
from ipyclam_core.frontend.exploring import Member

from . import _offers as offers
from ._asked import Asked
from ._completer import completer
from ._offers import Answer, Offer


@completer()
def calls(asked: Asked) -> Answer | None:
    """The values for the argument at the cursor, and the names of arguments that are not given yet."""
    typed = asked.typed
    if typed.relation != "argument" or asked.called is None:
        return None
    found = list(_found(asked, asked.called))
    # Any expression may stand here as well, once somebody has begun to type it.
    return Answer(found, alone=not typed.fragment or bool(typed.quote)) if found else None


def _found(asked: Asked, method: Callable[..., Any]) -> Iterator[Offer]:
    typed, owner = asked.typed, asked.before_last
    parameters = list(inspect.signature(method).parameters.values())[1:]
    here = _here(asked, parameters)
    if here is not None:
        given = exploring.argument(owner, method, here, asked.call)
        yield from offers.of_choices((each for each in given if not isinstance(each, Member)), typed)
    if typed.quote or typed.listed or typed.keyword:
        return
    for place, parameter in enumerate(parameters):
        if parameter.kind == parameter.VAR_KEYWORD:
            for each in exploring.argument(owner, method, parameter, asked.call):
                if isinstance(each, Member):
                    yield Offer(each.name, each.says, f"{each.name}=")
        elif parameter.kind == parameter.KEYWORD_ONLY or (parameter.kind == parameter.POSITIONAL_OR_KEYWORD and place >= len(typed.given)):
            yield Offer(parameter.name, partial(_says, parameter), f"{parameter.name}=")


def _here(asked: Asked, parameters: Sequence[inspect.Parameter]) -> inspect.Parameter | None:
    """The parameter that the argument at the cursor is for."""
    keyword, place = asked.typed.keyword, len(asked.typed.given)
    if keyword:
        return next((parameter for parameter in parameters if parameter.name == keyword), None)
    positional = [parameter for parameter in parameters if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)]
    return positional[place] if place < len(positional) else None


def _says(parameter: inspect.Parameter) -> str:
    default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
    return f"argument · {parameter.annotation}{default}"
