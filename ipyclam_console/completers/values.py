"""The values that can stand somewhere: right of ``net.osc.Type =``, in ``net.load("``, in ``Network("``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ipyclam_core.frontend.files import suffixes
from ipyclam_core.parameters import PATHS

from ..session import DEVICES
from . import _offers as offers
from ._asked import Asked, TheNetwork, TheParameter
from ._completer import completer
from ._offers import Answer, Offer


@completer(after="creation")  # which knows without looking for it that a name is new
def values(asked: Asked) -> Answer | None:
    """The enumerated values of a parameter, True and False, paths."""
    if asked.typed.relation == "assigned" and isinstance(asked.owner, TheParameter):
        offered = list(_of_parameter(asked, asked.owner))
        return Answer(offered) if offered else None
    if asked.typed.relation == "argument" and asked.typed.quote and asked.typed.owner.steps[-1:] and not asked.typed.listed:
        return _of_argument(asked)
    return None


def _of_parameter(asked: Asked, place: TheParameter) -> Iterator[Offer]:
    spec = place.spec
    if spec.type in PATHS:
        for offer in offers.paths(asked.typed.text):
            yield _literal(asked, offer)
    elif spec.type == "enum":
        for choice in spec.choices:
            yield _literal(asked, Offer(choice, _says(choice, place)))
    if asked.typed.quote:
        return
    if spec.type == "bool":
        for truth in (True, False):
            yield Offer(str(truth), _says(truth, place))
    if spec.optional:
        yield Offer("None", _says(None, place))


def _of_argument(asked: Asked) -> Answer | None:
    method = asked.typed.owner.steps[-1].key
    owner = asked.typed.owner._replace(steps=asked.typed.owner.steps[:-1])
    if method not in ("load", "save", "play") or not isinstance(asked.place(owner), TheNetwork):
        return None
    if method == "play":
        return Answer(Offer(device, lambda: "device") for device in DEVICES)
    return Answer(offers.paths(asked.typed.text, suffixes()))


def _literal(asked: Asked, offer: Offer) -> Offer:
    """A string, with quotes where none are typed yet."""
    if asked.typed.quote:
        return offer
    return offer._replace(text=f'"{offers.quoted(offer.name)}' + ("" if offer.name.endswith("/") else '"'))


def _says(value: object, place: TheParameter) -> Callable[[], str]:
    now = "now" if value == place.value else "default" if value == place.spec.default else ""
    return lambda: f"value · {now}" if now else "value"
