"""What holds for every processing type: compiled or not, in blocks of any length, today and tomorrow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ipyclam_core.dsp import kernel
from ipyclam_core.dsp.kernels import of_type
from ipyclam_core.dsp.native.compiler import FORBIDDEN
from ipyclam_core.dsp.plain import PlainProcessing

from .conftest import COMPUTED
from .kernels import CompiledProcessing
from .playing import BLOCKWISE, configuration, played

FRAMES = 512
EVERY = pytest.mark.parametrize("name", sorted(COMPUTED))


@EVERY
def test_compiled_is_what_plain_python_is(name: str, files: dict[str, str], tmp_path: Path) -> None:
    folders = [tmp_path / "plain", tmp_path / "compiled"]  # two at once do not write to one file
    for folder in folders:
        folder.mkdir()
    one_given, other_given = (configuration(name, files, folder) for folder in folders)
    plain, compiled = PlainProcessing(COMPUTED[name], one_given), CompiledProcessing(COMPUTED[name], other_given)
    expected, expected_sent = played(plain, [256, 256])
    heard, heard_sent = played(compiled, [256, 256])
    for one, other in zip(expected, heard, strict=True):
        np.testing.assert_allclose(other, one, rtol=0.0, atol=2e-6)
    assert heard_sent.keys() == expected_sent.keys()
    for key, values in expected_sent.items():
        assert heard_sent[key] == pytest.approx(values)


@pytest.mark.parametrize("name", sorted(COMPUTED.keys() - BLOCKWISE.keys()))
def test_the_length_of_a_block_does_not_matter(name: str, files: dict[str, str], tmp_path: Path) -> None:
    given = configuration(name, files, tmp_path)
    whole, _ = played(CompiledProcessing(COMPUTED[name], given), [FRAMES])
    parts, _ = played(CompiledProcessing(COMPUTED[name], given), [64] * (FRAMES // 64))
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(other, one, rtol=0.0, atol=1e-6)


@EVERY
def test_what_comes_out_is_finite_and_the_same_every_time(name: str, files: dict[str, str], tmp_path: Path) -> None:
    given = configuration(name, files, tmp_path)
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
