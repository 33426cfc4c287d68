"""A graph that follows any server: what it is told, what it keeps beside that, and what its observers hear."""

from __future__ import annotations

import threading

import pytest

from ipyclam_core.errors import NoSuchConnector
from ipyclam_core.following.graph import PRESENCE, FollowedGraph, Loss
from ipyclam_core.proxy import Change, ConnectorId, ConnectorSpecs, ControlSpec, NetworkInfo, PortSpec, TypeSpec, Wire

BLOCK = TypeSpec("Block")
AMP = TypeSpec(
    "Amp",
    inports=[PortSpec("in", "audio", "what is amplified")],
    outports=[PortSpec("out", "audio")],
    incontrols=[ControlSpec("gain", minimum=-90.0, maximum=24.0)],
    config={"Mode": "soft"},
)
WIRE = Wire("Port", "one", "out", "two", "in")
PATIENCE = 10.0


@pytest.fixture
def graph() -> FollowedGraph:
    """Two blocks that are connected: one > two."""
    graph = FollowedGraph({}, "server")
    for name in ("one", "two"):
        graph.came(name, BLOCK)
        graph.connector_came(f"/{name}/in", name, "In", PortSpec("in", "audio"))
        graph.connector_came(f"/{name}/out", name, "Out", PortSpec("out", "audio"))
    graph.linked("/one/out", "/two/in")
    return graph


@pytest.fixture
def heard(graph: FollowedGraph) -> list[Change]:
    """What an observer hears from now on."""
    changes: list[Change] = []
    graph.observe(changes.append)
    return changes


def kinds(changes: list[Change]) -> list[str]:
    return [change.kind for change in changes]


def test_what_was_told_is_there(graph):
    assert list(graph.processings()) == ["one", "two"]
    assert list(graph.wires()) == [WIRE]
    assert graph.peers(WIRE.in_end) == (WIRE.out_end,)
    assert graph.is_live("one")


def test_what_is_told_twice_changes_nothing(graph, heard):
    graph.came("one", BLOCK)
    graph.connector_came("/one/in", "one", "In", PortSpec("in", "audio"))
    graph.linked("/two/in", "/one/out")
    assert heard == []


def test_controls_are_followed_like_ports(graph):
    graph.connector_came("/one/level", "one", "Out", ControlSpec("level"))
    graph.connector_came("/two/gain", "two", "In", ControlSpec("gain", minimum=0.0))
    graph.linked("/two/gain", "/one/level")
    wire = Wire("Control", "one", "level", "two", "gain")
    assert graph.has_wire(wire)
    assert graph.state("two").connectors.incontrols == (ControlSpec("gain", minimum=0.0),)
    assert graph.unlinked("/one/level", "/two/gain") == Loss(wires=(wire,))


def test_what_is_no_out_and_in_of_one_kind_is_no_wire(graph):
    graph.connector_came("/two/gain", "two", "In", ControlSpec("gain"))
    for pair in (("/one/out", "/two/gain"), ("/one/in", "/two/in"), ("/one/out", "/nobody/in")):
        graph.linked(*pair)
    assert list(graph.wires()) == [WIRE]


def test_a_connector_is_the_one_that_the_type_declares(graph):
    graph.came("amp", AMP)
    graph.connector_came("/amp/in", "amp", "In", PortSpec("in", "audio", "port 7"))
    graph.connector_came("/amp/out", "amp", "Out", PortSpec("out", "midi", "port 8"))
    assert graph.state("amp").connectors.inports == (PortSpec("in", "audio", "what is amplified"),)
    assert graph.state("amp").connectors.outports == (PortSpec("out", "midi", "port 8"),)


def test_what_is_expected_comes_as_what_was_asked_for(graph):
    controls = ConnectorSpecs(incontrols=tuple(AMP.incontrols))
    with graph.expecting("amp", AMP, {"Mode": "hard"}, controls):
        graph.came("amp", BLOCK)
    graph.came("another", BLOCK)
    graph.connector_came("/amp/in", "amp", "In", PortSpec("in", "audio"))
    amp = graph.state("amp")
    assert (amp.spec, amp.config) == (AMP, {"Mode": "hard"})
    assert [spec.name for spec in (*amp.connectors.inports, *amp.connectors.incontrols)] == ["in", "gain"]
    assert graph.state("another").spec is BLOCK


def test_a_connector_that_goes_takes_its_wires_along(graph, heard):
    assert graph.connector_went("/two/in") == Loss((WIRE.in_end,), (WIRE,))
    assert kinds(heard) == ["disconnected", "configured"]
    assert graph.connector_went("/two/in") == Loss()
    with pytest.raises(NoSuchConnector):
        graph.connector(WIRE.in_end)


def test_a_connector_whose_going_was_not_told_gives_way(graph):
    assert graph.connector_came("/two/in again", "two", "In", PortSpec("in", "audio")) == Loss((WIRE.in_end,), (WIRE,))
    graph.linked("/one/out", "/two/in again")
    assert list(graph.wires()) == [WIRE]
    assert len(graph.state("two").connectors.inports) == 1


def test_a_connector_keeps_its_wires_under_another_name(graph, heard):
    graph.connector_renamed("/two/in", "input")
    assert list(graph.wires()) == [Wire("Port", "one", "out", "two", "input")]
    assert kinds(heard) == ["disconnected", "configured", "connected"]


def test_a_processing_that_goes_is_lost_with_all_it_had(graph, heard):
    loss = graph.went("two")
    assert {end.name for end in loss.ends} == {"in", "out"}
    assert loss.wires == (WIRE,)
    assert kinds(heard) == ["disconnected", "removed"]
    assert graph.went("two") == Loss()
    assert not graph.is_live("two")


