"""Cycles of frames: a processing hears what the cycle made of its call before, at every block size.

In a block there may be several calls. So the processings of a cycle are called in turn, and whatever hears them comes after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from .order import Order
from .streams import Streams


class Cycles:
    """The cycles of frames of some streams.

    Attributes
    ----------
    members : of each cycle the rows of its nodes, in order.
    last : by row of a member whose signals are heard as blocks, the row of the deepest of its cycle.
    streamed : the rows of members of cycles in which frames become streams, and streams frames.
    """

    def __init__(self, streams: Streams) -> None:
        self.members: list[list[int]] = []
        self.last: dict[int, int] = {}
        self.streamed: set[int] = set()
        order = streams.order
        found: list[set[int]] = []
        for e in np.flatnonzero(order.closes).tolist():
            if e in streams.ends and not streams.kept[e]:
                ends = streams.ends[e]
                after = _reach([ends.target], lambda row: self._next(streams, row, forwards=True))
                before = _reach([ends.source], lambda row: self._next(streams, row, forwards=False))
                if after & before:  # a wire stays cut when what it has closed is open again
                    found = _merge(found, after & before)
        ranks = {node.row: k for k, node in enumerate(streams.nodes)}
        for cycle in found:
            rows = sorted(cycle, key=ranks.__getitem__)
            self.members.append(rows)
            inside = [ends for e, ends in streams.ends.items() if not streams.kept[e] and {ends.source, ends.target} <= cycle]
            if any(streams.out_item(ends).size for ends in inside):
                self.streamed |= cycle
            self._settle(order, rows)

    @staticmethod
    def _next(streams: Streams, row: int, forwards: bool) -> Iterable[int]:
        edges = (streams.out_of if forwards else streams.into).get(row, ())
        return [streams.ends[e].target if forwards else streams.ends[e].source for e in edges if not streams.kept[e]]

    def _settle(self, order: Order, rows: list[int]) -> None:
        """Whatever hears a cycle comes after all of it."""
        sources, targets = order.compact[order.edges["source"]][~order.closes], order.compact[order.edges["target"]][~order.closes]
        inside = np.zeros(len(order.ids), np.bool_)
        inside[order.compact[rows]] = True
        reaching, count = inside.copy(), 0
        while count != np.count_nonzero(reaching):
            count = int(np.count_nonzero(reaching))
            reaching[sources[reaching[targets]]] = True
        last = max(rows, key=lambda row: int(order.depth[order.compact[row]]))
        behind = targets[inside[sources] & ~reaching[targets]]
        between = sources[inside[sources] & ~inside[targets] & reaching[targets]]  # it goes on in blocks, and comes back
        depth = order.depth
        depth[behind] = np.maximum(depth[behind], depth[order.compact[last]] + 1)
        before = None
        while before is None or not np.array_equal(before, depth):
            before = depth.copy()
            np.maximum.at(depth, targets, depth[sources] + 1)
        self.last.update({row: last for row in rows if order.compact[row] not in between})


def _reach(begin: list[int], following: Callable[[int], Iterable[int]]) -> set[int]:
    near = list(begin)
    seen = set(near)
    for row in near:
        for other in following(row):
            if other not in seen:
                seen.add(other)
                near.append(other)
    return seen


def _merge(sets: list[set[int]], new: set[int]) -> list[set[int]]:
    apart = [each for each in sets if not each & new]
    return [*apart, new.union(*(each for each in sets if each & new))]
