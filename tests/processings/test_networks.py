"""CLAM's own networks, those whose types are all here, sound as CLAM rendered them."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network

from .conftest import OURS, decibels

MATERIAL = Path(__file__).resolve().parents[2].parent / "shared" / "clam" / "networks"
SAME = 90.0


def playable() -> dict[str, dict[str, Any]]:
    """The networks that CLAM has rendered and all of whose types we have."""
    found = {}
    for entry in json.loads((MATERIAL / "index.json").read_text()):
        text = (MATERIAL / entry["name"] / "network.clamnetwork").read_text(encoding="latin1")
        types = set(re.findall(r'<processing\s[^>]*type="([^"]*)"', text))
        if entry["reference"] and types <= OURS.keys():
            found[entry["name"]] = entry
    return found


PLAYABLE = playable()


@pytest.mark.parametrize("name", sorted(PLAYABLE))
def test_a_network_sounds_as_clam_rendered_it(name: str, recordings: list[np.ndarray]) -> None:
    net = Network("clam")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of wires to connectors that CLAM does not have either
        net.load(MATERIAL / name / "network.clamnetwork")
    channel, inputs = 0, {}
    for source in [processing for processing in net if net[processing].type in ("AudioSource", "AudioBufferSource")]:
        wide = len(net[source]._outports)
        inputs[source] = np.stack([recordings[(channel + k) % len(recordings)] for k in range(wide)], axis=1)
        channel += wide
    heard = net.render(frames=PLAYABLE[name]["frames"], inputs=inputs, block_size=512, sample_rate=44100)
    net.close()
    expected = np.load(MATERIAL / name / "reference.npz")["audio"]
    assert heard.shape == expected.shape
    assert decibels(expected, heard) >= SAME


def test_there_are_many_of_them() -> None:
    assert len(PLAYABLE) >= 28
