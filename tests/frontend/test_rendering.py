"""What ``render`` is given: lengths, arrays, files, lists and mappings, each right or refused in words."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network, errors
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.proxy import PortSpec, Status, TypeSpec


class Echo(DummyProxy):
    """An engine whose sources can be heard, one after the other, and nothing else; it knows what it was asked for."""

    def __init__(self, rate: float = 0.0) -> None:
        super().__init__([TypeSpec("Source", outports=[PortSpec("{}", count="N")], config={"N": 1})])
        self.rate = rate

    def status(self) -> Status:
        return Status(sample_rate=self.rate)

    def sources(self) -> Mapping[str, int]:
        return {name: len(state.connectors.outports) for name, state in self.processings().items()}

    def sinks(self) -> Mapping[str, int]:
        return self.sources()

    def render(self, frames, inputs, block_size, sample_rate, progress=None):
        self.asked = frames, block_size, sample_rate
        columns = []
        for name, channels in self.sources().items():
            heard = np.zeros((frames, channels), np.float32)
            given = inputs.get(name, heard)[:frames]
            assert given.dtype == np.float32
            assert given.flags.c_contiguous
            heard[: len(given)] = given
            columns.append(heard)
        if progress is not None:
            progress(frames)
        return np.hstack(columns) if columns else np.zeros((frames, 0), np.float32)


@pytest.fixture
def net() -> Network:
    """Two sources: `mono`, and `stereo` of two channels."""
    network = Network(Echo())
    network.mono = network.stereo = "Source"
    network.stereo.N = 2
    return network


@pytest.fixture
def mono() -> Network:
    network = Network(Echo())
    network.only = "Source"
    return network


@pytest.fixture
def ramp() -> np.ndarray:
    return np.arange(6, dtype=np.float32) / 6


def asked(network: Network) -> tuple[int, int, int]:
    return network._proxy.inner.asked


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"seconds": 0.5}, (24000, 512, 48000)),
        ({"seconds": 1}, (48000, 512, 48000)),
        ({"seconds": np.float32(0.5)}, (24000, 512, 48000)),
        ({"seconds": 0}, (0, 512, 48000)),
        ({"frames": 100, "block_size": 64, "sample_rate": 44100}, (100, 64, 44100)),
        ({"frames": np.int64(7)}, (7, 512, 48000)),
        ({"seconds": 0.1, "sample_rate": 44100}, (4410, 512, 44100)),
    ],
)
def test_lengths(mono, arguments, expected):
    mono.render(**arguments)
    assert asked(mono) == expected


def test_the_sample_rate_is_that_of_what_plays():
    network = Network(Echo(44100.0))
    network.render(1.0)
    assert asked(network) == (44100, 512, 44100)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, TypeError, "without inputs, render needs seconds or frames"),
        ({"seconds": 1.0, "frames": 3}, TypeError, "seconds or frames, not both"),
        ({"seconds": -1.0}, ValueError, r"seconds must be a finite number, 0 or more, not -1\.0"),
        ({"seconds": float("inf")}, ValueError, "seconds must be a finite number"),
        ({"seconds": "1"}, TypeError, "seconds must be a number, not '1'"),
        ({"seconds": True}, TypeError, "seconds must be a number, not True"),
        ({"frames": -1}, ValueError, "frames must be 0 or more, not -1"),
        ({"frames": 1.5}, TypeError, r"frames must be an int, not 1\.5"),
        ({"frames": 1, "block_size": 0}, ValueError, "block_size must be 1 or more, not 0"),
        ({"frames": 1, "sample_rate": 0}, ValueError, "sample_rate must be 1 or more, not 0"),
        ({"frames": 1, "sample_rate": 44100.5}, TypeError, "sample_rate must be an int"),
    ],
)
def test_lengths_that_cannot_be(mono, arguments, error, words):
    with pytest.raises(error, match=words):
        mono.render(**arguments)


@pytest.mark.parametrize("shape", [(6,), (6, 1)])
def test_an_array_feeds_the_only_source(mono, ramp, shape):
    out = mono.render(inputs=ramp.reshape(shape).astype(np.float64))
    assert (out.dtype, out.shape) == (np.float32, (6, 1))
    np.testing.assert_array_equal(out[:, 0], ramp)


def test_silence_after_its_end_and_no_more_than_asked_for(mono, ramp):
    assert mono.render(frames=8, inputs=ramp)[6:].tolist() == [[0.0], [0.0]]
    assert len(mono.render(frames=3, inputs=ramp)) == 3


def test_a_list_goes_by_the_order_of_the_sources(net, ramp):
    out = net.render(inputs=[ramp, np.stack([ramp, -ramp], axis=1)])
    np.testing.assert_array_equal(out, np.stack([ramp, ramp, -ramp], axis=1))


def test_a_list_may_be_short_or_have_holes(net, ramp):
    assert net.render(inputs=[ramp])[:, 1:].any() == np.False_
    assert net.render(inputs=[None, np.stack([ramp, ramp], axis=1)])[:, 0].any() == np.False_


def test_a_mapping_goes_by_processing_or_name(net, ramp):
    both = np.stack([ramp, -ramp], axis=1)
    np.testing.assert_array_equal(net.render(inputs={net.stereo: both, "mono": ramp}), np.column_stack([ramp, both]))


def test_the_longest_input_says_how_long(net, ramp):
    assert len(net.render(inputs={"mono": ramp[:3], "stereo": np.zeros((5, 2))})) == 5


def test_progress_is_handed_on(mono):
    heard = []
    mono.render(frames=7, progress=heard.append)
    assert heard == [7]


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        (np.zeros(3), ValueError, "one input for 2 sources. Give a list, or a mapping by name. Its sources are 'mono', 'stereo'"),
        ([np.zeros(3)] * 3, ValueError, "too many inputs: 3 for 2 sources"),
        ({"nobody": np.zeros(3)}, ValueError, "'nobody' is not a source of this network. Its sources are 'mono', 'stereo'"),
        ([np.zeros((3, 2))], ValueError, "mono has 1 channel, but its input has 2"),
        ({"stereo": np.zeros(3)}, ValueError, "stereo has 2 channels, but its input has 1"),
        ({"stereo": np.zeros((2, 5))}, ValueError, "stereo has 2 channels, but its input has 5. It looks transposed"),
        ([np.zeros((2, 2, 2))], TypeError, r"the input of mono must be a float array \(frames,\) or \(frames, channels\), or a path"),
        ([np.zeros(3, complex)], TypeError, "must be a float array"),
        ([0.5], TypeError, "must be a float array"),
        ([["a", "b"]], TypeError, "must be a float array"),
        ([np.array([0.0, np.nan])], ValueError, "the input of mono contains NaN or infinity"),
        (["nowhere.wav"], FileNotFoundError, "there is no file 'nowhere.wav'"),
    ],
)
def test_inputs_that_cannot_be(net, inputs, error, words):
    with pytest.raises(error, match=words):
        net.render(frames=10, inputs=inputs)


def test_no_sources_take_no_input():
    with pytest.raises(ValueError, match=r"too many inputs: 1 for 0 sources\. It has no sources"):
        Network(Echo()).render(frames=10, inputs=np.zeros(3))


def test_a_file_is_read(mono, ramp, tmp_path):
    path = tmp_path / "ramp.wav"
    soundfile.write(path, ramp, 48000, subtype="FLOAT")
    np.testing.assert_array_equal(mono.render(inputs=path)[:, 0], ramp)
    np.testing.assert_array_equal(mono.render(inputs=[str(path)])[:, 0], ramp)


def test_a_file_of_another_rate_is_resampled_and_that_is_said(mono, tmp_path):
    path = tmp_path / "sine.wav"
    soundfile.write(path, np.sin(np.arange(24000) * 2 * np.pi * 100 / 24000), 24000, subtype="FLOAT")
    with pytest.warns(UserWarning, match=r"sine\.wav is resampled from 24000 to 48000 Hz"):
        out = mono.render(inputs=path)
    assert len(out) == 48000
    expected = np.sin(np.arange(48000) * 2 * np.pi * 100 / 48000)
    assert np.abs(out[1000:-1000, 0] - expected[1000:-1000]).max() < 1e-3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mono.render(inputs=path, sample_rate=24000)


def test_the_warning_points_at_the_statement(mono, tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(10), 24000)
    with pytest.warns(UserWarning, match="resampled") as caught:
        mono.render(inputs=path)
    assert caught[0].filename == __file__


def test_what_is_no_sound_file_is_refused(mono, tmp_path):
    path = tmp_path / "text.wav"
    path.write_text("hello")
    with pytest.raises(ValueError, match=r"text\.wav is not a readable sound file"):
        mono.render(inputs=path)


def test_an_engine_that_cannot_render_says_so():
    with pytest.raises(errors.NotSupported, match="the dummy engine cannot render"):
        Network("dummy").render(1.0)


@pytest.mark.parametrize(
    ("kind", "half", "full"), [("int8", 64, -128), ("int16", 16384, -32768), ("int32", 2**30, -(2**31)), ("uint8", 192, 0)]
)
def test_integer_samples_are_as_loud_as_in_a_sound_file(mono, kind, half, full):
    given = np.array([half, full, 0 if kind != "uint8" else 128], kind)
    assert mono.render(inputs=given)[:, 0].tolist() == [0.5, -1.0, 0.0]


@pytest.mark.parametrize("kind", ["int64", "uint16", "uint32", "bool"])
def test_samples_without_a_full_scale_are_refused(mono, kind):
    with pytest.raises(TypeError, match=f"floats from -1 to 1, or int16, int32, int8 or uint8 samples, not {kind}$"):
        mono.render(inputs=np.ones(3, kind))
