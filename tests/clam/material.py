"""What `pack.py` has packed: CLAM's cases, its types, and the recordings that its sources were fed."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

HERE = Path(__file__).parent
RATE = 44100
RECORDINGS = ("voice220", "sweep", "noise", "sine440")
"""What the sources of CLAM's networks were fed, in order."""

REST = 2.0**-38
"""The step in which the rests are kept: that of a float32 at 2 ** -15."""

NETWORKS = HERE.parents[1].parent / "shared" / "clam" / "networks"
"""CLAM's own networks. They are other people's, so they stand beside a checkout, or are not there."""


@dataclass(frozen=True)
class Case:
    """A network of one processing, and what CLAM rendered for it, in blocks of 512 frames.

    `sources` says which recording each source is fed; `controls` what arrives in block 0, from senders in the network;
    in `repeated_blocks` CLAM repeated what it had, since nothing had come.
    """

    name: str
    type: str
    frames: int
    sources: dict[str, str]
    rms: list[float]
    channels: list[tuple[str, int, float] | None]
    error: float
    controls: dict[str, float] = field(default_factory=dict)
    what_varied: dict[str, Any] = field(default_factory=dict)
    repeated_blocks: list[int] = field(default_factory=list)

    @property
    def network(self) -> str:
        """The text of the network's file."""
        with zipfile.ZipFile(HERE / "networks.zip") as archive:
            return archive.read(f"{self.name}.clamnetwork").decode()

    @property
    def expected(self) -> np.ndarray:
        """What CLAM rendered: float32, ``(frames, channels)``."""
        audio = np.zeros((self.frames, len(self.channels)), np.float32)
        for k, place in enumerate(self.channels):
            if place:
                file, start, factor = place
                audio[:, k] = _numbers(file)[start : start + self.frames] * factor
        return audio


def _cases() -> dict[str, Case]:
    return {entry["name"]: Case(**entry) for entry in json.loads((HERE / "cases.json").read_text())["cases"]}


CASES = _cases()


@cache
def types() -> dict[str, dict[str, Any]]:
    """What CLAM says of each of its types, by name."""
    return {entry["type"]: entry for entry in json.loads((HERE / "types.json").read_text())["types"]}


def recording_path(name: str) -> Path:
    """The file of a recording: mono, two seconds at 44100 Hz."""
    return HERE / "inputs" / f"{name}.flac"


@cache
def recording(name: str) -> np.ndarray:
    """A recording as the float32 samples that CLAM read, which are finer than those of the file."""
    samples, rate = soundfile.read(recording_path(name), dtype="float64")
    assert rate == RATE
    with np.load(HERE / "inputs" / "rests.npz") as rests:
        return np.asarray(samples + rests[name] * REST, np.float32)


@cache
def _numbers(file: str) -> np.ndarray:
    samples, rate = soundfile.read(HERE / "audio" / f"{file}.flac", dtype="int32")
    assert rate == RATE
    return np.asarray(samples >> 8)
