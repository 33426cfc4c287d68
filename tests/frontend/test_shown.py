"""What the prompt answers for a handle, and a network as a mapping."""

from __future__ import annotations

import pytest
from IPython.lib.pretty import pretty

from ipyclam_core import Network, Placeholder, errors


@pytest.fixture
def net() -> Network:
    network = Network("clam")
    network.osc, network.amp, network.out = "SimpleOscillator", "AudioAmplifier", "AudioSink"
    network.osc.Frequency = 330.0
    network.osc > network.amp > network.out
    return network


def test_a_processing_shows_its_settings_and_wires(net: Network) -> None:
    assert pretty(net.osc) == 'net.osc: SimpleOscillator, Frequency = 330.0 Hz\n    net.osc["Audio Output"] > net.amp["Input Audio"]'
    assert pretty(net.amp).split("\n") == [
        "net.amp: AudioAmplifier",
        '    net.osc["Audio Output"] > net.amp["Input Audio"]',
        '    net.amp["Audio Output"] > net.out["1"]',
    ]


def test_what_keeps_it_from_playing_is_shown() -> None:
    net = Network("clam")
    net.gone = Placeholder("Chorus2000", outports=["Output"])
    assert pretty(net.gone).split("\n")[1] == "    Chorus2000 is not implemented: it is a placeholder"


def test_a_control_shows_its_value_and_unit(net: Network) -> None:
    assert pretty(net.osc.Pitch) == "net.osc.Pitch = 330 Hz, an in control"
    net.amp.Gain = 0.5
    assert pretty(net.amp.Gain) == "net.amp.Gain = 0.5, an in control"


def test_a_port_shows_its_data_and_wires(net: Network) -> None:
    shown = pretty(net.osc.Audio_Output)
    assert shown == 'net.osc["Audio Output"], an out port that carries Audio\n    net.osc["Audio Output"] > net.amp["Input Audio"]'


def test_in_a_list_a_handle_is_what_one_types(net: Network) -> None:
    assert pretty([net.osc, net.osc.Pitch]) == "[net.osc, net.osc.Pitch]"
    assert pretty({"osc": net.osc}) == "{'osc': net.osc}"


def test_a_handle_of_nothing_says_so(net: Network) -> None:
    osc, pitch = net.osc, net.osc.Pitch
    del net.osc
    assert pretty(osc) == "net.osc, which no longer exists"
    assert pretty(pitch) == "net.osc._incontrols.Pitch, which no longer exists"


def test_a_network_is_a_mapping(net: Network) -> None:
    assert net.keys() == [*net] == ["osc", "amp", "out"]
    assert net.values() == [net.osc, net.amp, net.out]
    assert dict(net.items()) == {"osc": net.osc, "amp": net.amp, "out": net.out}
    assert {**net} == dict(net.items())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sav", "did you mean 'save'?"),
        ("reddo", "did you mean 'redo'?"),
        ("osk", "did you mean 'osc'?"),
        ("remove", "To remove one: del net.osc"),
        ("connect", "To connect two: net.osc > net.amp"),
        ("rename", 'To rename one: net.osc.name = "bass"'),
    ],
)
def test_a_method_that_does_not_exist_has_advice(net: Network, name: str, words: str) -> None:
    with pytest.raises(errors.NoSuchProcessing) as caught:
        getattr(net, name)
    assert str(caught.value).endswith(words)


def test_a_key_is_never_taken_for_a_method(net: Network) -> None:
    with pytest.raises(errors.NoSuchProcessing) as caught:
        net["sav"]
    assert "save" not in str(caught.value)


@pytest.mark.parametrize("name", ["NInputs", "NSinks"])
def test_a_parameter_is_told_as_it_was_typed(net: Network, name: str) -> None:
    with pytest.raises(errors.ParameterValueError, match=rf"out\.{name} takes an int from 1 to 1024, not -1"):
        setattr(net.out, name, -1)
    with pytest.raises(errors.ParameterTypeError, match=rf"out\.{name} takes an int from 1 to 1024, not 'x' \(str\)"):
        setattr(net.out, name, "x")
    with pytest.raises(errors.ParameterTypeError, match=rf"out\.{name} takes"):
        setattr(net.out._config, name, "x")


def test_samples_of_a_network_that_does_not_play_say_so(net: Network) -> None:
    assert "silence: the network does not play" in pretty(net.osc.Audio_Output.samples())
