"""Networks: processings as attributes and items, names, what a network is as a whole."""

from __future__ import annotations

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.frontend.history import RecordingProxy
from ipyclam_core.frontend.processing import Processing
from ipyclam_core.proxy import Change, State, TypeSpec


def test_a_processing_is_made_by_assigning_a_type(net):
    net.osc = net.types.Oscillator
    net["mix"] = "Mixer"
    assert (list(net), len(net), net.osc.type, net["mix"].type) == (["osc", "mix"], 2, "Oscillator", "Mixer")


def test_attribute_and_item_are_the_same_processing(net):
    net.osc = "Oscillator"
    assert net.osc == net["osc"]
    assert hash(net.osc) == hash(net["osc"])
    assert net.osc != Network("dummy")
    assert isinstance(net.osc, Processing)


def test_processings_of_two_networks_differ():
    one, other = Network("dummy"), Network("dummy")
    one.osc = other.osc = one.types.Oscillator
    assert one.osc != other.osc
    assert one == other


def test_any_name_is_an_item(net):
    net["any name"] = net.types.Oscillator
    assert net["any name"].name == "any name"
    assert repr(net["any name"]) == 'net["any name"]'


def test_a_name_that_is_no_identifier_has_an_alias(net):
    net["Audio - Source"] = net.types.Source
    assert net.Audio_Source == net["Audio - Source"] == net["Audio_Source"]
    del net.Audio_Source
    assert len(net) == 0


def test_the_exact_name_wins_over_an_alias(net):
    net["a b"] = net.types.Source
    net["a_b"] = net.types.Sink
    assert net.a_b.type == "Sink"


def test_two_aliases_are_an_error_that_lists_both(net):
    net["a b"] = net["a-b"] = net.types.Source
    with pytest.raises(errors.AmbiguousName, match=r"net has more than one 'a_b'\. Type net\[\"a b\"\] or net\[\"a-b\"\]"):
        net.a_b


def test_a_processing_that_is_not_there_is_an_attribute_error_with_a_suggestion(net):
    net.oscillator = net.types.Oscillator
    with pytest.raises(AttributeError, match=r"no processing 'oscilator' in this network; did you mean 'oscillator'"):
        net.oscilator


def test_a_processing_that_is_not_there_is_a_key_error_for_items(net):
    with pytest.raises(KeyError, match="no processing 'x' in this network"):
        net["x"]


@pytest.mark.parametrize("key", [0, None, ("a",), slice(1), b"a", 1.5, []])
def test_what_is_no_name_is_no_processing(net, key):
    with pytest.raises(TypeError, match="a processing is selected by its name, not by"):
        net[key]


def test_deleting_what_is_not_there_is_an_error(net):
    with pytest.raises(errors.NoSuchProcessing, match="'osc'"):
        del net.osc
    with pytest.raises(errors.NoSuchProcessing, match="'osc'"):
        del net["osc"]


def test_a_taken_name_is_refused_and_the_way_out_is_shown(net):
    net.osc = net.types.Oscillator
    with pytest.raises(errors.NameAlreadyExists, match=r"net\.osc already exists\. .*\. To remove it: del net\.osc$"):
        net.osc = net.types.Mixer
    assert net.osc.type == "Oscillator"


def test_the_way_out_of_a_taken_name_can_be_typed(net):
    net["code"], net["my osc"], net.out = "Oscillator", "Oscillator", "Sink"
    for name, removal in (("code", r'del net\["code"\]'), ("my osc", r'del net\["my osc"\]'), ("out", r"del net\.out")):
        with pytest.raises(errors.NameAlreadyExists, match=f"To remove it: {removal}$"):
            net[name] = "Mixer"
    with pytest.raises(errors.NameAlreadyExists, match=r'remove it first: del net\["code"\]$'):
        net.out.name = "code"


def test_a_reserved_word_is_refused_as_attribute_and_works_as_item(net):
    with pytest.raises(errors.ReservedName, match=r"'code' is reserved for ipyclam\. For a processing of that name: net\[\"code\"\] = "):
        net.code = net.types.Oscillator
    net["code"] = net.types.Oscillator
    assert net["code"].type == "Oscillator"
    assert repr(net["code"]) == 'net["code"]'
    with pytest.raises(errors.ReservedName, match=r"del net\[\"code\"\]"):
        del net.code
    del net["code"]
    assert len(net) == 0


@pytest.mark.parametrize("name", ["_osc", "__init__", "_proxy"])
def test_underscored_names_are_ours_as_attributes_and_work_as_items(net, name):
    with pytest.raises(errors.ReservedName, match="is reserved for ipyclam"):
        setattr(net, name, net.types.Oscillator)
    net[name] = net.types.Oscillator
    assert net[name].name == name


