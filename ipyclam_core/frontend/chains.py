"""Chains: ``a > b > c`` is ``a > b and b > c`` to Python, whose answer is that to the last comparison: here it has all wires."""

from __future__ import annotations

import dis
import sys
import threading
from typing import Final, NamedTuple

from ..proxy import Wire
from .connecting import Connections

_COPY: Final = dis.opmap["COPY"]
_last = threading.local()


class _Link(NamedTuple):
    """The last comparison of a chain that goes on: where it stands, its operands, and the chain's wires and notes so far."""

    frame: int
    at: int
    operands: frozenset[int]
    wires: tuple[Wire, ...]
    notes: tuple[str, ...]


def answer(made: Connections, left: object, right: object) -> Connections:
    """The answer to a comparison that the caller of the calling method has typed, with the wires of those before it in a chain."""
    frame = sys._getframe(2)
    at, code, operands = frame.f_lasti, frame.f_code.co_code, frozenset((id(left), id(right)))
    before: _Link | None = getattr(_last, "link", None)
    if before is not None and before.frame == id(frame):
        _last.link = None
        if before.at < at and before.operands & operands:
            made = made.after(before.wires, before.notes)
    if at >= 2 and code[at - 2] == _COPY:  # of the operand on the right, for the next comparison
        _last.link = _Link(id(frame), at, operands, tuple(made), made.notes)
    return made
