"""Names that CLAM itself has changed, or writes in two ways: what files of any age mean by them today."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from ..proxy import ConnectorId, Direction, Kind

UNTITLED: Final = "Unnamed"
"""What CLAM writes for a network without a name."""

SIDES: Final[tuple[tuple[Kind, Direction], ...]] = (("Port", "In"), ("Port", "Out"), ("Control", "In"), ("Control", "Out"))

_CLASS_NAMES: Final = {
    "AbeLPC_Autocorrelation": "AbeLPC_AutoCorrelation",
    "DataMultiplier": "BinaryDataOperation",
    "SpectralAmplitudeModulation": "SpectralAM",
    "SpectralPhaseModulation": "SpectralPM",
    "SpectralRingModulation": "SpectralRingMod",
}
"""Factory key by factory key: the class name under which CLAM saves it, and which it cannot read itself."""

_OTHER_NAMES: Final = _CLASS_NAMES | {written: key for key, written in _CLASS_NAMES.items()}

_UPGRADES: Final[Mapping[tuple[str, Kind, Direction], Mapping[str, str]]] = {
    ("AudioSource", "Port", "Out"): {"AudioOut": "1"},
    ("AudioSink", "Port", "In"): {"AudioIn": "1"},
}
"""Connectors that had another name before CLAM 1.4."""

_NUMBERED: Final[Mapping[tuple[str, Kind, Direction], str]] = {
    ("ControlPrinter", "Control", "In"): "In Control",
    ("ControlSource", "Control", "Out"): "output",
}
"""Connectors whose numbers followed a ``_``, after a name of the processing's own: ``XYZ_0``, ``XYZ_1``."""

_NUMBER: Final = re.compile(r"_([0-9]+)\Z", re.ASCII)


def type_name(written: str, known: Collection[str]) -> str:
    """The processing type that a file means; `written` itself where nothing of it is known."""
    other = _OTHER_NAMES.get(written, written)
    return other if written not in known and other in known else written


def upgrade(end: ConnectorId, type: str) -> ConnectorId:
    """What a connector that the type `type` does not have is called today; `end` itself where nothing of it is known."""
    side = type, end.kind, end.direction
    name = _UPGRADES.get(side, {}).get(end.name, "")
    number = _NUMBER.search(end.name)
    if side in _NUMBERED and number:
        name = _NUMBERED[side] + (f" {number[1]}" if number[1] != "0" else "")
    return replace(end, name=name) if name else end


class Ends:
    """Reads ``Processing.Connector``, where either name may hold dots.

    Parameters
    ----------
    names : the processings of the network.
    has : whether a processing is known to have a connector.
    """

    def __init__(self, names: Iterable[str], has: Callable[[ConnectorId], bool]) -> None:
        self._names = frozenset(names)
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._has = has

    def read(self, text: str, kind: Kind, direction: Direction) -> ConnectorId:
        """The longest known processing that `text` begins with, and its connector.

        A shorter one wins where only that has the connector. Where no processing is known, the last dot decides.
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
