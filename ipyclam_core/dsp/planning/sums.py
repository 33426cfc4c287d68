"""Sums of signals: their terms, and equal sums, which are computed only once.

The left and right channels often have the same sum.
"""

from __future__ import annotations

import numpy as np

from ..memory.arrays import Bools, Ints
from ..memory.program import TERM_WORDS
from .in_ports import Signals

_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)


def terms_of(signals: Signals, base: int) -> tuple[Ints, Ints]:
    """The slot of each term, ascending, and the terms; see `TERM_WORDS`.

    Signals side by side in one run are one term. The order of terms does not depend on the arena's address, `base`:
    the rounding of a sum depends on the order.
    """
    place = signals.offset | (signals.outside != 0) << 48
    signals = signals.of(np.lexsort((place, signals.slot << 1 | (signals.fade != 0))))
    address, stride, slot, steady = signals.address(base), signals.stride, signals.slot, signals.fade == 0
    first = np.ones(len(slot), np.bool_)
    follows = (address[1:] == address[:-1] + 4) & (stride[1:] == stride[:-1]) & (stride[1:] > 1) & (slot[1:] == slot[:-1])
    first[1:] = ~(follows & steady[1:] & steady[:-1] & (signals.outside[1:] == 0))
    head = np.flatnonzero(first)
    terms = np.zeros((max(len(head), 1), TERM_WORDS), np.int64)
    columns = address[head], stride[head], np.diff(np.append(head, len(first))), signals.fade[head]
    terms[: len(head)] = np.stack(columns, axis=1)
    return slot[head], terms


def first_of_each(terms: Ints, begin: Ints, end: Ints, depth: Ints, able: Bools) -> Ints:
    """For each sum, the number of the one to take instead: itself, or one of exactly the same terms that is not deeper.

    Parameters
    ----------
    terms : one row each, of four numbers.
    begin, end : the rows of each sum.
    depth : when each sum is needed.
    able : whether each may share.
    """
    instead = np.arange(len(begin))
    index = np.flatnonzero(able)
    if len(index) < 2:
        return instead
    mixed = (terms.astype(np.uint64) * _ODD).sum(axis=1, dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _ODD[0]
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    sign = total[end[index]] - total[begin[index]]
    length = end[index] - begin[index]
    rank = np.lexsort((depth[index], length, sign))
    index, sign, length = index[rank], sign[rank], length[rank]
    begins = np.ones(len(index), np.bool_)
    begins[1:] = (sign[1:] != sign[:-1]) | (length[1:] != length[:-1])
    head = index[np.maximum.accumulate(np.where(begins, np.arange(len(index)), 0))]
    again = np.flatnonzero(~begins)
    if len(again) == 0:
        return instead
    index, head, length = index[again], head[again], length[again]
    starts = np.cumsum(length) - length
    row = np.arange(int(length.sum())) - np.repeat(starts, length)
    same = (terms[np.repeat(begin[index], length) + row] == terms[np.repeat(begin[head], length) + row]).all(axis=1)
    sure = np.logical_and.reduceat(same, starts)
    instead[index[sure]] = head[sure]
    return instead