@pytest.mark.parametrize("name", ["_repr_html_", "_ipython_display_", "__array__", "_anything"])
def test_unknown_underscored_attributes_cost_nothing(name):
    class Silent(DummyProxy):
        def processings(self):
            raise AssertionError("the engine was asked")

    network = Network(Silent())
    with pytest.raises(AttributeError):
        getattr(network, name)


@pytest.mark.parametrize("value", [3, None, object(), ["Oscillator"], Processing])
def test_what_is_no_type_makes_no_processing(net, value):
    with pytest.raises(TypeError, match=r"a processing is made from a type such as net\.types\.Oscillator, not from"):
        net.osc = value
    assert len(net) == 0


def test_assigning_a_processing_shows_clone(net):
    net.osc = net.types.Oscillator
    with pytest.raises(TypeError, match=r"net\.osc already exists\. To copy it: net\.two = net\.osc\.clone\(\)"):
        net.two = net.osc


def test_a_type_that_is_not_there_is_an_error_with_a_suggestion(net):
    with pytest.raises(errors.NoSuchType, match=r"the dummy engine has no type 'Oscilator'; did you mean 'Oscillator'"):
        net.osc = "Oscilator"
    with pytest.raises(AttributeError, match="did you mean 'Oscillator'"):
        net.types.Oscilator


def test_an_empty_name_is_refused(net):
    with pytest.raises(errors.InvalidName, match="'' cannot be the name of a processing: it is empty"):
        net[""] = net.types.Oscillator


def test_a_clone_has_type_and_configuration_and_no_wires(net):
    net.one = net.types.Oscillator
    net.sink = net.types.Sink
    net.one.Frequency = 220.0
    net.one > net.sink
    net.two = net.one.clone()
    assert (net.two.type, net.two.Frequency) == ("Oscillator", 220.0)
    assert net.two.Output.peers == ()


def test_a_clone_goes_to_another_network(net):
    net.one = net.types.Envelope
    net.one.Times.Curve.Bend = 0.5
    other = Network("dummy")
    other.one = net.one.clone()
    assert other == net


def test_renaming_keeps_everything(net):
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    net.osc > net.sink
    osc = net.osc
    osc.name = "lfo"
    assert (list(net), osc.name, osc == net.lfo) == (["lfo", "sink"], "lfo", True)
    assert net.sink.Input.peers == (net.lfo.Output,)


def test_renaming_to_a_taken_name_is_refused(net):
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    with pytest.raises(errors.NameAlreadyExists, match=r"net\.sink already exists"):
        net.osc.name = "sink"
    assert list(net) == ["osc", "sink"]


def test_a_handle_on_what_is_gone_says_so(net):
    net.osc = net.types.Oscillator
    osc, port, config = net.osc, net.osc.Output, net.osc._config
    del net.osc
    for use in (lambda: osc.type, lambda: osc.Frequency, lambda: port.type, lambda: config.Frequency, lambda: osc[0:1], lambda: port.index):
        with pytest.raises(errors.NoSuchProcessing, match="there is no processing 'osc'"):
            use()


def test_a_handle_on_what_is_gone_can_be_shown(net):
    net.osc = net.types.Oscillator
    handles = [net.osc, net.osc.Output, net.osc._outports, net.osc[0:1], net.osc._config]
    del net.osc
    assert [repr(handle) for handle in handles] == ["net.osc", "net.osc._outports.Output", "net.osc._outports", "net.osc[0:1]", "{}"]
    assert all(dir(handle) for handle in handles)


def test_dir_lists_the_processings_first(net):
    net["b c"] = net.a = net.types.Oscillator
    net["code"] = net["3"] = net["class"] = net.types.Oscillator
    assert net.__dir__()[:2] == ["b_c", "a"]
    assert {"play", "types", "undo"} <= set(dir(net))
    assert all(getattr(net, name) is not None for name in net.__dir__()[:2])


def test_the_repr_can_be_typed(net):
    net.osc = net.types.Oscillator
    assert repr(net) == "Network('dummy')  # 1 processing, 0 wires"
    assert eval(repr(net)) == Network("dummy")


def test_membership_is_by_exact_name(net):
    net["a b"] = net.types.Oscillator
    assert "a b" in net
    assert "a_b" not in net
    assert 3 not in net


def test_an_empty_network_is_true(net):
    assert net


def test_iterating_survives_changes(net):
    net.a = net.b = net.types.Oscillator
    for name in net:
        del net[name]
    assert len(net) == 0


def test_the_description_is_a_text(net):
    assert net.description == ""
    net.description = "two\nlines"
    assert net.description == "two\nlines"
    with pytest.raises(TypeError, match="the description must be a str, not 3"):
        net.description = 3


@pytest.mark.parametrize("name", ["types", "engine", "state", "play", "code"])
def test_our_words_are_read_only(net, name):
    with pytest.raises(AttributeError, match="is reserved for ipyclam"):
        setattr(net, name, "x")


