"""Processings of blocks that hear buffers: they are called once for each buffer, and put out buffers, as long as they hear.

Ports of the type AudioBuffer hold a block of a signal in some types, and a buffer of any length in others. A type whose ports are
all of that type computes either: its kernel takes any number of frames.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...declare.declaration import is_buffer
from ..memory.arrays import Ints
from ..memory.shared import shared
from .score import Node, Score


def lifted(score: Score) -> set[int]:
    """The rows of the processings of blocks that compute buffers.

    One that hears nothing any more goes on as before, so that what is in it ends as it should.
    """
    putting = [type_.puts_buffers for type_ in score.types]
    if not any(putting):
        return set()
    nodes = score.nodes.used
    near = [score.by_row[row] for row in np.flatnonzero(np.array(putting)[nodes["type"]] & nodes["alive"]).tolist()]
    near += [score.by_row[row] for row in score.lifted if not _hears(score, score.by_row[row])]
    found = {node.row for node in near if not node.type.framed}
    for node in near:
        for ends in node.wires:
            if ends[0] != node.row or not score.is_edge(ends):
                continue
            reader = score.by_row[ends[2]]
            if reader.row not in found and reader.type.takes_buffers and _puts_buffers(node, ends[1]):
                found.add(reader.row)
                near.append(reader)
    return found


def _puts_buffers(node: Node, port: str) -> bool:
    out = node.map.declared["outports", port][0]
    return is_buffer(out) and (out.frame is not None or not node.type.framed)


def _hears(score: Score, node: Node) -> bool:
    """Whether anything is connected to its in ports."""
    return any(ends[2] == node.row and score.is_edge(ends) for ends in node.wires)


class Lifted(NamedTuple):
    """How a processing of blocks is called for each buffer.

    Attributes
    ----------
    firing : its firing.
    table : the words of its ports, see `memory.queues`.
    ins, outs : the tables of ports for its kernel.
    """

    firing: Ints
    table: Ints
    ins: Ints
    outs: Ints


class PortTable:
    """The table that the kernel of a type takes for its in ports or its out ports; see `program`.

    Attributes
    ----------
    table : of the ports, or where some are declared with `count`, of the declared ones.
    entries : by port, the address of the entry in which the kernel finds the address of its buffer.
    keep : all memory of it.
    """

    def __init__(self, node: Node, role: str) -> None:
        items = node.type.items_of(role)
        counts = [node.map.counts[item.attribute] for item in items]
        ports = shared(np.ones((max(sum(counts), 1), 2), np.int64))  # address, and the distance between frames
        self.table, self.keep = ports, [ports]
        addresses = [address_of(ports) + 16 * k for k in range(sum(counts))]
        if any(item.many for item in items):
            self.table = shared(np.ones((len(items), 2), np.int64))
            self.keep.append(self.table)
            first = 0
            for k, (item, count) in enumerate(zip(items, counts, strict=True)):
                if item.many:
                    self.table[k] = address_of(ports) + 16 * first, count
                else:
                    addresses[first] = address_of(self.table) + 16 * k
                first += count
        self.entries = addresses


def address_of(array: np.ndarray[Any, Any]) -> int:
    """The address of an array's memory."""
    return int(array.ctypes.data)
