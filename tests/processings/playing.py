"""Processings of every type, played alone: what they are given, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from clam.material import recording_path

from ipyclam_core.declare.declaration import Declared

from .conftest import COMPUTED

STATEMENTS: dict[str, dict[str, Any]] = {
    "ADSR": {"AttackTime": 0.002, "DecayTime": 0.002, "SustainLevel": 0.5, "ReleaseTime": 0.01},
    "ControlMapper": {"Mapping": "linear", "Arguments": (0.0, 127.0, 0.0, 1.0)},
    "LibloSource": {"ServerPort": "47113"},
    "LibloSink": {"ServerPort": 47114},
    "MultiLibloSource": {"ServerPort": 47113},
    "MultiSampler": {"BasePath": str(recording_path("sine440").parent), "Samples": "sine440.flac, noise.flac", "LoopDefaultState": True},
    "NSurround": {"NChannels": 3},
    "SpatDIFSourceReceiver": {"SourceName": "one", "ServerPort": 47115},
    "WhiteNoise": {"DistributionType": "Gaussian"},
}
"""Configurations that show more of a type than its defaults."""

BLOCKWISE: dict[str, str] = {
    "AudioBufferCrossFader": "it fades in the course of each block, as in CLAM",
    "Vbap3D": "it comes out of silence in the course of its first block, as in CLAM",
    "Vbap3DBuffer": "as Vbap3D",
    "Vbap3DExperimental": "as Vbap3D",
    "DCRemoval": "it takes the mean of each block, as in CLAM",
    **dict.fromkeys(("AudioAmplifier", "AudioBufferAmplifier"), "it comes from InitGain in the course of its first block, as in CLAM"),
}
"""Types whose sound may depend on the length of a block, and why."""


def configuration(name: str, files: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """A configuration with which a type can play; `files` are those for certain parameters, and ``""`` for others."""
    given = dict(STATEMENTS.get(name, {}))
    for parameter in COMPUTED[name].spec.parameters:
        if parameter.type == "file":
            given[parameter.name] = files.get(parameter.name, files[""])
        if parameter.type == "outfile":
            given[parameter.name] = str(folder / "out.wav")
    return given


def count(processing: Any, item: Declared) -> int:
    """How many connectors a declared attribute stands for."""
    return int(processing.count(item))


def played(
    processing: Any, lengths: Sequence[int], sends: Sequence[tuple[str, float]] = (), silent: int = 0
) -> tuple[list[np.ndarray], dict[str, list[float]]]:
    """The output for noise cut into blocks, the first of them with controls, and what was sent; the noise begins `silent`."""
    type_ = processing.type
    generator = np.random.default_rng(7)
    wanted = sum(count(processing, item) for item in type_.items_of("inports"))
    ins = [(0.3 * generator.standard_normal(sum(lengths))).astype(np.float32) for _ in range(wanted)]
    for samples in ins:
        samples[:silent] = 0.0
    for item in type_.items_of("incontrols"):
        if item.spec.name == "Amplitude":
            processing.send(item.attribute, 0.75)
        for attribute, value in sends:
            for k in range(count(processing, item) if item.attribute == attribute else 0):
                processing.send(attribute, value, k)
    parts, place = [], 0
    for length in lengths:
        parts.append(processing.run([samples[place : place + length] for samples in ins], length))
        place += length
    outs = [np.concatenate(several) for several in zip(*parts, strict=True)]
    sent = {item.attribute: processing.sent(item.attribute) for item in type_.items_of("outcontrols") if count(processing, item)}
    processing.close()
    return outs, sent
