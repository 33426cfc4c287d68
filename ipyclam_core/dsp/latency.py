"""How late the signals of a network are that does not play."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ..declare.declaration import Declaration
from ..proxy import ProcessingState, Wire
from . import kernels
from .planning import latency

BLOCK: Final = 512


def planned(
    states: Sequence[ProcessingState],
    wires: Iterable[Wire],
    type_of: Callable[[str], Declaration],
    sinks: Iterable[str],
    port: tuple[str, str, str] | None,
) -> int:
    """The latency of a port, given as processing, role and name, or of the latest of the sinks, with blocks of 512 frames."""
    if not any(type_of(state.spec.name).framed for state in states if not state.problem):
        return 0
    score, found = latency.planned(states, wires, type_of, kernels.levels(), BLOCK)
    return latency.latest_of(score, found, sinks) if port is None else latency.latency_of(score, found, *port)
