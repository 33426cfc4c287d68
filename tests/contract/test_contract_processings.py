"""What every engine promises of processings: adding, removing, renaming, configuring, placing."""

from __future__ import annotations

import pytest

from ipyclam_core import errors
from ipyclam_core.proxy import ConnectorId, NetworkInfo, TypeSpec, Wire


def test_a_new_network_is_empty(proxy):
    assert (list(proxy.processings()), list(proxy.wires()), proxy.info()) == ([], [], NetworkInfo())


def test_types_know_their_own_name(proxy):
    types = proxy.types()
    assert types
    assert all(types[name].name == name for name in types)


def test_an_added_processing_has_the_connectors_and_defaults_of_its_type(proxy, parts):
    proxy.add("a", parts.tuned)
    state, spec = proxy.processings()["a"], proxy.types()[parts.tuned]
    assert (state.name, state.spec.name, dict(state.config)) == ("a", spec.name, dict(spec.defaults))
    assert state.connectors == spec.connectors(spec.defaults)
    assert not state.placeholder


def test_processings_are_in_the_order_they_were_made(proxy, parts):
    for name in ("c", "a", "b"):
        proxy.add(name, parts.effect)
    assert list(proxy.processings()) == ["c", "a", "b"]


def test_a_processing_can_be_made_at_a_place(proxy, parts):
    proxy.add("first", parts.effect)
    proxy.add("last", parts.effect)
    proxy.add("between", parts.effect, index=1)
    assert list(proxy.processings()) == ["first", "between", "last"]


@pytest.mark.parametrize("name", ["two words", "a.b", "1", "'", '"', "\\", "ünïcödé", "class", "play", "__init__", "\n", "🎹"])
def test_any_text_is_a_name(proxy, parts, name):
    proxy.add(name, parts.effect)
    assert proxy.processings()[name].name == name


def test_a_name_is_not_empty(proxy, parts):
    with pytest.raises(errors.InvalidName, match="it is empty"):
        proxy.add("", parts.effect)


def test_a_name_is_a_str(proxy, parts):
    with pytest.raises(errors.InvalidName, match="a name must be a str"):
        proxy.add(3, parts.effect)


def test_a_name_is_taken_once(proxy, parts):
    proxy.add("a", parts.effect)
    with pytest.raises(errors.NameAlreadyExists, match=r"net\['a'\] already exists"):
        proxy.add("a", parts.generator)
    assert proxy.processings()["a"].spec.name == parts.effect


def test_a_type_that_is_not_there_is_an_error(proxy):
    with pytest.raises(errors.NoSuchType, match=r"has no type 'Vocoder9000'"):
        proxy.add("a", "Vocoder9000")
    assert not proxy.processings()


def test_a_spec_of_an_unknown_type_makes_a_placeholder(proxy):
    spec = TypeSpec("Vocoder9000", inports=["Voice"], outports=["Robot"], config={"Bands": 16})
    proxy.add("robot", spec)
    state = proxy.processings()["robot"]
    assert state.placeholder
    assert (state.spec.name, dict(state.config)) == ("Vocoder9000", {"Bands": 16})
    assert [port.name for port in state.connectors.inports] == ["Voice"]


def test_a_spec_of_a_known_type_makes_the_real_one(proxy, parts):
    proxy.add("a", TypeSpec(parts.generator, inports=["Nonsense"]))
    state = proxy.processings()["a"]
    assert not state.placeholder
    assert state.connectors == proxy.types()[parts.generator].connectors(state.config)


def test_removing_takes_the_wires_along(proxy, parts):
    proxy.add("a", parts.generator)
    proxy.add("b", parts.effect)
    proxy.connect(Wire("Port", "a", parts.output, "b", parts.effect_in))
    proxy.remove("b")
    assert list(proxy.processings()) == ["a"]
    assert not proxy.wires()
    assert not proxy.peers(ConnectorId("a", "Port", "Out", parts.output))


@pytest.mark.parametrize("operation", ["remove", "rename", "configure", "place", "set_control"])
def test_what_is_not_there_is_an_error(proxy, parts, operation):
    arguments = {"rename": ["b"], "configure": [{"x": 1}], "place": [None, None], "set_control": [parts.control, 1.0]}
    with pytest.raises(errors.NoSuchProcessing, match="there is no processing 'nobody' in this network"):
        getattr(proxy, operation)("nobody", *arguments.get(operation, []))


