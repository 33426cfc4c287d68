"""What every engine promises of wires, controls and observers."""

from __future__ import annotations

import pytest

from ipyclam_core import errors
from ipyclam_core.proxy import Change, ConnectorId, NetworkInfo, ProcessingState, Wire


@pytest.fixture
def wire(proxy, parts) -> Wire:
    """A wire that can be made, between `a` and `b`."""
    proxy.add("a", parts.generator)
    proxy.add("b", parts.effect)
    return Wire("Port", "a", parts.output, "b", parts.effect_in)


@pytest.fixture
def changes(proxy) -> list[Change]:
    """What is heard from now on."""
    heard: list[Change] = []
    proxy.observe(heard.append)
    return heard


def test_a_wire_is_seen_from_both_ends(proxy, wire):
    proxy.connect(wire)
    assert list(proxy.wires()) == [wire]
    assert list(proxy.peers(wire.out_end)) == [wire.in_end]
    assert list(proxy.peers(wire.in_end)) == [wire.out_end]


def test_a_wire_is_made_once(proxy, wire):
    proxy.connect(wire)
    with pytest.raises(errors.ConnectionExists, match="are already connected"):
        proxy.connect(wire)
    assert list(proxy.wires()) == [wire]


def test_a_cut_wire_is_gone(proxy, wire):
    proxy.connect(wire)
    proxy.disconnect(wire)
    assert not proxy.wires()
    assert not proxy.peers(wire.out_end)
    assert not proxy.peers(wire.in_end)


def test_what_is_not_connected_cannot_be_cut(proxy, wire):
    with pytest.raises(errors.NotConnected, match="are not connected"):
        proxy.disconnect(wire)


def test_types_must_agree(proxy, parts, wire):
    proxy.add("s", parts.spectral)
    with pytest.raises(errors.DifferentConnectorType, match=r"carries (Spectrum|midi).*takes [Aa]udio"):
        proxy.connect(Wire("Port", "s", parts.spectral_out, "b", parts.effect_in))
    assert not proxy.wires()


def test_an_end_that_is_not_there_is_an_error(proxy, parts, wire):
    with pytest.raises(errors.NoSuchProcessing, match="'nobody'"):
        proxy.connect(Wire("Port", "nobody", "Output", "b", parts.effect_in))
    with pytest.raises(errors.NoSuchConnector, match="a has no 'Nonsense'"):
        proxy.connect(Wire("Port", "a", "Nonsense", "b", parts.effect_in))
    with pytest.raises(errors.NoSuchConnector, match="b has no"):
        proxy.connect(Wire("Port", "a", parts.output, "b", parts.effect_in + " too"))


def test_a_processing_may_feed_itself(proxy, parts, wire):
    loop = Wire("Port", "b", parts.effect_out, "b", parts.effect_in)
    proxy.connect(loop)
    assert list(proxy.wires()) == [loop]
    proxy.remove("b")
    assert not proxy.wires()


def test_several_wires_into_one_port_and_out_of_one(proxy, parts, wire):
    proxy.add("c", parts.generator)
    proxy.add("d", parts.effect)
    wires = [
        wire, Wire("Port", "c", parts.output, "b", parts.effect_in), Wire("Port", "a", parts.output, "d", parts.effect_in),
    ]  # fmt: skip
    for each in wires:
        proxy.connect(each)
    assert list(proxy.wires()) == wires
    assert [end.processing for end in proxy.peers(wire.in_end)] == ["a", "c"]
    assert [end.processing for end in proxy.peers(wire.out_end)] == ["b", "d"]


def test_controls_connect_too(proxy, parts):
    proxy.add("knob", parts.setter)
    proxy.add("f", parts.controlled)
    wire = Wire("Control", "knob", parts.set_value, "f", parts.control)
    proxy.connect(wire)
    assert list(proxy.peers(wire.in_end)) == [wire.out_end]


