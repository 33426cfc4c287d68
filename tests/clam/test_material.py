"""The packed reference material is whole: nothing is missing, nothing was changed, nothing is too much."""

from __future__ import annotations

import hashlib
import json
import re

import numpy as np
import pytest

from .material import CASES, HERE, RECORDINGS, recording, types

SIZES = json.loads((HERE / "packed.json").read_text())


def test_every_file_is_there_and_is_what_was_packed() -> None:
    packed = {str(path.relative_to(HERE)) for path in HERE.rglob("*") if path.suffix in (".flac", ".npz", ".zip", ".json")}
    assert packed - {"packed.json"} == SIZES.keys()
    for name, (size, checksum) in SIZES.items():
        content = (HERE / name).read_bytes()
        assert len(content) == size, name
        assert hashlib.sha256(content).hexdigest() == checksum, name


def test_all_of_it_is_small() -> None:
    assert sum(size for size, _ in SIZES.values()) < 15_000_000


def test_every_case_of_every_type_is_there() -> None:
    assert len(CASES) == 202 + 129
    assert len({case.type for case in CASES.values()}) == 129
    assert len({case.type for name, case in CASES.items() if name.endswith("__v1")}) == 129
    assert {case.type for case in CASES.values()} <= types().keys()
    assert len(types()) == 270


def test_packing_has_cost_less_than_can_be_heard() -> None:
    assert max(case.error for case in CASES.values()) < -110.0


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_case_is_as_loud_as_clam_said_when_it_was_rendered(name: str) -> None:
    case = CASES[name]
    audio = case.expected
    assert audio.shape == (case.frames, len(case.channels))
    np.testing.assert_allclose(np.sqrt(np.mean(audio.astype(float) ** 2, axis=0)), case.rms, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_case_has_its_network(name: str) -> None:
    case = CASES[name]
    text = case.network
    assert f'<processing id="X" type="{case.type}"' in text
    assert set(case.sources) <= set(re.findall(r'<processing id="([^"]*)"', text))
    assert set(case.sources.values()) <= set(RECORDINGS)


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_two_seconds(name: str) -> None:
    samples = recording(name)
    assert samples.shape == (2 * 44100,)
    assert 0.2 < np.abs(samples).max() <= 0.5