def test_networks_are_equal_when_they_hold_the_same(net):
    other = Network("dummy")
    for network in (net, other):
        network.osc, network.sink = network.types.Oscillator, network.types.Sink
        network.osc > network.sink
    assert net == other
    for change in (
        lambda: setattr(net, "description", "x"),
        lambda: setattr(net.osc, "Frequency", 1.0),
        lambda: setattr(net.osc, "Pitch", 1.0),
        lambda: setattr(net, "third", "Sink"),
        lambda: net.osc / net.sink,
        lambda: setattr(net.osc, "name", "y"),
    ):
        change()
        assert net != other
        net.undo()
        assert net == other


def test_equality_minds_the_order_but_neither_place_nor_order_of_wires(net):
    other = Network("dummy")
    net.a = net.b = net.types.Amplifier
    other.b = other.a = other.types.Amplifier
    assert net != other
    other.clear()
    other.a = other.b = other.types.Amplifier
    net.a > net.b
    net.b > net.a
    other.b > other.a
    other.a > other.b
    other.a._position = (1, 2)
    assert net == other


def test_a_network_is_not_a_number(net):
    assert net != 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(net)


def test_a_control_that_a_wire_feeds_does_not_count(net):
    other = Network("dummy")
    for network in (net, other):
        network.knob, network.osc = network.types.Sender, network.types.Oscillator
        network.knob.Value > network.osc.Pitch
    net.osc.Pitch = 3.0
    assert net == other
    net.knob / net.osc
    other.knob / other.osc
    assert net != other


def test_an_engine_that_is_not_there_is_an_error():
    with pytest.raises(errors.NoSuchEngine, match=r"there is no engine 'dumy'; did you mean 'dummy'"):
        Network("dumy")


@pytest.mark.parametrize("engine", [3, None, DummyProxy, object()])
def test_what_is_no_proxy_is_refused(engine):
    with pytest.raises(TypeError, match="Network takes the name of an engine, or a proxy, not"):
        Network(engine)


def test_options_go_with_a_name():
    with pytest.raises(TypeError, match="options can only be given with the name of an engine: server"):
        Network(DummyProxy(), server="x")


def test_a_proxy_is_taken_as_it_is():
    proxy = DummyProxy(types=[TypeSpec("Delay", inports=["Input"], outports=["Output"], config={"Time": 0.5})])
    net = Network(proxy)
    net.delay = net.types.Delay
    assert (net.engine, net.delay.Time, list(proxy.processings())) == ("dummy", 0.5, ["delay"])


def test_two_networks_over_one_recording_proxy_are_the_same():
    proxy = RecordingProxy(DummyProxy([TypeSpec("Delay")]))
    one, other = Network(proxy), Network(proxy)
    one.delay = "Delay"
    assert one.delay == other.delay
    other.undo()
    assert len(one) == 0


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"sample_rate": -5}, ValueError, "sample_rate must be 1 or more, not -5"),
        ({"sample_rate": 44100.5}, TypeError, "sample_rate must be an int, not 44100.5"),
        ({"block_size": 0}, ValueError, "block_size must be 1 or more, not 0"),
        ({"block_size": "512"}, TypeError, "block_size must be an int, not '512'"),
    ],
)
def test_what_no_device_could_play_at_is_refused(net, asked, error, words):
    with pytest.raises(error, match=words):
        net.play(**asked)
    assert net.state == "stopped"


def test_the_dummy_pretends_to_play(net):
    states: list[State] = [net.state]
    heard: list[Change] = []
    net.observe(heard.append)
    for operation in (net.play, net.pause, net.play, net.stop, net.pause):
        operation()
        states.append(net.state)
    assert states == ["stopped", "playing", "paused", "playing", "stopped", "stopped"]
    assert [change.after for change in heard] == ["playing", "paused", "playing", "stopped"]


def test_what_the_engine_cannot_do_is_not_supported(net):
    net.osc = net.types.Oscillator
    for operation in (lambda: net.render(1.0), lambda: net.record("x.wav"), lambda: net.osc.Output.samples(10)):
        with pytest.raises(errors.NotSupported, match="the dummy engine cannot"):
            operation()


def test_an_observer_is_callable(net):
    with pytest.raises(TypeError, match="observe takes a callable, not 3"):
        net.observe(3)


def test_observers_hear_the_front_end(net):
    heard: list[Change] = []
    cancel = net.observe(heard.append)
    net.osc = net.types.Oscillator
    net.osc.Frequency = 1.0
    cancel()
    del net.osc
    assert [change.kind for change in heard] == ["added", "configured"]


def test_an_observer_that_raises_is_shown_and_disturbs_nothing(net, capsys):
    net.observe(lambda change: 1 / 0)
    net.osc = net.types.Oscillator
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert net.undo() == "add osc"


def test_a_class_that_declares_a_type_makes_one():
    class Tremolo:
        class __processing__:
            spec = TypeSpec("Tremolo")

    net = Network(DummyProxy([Tremolo.__processing__.spec]))
    net.x = Tremolo
    assert net.x.type == "Tremolo"
