"""Processings and their connectors: access in every form, collisions, aliases, controls."""

from __future__ import annotations

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.frontend.connectors import Connector, Connectors
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec


def one(**parts) -> Network:
    """A network of one processing `p` with these parts."""
    network = Network(DummyProxy(types=[TypeSpec("T", **parts)]))
    network.p = "T"
    return network


def test_connectors_are_attributes_and_items_by_exact_name_and_alias(net):
    net.mix = net.types.Mixer
    assert net.mix["Audio Output"] == net.mix.Audio_Output == net.mix["Audio_Output"] == net.mix._outports["Audio Output"]
    assert net.mix._outports.Audio_Output == net.mix._outports[0] == net.mix._outports[-1]


def test_a_connector_knows_its_facts(net):
    net.osc = net.types.Oscillator
    net.mix = net.types.Mixer
    net.osc.Output > net.mix["Input 2"]
    port = net.mix["Input 2"]
    assert (port.name, port.kind, port.direction, port.index, port.type) == ("Input 2", "Port", "In", 1, "Audio")
    assert (port.host, port.fullname, port.peers) == (net.mix, "mix.Input 2", (net.osc.Output,))
    assert (net.osc.Pitch.kind, net.osc.Pitch.direction, net.osc.Pitch.type) == ("Control", "In", "float")


@pytest.mark.parametrize("name", ["name", "kind", "direction", "index", "type", "host", "fullname", "peers", "anything", "_id"])
def test_the_facts_of_a_connector_are_read_only(net, name):
    net.osc = net.types.Oscillator
    with pytest.raises(AttributeError, match="of a connector cannot be assigned"):
        setattr(net.osc.Output, name, "x")


def test_connectors_are_equal_when_they_are_the_same(net):
    net.a = net.b = net.types.Amplifier
    assert net.a.Input == net.a.Input
    assert len({net.a.Input, net.a["Input"], net.a._inports[0]}) == 1
    assert net.a.Input != net.b.Input
    assert net.a.Input != net.a.Output
    assert net.a.Input != "Input"


def test_a_mistyped_alias_is_answered_with_one():
    net = one(inports=["1"], outports=["1"], config={"NSources": 1})
    with pytest.raises(AttributeError, match=r"p has no 'Output2'; did you mean 'Output1'"):
        net.p.Output2
    with pytest.raises(AttributeError, match=r"p\._inports has no 'Imput1'; did you mean 'Input1'"):
        net.p._inports.Imput1
    with pytest.raises(AttributeError, match=r"p has no 'NOutput'; did you mean 'NOutputs'"):
        net.p.NOutput = 2
    with pytest.raises(AttributeError, match=r"p has no parameter 'NOutput'; did you mean 'NOutputs'"):
        net.p._config.NOutput = 2


def test_digits_have_aliases_by_kind_and_direction():
    net = one(inports=["1"], outports=["1"], incontrols=["1"], outcontrols=["1"])
    assert net.p.Input1 == net.p["Input 1"] == net.p._inports["1"] == net.p._inports.Input1
    assert net.p.Output1 == net.p["Output 1"] == net.p._outports["1"]
    assert net.p.InControl1 == net.p["InControl 1"] == net.p._incontrols["1"]
    assert net.p.OutControl1 == net.p["OutControl 1"] == net.p._outcontrols["1"]
    with pytest.raises(
        errors.AmbiguousName, match=r"p has more than one '1'\. Type net\.p\._inports\[\"1\"\] or net\.p\._outports\[\"1\"\]"
    ):
        net.p["1"]


def test_an_exact_name_wins_over_the_alias_of_digits():
    net = one(inports=["1", "Input1"])
    assert net.p.Input1.name == "Input1"
    assert net.p["Input 1"].name == "1"


