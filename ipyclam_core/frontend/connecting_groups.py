"""Connecting and disconnecting groups: as if each of their processings were connected by itself, in one step.

Where an engine can, the wires of a whole bank are made at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from ..banks import Bank, Bundle
from ..errors import ConnectionExists, DifferentConnectorType, DifferentNetwork, DifferentNumbers, NotConnected, NothingToConnect
from ..proxy import Wire
from . import connecting
from .connecting import Connections, Side, oriented, pairs
from .history import RecordingProxy


@dataclass(frozen=True, slots=True)
class Ends:
    """What is left or right of the arrow.

    Attributes
    ----------
    text : as one types it, or its first and its last.
    sides : gives the side of each processing.
    size : how many they are; None for one that is connected with all of the other group.
    sample : the side of any, where all are alike.
    end : what stands for all in a bundle, where they are alike.
    """

    proxy: RecordingProxy
    text: str
    sides: Callable[[], Sequence[Side]]
    size: int | None
    sample: Side | None = None
    end: Bank | str | None = None


def connect(left: Ends, right: Ends, *, arrow: bool) -> Connections:
    """Make the wires of ``left > right``, one to one where both are groups; those that cannot be are passed over."""
    proxy = _network(left, right)
    what = f"connect {left.text} to {right.text}"
    reasons: dict[str, None] = {}
    if left.sample is not None and right.sample is not None:
        bundles = _bundles(left, right, left.sample, right.sample, arrow)
        if bundles and proxy.connect_bundles(bundles, what):
            return Connections(proxy, (), ">", bundles)
    made: list[Wire] = []
    with proxy.step(what):
        for one, other in _each(left, right):
            try:
                made += connecting.connect(one, other, arrow=arrow)
            except NothingToConnect as error:
                reasons.update(dict.fromkeys(error.reasons))
            except (DifferentConnectorType, ConnectionExists) as error:
                reasons[str(error)] = None
        if not made:
            raise NothingToConnect(left.text, right.text, tuple(reasons) or ("a group is empty",))
    return Connections(proxy, made, ">")


def disconnect(left: Ends, right: Ends, *, arrow: bool) -> Connections:
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


def _network(left: Ends, right: Ends) -> RecordingProxy:
    """The network of both, which are of one and fit one to one."""
    if left.proxy is not right.proxy:
        raise DifferentNetwork(left.text, right.text)
    if left.size is not None and right.size is not None and left.size != right.size:
        raise DifferentNumbers(left.text, left.size, right.text, right.size)
    return left.proxy


def _each(left: Ends, right: Ends) -> Iterator[tuple[Side, Side]]:
    ones, others = left.sides(), right.sides()
    if left.size is None:
        return zip(repeat(ones[0]), others, strict=False)
    return zip(ones, repeat(others[0]) if right.size is None else others, strict=False)


def _bundles(left: Ends, right: Ends, one: Side, other: Side, arrow: bool) -> list[Bundle]:
    """The wires of all, from those of one of each."""
    out, into = oriented(one, other, ">" if arrow else "")
    source, target = (left.end, right.end) if out is one else (right.end, left.end)
    assert source is not None
    assert target is not None
    bundles = []
    for end, peer in pairs(out, into, {}):  # where nothing fits, the reasons are those of each
        sent, taken = out.state.connectors.find(end.kind, "Out", end.name), into.state.connectors.find(peer.kind, "In", peer.name)
        if sent is not None and taken is not None and sent.type == taken.type:
            bundles.append(Bundle(end.kind, source, end.name, target, peer.name))
    return bundles
