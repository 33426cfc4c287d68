"""Chains: ``a > b > c`` is ``a > b and b > c`` to Python, whose answer is that to the last comparison: here it has all wires."""

from __future__ import annotations

import dis
import sys
import threading
from collections.abc import Callable
from typing import Final, NamedTuple

from .connecting import Connections

_COPY: Final = dis.opmap["COPY"]
_last = threading.local()


class _Link(NamedTuple):
    """The last comparison of a chain that goes on: where it stands, its operands, how many there were, and what they made."""

    frame: int
    at: int
    operands: frozenset[int]
    steps: int
    made: Connections


def answer(connect: Callable[[], Connections], left: object, right: object) -> Connections:
    """The answer to a comparison that the caller of the calling method has typed, with the wires of those before it in a chain.

    If it fails, the error has a note about the wires that those before it have made.
    """
    frame = sys._getframe(2)
    at, code, operands = frame.f_lasti, frame.f_code.co_code, frozenset((id(left), id(right)))
    before: _Link | None = getattr(_last, "link", None)
    if before is not None and before.frame == id(frame):
        _last.link = None
        before = before if before.at < at and before.operands & operands else None
    else:
        before = None
    try:
        made = connect()
    except Exception as error:
        if before is not None:
            error.add_note(_made(before))
        raise
    made = made if before is None else made.after(before.made, before.made.notes)
    if at >= 2 and code[at - 2] == _COPY:  # of the operand on the right, for the next comparison
        _last.link = _Link(id(frame), at, operands, 1 if before is None else before.steps + 1, made)
    return made


def _made(before: _Link) -> str:
    """What a chain that failed has made."""
    wires = repr(before.made).split("\n")
    more = f" and {len(before.made) - 1} more" if len(before.made) > 1 else ""
    times = before.steps if before.steps > 1 else ""
    return f"This line has made {wires[0]}{more}. To undo that: {before.made.variable}.undo({times})"
