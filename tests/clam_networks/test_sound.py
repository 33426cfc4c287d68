"""CLAM's own networks, those whose types are all here, sound as CLAM rendered them."""

from __future__ import annotations

import pytest
from clam.judging import SAME
from clam.playing import network_compared, networks

from ipyclam_core import Network

OURS = set(Network("clam").types)
OTHERWISE = {"CLAM__plugins__speech__speech-example": "its oscillator is configured for 8000 Hz; ours goes by the network's rate"}
"""Networks that sound otherwise on purpose, and why."""
PLAYABLE = sorted(name for name, entry in networks().items() if entry["reference"] and entry["types"] <= OURS and name not in OTHERWISE)
LIMITED = {
    "CLAM__plugins__Filters__Notch2ndOrder__Notch2ndOrder_example": (60.0, "CLAM's filter state is float32"),
    "NetworkEditor__example-data__PitchDiscretization": (85.0, "phases, in float32, hang on the last digit of a frequency"),
}
"""Where CLAM's own arithmetic sets a limit, the decibels reached, and why."""


@pytest.mark.parametrize("name", PLAYABLE)
def test_a_network_sounds_as_clam_rendered_it(name: str) -> None:
    assert network_compared(name) >= LIMITED.get(name, (SAME, ""))[0]


def test_there_are_many_of_them() -> None:
    assert len(PLAYABLE) >= 28
