"""Banks and groups: many processings, made, set and connected as one."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.errors import (
    DifferentConnectorKind,
    DifferentNetwork,
    DifferentNumbers,
    InvalidName,
    NameAlreadyExists,
    NoSuchConnector,
    NoSuchParameter,
    NoSuchProcessing,
    NoSuchType,
    NothingToConnect,
    NothingToUndo,
    ReadOnly,
)


def one_by_one() -> Network:
    net = Network("dummy")
    net.out = net.types.Sink
    for k in (1, 2, 3):
        net[f"osc{k}"] = net.types.Oscillator
        net[f"osc{k}"].Frequency = 110.0 * k
        net[f"osc{k}"].Amplitude = 0.1
    for k in (1, 2, 3):
        net[f"amp{k}"] = net.types.Amplifier
    for k in (1, 2, 3):
        net[f"osc{k}"] > net[f"amp{k}"] > net.out
    return net


def banks() -> Network:
    net = Network("dummy")
    net.out = net.types.Sink
    oscillators = net.bank("osc{}", net.types.Oscillator, 3, Frequency=[110.0, 220.0, 330.0], Amplitude=0.1)
    oscillators > net.bank("amp{}", net.types.Amplifier, 3) > net.out
    return net


def test_banks_make_what_one_makes_one_by_one():
    assert banks() == one_by_one()
    assert banks().code() == one_by_one().code()


def test_a_bank_is_what_its_processings_are_whenever_one_looks(net):
    seen = []
    net.observe(seen.append)
    net.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, 2.0])
    assert [change.names for change in seen if change.kind == "added"] == [("osc1",), ("osc2",)]
    other = Network("dummy")
    other.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, 2.0])
    assert list(other) == ["osc1", "osc2"]
    assert "osc2" in other
    assert len(other) == 2
    assert other.osc2.Frequency == 2.0
    assert other == net


def test_names_are_numbered_from_one_or_given(net):
    types = net.types
    assert net.bank("a{}", types.Sink, 2).names == ("a1", "a2")
    assert net.bank("b{:02}", types.Sink, 2).names == ("b01", "b02")
    assert net.bank("c", types.Sink, 2).names == ("c1", "c2")
    assert net.bank(["kick", "my snare"], types.Sink).names == ("kick", "my snare")
    assert net.bank("none{}", types.Sink, 0).names == ()
    assert len(net) == 8


def test_a_value_is_for_all_or_one_for_each(net):
    net.bank("osc{}", "Oscillator", 3, Frequency=np.array([1.0, 2.0, 3.0]), Waveform="saw", Amplitude=(0, 1, 1))
    assert [net[name].Frequency for name in net] == [1.0, 2.0, 3.0]
    assert [net[name].Waveform for name in net] == ["saw"] * 3
    assert [(type(net[name].Amplitude), net[name].Amplitude) for name in net] == [(float, 0.0), (float, 1.0), (float, 1.0)]


def test_a_parameter_that_is_a_sequence_is_one_value(net):
    net.bank("all{}", net.types.Analysis, 2, Bands=[1.0, 2.0, 3.0])
    net.bank("each{}", net.types.Analysis, 2, Bands=[[1.0], [2.0, 3.0]])
    assert [net[name].Bands for name in net] == [(1.0, 2.0, 3.0), (1.0, 2.0, 3.0), (1.0,), (2.0, 3.0)]


def test_processings_of_a_bank_may_have_different_connectors(net):
    net.bank("mixer{}", net.types.Mixer, 2, NInputs=[1, 4])
    assert [len(net[name]._inports) for name in net] == [1, 4]


def elsewhere() -> Network:
    other = Network("dummy")
    other.there = other.types.Oscillator
    return other


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda net: net.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, 2.0, 3.0]), ValueError, "3 values for 2"),
        (lambda net: net.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, "high"]), TypeError, "osc2.Frequency"),
        (lambda net: net.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, float("nan")]), ValueError, "osc2.Frequency"),
        (lambda net: net.bank("osc{}", net.types.Oscillator, 2, Frequenzy=1.0), NoSuchParameter, "did you mean 'Frequency'"),
        (lambda net: net.bank("osc{}", "Oszillator", 2), NoSuchType, "did you mean 'Oscillator'"),
        (lambda net: net.bank("osc{}", net.types.Oscillator), TypeError, "needs a number of processings"),
        (lambda net: net.bank("osc{}", net.types.Oscillator, -1), ValueError, "the number of processings must be"),
        (lambda net: net.bank("osc{}{}", net.types.Oscillator, 2), ValueError, "one place"),
        (lambda net: net.bank(["a", "a"], net.types.Oscillator), InvalidName, "it is given twice"),
        (lambda net: net.bank(["a", "there"], net.types.Oscillator), NameAlreadyExists, "del net.there"),
        (lambda net: net.bank(["a", ""], net.types.Oscillator), InvalidName, "empty"),
        (lambda net: net.bank(["a", 2], net.types.Oscillator), InvalidName, "a name must be a str"),
        (lambda net: net.bank(7, net.types.Oscillator), TypeError, "names"),
        (lambda net: net.bank(["a"], net.types.Oscillator, 2), ValueError, "1 names"),
        (lambda net: net.bank("osc{}", net.there, 2), TypeError, "clone"),
        (lambda net: net.group("zz*"), NoSuchProcessing, "zz*"),
        (lambda net: net.group(["ther"]), NoSuchProcessing, "did you mean 'there'"),
        (lambda net: net.bank("osc{}", net.types.Oscillator, count=2), TypeError, r'net.bank."osc{}", net.types.Oscillator, 8'),
        (lambda net: net.bank("osc{:9999999999}", net.types.Oscillator, 2), ValueError, "one place"),
        (lambda net: net.bank("osc{.__class__}", net.types.Oscillator, 2), ValueError, "one place"),
        (lambda net: net.group(3), TypeError, "pattern"),
        (lambda net: net.group([3]), TypeError, "nor the name of one"),
        (lambda net: net.group([elsewhere().there]), DifferentNetwork, "net.there"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_has_changed(net, make, error, said):
    net.there = net.types.Oscillator
    before = net.code()
    with pytest.raises(error, match=said.replace("*", "[*]")):
        make(net)
    assert net.code() == before
    net.undo()
    with pytest.raises(NothingToUndo):
        net.undo()


def test_each_statement_is_one_step(net):
    net.out = net.types.Sink
    oscillators = net.bank("osc{}", net.types.Oscillator, 3)
    made = net.code()
    oscillators > net.out
    connected = net.code()
    oscillators.Frequency = [1.0, 2.0, 3.0]
    net.undo()
    assert net.code() == connected
    net.undo()
    assert net.code() == made
    net.undo()
    assert list(net) == ["out"]
    for _ in range(3):
        net.redo()
    assert oscillators.Frequency == (1.0, 2.0, 3.0)
    assert len(net._proxy.wires()) == 3


def test_what_is_undone_while_nobody_has_looked_is_made_again(net):
    net.out = net.types.Sink
    net.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, 2.0]) > net.out
    expected = net.code()
    net.undo(), net.undo()
    net.redo(), net.redo()
    assert net.code() == expected


def test_groups_are_sequences(net):
    oscillators = net.bank("osc{}", net.types.Oscillator, 4)
    assert len(oscillators) == 4
    assert oscillators[0] == net.osc1
    assert oscillators[-1] == net.osc4
    assert list(oscillators[1:3]) == [net.osc2, net.osc3]
    assert net.osc2 in oscillators
    assert "osc2" in oscillators
    assert net.group("osc*") == oscillators
    assert net.group([net.osc1, "osc2"]).names == ("osc1", "osc2")
    assert net.group([oscillators[1:3], net.osc1]).names == ("osc2", "osc3", "osc1")
    with pytest.raises(IndexError, match="4 processings"):
        oscillators[4]
    assert repr(oscillators[:2]) == 'net.group(["osc1", "osc2"])'
    assert repr(net.bank("x{}", net.types.Sink, 9)) == 'net.group(["x1", "x2", "x3", ..., "x9"])  # 9 processings'
    assert "Frequency" in dir(oscillators)


def test_parameters_and_controls_of_a_group(net):
    mixers = net.bank("mixer{}", net.types.Mixer, 2)
    mixers.Gain_1 = [0.25, 0.5]
    assert [mixer["Gain 1"].value for mixer in mixers] == [0.25, 0.5]
    oscillators = net.bank("osc{}", net.types.Oscillator, 2, Frequency=[1.0, 2.0])
    assert oscillators.Frequency == (1.0, 2.0)
    assert oscillators.Amplitude == (1.0, 1.0)
    oscillators.Frequency = 3.0
    assert oscillators["Frequency"] == (3.0, 3.0)
    before = net.code()
    with pytest.raises(TypeError, match=r"osc2\.Frequency"):
        oscillators.Frequency = [4.0, None]
    assert net.code() == before
    with pytest.raises(ValueError, match="3 values for 2"):
        oscillators.Frequency = [1.0, 2.0, 3.0]
    with pytest.raises(NoSuchConnector, match="did you mean 'Frequency'"):
        oscillators.Frequenzy = 1.0


def test_values_of_controls_are_read_as_parameters_are(net):
    gains = net.bank("mixer{}", net.types.Mixer, 2).Gain_1
    gains.value = [0.25, 0.5]
    assert gains.value == (0.25, 0.5)
    gains[1:].value = 1
    assert gains.value == (0.25, 1.0)
    net.undo()
    net.undo()
    assert gains.value == (1.0, 1.0)
    with pytest.raises(ValueError, match="3 values for 2"):
        gains.value = [1, 2, 3]


def test_connectors_of_a_group_are_no_processings(net):
    outputs = net.bank("osc{}", net.types.Oscillator, 2).Output
    for attribute in ("Frequency", "remove", "names", "value"):
        with pytest.raises(AttributeError):
            getattr(outputs, attribute)
    with pytest.raises(ReadOnly, match="are connectors"):
        outputs.Frequency = 3.0
    with pytest.raises(TypeError, match="by index or slice"):
        outputs["Frequency"]
    assert len(net) == 2


def test_what_a_group_has_of_its_own_is_not_assigned(net):
    oscillators = net.bank("osc{}", net.types.Oscillator, 2)
    for name in ("names", "remove", "_names", "connect"):
        with pytest.raises(ReadOnly, match=name):
            setattr(oscillators, name, 3)
    for which in (0, slice(1), None):
        with pytest.raises(TypeError, match="takes the name of a parameter"):
            oscillators[which] = 3
    with pytest.raises(AttributeError, match="each of its processings has"):
        oscillators._outports


def test_processings_of_several_types_are_asked_each(net):
    net.osc, net.sink, net.other = net.types.Oscillator, net.types.Sink, net.types.Oscillator
    assert net.group(["osc", "other"]).Frequency == (440.0, 440.0)
    with pytest.raises(NoSuchConnector, match="sink has no 'Frequency'"):
        net.group(["osc", "sink"]).Frequency
    with pytest.raises(NoSuchConnector, match="sink has no 'Frequency'"):
        net.group(["osc", "sink"]).Frequency = 1.0
    assert net.osc.Frequency == 440.0


def test_a_group_of_what_is_gone_can_be_looked_at(net):
    oscillators = net.bank("osc{}", net.types.Oscillator, 2)
    net.group([*oscillators, net.osc1]).remove()
    assert repr(oscillators) == 'net.group(["osc1", "osc2"])'
    assert "remove" in dir(oscillators)
    with pytest.raises(NoSuchProcessing, match="osc1"):
        oscillators.Frequency


def test_groups_of_one_size_are_connected_one_to_one(net):
    oscillators, amplifiers = net.bank("osc{}", net.types.Oscillator, 2), net.bank("amp{}", net.types.Amplifier, 2)
    made = oscillators > amplifiers
    assert (len(made), made == 2, bool(made)) == (2, True, True)
    assert repr(made) == "net.osc1.Output > net.amp1.Input\nnet.osc2.Output > net.amp2.Input"
    with pytest.raises(NothingToConnect, match="already connected"):
        oscillators > amplifiers
    with pytest.raises(DifferentNumbers, match=r"net\.osc1 and .* have different sizes, 1 and 2: groups connect one to one"):
        oscillators[:1] > amplifiers
    with pytest.raises(DifferentNetwork):
        oscillators > Network("dummy").bank("x{}", "Amplifier", 2)


def test_one_is_connected_with_all(net):
    net.osc, net.out = net.types.Oscillator, net.types.Sink
    amplifiers = net.bank("amp{}", net.types.Amplifier, 3)
    assert (net.osc > amplifiers) == 3
    assert (amplifiers > net.out.Input) == 3
    assert (net.out < net.group(["osc"])) == 1
    assert [peer.host.name for peer in net.osc.Output.peers] == ["amp1", "amp2", "amp3", "out"]
    assert [peer.host.name for peer in net.out.Input.peers] == ["amp1", "amp2", "amp3", "osc"]


def test_one_connector_of_each_is_connected(net):
    players = net.bank("player{}", net.types.Player, 2)
    net.left, net.right = net.types.Sink, net.types.Sink
    assert (players.Left > net.left) == 2
    assert (players["Right"] > net.right.Input) == 2
    assert repr(players.Left[0]) == "net.player1.Left"
    assert {wire.source_connector for wire in net._proxy.wires() if wire.target == "right"} == {"Right"}
    with pytest.raises(DifferentConnectorKind):
        players.Left > net.bank("amp{}", net.types.Amplifier, 2)._named("Gain")


@pytest.mark.parametrize("look", [False, True])
def test_connect_takes_either_order(net, look):
    net.out = net.types.Sink
    oscillators = net.bank("osc{}", net.types.Oscillator, 2)
    if look:
        net._proxy.processings()["osc1"]
    assert oscillators.connect(net.out) == 2
    assert net.out.Input.connect(net.bank("more{}", net.types.Oscillator, 2)) == 2
    assert oscillators.disconnect(net.out) == 2
    assert net.out.disconnect(net.group("more*")) == 2
    assert len(net._proxy.wires()) == 0


def test_wires_of_a_group_are_cut(net):
    net.out = net.types.Sink
    oscillators = net.bank("osc{}", net.types.Oscillator, 3)
    oscillators > net.out
    assert (oscillators[:1] / net.out) == 1
    assert (net.group("osc*") / net.out) == 2
    assert (oscillators / net.out) == 0
    oscillators > net.out
    assert oscillators.disconnect() == 3
    oscillators > net.out
    oscillators.remove()
    assert list(net) == ["out"]
    net.undo()
    assert len(net.out.Input.peers) == 3


def test_what_does_not_fit_says_why(net):
    oscillators = net.bank("osc{}", net.types.Oscillator, 2)
    with pytest.raises(NothingToConnect, match="has no out ports"):
        net.bank("one{}", net.types.Sink, 2) > net.bank("other{}", net.types.Sink, 2)
    other = Network("dummy")
    with pytest.raises(
        NothingToConnect, match=r"nothing to connect in .*: net.x1 has no out ports or controls; net.x2 has no out ports or controls$"
    ):
        other.bank("x{}", "Sink", 2) > other.bank("y{}", "Sink", 2)
    with pytest.raises(TypeError, match="not to 3"):
        oscillators > 3
    with pytest.raises(NothingToConnect, match="empty"):
        oscillators[:0] > net.bank("none{}", net.types.Sink, 0)


def test_a_bank_is_saved_and_loaded(net, tmp_path):
    net.out = net.types.Sink
    net.bank("osc{}", net.types.Oscillator, 3, Frequency=[1.0, 2.0, 3.0]) > net.out
    net.save(tmp_path / "bank.py")
    other = Network("dummy")
    other.load(tmp_path / "bank.py")
    assert other == net


def test_words_of_ours_need_a_subscript(net):
    net["bank"] = net.types.Sink
    assert 'net["bank"] = net.types.Sink' in net.code()
