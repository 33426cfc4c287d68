"""Settings of spectra that belong together and differ: the synthesis has to know the window and the hop of its analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...proxy import ConnectorId, NetworkProxy, ProcessingState
from ...variables import variable_of

ANALYSIS: Final = "SpectralAnalysis"
SYNTHESIS: Final = "SpectralSynthesis"
CHAINED: Final = frozenset({ANALYSIS, SYNTHESIS})
"""The types that have such settings."""

TOGETHER: Final = {
    "prAnalWindowSize": "prWindowSize", "prAnalWindowType": "prWindowType", "prHopSize": "prHopSize", "prZeroPadding": "prZeroPadding",
}  # fmt: skip
"""Parameters of the synthesis, each with that of the analysis which it repeats."""

SPECTRUM: Final = "Spectrum"


def misfits(proxy: NetworkProxy) -> Iterator[str]:
    """A message for each setting that does not fit, with the statement that sets it."""
    for state in list(proxy.processings().values()):
        if state.spec.name == ANALYSIS and not int(state.config["prWindowSize"]) % 2:
            size = state.config["prWindowSize"]
            said = f"{state.name}: a window of {size} samples has no middle. Windows have an odd number"
            yield f"{said}: {_typed(proxy, state, 'prWindowSize')} = {int(size) + 1}"
        elif state.spec.name == SYNTHESIS:
            for analysis in _analyses(proxy, state):
                yield from _differences(proxy, analysis, state)


def _differences(proxy: NetworkProxy, analysis: ProcessingState, synthesis: ProcessingState) -> Iterator[str]:
    for theirs, its in TOGETHER.items():
        wanted, found = analysis.config[its], synthesis.config[theirs]
        if wanted != found:
            said = f"{synthesis.name}.{theirs} is {found!r}, but {analysis.name}.{its} is {wanted!r}"
            yield f"{said}. To set what fits: {_typed(proxy, synthesis, theirs)} = {wanted!r}"


def _analyses(proxy: NetworkProxy, synthesis: ProcessingState) -> Iterator[ProcessingState]:
    """The analyses whose spectra reach a synthesis."""
    processings, seen, waiting = proxy.processings(), {synthesis.name}, [synthesis]
    while waiting:
        state = waiting.pop()
        for port in state.connectors.inports:
            for peer in proxy.peers(ConnectorId(state.name, "Port", "In", port.name)) if port.type == SPECTRUM else ():
                before = processings.get(peer.processing)
                if before is None or before.name in seen:
                    continue
                seen.add(before.name)
                if before.spec.name == ANALYSIS:
                    yield before
                else:
                    waiting.append(before)


def _typed(proxy: NetworkProxy, state: ProcessingState, parameter: str) -> str:
    named = f".{state.name}" if state.name.isidentifier() else f"[{state.name!r}]"
    return f"{variable_of(proxy)}{named}.{parameter}"