def test_a_control_value_is_remembered(proxy, parts):
    proxy.add("f", parts.controlled)
    assert not proxy.processings()["f"].controls
    proxy.set_control("f", parts.control, 0.25)
    state = proxy.processings()["f"]
    assert {**state.config, **state.controls}[parts.control] == 0.25  # an engine whose controls are parameters has it as that
    assert proxy.value(ConnectorId("f", "Control", "In", parts.control)) == 0.25


def test_a_control_is_at_its_default_again_when_it_is_forgotten(proxy, parts):
    proxy.add("f", parts.controlled)
    control = ConnectorId("f", "Control", "In", parts.control)
    before = proxy.value(control)
    proxy.set_control("f", parts.control, 0.25)
    proxy.set_control("f", parts.control, None)
    assert not proxy.processings()["f"].controls
    assert proxy.value(control) == before


@pytest.mark.parametrize(("value", "error"), [("loud", TypeError), (float("nan"), ValueError), (float("inf"), ValueError)])
def test_a_control_takes_finite_numbers(proxy, parts, value, error):
    proxy.add("f", parts.controlled)
    with pytest.raises(error, match="number"):
        proxy.set_control("f", parts.control, value)
    assert not proxy.processings()["f"].controls


def test_a_control_that_is_not_there_is_an_error(proxy, parts):
    proxy.add("f", parts.controlled)
    with pytest.raises(errors.NoSuchConnector, match="f has no 'Nonsense'"):
        proxy.set_control("f", "Nonsense", 1.0)


def test_observers_hear_every_change_in_order(proxy, parts, changes):
    proxy.add("a", parts.generator)
    proxy.add("b", parts.controlled)
    wire = Wire("Port", "a", parts.output, "b", parts.effect_in)
    proxy.connect(wire)
    proxy.set_control("b", parts.control, 0.25)
    proxy.rename("a", "c")
    proxy.place("b", (1.0, 2.0), None)
    proxy.set_info(NetworkInfo("text"))
    proxy.remove("c")
    assert [(change.kind, change.names) for change in changes] == [
        ("added", ("a",)), ("added", ("b",)), ("connected", ("a", "b")), ("control", ("b", parts.control)), ("renamed", ("a", "c")),
        ("placed", ("b",)), ("info", ()), ("disconnected", ("c", "b")), ("removed", ("c",)),
    ]  # fmt: skip
    assert isinstance(changes[0].after, ProcessingState)
    assert changes[2].after == wire


def test_observers_see_what_the_change_has_left(proxy, parts):
    seen = []
    proxy.observe(lambda change: seen.append(list(proxy.processings())))
    proxy.add("a", parts.effect)
    proxy.remove("a")
    assert seen == [["a"], []]


def test_configuring_is_heard_with_before_and_after(proxy, parts, changes):
    proxy.add("a", parts.tuned)
    before = proxy.processings()["a"]
    proxy.configure("a", {parts.parameter: parts.value})
    assert changes[-1] == Change("configured", ("a",), before, proxy.processings()["a"])


def test_configuring_to_the_same_is_no_change(proxy, parts, changes):
    proxy.add("a", parts.tuned)
    proxy.configure("a", dict(proxy.processings()["a"].config))
    assert [change.kind for change in changes] == ["added"]


def test_what_is_refused_is_not_heard(proxy, parts, wire, changes):
    with pytest.raises(errors.NotConnected):
        proxy.disconnect(wire)
    with pytest.raises(errors.NameAlreadyExists):
        proxy.add("a", parts.effect)
    assert changes == []


def test_an_observer_can_be_taken_away_twice(proxy, parts):
    heard = []
    cancel = proxy.observe(heard.append)
    cancel()
    cancel()
    proxy.add("a", parts.effect)
    assert heard == []


def test_in_a_batch_changes_are_heard_and_seen_at_once(proxy, parts, changes):
    with proxy.batch():
        proxy.add("a", parts.effect)
        assert [change.kind for change in changes] == ["added"]
        with proxy.batch():
            proxy.add("b", parts.effect)
        assert list(proxy.processings()) == ["a", "b"]
