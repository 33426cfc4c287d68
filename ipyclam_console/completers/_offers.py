"""What a completer answers: names in order, each saying what it is, cut to those that begin as typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from IPython.core.completer import SimpleCompletion

from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ConnectorSpec, Direction, Kind, ProcessingState, TypeSpec

from ._typed import Typed

LIMIT = 500
"""As many as IPython shows."""

MANY = 100
"""As many processings of a group are looked at, to tell whether they differ and what they could be connected to."""


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
    return [SimpleCompletion(text, type=offer.says()) for offer in exact or loose if (text := _written(offer, typed))]


def processing(state: ProcessingState) -> Callable[[], str]:
    return lambda: f"processing · {state.spec.title or state.spec.name}{' (placeholder)' if state.placeholder else ''}"


def group(states: Sequence[ProcessingState]) -> Callable[[], str]:
    return lambda: f"group · {len(states)} {states[0].spec.name}"


def type_(spec: TypeSpec) -> Callable[[], str]:
    return lambda: f"type · {spec.category}" if spec.category else "type"


def name_of_type(name: str, spec: TypeSpec, begun: str) -> str:
    """What a type is offered as: what people call it, unless somebody has begun to type its name."""
    return spec.title if spec.title and not (begun and name.startswith(begun)) else name


def connector(kind: Kind, direction: Direction, spec: ConnectorSpec) -> Callable[[], str]:
    return lambda: f"{direction}{kind} · {spec.type}".lower().replace(spec.type.lower(), spec.type)


def scope(side: tuple[Kind, Direction]) -> Callable[[], str]:
    return lambda: f"all {side[1].lower()}{side[0].lower()}s"


def parameter(spec: ParameterSpec, values: Mapping[str, Any]) -> Callable[[], str]:
    def says() -> str:
        if spec.type == "config":
            return f"config · {len(spec.fields)} parameters"
        value = repr(values[spec.name])
        return f"config · {spec.type} = {value if len(value) <= 32 else value[:29] + '...'}{' ' if spec.unit else ''}{spec.unit}"

    return says


def parameters(spec: ParameterSpec, configs: Sequence[Mapping[str, Any]]) -> Callable[[], str]:
    """As `parameter`, of several processings: their values where they are not the same."""

    def says() -> str:
        different = list(dict.fromkeys(repr(config.get(spec.name)) for config in configs[:MANY]))
        if len(different) == 1:
            return parameter(spec, configs[0])()
        return (
            f"config · {spec.type} = {', '.join(different[:3])}{' ...' if len(different) > 3 else ''}{' ' if spec.unit else ''}{spec.unit}"
        )

    return says


def words(handle: type) -> Iterator[Offer]:
    """The attributes that every object of a class has, by their documentation."""
    for name in dir(handle):
        if not name.startswith("_") and not hasattr(str, name):
            yield Offer(name, word(handle, name))


def word(handle: type, name: str) -> Callable[[], str]:
    def says() -> str:
        held = getattr(handle, name, None)
        doc = " ".join((getattr(held, "__doc__", None) or "").split("\n\n")[0].split()).partition(". ")[0].strip(".").replace("`", "")
        kind = "method" if callable(held) else "attribute"
        return f"{kind} · {doc if len(doc) <= 48 else doc[:45] + '...'}" if doc else kind

    return says


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
        elif not wanted or name.endswith(wanted):
            yield Offer(path, lambda: "file")


def quoted(name: str, quote: str = '"') -> str | None:
    """`name` as it stands between quotes of a kind; None where it cannot."""
    marks = quote.lstrip("rRbBuUfF")
    text = "".join(_escaped(character, marks[0]) for character in name)
    return text if text == name or "r" not in quote.lower() else None


def _written(offer: Offer, typed: Typed) -> str | None:
    """What replaces the fragment: within quotes escaped, and closed where what follows the cursor does not close it."""
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
