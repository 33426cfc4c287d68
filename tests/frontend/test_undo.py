"""Undo and redo: one statement is one step, and what was refused is none."""

from __future__ import annotations

import tracemalloc
import warnings

import pytest

from ipyclam_core import Network, Placeholder, errors
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.frontend import steps
from ipyclam_core.frontend.history import RecordingProxy
from ipyclam_core.frontend.steps import GESTURES, STEPS
from ipyclam_core.proxy import TypeSpec


@pytest.fixture
def net() -> Network:
    network = Network("dummy")
    network.source, network.sink = network.types.Source, network.types.MultiSink
    network.osc, network.env = network.types.Oscillator, network.types.Envelope
    network.source.NSources = 2
    network.source > network.sink
    network.osc.Pitch = 3.0
    return network


STATEMENTS = {
    "add": lambda n: setattr(n, "new", "Mixer"),
    "add a placeholder": lambda n: setattr(n, "new", Placeholder("Vocoder", inports=["In"], config={"Bands": 3})),
    "add a clone": lambda n: setattr(n, "new", n.osc.clone()),
    "delete": lambda n: n.__delattr__("sink"),
    "delete the first": lambda n: n.__delattr__("source"),
    "rename": lambda n: setattr(n.source, "name", "renamed"),
    "configure": lambda n: setattr(n.osc, "Frequency", 1.0),
    "configure ports away": lambda n: setattr(n.sink, "NSinks", 1),
    "configure nested": lambda n: setattr(n.env.Times.Curve, "Bend", 0.5),
    "configure by a mapping": lambda n: setattr(n.osc, "_config", {"Frequency": 1.0, "Amplitude": 0.5}),
    "connect": lambda n: n.osc.Output > n.sink["1"],
    "broadcast": lambda n: n.osc.Output > n.sink,
    "disconnect": lambda n: n.source["1"] / n.sink["1"],
    "disconnect all": lambda n: n.sink.disconnect(),
    "control": lambda n: setattr(n.osc, "Level", 3.0),
    "control again": lambda n: setattr(n.osc, "Pitch", 4.0),
    "position": lambda n: setattr(n.osc, "_position", (1, 2)),
    "size": lambda n: setattr(n.osc, "_size", (1, 2)),
    "description": lambda n: setattr(n, "description", "text"),
    "volume": lambda n: setattr(n, "volume", -6),
    "title": lambda n: setattr(n, "_title", "text"),
    "waiting": lambda n: setattr(n, "_waiting", [("Port", "a", "b", "c", "d")]),
    "clear": lambda n: n.clear(),
}  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_every_statement_is_one_step(net, statement):
    if statement is STATEMENTS["control again"]:
        net.osc.Amplitude = 0.5  # an edit ends the run of values
    before = net.code(full_config=True)
    statement(net)
    after = net.code(full_config=True)
    assert after != before
    net.undo()
    assert net.code(full_config=True) == before
    net.redo()
    assert net.code(full_config=True) == after
    net.undo()
    assert net.code(full_config=True) == before


