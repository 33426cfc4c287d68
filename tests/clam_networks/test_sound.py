"""CLAM's own networks, those whose types are all here, sound as CLAM rendered them."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

import numpy as np
import pytest
from clam.judging import SAME, decibels
from clam.material import NETWORKS, RECORDINGS, recording

from ipyclam_core import Network


def playable() -> dict[str, dict[str, Any]]:
    """The networks that CLAM has rendered and all of whose types we have."""
    ours = set(Network("clam").types)
    found = {}
    for entry in json.loads((NETWORKS / "index.json").read_text()):
        text = (NETWORKS / entry["name"] / "network.clamnetwork").read_text(encoding="latin1")
        types = set(re.findall(r'<processing\s[^>]*type="([^"]*)"', text))
        if entry["reference"] and types <= ours:
            found[entry["name"]] = entry
    return found


PLAYABLE = playable()
LIMITED = {"CLAM__plugins__Filters__Notch2ndOrder__Notch2ndOrder_example": (60.0, "CLAM's filter state is float32")}
"""Where CLAM's own arithmetic sets a limit, the decibels reached, and why."""


@pytest.mark.parametrize("name", sorted(PLAYABLE))
def test_a_network_sounds_as_clam_rendered_it(name: str) -> None:
    recordings = [recording(of) for of in RECORDINGS]
    net = Network("clam")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of wires to connectors that CLAM does not have either
        net.load(NETWORKS / name / "network.clamnetwork")
    channel, inputs = 0, {}
    for source in [processing for processing in net if net[processing].type in ("AudioSource", "AudioBufferSource")]:
        wide = len(net[source]._outports)
        inputs[source] = np.stack([recordings[(channel + k) % len(recordings)] for k in range(wide)], axis=1)
        channel += wide
    heard = net.render(frames=PLAYABLE[name]["frames"], inputs=inputs, block_size=512, sample_rate=44100)
    net.close()
    expected = np.load(NETWORKS / name / "reference.npz")["audio"]
    assert heard.shape == expected.shape
    assert decibels(expected, heard) >= LIMITED.get(name, (SAME, ""))[0]


def test_there_are_many_of_them() -> None:
    assert len(PLAYABLE) >= 28