def test_the_seeds_names_for_the_number_of_channels(net):
    net.source, net.sink = net.types.Source, net.types.MultiSink
    net.source.NOutputs = 3
    net.sink["NInputs"] = 4
    assert (net.source.NSources, net.sink.NSinks, net.source.NOutputs) == (3, 4, 3)
    net.source._config.NOutputs = 2
    assert len(net.source._outports) == 2


def test_a_name_on_an_in_and_an_out_is_ambiguous():
    net = one(inports=["X"], outports=["X"])
    with pytest.raises(errors.AmbiguousName, match=r"p has more than one 'X'\. Type net\.p\._inports\.X or net\.p\._outports\.X"):
        net.p.X
    assert net.p._inports.X.direction == "In"
    assert repr(net.p._outports.X) == "net.p._outports.X"


def test_two_aliases_are_ambiguous():
    net = one(inports=["a b", "a-b"])
    with pytest.raises(errors.AmbiguousName, match=r"net\.p\._inports\[\"a b\"\] or net\.p\._inports\[\"a-b\"\]"):
        net.p.a_b
    with pytest.raises(errors.AmbiguousName, match="has more than one 'a_b'"):
        net.p._inports.a_b


def test_a_parameter_wins_over_a_connector_of_its_name(net):
    net.fader = net.types.Fader
    assert net.fader.Input == 0
    net.fader.Input = 3
    assert net.fader._config.Input == 3
    assert net.fader._inports.Input.kind == "Port"
    assert net.fader._incontrols.Input.kind == "Control"
    assert repr(net.fader._inports.Input) == "net.fader._inports.Input"


def test_our_words_win_as_attributes_and_data_as_items(net):
    net.fader = net.types.Fader
    assert net.fader.name == "fader"
    net.fader["name"] = "data"
    assert (net.fader.name, net.fader["name"], net.fader._config.name) == ("fader", "data", "data")


def test_nested_configurations_are_attributes_of_attributes(net):
    net.env = net.types.Envelope
    net.env.Times.Curve.Bend = 0.25
    assert net.env["Times"]["Curve"]["Bend"] == net.env._config.Times.Curve.Bend == 0.25


def test_a_name_that_is_not_there_suggests(net):
    net.osc = net.types.Oscillator
    with pytest.raises(AttributeError, match=r"osc has no 'Frequenzy'; did you mean 'Frequency'"):
        net.osc.Frequenzy
    with pytest.raises(KeyError, match=r"osc has no 'Outpu'; did you mean 'Output'"):
        net.osc["Outpu"]
    with pytest.raises(AttributeError, match=r"osc has no 'Pich'; did you mean 'Pitch'"):
        net.osc.Pich = 3.0
    with pytest.raises(AttributeError, match=r"osc\._outports has no 'Outputt'; did you mean 'Output'"):
        net.osc._outports.Outputt


@pytest.mark.parametrize("name", ["_repr_html_", "__array_interface__", "_x"])
def test_unknown_underscored_attributes_are_attribute_errors(net, name):
    net.osc = net.types.Oscillator
    for handle in (net.osc, net.osc._outports, net.osc._config, net.types):
        with pytest.raises(AttributeError):
            getattr(handle, name)


def test_a_number_is_no_name_of_a_connector(net):
    net.osc = net.types.Oscillator
    with pytest.raises(TypeError, match=r"net\.osc\[\.\.\.\] takes a name or a slice, not 0\. To select by number: net\.osc\._outp"):
        net.osc[0]
    with pytest.raises(TypeError, match=r"net\.osc\[\.\.\.\] = takes a name, not 0"):
        net.osc[0] = 3.0


def test_assigning_to_a_port_says_the_arrow(net):
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    with pytest.raises(AttributeError, match=r"net\.osc\.Output is a port, .*\. To connect it: net\.osc\.Output > net\.x"):
        net.osc.Output = net.sink.Input
    with pytest.raises(AttributeError, match=r"net\.x > net\.sink\.Input"):
        net.sink["Input"] = net.osc.Output
    with pytest.raises(AttributeError, match="is a port, and cannot be assigned"):
        net.sink._inports[0] = 3.0


