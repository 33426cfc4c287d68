"""The inputs of in ports: a signal in place, a mix of several signals, or the default of an unconnected port.

An in port of a run has a slot for each lane. Edges lead to slots.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..memory.arrays import Ints, begins, in_lines
from .runs import Ports, Runs


class Signals(NamedTuple):
    """The signals at in ports, one row for each edge.

    Attributes
    ----------
    offset, stride : its offset in the arena, and the distance between frames, in floats.
    outside : the address of a signal outside the arena, 0 for those inside.
    fade : the address of its fade, 0 for none.
    slot : the slot that reads it.
    """

    offset: Ints
    stride: Ints
    outside: Ints
    fade: Ints
    slot: Ints

    def of(self, which: Any) -> Signals:
        """A selection, in the given order."""
        return Signals(*(column[which] for column in self))

    def address(self, base: int) -> Ints:
        """Their addresses, with the arena at `base`."""
        return np.where(self.outside != 0, self.outside, base + 4 * self.offset)


class InPorts:
    """The in ports of all runs.

    Attributes
    ----------
    ports : the run and the number of each port.
    lanes : by port, its number of slots.
    slot : by port, its first slot.
    port : by slot, its port.
    direct, mixed, open : by port, which of the three kinds of input it has.
    room : by port, the offset of its mix in the memory for mixes, in floats.
    size : of that memory.
    """

    def __init__(self, runs: Runs) -> None:
        self.ports = Ports(runs.ins)
        self.lanes = runs.lanes[self.ports.run]
        self.slot = begins(self.lanes)
        self.port = np.repeat(np.arange(len(self.ports)), self.lanes)
        self._steps = runs.steps[self.ports.run]

    def slots(self, runs: Runs, node: Any, into: Any) -> Any:
        """The slots of nodes' in ports."""
        return self.slot[self.ports.first[runs.of[node]] + into] + runs.within[node]

    def settle(self, signals: Signals, block: int) -> None:
        """Decide the kind of input of each port: direct if each lane has one signal, and the signals are side by side in memory."""
        count = np.bincount(signals.slot, minlength=len(self.port))
        alone = count == 1
        alone[signals.slot[signals.fade != 0]] = False
        one = Signals(*np.zeros((5, len(self.port)), np.int64))  # of slots with a single signal
        for column, values in zip(one, signals, strict=True):
            column[signals.slot] = values
        first = self.slot[self.port]
        lane = np.arange(len(self.port)) - first
        side_by_side = (one.outside == 0) & (one.stride == one.stride[first]) & (one.offset == one.offset[first] + lane)
        self.direct = _all(alone & (side_by_side | (self.lanes[self.port] == 1)), self.slot)
        self.direct &= self._steps | (one.stride[self.slot] == 1)  # only a step function can take frames that are apart
        self.open = _all(count == 0, self.slot)
        self.mixed = ~self.direct & ~self.open
        sizes = in_lines(np.where(self.mixed, self.lanes * block, 0))
        self.room, self.size = begins(sizes), int(sizes.sum())
        self._first = one.of(self.slot)

    def entries(self, base: int, mixes: int, silence: int) -> Ints:
        """The address and the stride of each, with the arena and the mixes at these addresses; unconnected ones read silence."""
        address = np.where(self.direct, self._first.address(base), np.where(self.mixed, mixes + 4 * self.room, silence))
        stride = np.where(self.direct, self._first.stride, np.where(self.mixed, self.lanes, ~self._steps))
        return np.stack([address, stride], axis=1)


def _all(true: Any, begin: Ints) -> Any:
    """Whether all values of each group are true; groups are given by their offsets."""
    return np.logical_and.reduceat(true, begin) if len(begin) else np.zeros(0, np.bool_)
