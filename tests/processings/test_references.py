"""Every type sounds as CLAM's does, where CLAM itself has been recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network

from .conftest import OURS, decibels

SAME = 90.0
"""Decibels of signal to error from which two sounds are the same."""

MATERIAL = Path(__file__).resolve().parents[2].parent / "shared" / "clam" / "types"
RECORDED: dict[str, dict[str, Any]] = {
    entry["name"]: entry for entry in json.loads((MATERIAL / "index.json").read_text()) if entry["type"] in OURS
}

LIMITED: dict[str, tuple[float, str]] = {
    "Notch2ndOrder__default": (80.0, "CLAM's filter state is float32"),
    "AirAbsortion__ctl": (75.0, "CLAM's coefficients and filter state are float32"),
    "DataGain__ctl": (13.0, "CLAM takes its samples one by one, and of each block the first is lost"),
}
"""Where CLAM's own arithmetic sets a limit, the decibels reached, and why."""

CHOSEN: dict[str, str] = {
    "DelayWetDry__ctl": "CLAM delays the dry path too, and by whole seconds",
    "SampleAccurateStreamDelay__ctl": "a new delay begins with 150 frames weighted by 1/150, 1/149 ... in CLAM; ours begins at once",
    "SampleAccurateBufferDelay__ctl": "as above",
}
"""Where ours does the sensible thing instead, and what CLAM does."""

SILENT = {"ADSR__default", "TimeDelay__ctl"}


def rendered(entry: dict[str, Any], recordings: list[np.ndarray]) -> np.ndarray:
    net = Network("clam")
    try:
        net.load(MATERIAL / entry["name"] / "network.clamnetwork")
        inputs = {name: recordings[k] for k, name in enumerate(entry["sources"])}
        return net.render(frames=entry["frames"], inputs=inputs, block_size=512, sample_rate=44100)
    finally:
        net.close()


@pytest.mark.parametrize("name", sorted(RECORDED.keys() - CHOSEN.keys()))
def test_a_type_sounds_as_clams_does(name: str, recordings: list[np.ndarray]) -> None:
    heard = rendered(RECORDED[name], recordings)
    expected = np.load(MATERIAL / name / "reference.npz")["audio"]
    assert heard.shape == expected.shape
    if name in SILENT:
        assert not expected.any()
        assert not heard.any()
        return
    assert decibels(expected, heard) >= LIMITED.get(name, (SAME, ""))[0]


def test_a_limit_is_only_where_it_is_needed(recordings: list[np.ndarray]) -> None:
    for name in LIMITED.keys() | CHOSEN.keys():
        expected = np.load(MATERIAL / name / "reference.npz")["audio"]
        assert decibels(expected, rendered(RECORDED[name], recordings)) < SAME
