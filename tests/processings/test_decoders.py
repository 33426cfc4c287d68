"""Ambisonics decoders for circles of loudspeakers, and with weights from a file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog, values_for

from .kernels import CompiledProcessing

TYPE = "Hoa2IrregularSpeakerArray"


def matrix(name: str, components: int, **config: Any) -> np.ndarray:
    """The weights of each loudspeaker."""
    return np.stack(CompiledProcessing(catalog[name], config).run(list(np.eye(components, dtype=np.float32)), components))


def problem(**config: Any) -> str:
    type_ = catalog[TYPE]
    assert type_.problem is not None
    return type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items))


@pytest.mark.parametrize("speakers", [1, 3, 5, 8])
def test_a_sound_from_a_loudspeaker_of_a_circle_is_loudest_there(speakers: int) -> None:
    weights = matrix("NSurround", 3, NChannels=speakers)
    for k in range(speakers):
        angle = 2.0 * math.pi * k / speakers
        gains = weights @ [math.sqrt(0.5), math.cos(angle), math.sin(angle)]
        assert gains.argmax() == k
        assert gains.sum() == pytest.approx(math.sqrt(speakers) if speakers > 1 else 2.0, abs=1e-5)


def test_the_loudspeakers_of_a_circle_are_named_by_their_angles() -> None:
    net = Network("clam")
    net.decoder = net.types.NSurround
    net.decoder.NChannels = 7
    assert [port.name for port in net.decoder._outports][:3] == ["0", "51.4286", "102.857"]
    net.decoder.NChannels = 1024
    assert len({port.name for port in net.decoder._outports}) == 1024
    net.close()


def test_a_circle_of_none_is_silent() -> None:
    assert CompiledProcessing(catalog["NSurround"]).run(list(np.ones((3, 64), np.float32)), 64) == []


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_a_decoder_has_the_weights_of_its_file(order: int, tmp_path: Path) -> None:
    weights = np.random.default_rng(order).uniform(-1.0, 1.0, (7, (order + 1) ** 2)).astype(np.float32)
    path = tmp_path / "seven.decoding"
    np.savetxt(path, weights, header="seven loudspeakers")
    np.testing.assert_allclose(matrix(TYPE, weights.shape[1], Order=order, DecodingFile=str(path)), weights, rtol=1e-6)
    fewer = matrix(TYPE, weights.shape[1], Order=order, DecodingFile=str(path), NSpeakers=3)
    np.testing.assert_allclose(fewer, weights[:3], rtol=1e-6)


def test_components_that_a_file_does_not_have_are_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "two.decoding"
    path.write_text("1 0.5 0 0\n1 -0.5 0 0\n")
    assert np.array_equal(matrix(TYPE, 1, Order=0, DecodingFile=str(path)), [[1.0], [1.0]])
    second = matrix(TYPE, 9, Order=2, DecodingFile=str(path))
    assert np.array_equal(second, [[1.0, 0.5] + 7 * [0.0], [1.0, -0.5] + 7 * [0.0]])


def test_weights_that_do_not_fit_are_a_problem_in_words(tmp_path: Path) -> None:
    path = tmp_path / "some.decoding"
    assert problem() == "no file is chosen: set DecodingFile"
    assert problem(DecodingFile=str(path)) == f"there is no file '{path}'"
    path.write_text("1 0 0 0  # front\n\n1 1 1\n")
    assert problem(DecodingFile=str(path)) == f"'{path}' has lines of 4 and of 3 numbers: '1 1 1'"
    path.write_text("1 0 up 0\n")
    assert problem(DecodingFile=str(path)) == f"'{path}' has a line that does not consist of numbers: '1 0 up 0'"
    path.write_text("# nothing\n")
    assert problem(DecodingFile=str(path)) == f"'{path}' holds no numbers"
    path.write_text("1 nan 0 0\n")
    assert "does not consist of numbers" in problem(DecodingFile=str(path))
    path.write_text("1 0 0 0\n" * 4)
    assert problem(DecodingFile=str(path), NSpeakers=4) == ""
    assert problem(DecodingFile=str(path), NSpeakers=5) == (
        f"'{path}' has weights for 4 loudspeakers, not for 5: set NSpeakers to 4 or less, or to 0 for all"
    )


def test_a_decoder_has_an_output_for_each_line_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "four.decoding"
    path.write_text("1 0 0 0\n" * 4)
    net = Network("clam")
    net.decoder = net.types[TYPE]
    assert [port.name for port in net.decoder._outports] == []
    net.decoder.DecodingFile = str(path)
    assert [port.name for port in net.decoder._outports] == ["01", "02", "03", "04"]
    net.decoder.NSpeakers = 2
    assert [port.name for port in net.decoder._outports] == ["01", "02"]
    net.close()