REFUSED = {
    "a taken name": (lambda n: setattr(n, "osc", "Mixer"), errors.NameAlreadyExists),
    "an unknown type": (lambda n: setattr(n, "new", "Nonsense"), errors.NoSuchType),
    "a bad value": (lambda n: setattr(n.osc, "Frequency", "x"), TypeError),
    "a bad mapping": (lambda n: setattr(n.osc, "_config", {"Frequency": 1.0, "Amplitude": 2.0}), ValueError),
    "a pair that is connected": (lambda n: n.source["1"] > n.sink["1"], errors.ConnectionExists),
    "nothing to connect": (lambda n: n.source > n.sink, errors.NothingToConnect),
    "a pair that is not connected": (lambda n: n.source["1"] / n.sink["2"], errors.NotConnected),
    "a bad control value": (lambda n: setattr(n.osc, "Pitch", "x"), TypeError),
    "a rename to a taken name": (lambda n: setattr(n.osc, "name", "sink"), errors.NameAlreadyExists),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_no_step_and_keeps_redo(net, statement, error):
    net.osc.Frequency = 1.0
    net.undo()
    with pytest.raises(error, match=r"."):
        statement(net)
    net.redo()
    assert net.osc.Frequency == 1.0
    assert net.undo() == "osc.Frequency 440 -> 1"


def test_undo_says_what_it_was(net):
    assert net.undo() == "osc.Pitch 440 -> 3"
    assert net.redo() == "osc.Pitch 440 -> 3"
    assert [net.undo() for _ in range(3)] == ["osc.Pitch 440 -> 3", "connect source to sink", "source.NSources 1 -> 2"]


SAID = {
    "add x": lambda n: setattr(n, "x", "Sink"),
    "add 3 Sink": lambda n: n.bank("x{}", "Sink", 3),
    "remove osc": lambda n: n.__delattr__("osc"),
    "rename osc to lead": lambda n: setattr(n.osc, "name", "lead"),
    "osc.Waveform 'sine' -> 'saw'": lambda n: setattr(n.osc, "Waveform", "saw"),
    "osc.Frequency 440 -> 1, osc.Amplitude 1 -> 0.5": lambda n: setattr(n.osc, "_config", {"Frequency": 1.0, "Amplitude": 0.5}),
    "env.Times.Curve.Bend 0 -> 0.5": lambda n: setattr(n.env.Times.Curve, "Bend", 0.5),
    "disconnect source from sink": lambda n: n.source["1"] / n.sink["1"],
    "move osc": lambda n: setattr(n.osc, "_position", (1, 2)),
    "describe the network": lambda n: setattr(n, "description", "text"),
    "volume 0 -> -6": lambda n: setattr(n, "volume", -6),
    "clear the network": lambda n: n.clear(),
}


@pytest.mark.parametrize(("said", "statement"), SAID.items(), ids=SAID.keys())
def test_each_step_says_what_it_changed(net, said, statement):
    statement(net)
    assert net.undo() == said
    assert net.redo() == said


def test_nothing_left_is_an_error():
    net = Network("dummy")
    with pytest.raises(errors.NothingToUndo, match="there is nothing to undo"):
        net.undo()
    with pytest.raises(errors.NothingToRedo, match="there is nothing to redo"):
        net.redo()


def test_a_new_change_ends_redo(net):
    net.undo()
    net.osc.Frequency = 1.0
    with pytest.raises(errors.NothingToRedo):
        net.redo()


def test_a_run_of_values_on_one_control_is_one_step(net):
    for value in range(10):
        net.osc.Level = value
    net.undo()
    assert net.osc.Level.value == 0.0
    assert "Level" not in net.code()
    net.redo()
    assert net.osc.Level.value == 9.0


def test_controls_set_one_after_the_other_are_steps_of_their_own(net):
    net.osc.Level = 1.0
    net.mixer = "Mixer"
    net.mixer.Gain_1, net.mixer.Gain_2 = 0.5, 0.25
    assert net.undo() == "mixer.Gain 2 1 -> 0.25"
    assert net.mixer.Gain_1.value == 0.5
    assert net.undo() == "mixer.Gain 1 1 -> 0.5"
    assert net.undo() == "add mixer"


def test_a_run_of_values_on_several_controls_is_one_step(net):
    net.osc.Amplitude = 0.5
    for value in range(1, 4):
        net.osc.Level = value
        net.osc.Pitch = value
    assert net.undo() == "osc.Level 0 -> 3, osc.Pitch 3 -> 3"
    assert (net.osc.Level.value, net.osc.Pitch.value) == (0.0, 3.0)
    assert "Level" not in net.code()
    assert net.undo() == "osc.Amplitude 1 -> 0.5"
    net.redo()
    net.redo()
    assert (net.osc.Level.value, net.osc.Pitch.value) == (3.0, 3.0)


def test_playing_never_pushes_edits_out_of_reach(net):
    net.osc.Amplitude = 0.5
    for value in range(5_000):
        net.osc.Level = value
        net.osc.Pitch = 5_000 - value
    net.undo()
    net.undo()
    assert net.osc.Amplitude == 1.0


def test_knobs_of_many_controls_do_not_push_edits_out_of_reach_either():
    net = Network("dummy")
    net.mixer = "Mixer"
    net.mixer.NInputs = 1_000
    for gain in net.mixer._incontrols:
        gain.value = 0.5
    said = [net.undo() for _ in range(len(net._proxy.steps.done))]
    assert said[-2:] == ["mixer.NInputs 2 -> 1000", "add mixer"]
    assert len(said) <= 2 + GESTURES


def test_groups_that_are_played_in_turn_are_one_step():
    net = Network("dummy")
    groups = net.bank("a{}", "Amplifier", 2), net.bank("b{}", "Amplifier", 2)
    for value in range(1, 100):
        for group in groups:
            group.Gain.value = value
    assert net.undo() == "a1.Gain 1 -> 99, a2.Gain 1 -> 99, b1.Gain 1 -> 99 and 1 more"
    assert net.undo() == "add 2 Amplifier"


@pytest.mark.slow
def test_playing_on_takes_no_more_memory(net):
    def play(values: range) -> None:
        for value in values:
            net.mixer1.Gain_1 = value
            net.mixer1.Gain_2 = value
            net.mixer2.Gain_1 = value
            net.mixer2.Gain_2 = value

    tracemalloc.start()
    try:
        net.bank("mixer{}", "Mixer", 2)
        play(range(1_000))  # Python keeps some thousand tuples, to use them again
        before, _ = tracemalloc.get_traced_memory()
        play(range(5_000))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 20_000


def test_history_is_bounded():
    net = Network("dummy")
    net.osc = "Oscillator"
    for value in range(STEPS + 100):
        net.osc.Frequency = float(value)
    assert len(net._proxy.steps.done) == STEPS
    for _ in range(STEPS):
        net.undo()
    with pytest.raises(errors.NothingToUndo, match="there is nothing to undo: older changes are not kept"):
        net.undo()
    assert net.osc.Frequency == 99.0


def test_the_newest_step_can_be_undone_however_large_it_is(monkeypatch):
    monkeypatch.setattr(steps, "OPERATIONS", 100)
    net = Network("dummy")
    net.bank("a{}", "Sink", 10)
    net.bank("b{}", "Sink", 300)
    net.undo()
    assert len(net) == 10
    with pytest.raises(errors.NothingToUndo, match="older changes are not kept"):
        net.undo()


def test_history_tells_the_steps(net):
    net.osc.Frequency = 1.0
    net.osc.Amplitude = 0.5
    net.undo()
    assert net.history.done[-2:] == ("osc.Pitch 440 -> 3", "osc.Frequency 440 -> 1")
    assert net.history.undone == ("osc.Amplitude 1 -> 0.5",)


def test_a_session_goes_back_no_further_than_its_beginning(net):
    net.proxy.begin_here()
    before = net.code()
    net.osc.Frequency = 1.0
    net.undo()
    with pytest.raises(errors.NothingToUndo, match="there is nothing to undo: the session began with this network"):
        net.undo()
    assert net.code() == before


def test_undo_ends_a_run(net):
    net.osc.Level = 1.0
    net.osc.Frequency = 1.0
    net.undo()
    net.osc.Level = 2.0
    net.undo()
    assert net.osc.Level.value == 1.0


def test_setting_the_same_configuration_is_no_step(net):
    net.osc.Frequency = 440.0
    assert net.undo() == "osc.Pitch 440 -> 3"


def test_a_cleared_network_comes_back_in_its_order(net):
    names = list(net)
    net.clear()
    net.undo()
    assert list(net) == names


def test_a_failing_block_is_taken_back():
    proxy = RecordingProxy(DummyProxy([TypeSpec("T", config={"x": 1})]))
    proxy.add("kept", "T")

    def block() -> None:
        with proxy.step("outer"):
            proxy.add("a", "T")
            proxy.configure("a", {"x": 2})
            with proxy.step("inner"):
                proxy.rename("a", "b")
                proxy.remove("kept")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        block()
    assert list(proxy.processings()) == ["kept"]
    assert proxy.undo() == "add kept"


def test_changes_from_elsewhere_are_no_steps():
    inner = DummyProxy([TypeSpec("T")])
    net = Network(inner)
    net.ours = "T"
    inner.add("theirs", "T")
    net.undo()
    assert list(net) == ["theirs"]
    with pytest.raises(errors.NothingToUndo):
        net.undo()


def test_an_undo_that_fails_changes_nothing():
    inner = DummyProxy([TypeSpec("T", inports=["i"], outports=["o"])])
    net = Network(inner)
    net.a = net.b = net.c = "T"
    net.a > net.b
    net.b.disconnect()
    inner.remove("a")
    text = net.code()
    with pytest.raises(errors.NoSuchProcessing, match="'a'"):
        net.undo()
    assert net.code() == text


def test_a_step_about_what_is_not_there_any_more_does_not_bar_the_way_to_those_before():
    inner = DummyProxy([TypeSpec("T", inports=["i"], outports=["o"])])
    net = Network(inner)
    net.a = "T"
    net.b = "T"
    net.a > net.b
    net.b.disconnect()
    inner.remove("a")
    with pytest.raises(errors.NoSuchProcessing) as refused:
        net.undo()
    assert refused.value.__notes__ == [
        "'disconnect b' can no longer be undone or redone, and was removed from the history. Undo continues before it"
    ]
    with pytest.raises(errors.NoSuchProcessing):
        net.undo()
    assert net.undo() == "add b"
    assert list(net) == []


def test_the_engine_hears_undo_like_any_change(net):
    heard = []
    net.observe(heard.append)
    net.undo()
    assert [change.kind for change in heard] == ["control", "control"]


class Fixed(DummyProxy):
    """An engine in which a processing called `machine` cannot be taken away."""

    def remove(self, name: str) -> None:
        if name == "machine":
            raise errors.NotSupported(self.engine, "remove the machine")
        super().remove(name)


def test_clearing_leaves_what_cannot_be_removed_without_its_wires():
    net = Network(Fixed([TypeSpec("T", inports=["i"], outports=["o"])]))
    net.a = net.machine = net.b = net.c = "T"
    net.a > net.machine > net.c
    text = net.code()
    net.clear()
    assert net.code() == "net.machine = net.types.T"
    net.undo()
    assert net.code() == text


def test_undoing_warns_of_nothing():
    class Troubled(DummyProxy):
        """An engine in which a processing without a file cannot play."""

        def _problem_of(self, state):
            return "" if state.config["File"] else "no file is chosen"

    net = Network(Troubled([TypeSpec("Player", config={"File": ""})]))
    net.player = "Player"
    net.player.File = "a"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net.undo()
        assert net.player.File == ""
        net.redo()
    assert net.player.File == "a"


def test_a_step_that_is_being_made_is_not_undone_in_parts(net):
    net.a = "Sink"
    with net.proxy.step("two"):
        net.b = "Sink"
        with pytest.raises(errors.NothingToUndo, match="a step is being made"):
            net.undo()
        with pytest.raises(errors.NothingToRedo):
            net.redo()
    assert list(net)[-2:] == ["a", "b"]
    assert net.undo() == "two"
    assert list(net)[-1] == "a"


def test_several_steps_are_undone_and_redone_at_once(net):
    for name in "abc":
        net[name] = "Oscillator"
    assert net.undo(2) == "add c\nadd b"
    assert net.redo(2) == "add b\nadd c"
    with pytest.raises(errors.NothingToUndo):
        net.undo(1000)
    assert list(net) == []
    for wrong, error in ((0, ValueError), (-1, ValueError), (True, TypeError), ("2", TypeError), (1.0, TypeError)):
        with pytest.raises(error, match="undo takes the number of changes"):
            net.undo(wrong)
