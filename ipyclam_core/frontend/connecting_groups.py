"""Connecting and disconnecting groups: as if each of their processings were connected by itself, in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from ..errors import DifferentNetwork, DifferentNumbers, NotConnected
from ..proxy import Kind, Wire
from . import connecting
from .connecting import Connections, Side, connect_all, oriented, pairs
from .history import RecordingProxy


@dataclass(frozen=True, slots=True)
class Sides:
    """One side of an arrow that connects a group.

    Attributes
    ----------
    text : as one types it, or its first and its last.
    members : the side of each processing; the only one where it is `single`.
    single : whether it is no group: it is connected with all of the other one.
    """

    proxy: RecordingProxy
    text: str
    members: Sequence[Side]
    single: bool = False


def connect(left: Sides, right: Sides, *, arrow: bool) -> Connections:
    """Make the wires of ``left > right``, one to one where both are groups; those that cannot be made are passed over."""
    proxy = _network(left, right)
    reasons: dict[str, None] = {}
    if not left.members or not right.members:
        reasons["a group is empty"] = None
    wires = list(_wires(left, right, ">" if arrow else "", reasons))
    return connect_all(proxy, wires, f"connect {left.text} to {right.text}", (left.text, right.text), reasons)


def disconnect(left: Sides, right: Sides, *, arrow: bool) -> Connections:
    """Cut the wires of ``left / right``, one to one where both are groups."""
    proxy = _network(left, right)
    cut: list[Wire] = []
    with proxy.step(f"disconnect {left.text} from {right.text}"):
        for one, other in _each(left, right):
            try:
                cut += connecting.disconnect(one, other, arrow=arrow)
            except NotConnected:
                continue
    return Connections(proxy, cut, "/")


def _network(left: Sides, right: Sides) -> RecordingProxy:
    """The network of both, which belong to one and have as many members where both are groups."""
    if left.proxy is not right.proxy:
        raise DifferentNetwork(left.text, right.text)
    if not (left.single or right.single) and len(left.members) != len(right.members):
        raise DifferentNumbers(left.text, len(left.members), right.text, len(right.members))
    return left.proxy


def _each(left: Sides, right: Sides) -> Iterator[tuple[Side, Side]]:
    if left.single:
        return zip(repeat(left.members[0]), right.members, strict=False)
    return zip(left.members, repeat(right.members[0]) if right.single else right.members, strict=False)


def _wires(left: Sides, right: Sides, arrow: str, reasons: dict[str, None]) -> Iterator[Wire]:
    """The wires of all pairs. Processings of one type and with the same connectors are wired alike: that is found out once."""
    known: dict[tuple[object, ...], list[tuple[Kind, str, str]]] = {}
    for one, other in _each(left, right):
        out, into = oriented(one, other, arrow)
        alike = (*_alike(out), *_alike(into))
        found = known.get(alike)
        if not found:  # where nothing fits, the reasons are those of each pair
            found = known[alike] = [(a.kind, a.name, b.name) for a, b in pairs(out, into, reasons)]
        for kind, source, target in found:
            yield Wire(kind, out.processing, source, into.processing, target)


def _alike(side: Side) -> tuple[object, ...]:
    """The common part of the titles of two sides with equal wires."""
    return id(side.state.connectors), side.kind, side.direction, side.connector, str(side.slices)
