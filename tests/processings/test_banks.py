"""Banks sound as what is made one by one sounds, bit for bit, of whichever type they are."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.engines.clam import load_types

VOICES = 67  # more than lie side by side in one chunk
FRAMES = 700


NO_OUTPUTS = ("NSurround",)  # at its defaults


def sounding(spec) -> bool:
    """Whether a type makes sound by itself or of a sound: types of the tests are not asked, nor those that read files."""
    if spec.origin or spec.name in NO_OUTPUTS or any(parameter.type in ("file", "directory") for parameter in spec.parameters):
        return False
    return any(port.type == "Audio" for port in spec.outports) and all(port.type == "Audio" for port in spec.inports)


TYPES = [name for name, spec in load_types().items() if sounding(spec)]


def numbers(spec) -> list[str]:
    """The parameters that can be a little different for each."""
    return [p.name for p in spec.parameters if p.type == "float" and (p.maximum is None or p.maximum > p.default * 1.2)]


def different(parameter, k: int) -> float:
    return parameter.default * (1.0 + 0.001 * k)


@pytest.mark.parametrize("name", TYPES)
def test_a_bank_of_a_type_sounds_as_its_processings_do(name: str) -> None:
    bank, single = Network(), Network()
    spec = load_types()[name]
    values = {p: [different(spec.config[p], k) for k in range(VOICES)] for p in numbers(spec)}
    for net in (bank, single):
        net.noise, net.sink = net.types.WhiteNoise, net.types.AudioSink
        net.sink.NInputs = 2
    group = bank.bank("x{}", name, VOICES, **values)
    for k in range(VOICES):
        single[f"x{k + 1}"] = name
        single[f"x{k + 1}"]._config = {p: column[k] for p, column in values.items()}
    if spec.inports:
        bank.noise > group
        for k in range(VOICES):
            single.noise > single[f"x{k + 1}"]
    group > bank.sink
    for k in range(VOICES):
        single[f"x{k + 1}"] > single.sink
    heard = bank.render(frames=FRAMES, block_size=256)
    assert np.array_equal(heard, single.render(frames=FRAMES, block_size=256))
    assert bank == single
    assert np.array_equal(heard, bank.render(frames=FRAMES, block_size=256))


def test_a_cycle_through_banks_is_cut_where_it_is_cut_one_by_one() -> None:
    bank, single = Network(), Network()
    for net in (bank, single):
        net.noise, net.sink = net.types.WhiteNoise, net.types.AudioSink
    sums, gains = bank.bank("sum{}", "AudioMixer", 3), bank.bank("gain{}", "Gain", 3, InitialGain=[0.1, 0.2, 0.3])
    bank.noise > sums
    sums > gains > sums
    gains > bank.sink
    for k in (1, 2, 3):
        single[f"sum{k}"] = "AudioMixer"
    for k in (1, 2, 3):
        single[f"gain{k}"] = "Gain"
        single[f"gain{k}"].InitialGain = (0.1, 0.2, 0.3)[k - 1]
    for k in (1, 2, 3):
        single.noise > single[f"sum{k}"]
    for k in (1, 2, 3):
        single[f"sum{k}"] > single[f"gain{k}"]
    for k in (1, 2, 3):
        single[f"gain{k}"] > single[f"sum{k}"]
    for k in (1, 2, 3):
        single[f"gain{k}"] > single.sink
    heard = bank.render(frames=FRAMES, block_size=64)
    assert np.abs(heard).max() > 0.0
    assert np.array_equal(heard, single.render(frames=FRAMES, block_size=64))
    assert bank == single


def test_a_bank_is_added_while_it_plays() -> None:
    net = Network()
    try:
        net.sink = net.types.AudioSink
        net.play("step", sample_rate=48000, block_size=64)
        net.bank("osc{}", net.types.Sine, 8, Amplitude=0.1) > net.sink
        device = net._proxy.inner.player.device
        assert np.abs(np.concatenate([device.run(None) for _ in range(20)])).max() > 0.1
        net.undo(), net.undo()
        assert list(net) == ["sink"]
    finally:
        net.close()


def test_controls_of_banks_are_connected() -> None:
    net = Network()
    net.sink = net.types.AudioSink
    net.control = net.types.OutControlSender
    oscillators = net.bank("osc{}", net.types.Sine, 3)
    assert (net.control > oscillators.Pitch) == 3
    oscillators > net.sink
    assert len(net.render(frames=64)) == 64
    assert len(net._proxy.wires()) == 6
