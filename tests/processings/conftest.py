"""What the tests of processing types share: the catalog, CLAM's facts, and its recordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from ipyclam_core.declare.declaration import ProcessingType, catalog
from ipyclam_core.engines.clam import load_types

load_types()
OURS: dict[str, ProcessingType] = {name: type_ for name, type_ in catalog.items() if type_.owner.startswith("ipyclam_core.processings.")}
COMPUTED: dict[str, ProcessingType] = {name: type_ for name, type_ in OURS.items() if type_.form != "device"}

RECORDINGS = ("voice220", "sweep", "noise", "sine440")


@pytest.fixture(scope="session")
def clam_types(clam_material: Path) -> dict[str, Any]:
    """CLAM's own types, by name."""
    return {entry["type"]: entry for entry in json.loads((clam_material / "types.json").read_text())["types"]}


@pytest.fixture(scope="session")
def recordings(clam_material: Path) -> list[np.ndarray]:
    """What the sources of the reference networks were fed, in order."""
    return [soundfile.read(clam_material / "inputs" / f"{name}.wav", dtype="float32")[0] for name in RECORDINGS]


@pytest.fixture
def voice(clam_material: Path) -> str:
    """The path of a mono file of two seconds at 44100 Hz."""
    return str(clam_material / "inputs" / "voice220.wav")


def decibels(expected: np.ndarray, heard: np.ndarray) -> float:
    """Signal-to-error ratio; 400 where there is no error at all."""
    expected, heard = np.asarray(expected, float), np.asarray(heard, float)
    error = float(np.sum((expected - heard) ** 2))
    signal = float(np.sum(expected**2))
    if error == 0.0:
        return 400.0
    return 10.0 * float(np.log10(signal / error)) if signal > 0.0 else -400.0
