"""Searches processing types for words, best first: for `search`, and for a name that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..parameters import ParameterSpec
from ..proxy import ControlSpec, PortSpec, TypeSpec

SUGGESTED: Final = 4
"""The most types that an error about an unknown type names."""

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def search(types: Iterable[TypeSpec], text: str) -> list[TypeSpec]:
    """The types that every word of `text` fits, best first."""
    words = text.lower().split()
    found = [(sum(filter(None, ranks)), spec) for spec in types if None not in (ranks := _ranks(spec, words))]
    return [spec for _, spec in sorted(found, key=lambda entry: (entry[0], entry[1].name.lower() not in words))]


def alike(types: Iterable[TypeSpec], name: str) -> Iterator[str]:
    """Types for a name that is wrong, such as ``LowPassFilter``: all its words fit. Those with most of them in their names come first."""
    known, words = list(types), [word.lower() for word in _WORDS.findall(name)]
    found = (search(known, name) or search(known, " ".join(words))) if words else []
    found.sort(key=lambda spec: -sum(rank == 0 for rank in _ranks(spec, words)))
    yield from [spec.name for spec in found][:SUGGESTED]


def _ranks(spec: TypeSpec, words: list[str]) -> list[int | None]:
    """For each word, where in a type it occurs: 0 for the name, higher for less telling places, None for nowhere. Hyphens are ignored."""
    texts = [text.replace("-", "") for text in _searched(spec)] if words else []
    return [_rank(texts, word.replace("-", "")) for word in words]


def _rank(texts: list[str], word: str) -> int | None:
    """Where a word occurs first. In the middle of a name's words, as "lfo" in SpectralFocus, counts least."""
    places = [rank for rank, text in enumerate(texts) if word in text.lower()]
    if places and places[0] == 0 and not _begins_a_word(texts[0], word):
        places = [*places[1:], len(texts)]
    return places[0] if places else None


def _begins_a_word(text: str, word: str) -> bool:
    """Whether one of the words of a name, as in CamelCase, begins with `word`."""
    starts = (at for at in range(len(text)) if text[at : at + len(word)].lower() == word)
    return any(at == 0 or not text[at].islower() or not text[at - 1].isalnum() for at in starts)


def _searched(spec: TypeSpec) -> Iterator[str]:
    named: tuple[PortSpec | ControlSpec | ParameterSpec, ...]
    named = (*spec.inports, *spec.outports, *spec.incontrols, *spec.outcontrols, *_every_parameter(spec.parameters))
    yield f"{spec.name}\n{spec.title}"
    yield "\n".join(spec.synonyms)
    yield spec.category
    yield spec.doc
    yield "\n".join(f"{each.name}\n{each.doc}" for each in named)


def _every_parameter(parameters: Sequence[ParameterSpec]) -> Iterator[ParameterSpec]:
    for parameter in parameters:
        yield parameter
        yield from _every_parameter(parameter.fields)
