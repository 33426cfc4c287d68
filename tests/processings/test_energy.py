"""The energy of buffers, and their onsets."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.dsp.plain_frames import PlainFrame

from .frames import CompiledFramed


def measured(levels: list[float], size: int = 512, **config: int) -> dict[str, list[float]]:
    """What is sent for buffers that are constant."""
    features = CompiledFramed(catalog["EnergyFeatures"], config)
    for level in levels:
        features.call(buffer=PlainFrame(AudioBuffer, {"size": size}, samples=np.full(size, level)))
    return {item.attribute: features.sent(item.attribute) for item in features.type.items_of("outcontrols")}


def test_the_energy_of_a_buffer_and_its_change_are_sent() -> None:
    sent = measured([0.0, 0.5, 0.25], size=1024, SourceID=7)
    assert sent["identity"] == [7.0] * 3
    assert sent["energy"] == pytest.approx([0.0, 256.0, 64.0])
    assert sent["change"] == pytest.approx([0.0, 256.0, -192.0])


def test_the_buffers_between_onsets_are_counted() -> None:
    beat = [0.5, 0.3, 0.1, 0.05, 0.0, 0.0, 0.0, 0.0]
    assert measured(beat * 6)["distance"] == [1.0, *[8.0] * 5]


def test_steady_sound_and_near_silence_have_no_onsets_after_the_first() -> None:
    assert measured([0.3] * 100)["distance"] == [1.0]
    assert measured([1e-6, 1e-9, 1e-5] * 20)["distance"] == []
