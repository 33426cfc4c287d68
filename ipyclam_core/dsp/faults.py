"""User-defined processings that indexed outside an array or looped without end. The audio thread records it and goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .memory.instances import Instance
from .memory.layout import FAULT
from .memory.queues import CLOCK_BAD
from .planning.score import Score

SHOWN = 3


def message(names: Iterable[str]) -> str:
    """A message about them; ``""`` if there are none."""
    found = list(names)
    if not found:
        return ""
    rest = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{', '.join(found[:SHOWN])}{rest} went outside of an array, or on in a loop without end: silent wherever that happens"


def of_frames(score: Score) -> str:
    """A message about the processings that wrote numbers into frames that are not finite; ``""`` if there are none."""
    found = {}
    if any(type_.framed for type_ in score.types):
        for name, node in list(score.by_name.items()):
            clock = node.queues.get("clock")
            if clock is not None and clock[CLOCK_BAD]:
                found[name] = int(clock[CLOCK_BAD])
    if not found:
        return ""
    names, count = list(found), sum(found.values())
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{rest} put NaN or infinity into frames: {count} numbers became 0"


def of_score(score: Score) -> Iterator[str]:
    """The faults of a network, by name."""
    if any(type_.spec.origin for type_ in score.types):
        for name, node in list(score.by_name.items()):
            if node.instance is not None and _has_failed(node.instance):
                yield name


def _has_failed(instance: Instance) -> bool:
    return FAULT in instance.layout.cells and bool(instance.chunk.fields[FAULT][instance.lane])
