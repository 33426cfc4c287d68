"""Playing what CLAM has rendered: its cases of one processing, and its own networks."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ipyclam_core import Network

from .judging import decibels
from .material import NETWORKS, RATE, RECORDINGS, Case, recording

BLOCK = 512


def rendered(case: Case, folder: Path, controls: Mapping[str, float] | None = None) -> np.ndarray:
    """What our processing makes of a case; `controls` are sent instead of what the case's senders send."""
    path = folder / f"{case.name}.clamnetwork"
    path.write_text(case.network)
    net = Network("clam")
    try:
        net.load(path)
        for name, value in (controls or {}).items():
            (sender,) = net.X._incontrols[name].peers
            sender.host.Default = value
        inputs = {source: recording(name) for source, name in case.sources.items()}
        return net.render(frames=case.frames, inputs=inputs, block_size=BLOCK, sample_rate=RATE)
    finally:
        net.close()


def compared(case: Case, heard: np.ndarray) -> float:
    """Decibels of signal to error, but for the blocks in which CLAM repeated itself for want of input."""
    expected = case.expected
    assert heard.shape == expected.shape
    fresh = np.ones(len(expected), bool)
    for block in case.repeated_blocks:
        fresh[BLOCK * block : BLOCK * (block + 1)] = False
    return decibels(expected[fresh], heard[fresh])


@cache
def networks() -> dict[str, dict[str, Any]]:
    """What is known of each of CLAM's own networks, by name; `types` are those it needs."""
    found = {}
    for entry in json.loads((NETWORKS / "index.json").read_text()):
        text = (NETWORKS / entry["name"] / "network.clamnetwork").read_text(encoding="latin1")
        found[entry["name"]] = {**entry, "types": set(re.findall(r'<processing\s[^>]*type="([^"]*)"', text))}
    return found


def loaded(name: str) -> Network:
    """One of CLAM's own networks."""
    net = Network("clam")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of wires to connectors that CLAM does not have either
        net.load(NETWORKS / name / "network.clamnetwork")
    return net


def network_compared(name: str) -> float:
    """Decibels of signal to error of one of CLAM's own networks, over its whole length."""
    expected, heard = network_rendered(name)
    assert heard.shape == expected.shape
    return decibels(expected, heard)


def network_rendered(name: str) -> tuple[np.ndarray, np.ndarray]:
    """What CLAM rendered of one of its own networks, and what ours makes of it."""
    net = loaded(name)
    channel, inputs = 0, {}
    for source in [processing for processing in net if net[processing].type in ("AudioSource", "AudioBufferSource")]:
        wide = len(net[source]._outports)
        inputs[source] = np.stack([recording(RECORDINGS[(channel + k) % len(RECORDINGS)]) for k in range(wide)], axis=1)
        channel += wide
    try:
        heard = net.render(frames=networks()[name]["frames"], inputs=inputs, block_size=BLOCK, sample_rate=RATE)
    finally:
        net.close()
    return np.load(NETWORKS / name / "reference.npz")["audio"], heard
