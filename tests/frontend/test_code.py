"""The Python statements of a network."""

from __future__ import annotations

import pytest

from ipyclam_core import Network, Placeholder
from ipyclam_core.frontend.code import code


def run(text: str, **names: object) -> Network:
    network = Network("dummy")
    exec(text, {"net": network, "Placeholder": Placeholder, **names})
    return network


def test_an_empty_network_is_no_text(net):
    assert net.code() == ""


def test_the_text_is_what_one_would_type(net):
    net.description = "a cable"
    net.source, net.sink = net.types.Source, net.types.MultiSink
    net.source.NOutputs = 2
    net.source.Output2 > net.sink.Input2
    net.source.Output1 > net.sink.Input1
    net["my mix"] = net.types.Mixer
    net["class"] = net["code"] = net["_x"] = net.types.Sender
    net["class"].Value > net.my_mix.Gain_1
    net.my_mix.Gain_2 = 0.5
    net.my_mix._position = 10, 20
    net.fader = net.types.Fader
    net.fader["name"] = 'say "hi"'
    net.fader._incontrols.Input = 3
    net.fader._outports.Output > net.my_mix.Input_1
    assert (
        net.code()
        == """\
net.description = "a cable"

net.source = net.types.Source
net.source.NSources = 2
net.sink = net.types.MultiSink
net["my mix"] = net.types.Mixer
net["my mix"]._position = (10.0, 20.0)
net["class"] = net.types.Sender
net["code"] = net.types.Sender
net["_x"] = net.types.Sender
net.fader = net.types.Fader
net.fader["name"] = 'say "hi"'

net.source["1"] > net.sink["1"]
net.source["2"] > net.sink["2"]
net["class"].Value > net["my mix"]["Gain 1"]
net.fader._outports.Output > net["my mix"]["Input 1"]

net["my mix"]["Gain 2"] = 0.5
net.fader._incontrols.Input = 3.0"""
    )
    assert run(net.code()) == net


def test_the_variable_has_any_name(net):
    net.a = net.b = net.types.Amplifier
    net.a > net.b
    net.a.Gain = 2.0
    assert net.code("patch") == (
        "patch.a = patch.types.Amplifier\npatch.b = patch.types.Amplifier\n\npatch.a.Output > patch.b.Input\n\npatch.a.Gain = 2.0"
    )


@pytest.mark.parametrize("variable", ["", "a b", "net.x", 3])
def test_the_variable_is_an_identifier(net, variable):
    with pytest.raises(ValueError, match="the variable of a network must be an identifier"):
        net.code(variable)


def test_full_config_writes_every_parameter(net):
    net.env = net.types.Envelope
    net.env.Times.Curve.Shape = "log"
    assert net.code() == 'net.env = net.types.Envelope\nnet.env.Times.Curve.Shape = "log"'
    assert net.code(full_config=True).splitlines() == [
        "net.env = net.types.Envelope", "net.env.Times.Attack = 0.01", "net.env.Times.Decay = 0.1",
        'net.env.Times.Curve.Shape = "log"', "net.env.Times.Curve.Bend = 0.0", "net.env.Sustain = 0.7",
    ]  # fmt: skip


def test_placeholders_are_written_with_all_they_have(net):
    net.x = Placeholder("Vocoder", ["In", ("Mod", "Spectrum")], ["Out"], [("Q", "float", 0.5)], ["c"], {"Bands": 3, "n": {"a": None}})
    assert net.code() == (
        'net.x = Placeholder("Vocoder", inports=["In", ("Mod", "Spectrum")], outports=["Out"], incontrols=[("Q", "float", 0.5)], '
        'outcontrols=["c"], config={"Bands": 3, "n": {"a": None}})'
    )
    again = run(net.code())
    assert (again == net, again.code(), again.x.Q.value) == (True, net.code(), 0.5)


def test_a_placeholder_of_a_known_type_is_the_real_one(net):
    net.osc = Placeholder("Oscillator", inports=["Nonsense"], config={"Frequency": 1.0})
    assert (net.osc.Frequency, "Nonsense" in net.osc, net.osc.Output.name) == (1.0, False, "Output")
    assert "Placeholder" not in net.code()


@pytest.mark.parametrize(
    "arguments",
    [
        ("",), (3,), ("T", [3]), ("T", [("a", "b", "c")]), ("T", [()]), ("T", [], [], [("a", 3)]),
        ("T", [], [], [], [], {"x": object()}),
    ],
)  # fmt: skip
def test_a_placeholder_refuses_what_it_cannot_hold(arguments):
    with pytest.raises(TypeError, match=r"placeholder|default value"):
        Placeholder(*arguments)


def test_the_repr_of_a_placeholder_can_be_typed():
    placeholder = Placeholder("Vocoder", inports=["In"], config={"Bands": 3})
    assert repr(placeholder) == 'Placeholder("Vocoder", inports=["In"], config={"Bands": 3})'
    assert repr(eval(repr(placeholder))) == repr(placeholder)


def test_titles_and_waiting_wires_are_kept(net):
    net._title = "piano"
    net._waiting = [("Port", "osc", "Old Output", "sink", "Input")]
    again = run(net.code())
    assert (again._title, again._waiting, again.code()) == (net._title, net._waiting, net.code())
    for wrong in ([("Port", "a")], [("Cable", "a", "b", "c", "d")], [("Port", "a", "b", "c", 3)]):
        with pytest.raises(ValueError, match=r"a waiting wire is a tuple \(kind, source"):
            net._waiting = wrong


def test_a_control_that_a_wire_feeds_is_not_written(net):
    net.knob, net.osc = net.types.Sender, net.types.Oscillator
    net.osc.Pitch = net.osc.Level = 3.0
    net.knob.Value > net.osc.Pitch
    assert "Pitch = " not in net.code()
    assert "net.osc.Level = 3.0" in net.code()


def test_paths_can_be_written_relative_to_a_folder(net, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    net.player = net.types.Player
    net.player.File = "sub/a.wav"
    assert 'net.player.File = "a.wav"' in code(net._proxy, relative_to="sub")
    assert 'net.player.File = "../sub/a.wav"' in code(net._proxy, relative_to="other")
    net.player.File = "/a.wav"
    assert 'net.player.File = "/a.wav"' in code(net._proxy, relative_to="sub")


def test_wires_are_in_canonical_order(net):
    net.a = net.b = net.types.Amplifier
    net.b > net.a
    net.a > net.b
    text = net.code()
    net.a.disconnect()
    net.a > net.b
    net.b > net.a
    assert net.code() == text
