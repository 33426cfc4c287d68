"""Connecting: explicit pairs, every broadcast, slices, disconnecting, and what is refused."""

from __future__ import annotations

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec

TYPES = (
    TypeSpec("Out", outports=[PortSpec("o{}", count="N", first=0)], config={"N": 4}),
    TypeSpec("In", inports=[PortSpec("i{}", count="N", first=0)], config={"N": 4}),
    TypeSpec("Both", inports=["i0", "i1"], outports=["o0", "o1"], incontrols=["c0", "c1"], outcontrols=["d0", "d1"]),
    TypeSpec("Mixed", inports=[PortSpec("s", "Spectrum"), PortSpec("a")], outports=[PortSpec("a2"), PortSpec("s2", "Spectrum")]),
    TypeSpec("Knobs", outcontrols=["k0", "k1", "k2"]),
    TypeSpec("Dials", incontrols=["l0", "l1", "l2", ControlSpec("b", "bool")]),
)  # fmt: skip


@pytest.fixture
def net() -> Network:
    """Networks with a processing of each type, called as the type in lower case, and a second `Both`."""
    network = Network(DummyProxy(TYPES))
    for spec in TYPES:
        network[spec.name.lower()] = spec.name
    network.two = "Both"
    return network


def wires(net: Network) -> list[str]:
    """The wires, as short texts."""
    return [f"{w.source}.{w.source_connector}>{w.target}.{w.target_connector}" for w in net._proxy.wires()]


# -- explicit pairs


@pytest.mark.parametrize(
    "connect",
    [
        lambda n: n.out.o0 > n.both.i0,
        lambda n: n.both.i0 < n.out.o0,
        lambda n: n.out.o0.connect(n.both.i0),
        lambda n: n.both.i0.connect(n.out.o0),
        lambda n: n.out["o0"] > n.both["i0"],
        lambda n: n.out._outports[0] > n.both._inports[0],
    ],
)
def test_a_pair_connects_in_every_spelling(net, connect):
    made = connect(net)
    assert wires(net) == ["out.o0>both.i0"]
    assert made
    assert (len(made), int(made), made == 1, repr(made)) == (1, 1, True, "net.out.o0 > net.both.i0")


