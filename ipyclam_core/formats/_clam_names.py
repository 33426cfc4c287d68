"""Names in the files of CLAM: types that it writes in two ways, and connectors together with their processing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from ..proxy import ConnectorId, Direction, Kind

UNTITLED: Final = "Unnamed"
"""The id that CLAM writes for a network without a name."""

SIDES: Final[tuple[tuple[Kind, Direction], ...]] = (("Port", "In"), ("Port", "Out"), ("Control", "In"), ("Control", "Out"))

_CLASS_NAMES: Final = {
    "AbeLPC_Autocorrelation": "AbeLPC_AutoCorrelation",
    "DataMultiplier": "BinaryDataOperation",
    "SpectralAmplitudeModulation": "SpectralAM",
    "SpectralPhaseModulation": "SpectralPM",
    "SpectralRingModulation": "SpectralRingMod",
}
"""Factory key: the class name that CLAM saves instead, and which CLAM itself cannot load."""

_OTHER_NAMES: Final = _CLASS_NAMES | {written: key for key, written in _CLASS_NAMES.items()}


def type_name(written: str, known: Collection[str]) -> str:
    """The current name of a processing type in a file; `written` itself if it is unknown."""
    other = _OTHER_NAMES.get(written, written)
    return other if written not in known and other in known else written


class Ends:
    """Parses ``Processing.Connector``, where both names may contain dots.

    Parameters
    ----------
    names : the processings of the network.
    has : tells whether a connector exists.
    """

    def __init__(self, names: Iterable[str], has: Callable[[ConnectorId], bool]) -> None:
        self._names = frozenset(names)
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._has = has

    def read(self, text: str, kind: Kind, direction: Direction) -> ConnectorId:
        """The connector: the longest known processing at the start of `text`, and the rest.

        If only a shorter one has the connector, the shorter one is taken. Without a known processing, the last dot is the separator.
        """
        bare = text.strip()
        readings = self._splits(text) + (self._splits(bare) if bare != text else [])
        ends = [ConnectorId(processing, kind, direction, connector) for processing, connector in readings]
        if not ends:
            processing, _, connector = bare.rpartition(".")
            return ConnectorId(processing, kind, direction, connector)
        return ends[0] if len(ends) == 1 else next(filter(self._has, ends), ends[0])

    def _splits(self, text: str) -> list[tuple[str, str]]:
        return [
            (text[:length], text[length + 1 :])
            for length in self._lengths
            if text[length : length + 1] == "." and text[:length] in self._names
        ]
