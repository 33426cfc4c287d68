"""What holds for every processing type: compiled or not, in blocks of any length, today and tomorrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core.dsp import kernel
from ipyclam_core.dsp.kernels import of_type
from ipyclam_core.dsp.native.compiler import FORBIDDEN
from ipyclam_core.dsp.plain import PlainProcessing

from .conftest import COMPUTED
from .kernels import CompiledProcessing

FRAMES = 512
EVERY = pytest.mark.parametrize("name", sorted(COMPUTED))

STATEMENTS: dict[str, dict[str, Any]] = {
    "ADSR": {"AttackTime": 0.002, "DecayTime": 0.002, "SustainLevel": 0.5, "ReleaseTime": 0.01},
    "ControlMapper": {"Mapping": "linear", "Arguments": (0.0, 127.0, 0.0, 1.0)},
    "LibloSource": {"ServerPort": "47113"},
    "LibloSink": {"ServerPort": 47114},
    "MultiLibloSource": {"ServerPort": 47113},
    "WhiteNoise": {"DistributionType": "Gaussian"},
}
"""Configurations that show more of a type than its defaults."""

ASSETS = {"SpeakerLayout": "15.layout", "Triangulation": "15.triangulation"}
"""Files that parameters of these names are given; others are given a recording."""

BLOCKWISE: dict[str, str] = {
    "AudioBufferCrossFader": "it fades in the course of each block, as in CLAM",
    "Vbap3D": "it comes out of silence in the course of its first block, as in CLAM",
    "Vbap3DBuffer": "as Vbap3D",
    "DCRemoval": "it takes the mean of each block, as in CLAM",
}
"""Types whose sound may depend on the length of a block, and why."""


def configuration(name: str, voice: str, folder: Any) -> dict[str, Any]:
    given = dict(STATEMENTS.get(name, {}))
    for parameter in COMPUTED[name].spec.parameters:
        if parameter.type == "file":
            asset = ASSETS.get(parameter.name)
            given[parameter.name] = voice if asset is None else str(Path(voice).parents[1] / "assets" / asset)
        if parameter.type == "outfile":
            given[parameter.name] = str(folder / "out.wav")
    return given


def signals(count: int) -> list[np.ndarray]:
    generator = np.random.default_rng(7)
    return [(0.3 * generator.standard_normal(FRAMES)).astype(np.float32) for _ in range(count)]


def played(processing: Any, lengths: list[int]) -> tuple[list[np.ndarray], dict[str, list[float]]]:
    """The output for a signal cut into blocks, the first of them with a control, and what was sent."""
    type_ = processing.type
    ins = signals(
        sum(
            processing.count(item) if hasattr(processing, "count") else len(processing.places.of_item(item))
            for item in type_.items_of("inports")
        )
    )
    for item in type_.items_of("incontrols"):
        if item.spec.name == "Amplitude":
            processing.send(item.attribute, 0.75)
    parts, place = [], 0
    for length in lengths:
        parts.append(processing.run([samples[place : place + length] for samples in ins], length))
        place += length
    outs = [np.concatenate(several) for several in zip(*parts, strict=True)]
    sent = {item.attribute: processing.sent(item.attribute) for item in type_.items_of("outcontrols")}
    processing.close()
    return outs, sent


@EVERY
def test_compiled_is_what_plain_python_is(name: str, voice: str, tmp_path: Any) -> None:
    given = configuration(name, voice, tmp_path)
    plain, compiled = PlainProcessing(COMPUTED[name], given), CompiledProcessing(COMPUTED[name], given)
    expected, expected_sent = played(plain, [256, 256])
    heard, heard_sent = played(compiled, [256, 256])
    for one, other in zip(expected, heard, strict=True):
        np.testing.assert_allclose(other, one, rtol=0.0, atol=2e-6)
    assert heard_sent.keys() == expected_sent.keys()
    for key, values in expected_sent.items():
        assert heard_sent[key] == pytest.approx(values)


@pytest.mark.parametrize("name", sorted(COMPUTED.keys() - BLOCKWISE.keys()))
def test_the_length_of_a_block_does_not_matter(name: str, voice: str, tmp_path: Any) -> None:
    given = configuration(name, voice, tmp_path)
    whole, _ = played(CompiledProcessing(COMPUTED[name], given), [FRAMES])
    parts, _ = played(CompiledProcessing(COMPUTED[name], given), [64] * (FRAMES // 64))
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(other, one, rtol=0.0, atol=1e-6)


@EVERY
def test_what_comes_out_is_finite_and_the_same_every_time(name: str, voice: str, tmp_path: Any) -> None:
    given = configuration(name, voice, tmp_path)
    once, _ = played(CompiledProcessing(COMPUTED[name], given), [100, 412])
    again, _ = played(CompiledProcessing(COMPUTED[name], given), [100, 412])
    for one, other in zip(once, again, strict=True):
        assert np.isfinite(one).all()
        assert np.array_equal(one, other)


def test_no_machine_code_can_take_the_gil() -> None:
    for type_ in COMPUTED.values():
        assert of_type(type_)
    held = {path: path.read_bytes() for path in kernel.object_files.folder.glob("*.o")}
    assert len(held) >= len(COMPUTED)
    assert not [path for path, code in held.items() if any(word.encode() in code for word in FORBIDDEN)]