def test_assigning_to_an_in_control_sends_a_value(net):
    net.osc = net.types.Oscillator
    assert net.osc.Pitch.value == 440.0
    net.osc.Pitch = 220
    assert net.osc.Pitch.value == 220.0
    net.osc["Pitch"] = 110.0
    net.osc._incontrols.Level = 0.5
    net.osc._incontrols[0].value = 55.0
    assert [control.value for control in net.osc._incontrols] == [55.0, 0.5]


def test_assigning_to_an_out_control_is_refused(net):
    net.knob = net.types.Sender
    with pytest.raises(AttributeError, match=r"net\.knob\.Value is an out control, whose value the processing sets"):
        net.knob.Value = 3.0


def test_a_control_of_one_name_in_and_out_takes_the_value():
    net = one(incontrols=["X"], outcontrols=["X"], outports=["X"])
    net.p.X = 3.0
    assert net.p._incontrols.X.value == 3.0


@pytest.mark.parametrize("value", ["loud", None, [1.0], 1j])
def test_a_control_takes_numbers(net, value):
    net.osc = net.types.Oscillator
    with pytest.raises(TypeError, match=r"osc\.Pitch takes a number"):
        net.osc.Pitch = value


def test_a_control_takes_finite_numbers(net):
    net.osc = net.types.Oscillator
    with pytest.raises(ValueError, match=r"osc\.Pitch takes a finite number"):
        net.osc.Pitch = float("inf")
    with pytest.raises(ValueError, match=r"osc\.Pitch takes a finite number"):
        net.osc.Pitch = 10**400


def test_a_port_has_no_value(net):
    net.osc = net.types.Oscillator
    with pytest.raises(AttributeError, match=r"net\.osc\.Output is a port and has no value\. For its signal: \.samples\(n\)"):
        net.osc.Output.value
    with pytest.raises(AttributeError, match="is a port"):
        net.osc.Output.value = 3.0


@pytest.mark.parametrize(("count", "error"), [(-1, ValueError), (1.5, TypeError), (True, TypeError), ("3", TypeError)])
def test_samples_takes_a_number_of_frames(net, count, error):
    net.osc = net.types.Oscillator
    with pytest.raises(error, match="samples takes the number of frames"):
        net.osc.Output.samples(count)


def test_only_audio_out_ports_have_samples(net):
    net.analysis = net.types.Analysis
    with pytest.raises(errors.NotSupported, match=r"cannot get samples of net\.analysis\.Spectrum\. Only out ports that carry Audio"):
        net.analysis.Spectrum.samples(10)


def test_type_is_read_only(net):
    net.osc = net.types.Oscillator
    for name in ("type", "connect", "_inports", "_x"):
        with pytest.raises(AttributeError, match="of a processing cannot be assigned"):
            setattr(net.osc, name, "x")


def test_positions_are_pairs_of_numbers(net):
    net.osc = net.types.Oscillator
    assert (net.osc._position, net.osc._size) == (None, None)
    net.osc._position = 10, 20
    net.osc._size = [30.5, 40]
    assert (net.osc._position, net.osc._size) == ((10.0, 20.0), (30.5, 40.0))
    net.osc._position = None
    assert (net.osc._position, net.osc._size) == (None, (30.5, 40.0))
    for wrong, error in (((1,), TypeError), ("xy", TypeError), (3, TypeError), ((1, float("nan")), ValueError)):
        with pytest.raises(error, match="_position takes two"):
            net.osc._position = wrong


def test_membership_is_by_exact_name(net):
    net.osc = net.types.Oscillator
    assert "Frequency" in net.osc
    assert "Output" in net.osc
    assert "Pitch" in net.osc
    assert "Outpu" not in net.osc