def test_renaming_keeps_place_configuration_controls_and_wires(proxy, parts):
    proxy.add("a", parts.generator)
    proxy.add("b", parts.controlled)
    proxy.add("c", parts.effect)
    proxy.set_control("b", parts.control, 0.25)
    proxy.connect(Wire("Port", "a", parts.output, "b", parts.effect_in))
    before = proxy.processings()["b"]
    proxy.rename("b", "new name")
    after = proxy.processings()["new name"]
    assert list(proxy.processings()) == ["a", "new name", "c"]
    assert (after.config, after.connectors, after.controls) == (before.config, before.connectors, before.controls)
    assert proxy.value(ConnectorId("new name", "Control", "In", parts.control)) == 0.25
    assert list(proxy.wires()) == [Wire("Port", "a", parts.output, "new name", parts.effect_in)]
    assert list(proxy.peers(ConnectorId("a", "Port", "Out", parts.output))) == [ConnectorId("new name", "Port", "In", parts.effect_in)]


def test_renaming_to_a_taken_name_is_an_error(proxy, parts):
    proxy.add("a", parts.effect)
    proxy.add("b", parts.effect)
    with pytest.raises(errors.NameAlreadyExists, match=r"net\['b'\] already exists"):
        proxy.rename("a", "b")
    assert list(proxy.processings()) == ["a", "b"]


def test_configuring_changes_what_is_named_and_nothing_else(proxy, parts):
    proxy.add("a", parts.tuned)
    defaults = dict(proxy.processings()["a"].config)
    proxy.configure("a", {parts.parameter: parts.value})
    assert dict(proxy.processings()["a"].config) == {**defaults, parts.parameter: parts.value}


def test_a_refused_value_leaves_everything_as_it_was(proxy, parts):
    proxy.add("a", parts.tuned)
    proxy.configure("a", {parts.parameter: parts.value})
    before = proxy.processings()["a"]
    for changes, error in (
        ({parts.parameter: parts.refused}, ValueError),
        ({parts.parameter: "loud"}, TypeError),
        ({parts.parameter: float("nan")}, ValueError),
        ({parts.parameter: None}, TypeError),
        ({parts.parameter: parts.other_value, "Nonsense": 1}, errors.NoSuchParameter),
    ):
        with pytest.raises(error, match=r"^a\.|^a has no parameter"):
            proxy.configure("a", changes)
    assert proxy.processings()["a"] == before


def test_an_int_is_taken_for_a_float_and_becomes_one(proxy, parts):
    proxy.add("a", parts.tuned)
    proxy.configure("a", {parts.parameter: int(parts.value)})
    assert type(proxy.processings()["a"].config[parts.parameter]) is float


def test_a_bool_is_not_taken_for_an_int(proxy, parts):
    proxy.add("a", parts.many)
    with pytest.raises(TypeError, match="takes an int"):
        proxy.configure("a", {parts.count: True})


def test_ports_appear_at_once(proxy, parts):
    proxy.add("a", parts.many)
    proxy.configure("a", {parts.count: 2})
    assert [port.name for port in proxy.processings()["a"].connectors.inports][:2] == list(parts.many_in)


def test_wires_stay_where_ports_remain_and_go_with_those_that_go(proxy, parts):
    proxy.add("a", parts.generator)
    proxy.add("m", parts.many)
    proxy.configure("m", {parts.count: 2})
    wires = [Wire("Port", "a", parts.output, "m", name) for name in parts.many_in]
    for wire in wires:
        proxy.connect(wire)
    proxy.configure("m", {parts.count: 3})
    assert list(proxy.wires()) == wires
    proxy.configure("m", {parts.count: 1})
    assert list(proxy.wires()) == wires[:1]


def test_positions_and_sizes_are_kept(proxy, parts):
    proxy.add("a", parts.effect)
    assert (proxy.processings()["a"].position, proxy.processings()["a"].size) == (None, None)
    proxy.place("a", (1.0, 2.5), (100.0, 50.0))
    assert (proxy.processings()["a"].position, proxy.processings()["a"].size) == ((1.0, 2.5), (100.0, 50.0))


def test_information_is_kept(proxy):
    info = NetworkInfo("two\nlines", "title")
    proxy.set_info(info)
    assert proxy.info() == info


def test_reading_gives_no_way_to_change(proxy, parts):
    proxy.add("a", parts.tuned)
    state = proxy.processings()["a"]
    with pytest.raises(TypeError):
        proxy.processings()["b"] = state
    with pytest.raises(TypeError):
        state.config[parts.parameter] = parts.value
    with pytest.raises(AttributeError):
        state.name = "b"


def test_closing_twice_is_no_error(proxy):
    proxy.close()
    proxy.close()
