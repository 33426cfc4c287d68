"""User-defined processings that indexed outside an array or looped without end. The audio thread records it and goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .memory.instances import Instance
from .memory.layout import FAULT
from .planning.score import Score

SHOWN = 3


def message(names: Iterable[str]) -> str:
    """A message about them; ``""`` if there are none."""
    found = list(names)
    if not found:
        return ""
    rest = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{', '.join(found[:SHOWN])}{rest} went outside of an array, or on in a loop without end: silent wherever that happens"


def of_score(score: Score) -> Iterator[str]:
    """The faults of a network, by name."""
    if any(type_.spec.origin for type_ in score.types):
        for name, node in list(score.by_name.items()):
            if node.instance is not None and _has_failed(node.instance):
                yield name


def _has_failed(instance: Instance) -> bool:
    return FAULT in instance.layout.cells and bool(instance.chunk.fields[FAULT][instance.lane])