@pytest.mark.parametrize(
    ("connect", "error", "words"),
    [
        (lambda n: n.both.i0 > n.out.o0, errors.BadConnectorDirectionOrder,
         r"net\.both\.i0 is an input, on the wrong side: wires go from outputs to inputs\. Type net\.out\.o0 > net\.both\.i0"),
        (lambda n: n.out.o0 < n.both.i0, errors.BadConnectorDirectionOrder, r"Type net\.out\.o0 > net\.both\.i0"),
        (lambda n: n.out.o0 > n.both.o0, errors.BadConnectorDirectionOrder, r"net\.both\.o0 is an output"),
        (lambda n: n.both.i0 > n["in"].i0, errors.BadConnectorDirectionOrder, r"net\.both\.i0 is an input"),
        (lambda n: n.out.o0 > n.both.o0, errors.BadConnectorDirectionOrder,
         r"net\.both\.o0 is an output, on the wrong side: wires go from outputs to inputs\. Type net\.out\.o0 > net\.both\.i0$"),
        (lambda n: n.both.i0 > n["in"].i0, errors.BadConnectorDirectionOrder, r"Type net\.both\.o0 > net\[\"in\"\]\.i0$"),
        (lambda n: n.out.o0.connect(n.both.o0), errors.SameConnectorDirection, r"net\.out\.o0 and net\.both\.o0 are both outputs"),
        (lambda n: n.both.i0.connect(n["in"].i0), errors.SameConnectorDirection, r"are both inputs"),
        (lambda n: n.out.o0 > n.both.c0, errors.DifferentConnectorKind, r"net\.out\.o0 is a port, but net\.both\.c0 is a control"),
        (lambda n: n.both.c0.connect(n.out.o0), errors.DifferentConnectorKind, r"ports connect only to ports, controls to controls"),
        (lambda n: n.out.o0 > n.mixed.s, errors.DifferentConnectorType, r"carries Audio, .* takes Spectrum"),
        (lambda n: n.knobs.k0 > n.dials.b, errors.DifferentConnectorType, r"carries float, .* takes bool"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_pair_is_said(net, connect, error, words):
    with pytest.raises(error, match=words):
        connect(net)
    assert wires(net) == []


def test_a_pair_is_connected_once(net):
    net.out.o0 > net.both.i0
    with pytest.raises(errors.ConnectionExists, match=r"^net\.\S+ and net\.\S+ are already connected$"):
        net.out.o0 > net.both.i0
    assert len(wires(net)) == 1


def test_two_networks_do_not_connect(net):
    other = Network(DummyProxy(TYPES))
    other.both = "Both"
    for connect in (lambda: net.out.o0 > other.both.i0, lambda: net.out > other.both, lambda: net.out.connect(other.both)):
        with pytest.raises(errors.DifferentNetwork, match="belong to different networks"):
            connect()


@pytest.mark.parametrize("other", [3, "in", None, [1]])
def test_what_is_no_connector_is_a_type_error(net, other):
    for connect in (lambda: net.out > other, lambda: net.out.o0 < other, lambda: net.out[0:1] / other, lambda: net.out.connect(other)):
        with pytest.raises(TypeError, match="can only be connected to each other, not to"):
            connect()


def test_a_parameter_in_the_way_of_a_connector_is_explained():
    net = Network("dummy")
    net.fader, net.amp = net.types.Fader, net.types.Amplifier
    for connect in (lambda: net.amp.Output > net.fader.Input, lambda: net.fader.Input < net.amp.Output):
        with pytest.raises(TypeError, match=r"not to 0 \(int\)\. If a parameter has the name of a connector"):
            connect()
    assert net.amp.Output > net.fader._inports.Input


# -- broadcasts


@pytest.mark.parametrize(
    ("connect", "expected"),
    [
        # all to all, by index, ports with ports and controls with controls
        (lambda n: n.out > n["in"], ["out.o0>in.i0", "out.o1>in.i1", "out.o2>in.i2", "out.o3>in.i3"]),
        (lambda n: n.out > n.both, ["out.o0>both.i0", "out.o1>both.i1"]),
        (lambda n: n.both < n.out, ["out.o0>both.i0", "out.o1>both.i1"]),
        (lambda n: n.both > n.two, ["both.o0>two.i0", "both.o1>two.i1", "both.d0>two.c0", "both.d1>two.c1"]),
        (lambda n: n.both.connect(n.two), ["both.o0>two.i0", "both.o1>two.i1", "both.d0>two.c0", "both.d1>two.c1"]),
        (lambda n: n.knobs > n.dials, ["knobs.k0>dials.l0", "knobs.k1>dials.l1", "knobs.k2>dials.l2"]),
        (lambda n: n.both > n.both, ["both.o0>both.i0", "both.o1>both.i1", "both.d0>both.c0", "both.d1>both.c1"]),
        # sequences, whose kind and direction are known
        (lambda n: n.out._outports > n["in"]._inports, ["out.o0>in.i0", "out.o1>in.i1", "out.o2>in.i2", "out.o3>in.i3"]),
        (lambda n: n["in"]._inports.connect(n.out), ["out.o0>in.i0", "out.o1>in.i1", "out.o2>in.i2", "out.o3>in.i3"]),
        (lambda n: n.both > n.two._incontrols, ["both.d0>two.c0", "both.d1>two.c1"]),
        (lambda n: n.both._outports > n.two, ["both.o0>two.i0", "both.o1>two.i1"]),
        (lambda n: n.two.connect(n.both._outcontrols), ["both.d0>two.c0", "both.d1>two.c1"]),
        # one to all
        (lambda n: n.out.o0 > n["in"], ["out.o0>in.i0", "out.o0>in.i1", "out.o0>in.i2", "out.o0>in.i3"]),
        (lambda n: n.out.o1 > n["in"]._inports, ["out.o1>in.i0", "out.o1>in.i1", "out.o1>in.i2", "out.o1>in.i3"]),
        (lambda n: n["in"] < n.out.o0, ["out.o0>in.i0", "out.o0>in.i1", "out.o0>in.i2", "out.o0>in.i3"]),
        (lambda n: n.both.d0 > n.dials, ["both.d0>dials.l0", "both.d0>dials.l1", "both.d0>dials.l2"]),
        (lambda n: n.both.i0.connect(n.out), ["out.o0>both.i0", "out.o1>both.i0", "out.o2>both.i0", "out.o3>both.i0"]),
        # all to one
        (lambda n: n.out > n.both.i1, ["out.o0>both.i1", "out.o1>both.i1", "out.o2>both.i1", "out.o3>both.i1"]),
        (lambda n: n.both.c0 < n.knobs, ["knobs.k0>both.c0", "knobs.k1>both.c0", "knobs.k2>both.c0"]),
        (lambda n: n.out._outports[2:] > n.both.i1, ["out.o2>both.i1", "out.o3>both.i1"]),
        # slices, completed from the other side
        (lambda n: n.out[1::2] > n["in"][0::2], ["out.o1>in.i0", "out.o3>in.i2"]),
        (lambda n: n.out[2:] > n.both, ["out.o2>both.i0", "out.o3>both.i1"]),
        (lambda n: n.both > n["in"][2:], ["both.o0>in.i2", "both.o1>in.i3"]),
        (lambda n: n.out._outports[::-1] > n["in"], ["out.o3>in.i0", "out.o2>in.i1", "out.o1>in.i2", "out.o0>in.i3"]),
        (lambda n: n.knobs[1:] > n.dials._incontrols, ["knobs.k1>dials.l0", "knobs.k2>dials.l1"]),
        (lambda n: n.knobs._outcontrols > n.dials[1:], ["knobs.k0>dials.l1", "knobs.k1>dials.l2"]),
        (lambda n: n.both[0:1] > n.two[0:1], ["both.o0>two.i0"]),
        (lambda n: n["in"]._inports.connect(n.out[2:]), ["out.o2>in.i0", "out.o3>in.i1"]),
        (lambda n: n["in"][2:].connect(n.out._outports), ["out.o0>in.i2", "out.o1>in.i3"]),
        (lambda n: n.out.o0 > n["in"][1:3], ["out.o0>in.i1", "out.o0>in.i2"]),
        (lambda n: n.out[1:3] > n.both.i0, ["out.o1>both.i0", "out.o2>both.i0"]),
        (lambda n: n.out[1:][1:] > n["in"], ["out.o2>in.i0", "out.o3>in.i1"]),
        (lambda n: n.knobs.k0 > n.dials[1:3], ["knobs.k0>dials.l1", "knobs.k0>dials.l2"]),
        # pairs that do not fit are passed over
        (lambda n: n.out > n.mixed, ["out.o1>mixed.a"]),
        (lambda n: n.out.o0 > n.mixed, ["out.o0>mixed.a"]),
        (lambda n: n.mixed > n["in"], ["mixed.a2>in.i0"]),
    ],
)
def test_broadcasts(net, connect, expected):
    made = connect(net)
    assert wires(net) == expected
    assert made == len(expected)
    assert [f"{w.source}.{w.source_connector}>{w.target}.{w.target_connector}" for w in made] == expected


def test_what_is_connected_already_is_passed_over(net):
    net.out.o0 > net["in"].i0
    assert net.out > net["in"]
    assert len(wires(net)) == 4
    assert int(net.out.disconnect()) == 4


def test_a_broadcast_is_one_step(net):
    net.out > net["in"]
    net.undo()
    assert wires(net) == []


def test_arrows_chain(net):
    net.out > net.both > net["in"]
    assert wires(net) == ["out.o0>both.i0", "out.o1>both.i1", "both.o0>in.i0", "both.o1>in.i1"]


@pytest.mark.parametrize(
    ("connect", "words"),
    [
        (lambda n: n["in"] > n.out,
         r"nothing to connect in .*: net\[\"in\"\] has no out ports or controls; net\.out has no in ports"),
        (lambda n: n.out > n.knobs, r"net\.knobs has no in ports or controls"),
        (lambda n: n.out.o0 > n.dials, r"net\.dials has no in ports"),
        (lambda n: n.out > n.dials, r"net\.out has only out ports, and net\.dials only in controls"),
        (lambda n: n.out > n.both._incontrols, r"net\.out has no out controls"),
        (lambda n: n.out._outports > n.both._incontrols, r"net\.out\._outports is a port, but net\.both\._incontrols is a control"),
        (lambda n: n.out[4:] > n["in"], r"net\.out\[4:\] has no out ports"),
        (lambda n: n.mixed._outports[1:] > n["in"], r"carries Spectrum, .* takes Audio"),
    ],
)  # fmt: skip
def test_nothing_to_connect_says_why(net, connect, words):
    with pytest.raises(errors.NothingToConnect, match=words):
        connect(net)
    assert wires(net) == []


def test_nothing_left_to_connect_says_why(net):
    net.out > net["in"]
    with pytest.raises(errors.NothingToConnect, match=r"are already connected.*\(and 1 more\)"):
        net.out > net["in"]


@pytest.mark.parametrize(
    ("connect", "error"),
    [
        (lambda n: n.both._inports > n["in"], errors.BadConnectorDirectionOrder),
        (lambda n: n.out > n.both._outports, errors.BadConnectorDirectionOrder),
        (lambda n: n.out > n.both.o0, errors.BadConnectorDirectionOrder),
        (lambda n: n["in"] < n.both._inports[0:1], errors.BadConnectorDirectionOrder),
        (lambda n: n.both._inports.connect(n["in"]._inports), errors.SameConnectorDirection),
        (lambda n: n.out._outports[1:].connect(n.both.o0), errors.SameConnectorDirection),
    ],
)
def test_a_wrong_direction_is_wrong_in_a_broadcast_too(net, connect, error):
    with pytest.raises(error, match=r"input|output"):
        connect(net)


# -- what comes out


def test_connections_list_their_wires(net):
    made = net.out > net.both
    assert repr(made) == "net.out.o0 > net.both.i0\nnet.out.o1 > net.both.i1"
    assert repr(net.two.disconnect()) == "# no connection"


def test_long_lists_of_wires_are_cut_short(net):
    net.out.N = net["in"].N = 40
    made = net.out > net["in"]
    assert len(repr(made).splitlines()) == 21
    assert repr(made).endswith("# and 20 more")


def test_connections_compare_with_numbers_and_one_another(net):
    made = net.out > net.both
    cut = net.out / net.both
    assert made == 2 != 3
    assert made == cut
    assert made != "2"
    assert cut
    assert (net.out / net.both) == 0
    assert net.out / net.both


# -- disconnecting


@pytest.mark.parametrize(
    "disconnect",
    [
        lambda n: n.out.o0 / n.both.i0,
        lambda n: n.out.o0.disconnect(n.both.i0),
        lambda n: n.both.i0.disconnect(n.out.o0),
        lambda n: n.out.o0.disconnect(),
        lambda n: n.both.i0.disconnect(),
        lambda n: n.out.o0 / n.both,
        lambda n: n.out[0:1] / n.both,
        lambda n: n.both._inports[0:1].disconnect(n.out),
        lambda n: n.both._inports[0:1].disconnect(),
    ],
)
def test_disconnecting_gives_what_was_cut(net, disconnect):
    net.out > net.both
    cut = disconnect(net)
    assert (cut == 1, repr(cut)) == (True, "net.out.o0 / net.both.i0")
    assert wires(net) == ["out.o1>both.i1"]
    net.undo()
    assert len(wires(net)) == 2


def test_all_wires_between_two_go_crossing_ones_too(net):
    net.both > net.two
    net.both.o0 > net.two.i1
    net.two.o0 > net.both.i0
    net.out.o0 > net.two.i0
    assert (net.both / net.two) == 5
    assert wires(net) == ["two.o0>both.i0", "out.o0>two.i0"]


def test_the_method_cuts_both_ways(net):
    net.both.o0 > net.two.i0
    net.two.o0 > net.both.i0
    assert net.both.disconnect(net.two) == 2


def test_disconnect_alone_takes_every_wire(net):
    net.out > net.both > net["in"]
    net.both > net.both
    net.knobs > net.both
    cut = net.both.disconnect()
    assert (cut == 10, wires(net)) == (True, [])
    net.undo()
    assert len(wires(net)) == 10


def test_a_pair_that_is_not_connected_is_an_error(net):
    for disconnect in (lambda: net.out.o0 / net.both.i0, lambda: net.both.i0.disconnect(net.out.o0), lambda: net.out.o0 / net.both.c0):
        with pytest.raises(errors.NotConnected, match="are not connected"):
            disconnect()


def test_a_broadcast_that_cuts_nothing_is_empty_and_no_step(net):
    assert (net.out / net.both) == 0
    assert net.out.disconnect() == 0
    assert net.undo() == "add two"


def test_disconnecting_the_wrong_way_round_is_wrong_for_the_slash(net):
    net.out > net.both
    with pytest.raises(errors.BadConnectorDirectionOrder, match=r"is an input, .*\. Type net\.out\.o0 / net\.both\.i0$"):
        net.both.i0 / net.out.o0
    with pytest.raises(errors.BadConnectorDirectionOrder, match=r"is an output, .*\. Type net\.out\.o0 / net\.both$"):
        net.both / net.out.o0
    with pytest.raises(errors.SameConnectorDirection, match="are both outputs"):
        net.out.o0.disconnect(net.both.o0)


def test_data_that_a_connector_does_not_take_is_told_the_types_that_do() -> None:
    net = Network("clam")
    net.mix, net.out = net.types.AudioBufferMixer, net.types.AudioSink
    with pytest.raises(errors.NothingToConnect, match=r"carries AudioBuffer, .* takes Audio\. To convert it: AudioBuffer2Stream"):
        net.mix > net.out
    net.switch, net.number = net.types.BoolControlSender, net.types.ControlPrinter
    with pytest.raises(errors.DifferentConnectorType, match=r"carries bool, .*It can go to BoolControlPrinter"):
        net.switch._outcontrols[0] > net.number._incontrols[0]


@pytest.mark.parametrize(
    ("connect", "named"),
    [
        (lambda net: net.osc > net.amp.Gain, "To turn a signal into a control: net.types.AudioToControl"),
        (lambda net: net.osc.Audio_Output > net.amp.Gain, "To turn a signal into a control: net.types.AudioToControl"),
        (lambda net: net.osc > net.lfo, "To turn a signal into a control: net.types.AudioToControl"),
        (lambda net: net.lfo > net.out, "To turn a control into a signal: net.types.ControlToAudio"),
        (lambda net: net.lfo.Output > net.out.Input1, "To turn a control into a signal: net.types.ControlToAudio"),
    ],
)
def test_between_a_signal_and_a_control_the_type_that_converts_is_named(connect, named):
    net = Network("clam")
    net.osc, net.amp, net.out, net.lfo = net.types.Sine, net.types.AudioAmplifier, net.types.AudioSink, net.types.LFO
    with pytest.raises(errors.ConnectionError_) as refused:
        connect(net)
    assert str(refused.value).endswith(named)
    assert not net._proxy.wires()


def test_of_data_that_does_not_fit_the_connector_that_does_is_named() -> None:
    net = Network("clam")
    net.analysis, net.shift, net.synthesis = net.types.SMSAnalysisCore, net.types.SMSTranspose, net.types.SMSSynthesis
    net.sink = net.types.AudioSink
    with pytest.raises(errors.NothingToConnect, match=r'takes SpectralPeakArray\. net\.analysis\["Sinusoidal Peaks"\] fits'):
        net.analysis > net.shift
    with pytest.raises(errors.NothingToConnect, match=r"takes Audio\. net\.synthesis\.OutputAudio, .* fit"):
        net.synthesis > net.sink
    with pytest.raises(errors.NothingToConnect, match=r"takes Spectrum\. net\.synthesis\.InputSinPeaks fits"):
        net.analysis["Sinusoidal Peaks"] > net.synthesis._inports[1:]
    net.close()
