"""Types that compute blocks, and hear buffers of any length: each buffer gives what a block of that length would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.declare import in_port, out_port, processing
from ipyclam_core.dsp.plain import PlainProcessing

from .conftest import COMPUTED
from .playing import configuration

RATE = 44100
HOP = 512
CALLS = 6
BUFFERED = {name: type_ for name, type_ in COMPUTED.items() if type_.takes_buffers}
SOUNDING = sorted(name for name, type_ in BUFFERED.items() if type_.items_of("outports"))
PORTS = {"NumberOfInPorts": 3, "PortsNumber": 2}
"""How many ports there are of types that have any number."""
SENT = {
    "distance": 3.0, "delay": 30.0, "azimuth": 40.0, "elevation": 10.0, "gain": 0.6, "gains": 1.5,
    "width": 2.0, "frequency": 3.0, "centre": 5.0, "rotation": 0.5,
}  # fmt: skip
"""Values of controls."""


@pytest.fixture(scope="module", autouse=True)
def looking() -> None:
    @processing
    class Looking:
        """Shows the buffers that it hears."""

        buffer = in_port("In", AudioBuffer)
        output = out_port("Out", AudioBuffer, copies="buffer")

        def process(buffer):  # noqa: N805 -- no method: there is no self
            pass


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def noise(channels: int, calls: int = CALLS) -> np.ndarray:
    samples = 0.2 * np.random.default_rng(4).standard_normal((calls * HOP, channels))
    return samples.astype(np.float32)


def buffers(samples: np.ndarray, size: int) -> np.ndarray:
    """The buffers that an `AudioStream2Buffer` makes of samples."""
    cut = samples.reshape(-1, HOP)[:, :size]
    return np.pad(cut, ((0, 0), (0, size - cut.shape[1])))


def of_type(net: Network, name: str, given: dict[str, Any], size: int) -> Any:
    """A processing of a type with a buffer of one channel of a source at each of its in ports."""
    net.it = net.types[name]
    for parameter, value in given.items():
        net.it._config[parameter] = value
    ports = list(net.it._inports)
    net.source = net.types.AudioSource
    net.source.NSources = len(ports)
    for k, port in enumerate(ports):
        buffer = f"buffer{k}"
        net[buffer] = net.types.AudioStream2Buffer
        net[buffer].BufferSize = size
        net.source._outports[k] > net[buffer]
        net[buffer] > port
    return net.it


@pytest.mark.parametrize("block", [512, 100])
@pytest.mark.parametrize("size", [512, 1000, 300])
@pytest.mark.parametrize("name", SOUNDING)
def test_a_buffer_gives_what_a_block_of_its_length_would(net, name, size, block, files, tmp_path: Path):
    type_ = BUFFERED[name]
    names = {parameter.name for parameter in type_.spec.parameters}
    given = {**configuration(name, files, tmp_path), **{key: value for key, value in PORTS.items() if key in names}}
    it, plain = of_type(net, name, given, size), PlainProcessing(type_, given, sample_rate=RATE)
    places = [(item.attribute, k) for item in type_.items_of("incontrols") for k in range(plain.count(item))]
    for control, (attribute, k) in zip(it._incontrols, places, strict=True):
        if attribute in SENT:
            control.value = plain.controls[attribute][k] = plain.reached[attribute][k] = SENT[attribute]
    ins = noise(len(it._inports))
    cut = [buffers(ins[:, k], size) for k in range(ins.shape[1])]
    expected = [plain.run([each[n] for each in cut], size) for n in range(CALLS)]
    for k, port in enumerate(it._outports):
        net.look = net.types.Looking
        port > net.look
        heard = net.look["Out"].render(inputs=ins, block_size=block, sample_rate=RATE).samples
        assert heard.shape[1] == size
        assert len(heard) >= CALLS - 1
        for n in range(len(heard)):
            np.testing.assert_allclose(heard[n], expected[n][k], rtol=0.0, atol=3e-6, err_msg=f"{port} of call {n}")
        del net.look
