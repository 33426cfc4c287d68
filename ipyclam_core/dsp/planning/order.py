"""The order of computation: the depth of each node, and where cycles are cut.

A wire that closes a cycle delays by a block. During playback, only new wires are cut, so that an edit
never adds a delay to older wires. A wire that is cut stays cut until it is connected again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from ..memory.arrays import Bools, Ints
from .score import Score

ONE_BY_ONE: Final = 256  # new wires that are tried one after the other, at most


class Order:
    """The order of a score's living nodes.

    Attributes
    ----------
    ids : the rows of the living nodes.
    compact : by row, the index in `ids`.
    edges, carriers : the rows of the living ones.
    depth : by index.
    closes : which of `edges` close a cycle.
    planned : which of them have been in a program before.
    """

    def __init__(self, score: Score, levels: Callable[[int], None], block: int) -> None:
        nodes = score.nodes.used
        self.ids = np.flatnonzero(nodes["alive"])
        self.compact = np.full(len(nodes) + 1, -1, np.int64)
        self.compact[self.ids] = np.arange(len(self.ids))
        self._levels = levels
        self._begin = np.argsort(nodes["order"][self.ids], kind="stable").astype(np.int32)
        living = [np.flatnonzero(rows.used["alive"]) for rows in (score.edges, score.carriers)]
        self.edges, self.carriers = score.edges.rows(living[0]), score.carriers.rows(living[1])
        both = (self.edges, self.carriers)
        sources = self.compact[np.concatenate([rows["source"] for rows in both])]
        targets = self.compact[np.concatenate([rows["target"] for rows in both])]
        closes = np.concatenate([rows["closes"] for rows in both])
        planned = np.concatenate([rows["planned"] for rows in both])
        self.depth, found = self._cut(sources, targets, closes, planned)
        count = len(self.edges)
        for rows, where, part in ((score.edges, living[0], slice(0, count)), (score.carriers, living[1], slice(count, None))):
            rows.table["closes"][where], rows.table["planned"][where] = found[part], True
        self.closes = found[:count]
        self.planned = planned[:count]
        for edge in living[0][self.closes & ~planned[:count]].tolist():
            if edge in score.fades:  # feedback arrives one block later, and so does its fade
                score.fades[edge].wait(block)

    def _cut(self, sources: Ints, targets: Ints, closes: Bools, planned: Bools) -> tuple[Ints, Bools]:
        """The depths, and the wires that close cycles."""
        through = ~closes
        depth, found = self._run(sources, targets, through)
        if not (found & planned).any():
            return depth, closes | found
        new = np.flatnonzero(through & ~planned)
        if len(new) > ONE_BY_ONE:
            return depth, closes | found
        through = through & planned
        for wire in new:
            through[wire] = True
            through[wire] = not self._run(sources, targets, through)[1].any()
        return self._run(sources, targets, through)[0], ~through

    def _run(self, sources: Ints, targets: Ints, through: Bools) -> tuple[Ints, Bools]:
        """Depths, and the wires that close cycles, by the compiled depth-first search of `wiring.levels` over some of the wires."""
        nodes, wires = len(self.ids), np.flatnonzero(through)
        ends = np.concatenate([sources[wires], targets[wires]]).astype(np.int32)
        depth = np.zeros(max(nodes, 1), np.int32)
        cut = np.zeros(max(len(wires), 1), np.int8)
        scratch = np.zeros(4 * nodes + 2 * len(wires) + 16, np.int32)
        arrays = (ends, self._begin, depth, cut, scratch)
        arguments = np.array([nodes, len(wires), *(array.ctypes.data for array in arrays)], np.int64)
        self._levels(arguments.ctypes.data)
        closes = np.zeros(len(sources), np.bool_)
        closes[wires] = cut[: len(wires)].astype(np.bool_)
        return depth[:nodes].astype(np.int64), closes
