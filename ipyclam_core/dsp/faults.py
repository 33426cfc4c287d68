"""User-defined processings that indexed outside an array or looped without end. The audio thread records it and goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

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


def of_streams(score: Score, uneven: Mapping[tuple[int, int], Fraction]) -> Iterator[str]:
    """A message for each stream that is faster or slower than it is played."""
    for (row, k), rate in list(uneven.items()):
        node = score.by_row.get(row)
        if node is not None and row not in score.ghosts:
            ports = [name for (role, name), found in node.map.declared.items() if (role, found[2]) == ("outports", k)]
            puts_out = f"{node.name}[{ports[0]!r}] puts out {float(rate):g} samples for each that is played"
            if rate > 1:
                yield (
                    f"{puts_out}: it sounds slowed down, and parts are lost. Add up pieces that overlap with an OverlapAdd; "
                    "else the hops of the chain should be equal"
                )
            else:
                yield f"{puts_out}: there is silence between its pieces. The hops of the chain should be equal"


def of_score(score: Score) -> Iterator[str]:
    """The faults of a network, by name."""
    if any(type_.spec.origin for type_ in score.types):
        for name, node in list(score.by_name.items()):
            if node.instance is not None and _has_failed(node.instance):
                yield name


def _has_failed(instance: Instance) -> bool:
    return FAULT in instance.layout.cells and bool(instance.chunk.fields[FAULT][instance.lane])
