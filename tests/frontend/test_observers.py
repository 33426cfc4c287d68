"""Observers hear every change once, in order, outside of the engine's lock."""

from __future__ import annotations

import threading

import pytest

from ipyclam_core import Network
from ipyclam_core.proxy import Change

PATIENCE = 10.0


@pytest.fixture(params=["dummy", "clam"])
def net(request):
    network = Network(request.param)
    network.gain = "Amplifier" if request.param == "dummy" else "AudioAmplifier"
    yield network
    network.close()


def test_an_observer_that_waits_for_another_thread_gets_its_answer(net):
    """A window whose signals block must not deadlock."""
    answers = []

    def ask(change: Change) -> None:
        if change.kind == "added":
            thread = threading.Thread(target=lambda: setattr(net.gain, "Gain", 0.25))
            thread.start()
            thread.join(PATIENCE)
            answers.append(not thread.is_alive())

    net.observe(ask)
    net.new = net.gain.type
    assert answers == [True]
    assert net.gain.Gain.value == 0.25


def test_an_observer_hears_what_it_does_itself_after_what_it_is_hearing(net):
    first, second = [], []

    def answer(change: Change) -> None:
        first.append(change.kind)
        if change.kind == "added":
            net.gain.Gain = 0.5

    net.observe(answer)
    net.observe(lambda change: second.append(change.kind))
    net.new = net.gain.type
    assert first == second == ["added", "control"]


def test_changes_of_several_threads_are_heard_in_the_order_in_which_they_happened(net):
    heard = []
    net.observe(lambda change: heard.append((change.before, change.after)))

    def play(first: int) -> None:
        for value in range(first, first + 500):
            net.gain.Gain = float(value)

    threads = [threading.Thread(target=play, args=(1000 * k,)) for k in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 1500
    assert [before for before, _ in heard[1:]] == [after for _, after in heard[:-1]], "each begins where the one before ended"


def test_an_observer_that_fails_keeps_nobody_from_hearing(net, capsys):
    heard = []
    net.observe(lambda change: 1 / 0)
    net.observe(heard.append)
    net.gain.Gain = 0.5
    assert [change.kind for change in heard] == ["control"]
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert net.gain.Gain.value == 0.5


def test_an_observer_may_be_added_twice_and_leaves_once(net):
    heard = []
    cancel = net.observe(heard.append)
    net.observe(heard.append)
    net.gain.Gain = 0.5
    cancel()
    cancel()
    net.gain.Gain = 0.75
    assert len(heard) == 3


def test_a_transport_is_heard_outside_of_the_lock_too():
    net = Network("dummy")
    states = []

    def ask(change: Change) -> None:
        if change.kind == "state":
            thread = threading.Thread(target=lambda: setattr(net, "description", change.after))
            thread.start()
            thread.join(PATIENCE)
            states.append((change.after, thread.is_alive()))

    net.observe(ask)
    net.play()
    assert states == [("playing", False)]
    assert net.description == "playing"


def wire_up(net, change):
    """An observer that completes the patch."""
    if change.kind == "added" and change.names[0] == "new":
        net.new.name = "renamed"


def test_what_an_observer_does_is_a_step_after_the_one_that_it_heard_of(net):
    cancel = net.observe(lambda change: wire_up(net, change))
    net.new = net.gain.type
    cancel()  # it would edit again at the redo
    assert net.history.done[-2:] == ("add new", "rename new to renamed")
    assert (net.undo(), net.undo()) == ("rename new to renamed", "add new")
    assert list(net) == ["gain"]
    assert (net.redo(), net.redo()) == ("add new", "rename new to renamed")


def test_a_compound_step_is_undone_whole_though_an_observer_edits(net):
    net.observe(lambda change: wire_up(net, change))
    with net.proxy.step("two"):
        net.new = net.gain.type
        net.other = net.gain.type
    assert list(net) == ["gain", "renamed", "other"]
    assert (net.undo(), net.undo()) == ("rename new to renamed", "two")
    assert list(net) == ["gain"]


def test_a_step_that_fails_is_taken_back_with_its_own_error_though_an_observer_edits(net):
    net.observe(lambda change: change.kind == "added" and "new" in net and wire_up(net, change))

    def fail():
        with net.proxy.step("two"):
            net.new = net.gain.type
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fail()
    assert list(net) == ["gain"]


def test_an_observer_that_exits_leaves_the_history_whole(net):
    def leave(change: Change) -> None:
        raise SystemExit(3)

    cancel = net.observe(leave)
    with pytest.raises(SystemExit):
        net.new = net.gain.type
    cancel()
    assert net.history.done[-1] == "add new"
    assert net.undo() == "add new"
    assert list(net) == ["gain"]
