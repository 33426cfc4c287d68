"""Connecting a list: ``net.saw > [net.low, net.out]`` connects with each, in one step, all or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from ..system.display import brief
from .connecting import Connections
from .history import RecordingProxy


def is_list(other: object) -> TypeGuard[Sequence[Any]]:
    """Whether it is a plain list or tuple."""
    return type(other) in (list, tuple)


def with_each(proxy: RecordingProxy, text: str, others: Sequence[Any], connect: Callable[[Any], Connections], arrow: str) -> Connections:
    """Connect what is typed as `text` with each of a list, or disconnect it."""
    if not others:
        raise TypeError(f"the list to {'connect' if arrow == '>' else 'disconnect'} {text} with is empty")
    if any(map(is_list, others)):
        raise TypeError(f"{text} cannot be connected with a list in a list")
    told = ", ".join([*map(brief, others[:3]), *(["..."] if len(others) > 3 else [])])
    with proxy.step(f"{'connect' if arrow == '>' else 'disconnect'} {text} with {told}"):
        wires = [wire for other in others for wire in connect(other)]
    return Connections(proxy, wires, arrow)
