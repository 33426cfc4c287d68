"""The part of a score that frames reach: the processings called for each frame, all that hear them, and the wires between these."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...declare.declaration import Declared
from ..memory.arrays import Bools
from .order import Order
from .score import Node, Score


class Ends(NamedTuple):
    """The two ends of an edge: rows of nodes, and numbers of ports."""

    source: int
    out: int
    target: int
    into: int


class Streams:
    """The part of a score that frames reach.

    Attributes
    ----------
    kept : which of the order's edges carry blocks of samples. The others carry frames, or pieces from one stream to another.
    nodes : the nodes, in an order in which they can be computed.
    ends : of the edges at these nodes, by index.
    into, out_of : by node, its edges.
    """

    def __init__(self, score: Score, order: Order) -> None:
        self.score, self.order = score, order
        edges = order.edges
        self.kept: Bools = np.ones(len(edges), np.bool_)
        self.nodes: list[Node] = []
        self.ends: dict[int, Ends] = {}
        self.into: dict[int, list[int]] = {}
        self.out_of: dict[int, list[int]] = {}
        framed = np.array([type_.framed for type_ in score.types], np.bool_)
        types = score.nodes.rows(order.ids)["type"] if len(order.ids) else np.zeros(0, np.int32)
        if not score.holding and (not framed.any() or not framed[types].any()):
            return
        begin = framed[types]
        begin[order.compact[[row for row in score.holding if order.compact[row] >= 0]]] = True
        reached = self._reached(begin)
        sources, targets = order.compact[edges["source"]], order.compact[edges["target"]]
        for e in np.flatnonzero(reached[targets] | reached[sources]).tolist():
            edge = edges[e]
            ends = self.ends[e] = Ends(int(edge["source"]), int(edge["out"]), int(edge["target"]), int(edge["into"]))
            self.into.setdefault(ends.target, []).append(e)
            self.out_of.setdefault(ends.source, []).append(e)
        rows = order.ids[np.argsort(order.depth, kind="stable")]
        self.nodes = [score.by_row[row] for row in rows[reached[order.compact[rows]]].tolist()]
        self._items = {
            (node.row, role): node.items(role)
            for node in {row: score.by_row[row] for ends in self.ends.values() for row in (ends.source, ends.target)}.values()
            for role in ("inports", "outports")
        }
        for e, ends in self.ends.items():
            self.kept[e] = not (self.out_item(ends).frame is not None or self._is_direct(e, ends))

    def _reached(self, reached: Bools) -> Bools:
        """All nodes that hear these, through any number of wires."""
        edges = self.order.edges
        sources, targets = self.order.compact[edges["source"]], self.order.compact[edges["target"]]
        reached, count = reached.copy(), 0
        while count != np.count_nonzero(reached):
            count = int(np.count_nonzero(reached))
            reached[targets[~self.order.closes & reached[sources]]] = True
        return reached

    def _is_direct(self, e: int, ends: Ends) -> bool:
        """Whether pieces go from one stream to another, at whatever rate, without becoming blocks."""
        if not self.out_item(ends).size or not self.in_item(ends).size or self.order.edges["fade"][e]:
            return False
        return sum(self.ends[other].into == ends.into for other in self.into[ends.target]) == 1

    def out_item(self, ends: Ends) -> Declared:
        """The declaration of the out port at an edge."""
        return self._items[ends.source, "outports"][ends.out][0]

    def in_item(self, ends: Ends) -> Declared:
        """The declaration of the in port at an edge."""
        return self._items[ends.target, "inports"][ends.into][0]

    def wires_into(self, node: Node, k: int) -> list[int]:
        """The edges into an in port."""
        return [e for e in self.into.get(node.row, ()) if self.ends[e].into == k]

    def wires_from(self, node: Node, k: int) -> list[int]:
        """The edges from an out port."""
        return [e for e in self.out_of.get(node.row, ()) if self.ends[e].out == k]
