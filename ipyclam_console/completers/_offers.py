"""The answers of a completer: names in order, each with a description, cut to those that begin as typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from IPython.core.completer import SimpleCompletion

from ipyclam_core.frontend.exploring import Choice, Files, Member
from ipyclam_core.frontend.fitting import Fits
from ipyclam_core.system.display import escaped

from ._typed import Typed

LIMIT = 500
"""As many as IPython shows."""


class Offer(NamedTuple):
    """One thing that could stand here.

    Attributes
    ----------
    name : what is compared with the beginning that was typed.
    says : what it is, made for those that are shown only.
    text : what is put in place of the fragment, where that is not `name` itself.
    """

    name: str
    says: Callable[[], str]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The offers of one completer, in order; `alone` keeps other completers' away."""

    offers: Iterable[Offer]
    alone: bool = True


def shown(answer: Answer, typed: Typed) -> list[SimpleCompletion]:
    """The offers that begin as typed; where none does, those that do with other capitals."""
    begun, folded = typed.text, typed.text.casefold()
    exact: list[Offer] = []
    loose: list[Offer] = []
    for offer in answer.offers:
        if offer.name.startswith(begun):
            exact.append(offer)
            if len(exact) == LIMIT:
                break
        elif not exact and len(loose) < LIMIT and offer.name.casefold().startswith(folded):
            loose.append(offer)
    return [SimpleCompletion(text, type=escaped(offer.says())) for offer in exact or loose if (text := _written(offer, typed))]


def of_members(members: Iterable[Member], typed: Typed, fits: Fits | None = None) -> Iterator[Offer]:
    """Attributes and items that begin as typed, in whatever capitals, or whose second name does; of those, what fits."""
    begun, folded = typed.text, typed.text.casefold()
    for member in members:
        text = member.also if member.also and begun and member.also.startswith(begun) else member.name
        if (not folded or text.casefold().startswith(folded)) and (fits is None or (member.connectable and fits(member.connects()))):
            yield Offer(text, member.says)


def of_choices(choices: Iterable[Choice], typed: Typed) -> Iterator[Offer]:
    """Values, as literals or by their path; within quotes only strings."""
    for choice in choices:
        if isinstance(choice, Files):
            for offer in paths(typed.text, choice.suffixes):
                yield offer if typed.quote else offer._replace(text=f'"{quoted(offer.name)}' + ("" if offer.name.endswith("/") else '"'))
        elif typed.quote:
            if isinstance(choice.value, str):
                also = choice.also if choice.also and typed.text and choice.also.startswith(typed.text) else ""
                yield Offer(also or choice.value, choice.says)
        elif choice.path:
            text = typed.owner.root + choice.path
            yield Offer(text if typed.text and text.startswith(typed.text) else choice.value, choice.says, text)
        else:
            yield Offer(str(choice.value), choice.says, f'"{quoted(choice.value)}"' if isinstance(choice.value, str) else "")


def paths(prefix: str, suffixes: Iterable[str] = ()) -> Iterator[Offer]:
    """The files and folders whose path begins with `prefix`; of files, those with one of `suffixes`, or all."""
    folder, begun = os.path.split(prefix)
    wanted = tuple(suffixes)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            listed = sorted((entry.name, entry.is_dir()) for entry in entries)
    except OSError:
        return
    for name, is_folder in listed:
        if name.startswith(".") and not begun.startswith("."):
            continue
        path = os.path.join(folder, name)
        if is_folder:
            yield Offer(path + "/", lambda: "folder")
        elif not wanted or name.lower().endswith(wanted):
            yield Offer(path, lambda: "file")


def quoted(name: str, quote: str = '"') -> str | None:
    """`name` as it stands between quotes of a kind; None where it cannot."""
    marks = quote.lstrip("rRbBuUfF")
    text = "".join(_escaped(character, marks[0]) for character in name)
    return text if text == name or "r" not in quote.lower() else None


def _written(offer: Offer, typed: Typed) -> str | None:
    """The text that replaces the fragment: escaped within quotes, and with a closing quote unless one follows the cursor."""
    if offer.text:
        return offer.text
    subscript = typed.relation == "item"
    if not typed.quote:
        return f'"{quoted(offer.name)}"{_closing(typed.after, "]")}' if subscript else offer.name
    text = quoted(offer.name, typed.quote)
    if text is None or offer.name.endswith("/"):  # the path goes on below a folder
        return text
    marks = typed.quote.lstrip("rRbBuUfF")
    if typed.after.startswith(marks):
        return text
    return text + marks + (_closing(typed.after, "]") if subscript else "")


def _closing(after: str, bracket: str) -> str:
    return "" if after.lstrip().startswith(bracket) else bracket


def _escaped(character: str, mark: str) -> str:
    if character in ("\\", mark):
        return "\\" + character
    return character if character.isprintable() else repr(character)[1:-1]