def test_dir_lists_what_can_be_typed_first(net):
    net.source, net.fader = net.types.Source, net.types.Fader
    net.source.NSources = 2
    assert net.source.__dir__()[:4] == ["NSources", "NOutputs", "Output1", "Output2"]
    assert net.fader.__dir__()[:4] == ["Input", "Level", "With_Space", "Output"]
    assert net.source._outports.__dir__()[:2] == ["Output1", "Output2"]
    assert all(hasattr(net.source, name) for name in dir(net.source) if name != "__abstractmethods__")


def test_connectors_are_sequences(net):
    net.mix = net.types.Mixer
    net.mix.NInputs = 4
    ports = net.mix._inports
    assert len(ports) == 4
    assert [port.index for port in ports] == [0, 1, 2, 3]
    assert [port.index for port in reversed(ports)] == [3, 2, 1, 0]
    assert "Input 2" in ports
    assert net.mix["Input 2"] in ports
    assert net.mix["Audio Output"] not in ports
    assert 3 not in ports
    with pytest.raises(IndexError, match=r"net\.mix\._inports has 4 connectors: index 4 is out of range"):
        ports[4]
    with pytest.raises(TypeError, match=r"selected by index, slice or name, not by 1\.5"):
        ports[1.5]


def test_slices_are_connectors_and_slice_again(net):
    net.mix = net.types.Mixer
    net.mix.NInputs = 6
    odd = net.mix._inports[1::2]
    assert isinstance(odd, Connectors)
    assert [port.index for port in odd] == [1, 3, 5]
    assert [port.index for port in odd[::-1][:2]] == [5, 3]
    assert odd == net.mix._inports[1:6:2]
    assert odd != net.mix._inports[0::2]
    assert odd["Input 2"].index == 1
    with pytest.raises(errors.NoSuchConnector, match=r"net\.mix\._inports\[1::2\] has no 'Input 1'"):
        odd["Input 1"]
    assert odd.__dir__()[:3] == ["Input_2", "Input_4", "Input_6"]


def test_slices_are_live(net):
    net.mix = net.types.Mixer
    odd = net.mix._inports[1::2]
    net.mix.NInputs = 6
    assert len(odd) == 3


def test_a_bare_slice_can_be_shown_and_counted(net):
    net.amp = net.types.Amplifier
    assert repr(net.amp[0:1]) == "net.amp[0:1]"
    assert repr(net.amp[1::2]) == "net.amp[1::2]"
    assert list(net.amp[0:1]) == [net.amp.Input, net.amp.Output]


def test_a_slice_is_of_numbers(net):
    net.mix = net.types.Mixer
    for handle in (net.mix, net.mix._inports):
        with pytest.raises(TypeError, match=r"a slice takes whole numbers, .* not 'a'"):
            handle["a":"b"]


def test_the_repr_of_connectors_can_be_typed(net):
    net.mix = net["any name"] = net.types.Mixer
    ports = [*net.mix._inports, *net.mix._outports, *net["any name"]._inports]
    assert repr(net.mix._inports) == '[net.mix["Input 1"], net.mix["Input 2"]]'
    assert eval(repr(ports), {"net": net}) == ports
    assert all(isinstance(port, Connector) for port in ports)


def test_connectors_take_no_other_assignment(net):
    net.osc = net.types.Oscillator
    with pytest.raises(AttributeError, match="'connect' of connectors cannot be assigned"):
        net.osc._incontrols.connect = 3.0


def test_a_name_used_twice_means_the_first():
    net = one(incontrols=[ControlSpec("Amount", default=1.0), ControlSpec("Amount", default=2.0), ControlSpec("Other")])
    assert (net.p.Amount.index, net.p.Other.index) == (0, 2)


def test_reserved_and_odd_connector_names_are_items():
    names = ["class", "connect", "_config", "3rd", "ﬁ", "", " ", "'\"", "name"]
    net = one(outports=[PortSpec(name) for name in names])
    assert [net.p[name].name for name in names] == names
    assert [eval(repr(port), {"net": net}) for port in net.p._outports] == list(net.p._outports)
    assert net.p.fi.name == "ﬁ"
