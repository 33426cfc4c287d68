"""A processing becomes one of another type, and a list is connected with each of its members."""

from __future__ import annotations

import json
import pickle

import pytest

from ipyclam_core import Network, Placeholder, errors
from ipyclam_core.declare import in_control, in_port, out_port, processing


@pytest.fixture
def net() -> Network:
    network = Network("clam")
    network.osc, network.amp, network.out, network.lfo = "SimpleOscillator", "AudioAmplifier", "AudioSink", "OutControlSender"
    network.osc > network.amp > network.out
    network.lfo > network.osc.Pitch
    network.osc._position = (30, 40)
    return network


def test_name_place_settings_and_wires_stay(net: Network) -> None:
    net.osc.Frequency, net.osc.Amplitude = 330.0, 0.25
    before, wires = net.code(), set(net.proxy.wires())
    assert net.osc.become(net.types.Sine) == []
    assert (net.osc.type, net.osc.Frequency, net.osc.Amplitude, net.osc._position) == ("Sine", 330.0, 0.25, (30, 40))
    assert set(net.proxy.wires()) == wires
    assert list(net) == ["osc", "amp", "out", "lfo"]
    assert net.undo() == "osc becomes Sine"
    assert net.code() == before
    net.redo()
    assert net.osc.type == "Sine"


def test_what_does_not_fit_is_listed(net: Network) -> None:
    net.osc.Amplitude = 0.25
    assert net.osc.become("WhiteNoise") == ["Amplitude = 0.25", "net.lfo.out > net.osc.Pitch"]
    assert net.osc._outports[0].peers == (net.amp._inports[0],)


def test_a_port_of_another_name_takes_the_wires_of_the_port_at_its_place(net: Network) -> None:
    net.amp.become("TimeDelay")
    assert net.amp._inports[0].peers == (net.osc._outports[0],)
    assert net.amp._outports[0].peers == (net.out._inports[0],)


def test_a_type_that_does_not_exist_changes_nothing(net: Network) -> None:
    before = net.code()
    with pytest.raises(errors.NoSuchType, match="did you mean 'Saw'"):
        net.osc.become("Sawe")
    with pytest.raises(TypeError, match="a processing is made from a type such as"):
        net.osc.become(3)
    assert net.code() == before


def test_it_takes_all_that_an_assignment_takes(net: Network) -> None:
    @processing(category="Tests")
    class Own:
        Gain = in_control(default=2.0)
        audio = in_port("Input")
        output = out_port("Output")

        def step(audio: float, Gain: float) -> float:  # noqa: N805
            return audio * Gain

    assert net.amp.become(Own) == []
    assert net.amp.type == "Own"
    assert net.amp.Output.peers == (net.out["1"],)
    net.two = net.types.Oscillator
    net.two.Frequency = 330.0
    assert net.osc.become(net.two.clone()) == []
    assert (net.osc.type, net.osc.Frequency) == ("Oscillator", 330.0)
    net.amp.become(Placeholder("Vocoder2", inports=["Input"], outports=["Output"], config={"Bands": "9"}))
    assert (net.amp.type, net.amp._config.Bands) == ("Vocoder2", "9")
    assert net.amp.Output.peers == (net.out["1"],)
    before = net.code()
    with pytest.raises(TypeError, match=r"net\.two already exists\. To copy it"):
        net.osc.become(net.two)
    with pytest.raises(errors.ParameterTypeError):
        net.osc.become(Placeholder("Saw", config={"Frequency": []}))
    assert net.code() == before


def test_a_name_that_is_taken_says_how_to_change_the_type(net: Network) -> None:
    with pytest.raises(
        errors.NameAlreadyExists, match=r"To change its type: net\.osc\.become\(net\.types\.Saw\)\. To remove it: del net\.osc"
    ):
        net.osc = net.types.Saw


def test_a_list_is_connected_with_each_as_one_step(net: Network) -> None:
    net.saw, net.low = "Saw", "ResonantLowPass"
    done = len(net.history.done)
    made = net.saw > [net.low, net.amp]
    assert {wire.target for wire in made} == {"low", "amp"}
    assert net.history.done[done:] == ("connect net.saw with net.low, net.amp",)
    assert len(net.saw / (net.low, net.amp)) == 2
    assert {wire.source for wire in ([net.saw, net.low] > net.amp)} == {"saw", "low"}
    assert len([net.saw, net.low] / net.amp) == 2
    assert len(net.saw.connect([net.low, net.amp])) == 2
    assert len(net.saw.disconnect([net.low, net.amp])) == 2


def test_a_group_is_connected_with_each_of_a_list(net: Network) -> None:
    saws = net.bank("saw{}", net.types.Saw, 2)
    assert len(saws > [net.amp, net.out]) == 4
    assert len(saws / [net.amp, net.out]) == 4


@pytest.mark.parametrize("wrong", [[], [3], [["osc"]], ["osc"]])
def test_a_list_with_something_else_in_it_is_refused_as_a_whole(net: Network, wrong: list[object]) -> None:
    net.saw = "Saw"
    before = net.code()
    with pytest.raises(TypeError):
        net.saw > [net.amp, *wrong] if wrong else net.saw > wrong
    assert net.code() == before


def test_a_parameter_with_the_name_of_a_control_stands_for_it_beside_an_arrow(net: Network) -> None:
    net.car = "Oscillator"
    net.lfo > net.car.ModIndex
    assert net.lfo._outcontrols[0].peers == (net.osc.Pitch, net.car._incontrols.ModIndex)
    value = net.car.ModIndex
    assert value == 1.0
    assert repr(value) == json.dumps(value) == "1.0"
    assert type(pickle.loads(pickle.dumps(value))) is float
