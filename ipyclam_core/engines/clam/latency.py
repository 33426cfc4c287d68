"""How late the signals of a network are that does not play."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ...proxy import ProcessingState, Wire
from .types import declaration

BLOCK: Final = 512


def planned(states: Sequence[ProcessingState], wires: Iterable[Wire], sinks: Iterable[str], port: tuple[str, str, str] | None) -> int:
    """The latency of a port, given as processing, role and name, or of the latest of the sinks."""
    if not any(declaration(state.spec.name).framed for state in states if not state.problem):
        return 0
    from ...dsp import kernels
    from ...dsp.planning import latency

    score, found = latency.planned(states, wires, declaration, kernels.levels(), BLOCK)
    return latency.latest_of(score, found, sinks) if port is None else latency.latency_of(score, found, *port)