def test_a_processing_keeps_its_wires_and_its_connectors_under_another_name(graph):
    graph.rename("two", "second")
    graph.linked("/one/out", "/second/in")  # a key that is not known
    assert list(graph.wires()) == [Wire("Port", "one", "out", "second", "in")]
    assert (graph.is_live("second"), graph.is_live("two")) == (True, False)
    graph.connector_went("/two/in")
    assert graph.state("second").connectors.inports == ()


def test_what_comes_again_is_placed_where_it_was(graph):
    graph.place("two", (10.0, 20.0), None)
    graph.went("two")
    graph.came("two", BLOCK)
    assert graph.state("two").position == (10.0, 20.0)


def test_an_update_is_heard_as_what_it_is(graph, heard):
    graph.update(graph.state("one"))
    graph.update(graph.state("one"), Change("control", ("one", "gain"), 0.0, 1.0))
    assert kinds(heard) == ["configured", "control"]


# -- what the server has not


def test_who_comes_takes_the_place_of_a_placeholder_whose_wires_wait(graph):
    graph.add("fx", TypeSpec("Effect", inports=[PortSpec("in", "audio")], outports=[PortSpec("out", "audio")]))
    graph.add("fx2", TypeSpec("Effect", inports=[PortSpec("in", "audio")]))
    wire = Wire("Port", "fx", "out", "fx2", "in")
    graph.connect(wire)
    assert not graph.is_live("fx")
    graph.came("fx", BLOCK)
    assert graph.is_live("fx")
    assert not graph.state("fx").placeholder
    assert list(graph.wires()) == [WIRE]
    assert graph.info() == NetworkInfo(waiting=(wire,))


def test_wires_wait_once_and_until_they_are_dropped(graph):
    other = Wire("Port", "one", "out", "three", "in")
    graph.add_waiting([WIRE, other])
    graph.add_waiting([other])
    assert graph.info().waiting == (WIRE, other)
    graph.drop_waiting({WIRE})
    assert graph.info().waiting == (other,)


def test_what_is_kept_of_a_server_gives_way_to_what_comes(graph):
    state = graph.state("two")
    graph.went("two")
    graph.keep(state, "it waits")
    assert graph.is_kept("two")
    assert graph.state("two").problem == "it waits"
    graph.came("two", BLOCK)
    assert (graph.is_kept("two"), graph.is_live("two"), graph.state("two").problem) == (False, True, "")


def test_placeholders_are_neither_live_nor_kept(graph):
    graph.add("fx", TypeSpec("Effect"))
    assert not graph.is_live("fx")
    assert not graph.is_kept("fx")
    assert graph.live() == ["one", "two"]


# -- reading


def test_who_reads_gets_a_network_that_stays_as_it_was(graph):
    processings, wires = graph.processings(), graph.wires()
    graph.went("two")
    assert (list(processings), list(wires)) == (["one", "two"], [WIRE])
    assert (list(graph.processings()), list(graph.wires())) == (["one"], [])


def test_a_move_is_seen(graph):
    graph.move("two", 0)
    assert list(graph.processings()) == ["two", "one"]


def test_who_waits_for_a_change_is_woken(graph):
    came = []
    waiting = threading.Thread(target=lambda: came.append(graph.wait_for(lambda: "three" in graph.processings(), PATIENCE)))
    waiting.start()
    graph.came("three", BLOCK)
    waiting.join(PATIENCE)
    assert came == [True]
    assert not graph.wait_for(lambda: "four" in graph.processings(), 0.01)


# -- observers


def test_what_is_hushed_is_not_told(graph, heard):
    with graph.hushed("two"):
        graph.went("two")
        graph.came("three", BLOCK)
    assert [(change.kind, change.names) for change in heard] == [("added", ("three",))]


def test_of_what_is_partly_hushed_the_rest_is_told(graph, heard):
    with graph.hushed("two", kinds=PRESENCE):
        graph.went("two")
    graph.tell(Change("removed", ("two",)))
    assert kinds(heard) == ["disconnected", "removed"]


def test_observers_are_told_when_all_is_done_and_the_lock_is_free(graph):
    """A window whose signals block must not deadlock."""
    answers = []

    def ask(change: Change) -> None:
        thread = threading.Thread(target=lambda: answers.append(graph.peers(ConnectorId("one", "Port", "Out", "out"))))
        thread.start()
        thread.join(PATIENCE)

    graph.observe(ask)
    with graph.alone():
        graph.unlinked("/one/out", "/two/in")
        graph.linked("/one/out", "/two/in")
        assert answers == []
    assert answers == [(WIRE.in_end,), (WIRE.in_end,)]


def test_what_an_observer_changes_is_told_after_what_it_is_hearing(graph):
    first, second = [], []

    def answer(change: Change) -> None:
        first.append(change.kind)
        if change.kind == "disconnected":
            graph.place("one", (1.0, 1.0), None)

    graph.observe(answer)
    graph.observe(lambda change: second.append(change.kind))
    graph.unlinked("/one/out", "/two/in")
    assert first == second == ["disconnected", "placed"]


def test_who_enters_what_the_server_tells_may_leave_the_telling_to_others(graph, heard):
    with graph.entering():
        graph.unlinked("/one/out", "/two/in")
    assert heard == []
    graph.catch_up()
    assert kinds(heard) == ["disconnected"]


def test_what_somebody_has_asked_for_is_told_by_him_before_he_goes_on(graph, heard):
    with graph.asking():
        with graph.entering():
            graph.unlinked("/one/out", "/two/in")
        graph.catch_up()  # as another thread does
        assert heard == []
    assert kinds(heard) == ["disconnected"]
