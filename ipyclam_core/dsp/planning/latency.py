"""How late signals are: where frames of some length have to come together before a processing can begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import NamedTuple

from ...declare.declaration import Declaration
from ...proxy import ProcessingState, Wire
from .forms import Forms
from .order import Order
from .paces import Paces
from .score import Score, number
from .streams import Streams


class Place(NamedTuple):
    """A port: the row of its node, the role ``"inports"`` or ``"outports"``, its number."""

    row: int
    role: str
    port: int


Latencies = Mapping[Place, int]


def of_streams(streams: Streams, paces: Paces) -> Latencies:
    """The latency of every port that frames reach, in frames of the network; ports that are not late are left out.

    A frame and what is made of it stand for the time at which its window begins. Where only the middle of a window is put out,
    the sound is less late than that.
    """
    found: dict[Place, int] = {}
    less: dict[Place, int] = {}
    for node in streams.nodes:
        pace, before = paces.of[node.row], 0
        for k in range(len(node.items("inports"))):
            wires = [e for e in streams.wires_into(node, k) if not streams.order.closes[e]]
            sources = {e: Place(streams.ends[e].source, "outports", streams.ends[e].out) for e in wires}
            late = [paces.latency(e) if streams.is_unrolled(e) else found.get(source, 0) for e, source in sources.items()]
            found[Place(node.row, "inports", k)] = max(late, default=0)
            before = max([before, *(less.get(source, 0) for source in sources.values())])
        for k, (item, _) in enumerate(node.items("outports")):
            place = Place(node.row, "outports", k)
            less[place] = before + number(node, item.before)
            of_frames = streams.frame_of(node.row, item) is not None
            found[place] = (ceil(pace.lead) - 1 if of_frames else pace.latency(k)) - less[place]
    return {place: late for place, late in found.items() if late > 0}


def planned(
    states: Iterable[ProcessingState],
    wires: Iterable[Wire],
    type_of: Callable[[str], Declaration],
    levels: Callable[[int], None],
    block: int,
) -> tuple[Score, Latencies]:
    """A score of a network that does not play, without memory for its processings, and the latencies that it will have."""
    score = Score(block)
    for state in states:
        if not state.problem:
            score.add(state.name, type_of(state.spec.name), state, None)
    for wire in wires:
        if wire.kind == "Port" and wire.source in score.by_name and wire.target in score.by_name:
            score.connect(wire)
    streams = Streams(score, Order(score, levels, block))
    return score, of_streams(streams, Paces(streams, Forms(score, streams.lifted), block)) if streams.nodes else {}


def latency_of(score: Score, latencies: Latencies, name: str, role: str, port: str) -> int:
    """The latency of a port; 0 if there is no such port."""
    node = score.by_name.get(name)
    found = node.map.declared.get((role, port)) if node is not None else None
    return latencies.get(Place(node.row, role, found[2]), 0) if node is not None and found is not None else 0


def latest_of(score: Score, latencies: Latencies, sinks: Iterable[str]) -> int:
    """The latency of the latest signal that some sinks hear."""
    rows = {node.row for name in sinks if (node := score.by_name.get(name)) is not None}
    return max((late for place, late in latencies.items() if place.row in rows and place.role == "inports"), default=0)


def ahead_of(score: Score, latencies: Latencies, sources: Iterable[str], sinks: Iterable[str]) -> int:
    """How late everything is that the sinks hear, where none of it comes from a source: it can be computed ahead, as CLAM does."""
    after: dict[int, set[int]] = {}
    heard: dict[int, set[str]] = {}
    for node in score.by_name.values():
        for source, _, target, into in node.wires:
            after.setdefault(source, set()).add(target)
            heard.setdefault(target, set()).add(into)
    reached, found = set(), [score.by_name[name].row for name in sources]
    while found:
        row = found.pop()
        if row not in reached:
            reached.add(row)
            found += after.get(row, ())
    rows = {score.by_name[name].row: name for name in sinks}
    if not reached.isdisjoint(rows):
        return 0
    late = (latency_of(score, latencies, name, "inports", port) for row, name in rows.items() for port in heard.get(row, ()))
    return min(late, default=0)
