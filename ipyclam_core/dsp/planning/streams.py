"""The part of a score that frames reach: the processings called for each frame, all that hear them, and the wires between these."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...declare.declaration import Declared
from ...declare.frames import BUFFER, FrameSpec, frame_types
from ..memory.arrays import Bools
from ..memory.instances import Message
from .lifting import lifted
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
    lifted : the rows of the processings of blocks that compute buffers.
    ended : messages that end the fades of wires that carry frames now.
    """

    def __init__(self, score: Score, order: Order) -> None:
        self.score, self.order = score, order
        edges = order.edges
        self.kept: Bools = np.ones(len(edges), np.bool_)
        self.nodes: list[Node] = []
        self.ends: dict[int, Ends] = {}
        self.into: dict[int, list[int]] = {}
        self.out_of: dict[int, list[int]] = {}
        self.lifted = score.lifted = lifted(score)
        self.ended: list[Message] = []
        framed = np.array([type_.framed for type_ in score.types], np.bool_)
        types = score.nodes.rows(order.ids)["type"] if len(order.ids) else np.zeros(0, np.int32)
        others = score.holding | self.lifted
        if not others and (not framed.any() or not framed[types].any()):
            return
        begin = framed[types]
        begin[order.compact[[row for row in others if order.compact[row] >= 0]]] = True
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
        for e, ends in list(self.ends.items()):
            of_frames = self.frame_of(ends.source, self.out_item(ends)) is not None and self._takes_frames(ends)
            if of_frames and edges["fade"][e]:
                self._end_fade(e, ends)
            self.kept[e] = not (of_frames or self._is_direct(e, ends))
        for e, ends in list(self.ends.items()):  # frames have come instead of a signal that is fading out
            if self.kept[e] and edges["fade"][e] and self.in_item(ends).frame is not None:
                meeting = [other for other in self.into[ends.target] if self.ends[other].into == ends.into]
                if not all(self.kept[other] for other in meeting):
                    self._end_fade(e, ends)

    def _end_fade(self, e: int, ends: Ends) -> None:
        """Frames come and go as a whole: a wire that was to fade out is cut now."""
        address = int(self.order.edges["fade"][e])
        fade = next(fade for fade in self.score.fades.values() if fade.address == address)
        self.ended += fade.end()
        if not fade.appears:
            del self.ends[e]
            self.into[ends.target].remove(e)
            self.out_of[ends.source].remove(e)

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
        if not self.out_item(ends).size or not self.in_item(ends).size or self.order.edges["fade"][e] or self.order.closes[e]:
            return False
        return sum(self.ends[other].into == ends.into for other in self.into[ends.target]) == 1

    def is_called(self, node: Node) -> bool:
        """Whether a processing is called for each frame, instead of once a block."""
        return node.type.framed or node.row in self.lifted

    def _takes_frames(self, ends: Ends) -> bool:
        return ends.target in self.lifted or self.in_item(ends).frame is not None

    def frame_of(self, row: int, item: Declared) -> FrameSpec | None:
        """The data type of the frames that a node's out port puts out; None for samples."""
        return frame_types[BUFFER] if row in self.lifted else item.frame

    def is_unrolled(self, e: int) -> bool:
        """Whether the buffers of an out port are heard as a signal."""
        ends = self.ends[e]
        return bool(self.kept[e]) and self.frame_of(ends.source, self.out_item(ends)) is not None

    def puts_signal(self, node: Node, k: int) -> bool:
        """Whether something hears an out port of frames as a block signal."""
        return any(self.kept[e] for e in self.wires_from(node, k))

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
