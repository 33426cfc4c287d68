"""Runs: processings of one type at one depth, in neighbouring lanes of memory, which one op computes together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..memory.arrays import Ints, begins, in_lines


class Runs:
    """The runs of some nodes, the deepest last; the nodes of `alone` have one each.

    Attributes
    ----------
    first, node : by run, its first node: the index in `sorted`, and that node itself.
    lanes, depth, type, ins, outs, base, lane, steps, device : by run, the values of its first node; `lanes` is the number of nodes.
    offset : by run, the offset of its out ports' signals in the arena, in floats.
    sorted : the nodes, run by run.
    of, within : by node, its run and its lane in that run.
    size : floats of all signals.
    """

    def __init__(self, nodes: Any, depth: Ints, block: int, alone: Sequence[int] = ()) -> None:
        key = ((depth << 12 | nodes["type"]) << 24 | (nodes["chunk"] + 1)) << 7 | nodes["lane"]  # one sort instead of four
        self.sorted = np.argsort(key, kind="stable")
        chunk, lane, depth = nodes["chunk"][self.sorted], nodes["lane"][self.sorted], depth[self.sorted]
        first = np.ones(len(chunk), np.bool_)
        first[1:] = (chunk[1:] != chunk[:-1]) | (lane[1:] != lane[:-1] + 1) | (depth[1:] != depth[:-1]) | (chunk[1:] < 0)
        for node in alone:
            place = int(np.flatnonzero(self.sorted == node)[0])
            first[place : place + 2] = True
        self.first = np.flatnonzero(first)
        self.lanes = np.diff(self.first, append=len(first))
        self._of_nodes(np.cumsum(first) - 1)
        self.node = self.sorted[self.first]
        heads = nodes[self.node]
        self.depth = depth[self.first]
        self.type, self.lane = heads["type"].astype(np.int64), heads["lane"].astype(np.int64)
        self.ins, self.outs = heads["ins"].astype(np.int64), heads["outs"].astype(np.int64)
        self.base, self.steps, self.device = heads["base"], heads["steps"], heads["device"]
        self._block = block
        sizes = in_lines(self.lanes * self.outs * block)
        self.offset, self.size = begins(sizes), int(sizes.sum())

    def _of_nodes(self, run: Ints) -> None:
        """Invert a mapping that is in the order of `sorted`."""
        self.of, self.within = np.empty_like(run), np.empty_like(run)
        self.of[self.sorted] = run
        self.within[self.sorted] = np.arange(len(run)) - self.first[run]

    def signal(self, node: Any, out: Any) -> tuple[Any, Any]:
        """The offset in the arena and the stride of the signals of nodes' out ports, in floats: lanes are side by side."""
        run = self.of[node]
        return self.port(run, out) + self.within[node], self.lanes[run]

    def port(self, run: Any, out: Any) -> Any:
        """The offset in the arena of the signals of runs' out ports."""
        return self.offset[run] + out * self.lanes[run] * self._block


class Ports:
    """The in ports, or the out ports, of all runs, concatenated.

    Attributes
    ----------
    first : by run, its first port.
    run, number : by port, its run and its number in that run.
    """

    def __init__(self, counts: Ints) -> None:
        self.first = begins(counts)
        self.run = np.repeat(np.arange(len(counts)), counts)
        self.number = np.arange(len(self.run)) - self.first[self.run]

    def __len__(self) -> int:
        return len(self.run)
