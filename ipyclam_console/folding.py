"""Runs of like things: numbered processings of one type and wiring, and wires between numbered connectors.

A person reads fifty voices as one row, ``osc1 ... osc50``, with the values that differ beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from ipyclam_core.proxy import Kind, ProcessingState, Wire

FEWEST: Final = 4
"""Fewer are shown one by one."""

_PIECES: Final = 3
"""The most ranges of numbered names that are listed; beyond that, the first two and the last name are."""

_NUMBERED: Final = re.compile(r"(.*\D|)(\d{1,9})(\D*)", re.DOTALL)

_Thing = TypeVar("_Thing")
Family = Sequence[ProcessingState]
"""One processing, or several that are alike."""


class Link(NamedTuple):
    """A wire as one of its ends sees it: its own connector, the other processing, and the connector there."""

    kind: Kind
    own: str
    other: str
    theirs: str


class Bundle(NamedTuple):
    """Wires that are shown in one row; names in order, each once. `note` tells which is connected to which."""

    kind: Kind
    own: tuple[str, ...]
    others: tuple[str, ...]
    theirs: tuple[str, ...]
    note: str = ""


def families(states: Iterable[ProcessingState], leaving: Mapping[str, Sequence[Wire]]) -> Iterator[Family]:
    """The processings, in order; those that are alike but for numbers are together, where the first of them is."""
    listed = list(states)
    groups = _together(listed, lambda state: _likeness(state, leaving.get(state.name, ())))
    folded = {state.name: group for group in groups if len(group) >= FEWEST for state in group}
    for state in listed:
        group = folded.get(state.name, [state])
        if state is group[0]:
            yield group


def bundles(links: Sequence[Link], members: int = 1, unfold: bool = False) -> Iterator[Bundle]:
    """The wires of one processing, or of as many alike, in the order of their first; each alone if `unfold`."""
    if unfold:
        yield from (Bundle(link.kind, (link.own,), (link.other,), (link.theirs,)) for link in links)
        return
    groups, loose = [], []
    for group in _together(links, lambda link: (link.kind, link.own, _shape(link.other), _shape(link.theirs))):
        if members > 1 or (len(group) >= FEWEST and _is_whole(group)):
            groups.append(group)
        else:
            loose += group
    for group in _together(loose, lambda link: (link.kind, _shape(link.own), _shape(link.other), _shape(link.theirs))):
        groups += [group] if len(group) >= FEWEST and _is_in_step(group) else [[link] for link in group]
    places = {link: place for place, link in reversed(list(enumerate(links)))}
    for group in sorted(groups, key=lambda group: places[group[0]]):
        kind, own, others, theirs = group[0].kind, *(tuple(dict.fromkeys(part)) for part in list(zip(*group, strict=True))[1:])
        yield Bundle(kind, own, others, theirs, _note(group, members) if members > 1 else "")


def ranges(names: Sequence[str], write: Callable[[str], str] = str) -> str:
    """Names in a few words: ``osc1 ... osc6, osc8``."""
    runs: list[list[str]] = []
    for name in names:
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    pieces = [piece for run in runs for piece in ([f"{write(run[0])} ... {write(run[-1])}"] if len(run) > 2 else map(write, run))]
    return ", ".join(pieces) if len(pieces) <= _PIECES else f"{pieces[0]}, {pieces[1]} ... {write(names[-1])}"


def varied(values: Sequence[str], names: Sequence[str]) -> str:
    """The values of a family: one where they agree, with its few exceptions; else all, or the first of them and the last."""
    (usual, count), *others = Counter(values).most_common()
    if not others:
        return usual
    if len(values) - count <= _PIECES and count > len(values) // 2:
        said = (f"{name}: {value}" for name, value in zip(names, values, strict=True) if value != usual)
        return f"{usual} ({', '.join(said)})"
    return ", ".join(values) if len(values) <= 2 * _PIECES else f"{', '.join(values[:_PIECES])} ... {values[-1]}"


def _likeness(state: ProcessingState, leaving: Sequence[Wire]) -> Hashable:
    """Equal for processings that can share a row."""
    shape = _shape(state.name)
    if isinstance(shape, str):
        return state.name
    wires = Counter((wire.kind, wire.source_connector, _shape(wire.target), _shape(wire.target_connector)) for wire in leaving)
    return shape, state.spec.name, state.placeholder, state.problem, frozenset(wires.items())


def _shape(name: str) -> Hashable:
    """A name without its last number; the name itself where it has none."""
    found = _NUMBERED.fullmatch(name)
    return (found[1], found[3]) if found is not None else name


def _follows(name: str, other: str) -> bool:
    """Whether `other` is the name with the next number."""
    one, next_ = _NUMBERED.fullmatch(name), _NUMBERED.fullmatch(other)
    return one is not None and next_ is not None and _shape(name) == _shape(other) and int(one[2]) + 1 == int(next_[2])


def _is_whole(group: Sequence[Link]) -> bool:
    """Whether each of the others is connected at each of the connectors."""
    return len({link.other for link in group}) * len({link.theirs for link in group}) == len(group)


def _is_in_step(group: Sequence[Link]) -> bool:
    """Whether each name stays the same from wire to wire, or its number goes up by one."""
    parts = list(zip(*group, strict=True))[1:]
    return all(len(set(part)) == 1 or all(_follows(one, other) for one, other in pairwise(part)) for part in parts)


def _note(group: Sequence[Link], members: int) -> str:
    ends = len({(link.other, link.theirs) for link in group})
    if ends == 1:
        return ""
    return " (one each)" if len(group) == members == ends else " (each to all)" if len(group) == members * ends else ""


def _together(things: Iterable[_Thing], key: Callable[[_Thing], Hashable]) -> list[list[_Thing]]:
    groups: dict[Hashable, list[_Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return list(groups.values())
