"""What handles offer to tab, and the snapshot that they are followed over."""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.engines.dummy import TYPES, DummyProxy
from ipyclam_core.frontend import exploring
from ipyclam_core.frontend.connectors import Connectable, Connector
from ipyclam_core.frontend.exploring import Explorable, Member
from ipyclam_core.frontend.fitting import Peers
from ipyclam_core.frontend.snapshot import Snapshot, snapshot, still
from ipyclam_core.graph import Graph
from ipyclam_core.proxy import CanPlay, ConnectorId, NetworkProxy

READ = {"engine", "types", "processings", "wires", "info", "peers", "value", "devices", "close"}


class Counted(DummyProxy):
    """An engine that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__(TYPES)
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name not in ("asked", "engine"):
            self.asked[name] += 1
        return super().__getattribute__(name)


@pytest.fixture
def patch(net: Network) -> Network:
    net.osc = net.types.Oscillator
    net.mix = net.types.Mixer
    net.out = net.types.Sink
    net.env = net.types.Envelope
    net.osc > net.mix.Input_1
    net.osc.Level = 0.5
    return net


def classes(cls: type = Explorable) -> Iterator[type]:
    """Every class of handles that the front-end has, and that no other of its classes derives from."""
    own = [each for each in cls.__subclasses__() if getattr(sys.modules.get(each.__module__), each.__name__, None) is each]
    for each in own:
        yield from classes(each)
    if not own:
        yield cls


def handles(net: Network) -> dict[str, Explorable]:
    """A handle of each kind."""
    made = {
        "net": net,
        "net.types": net.types,
        "net.types.Oscillator": net.types.Oscillator,
        "net.osc": net.osc,
        "net.mix._inports": net.mix._inports,
        "net.mix[1:]": net.mix[1:],
        "net.osc.Output": net.osc.Output,
        "net.env._config": net.env._config,
        "net.env.Times": net.env.Times,
        "group": net.group(["osc"]),
        "group.Output": net.group(["osc"]).Output,
    }
    assert {type(handle) for handle in made.values()} == set(classes())
    return made


# -- the snapshot


@pytest.mark.parametrize("name", sorted({name for each in (NetworkProxy, CanPlay) for name in vars(each) if name[0] != "_"} - READ))
def test_a_snapshot_refuses_all_but_reading(patch: Network, name: str) -> None:
    before, heard = patch.code(), []
    patch.observe(heard.append)
    with pytest.raises(errors.NotSupported, match="in a snapshot"):
        getattr(Snapshot(patch.proxy), name)()
    assert (patch.code(), heard) == (before, [])


@pytest.mark.parametrize(
    "statement",
    [
        "net.new = 'Sink'", "del net.osc", "net.osc.Frequency = 1.0", "net.osc.Pitch = 1.0", "net.osc.name = 'x'", "net.osc > net.out",
        "net.osc / net.mix", "net.osc.disconnect()", "net.clear()", "net.description = 'x'", "net.osc._position = (1, 2)", "net.play()",
        "net.group('*').remove()", "net.bank('x{}', 'Sink', 2)", "net.stop()", "net.osc.Output.connect(net.out)", "net.load('x.py')",
    ],
)  # fmt: skip
def test_no_statement_changes_a_snapshot_or_its_network(
    patch: Network, statement: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    patch.save("x.py")
    before = patch.code()
    with pytest.raises(errors.NotSupported):
        exec(statement, {"net": still(patch)})
    assert patch.code() == before


def test_a_snapshot_asks_once_each_and_only_for_what_is_wanted() -> None:
    engine = Counted()
    net = Network(engine)
    net.osc, net.out = "Oscillator", "Sink"
    net.osc > net.out
    engine.asked.clear()
    looked_at = still(net)
    assert not engine.asked
    for _ in range(3):
        assert list(looked_at) == ["osc", "out"]
    assert engine.asked == {"processings": 1}
    for _ in range(3):
        assert looked_at.osc.Output.peers == (looked_at.out.Input,)
        assert looked_at.out.Input.peers == (looked_at.osc.Output,)
        assert "Oscillator" in looked_at.types
        assert looked_at.devices == ("auto", "clock")
    assert engine.asked == {"processings": 1, "wires": 1, "types": 1, "devices": 1}


def test_a_snapshot_stays_as_it_was(patch: Network) -> None:
    looked_at = still(patch)
    before = list(looked_at), looked_at.osc.Output.peers
    del patch.mix
    assert (list(looked_at), looked_at.osc.Output.peers) == before


def test_a_snapshot_knows_the_values_set_by_hand_and_tells_no_others(patch: Network) -> None:
    asked = Snapshot(patch.proxy)
    assert asked.value(ConnectorId("osc", "Control", "In", "Level")) == 0.5
    for control in (ConnectorId("osc", "Control", "In", "Pitch"), ConnectorId("env", "Control", "Out", "Value")):
        with pytest.raises(errors.NotSupported, match="value of"):
            asked.value(control)


def test_handles_over_a_snapshot_read_as_the_real_ones(patch: Network) -> None:
    for text, handle in handles(patch).items():
        assert repr(still(handle)) == repr(handle), text
        assert dir(still(handle)) == dir(handle), text


def test_closing_a_snapshot_leaves_the_network_playing(patch: Network) -> None:
    patch.play()
    still(patch).close()
    assert patch.state == "playing"


# -- following


def test_every_handle_belongs_to_its_network_or_to_none(patch: Network) -> None:
    free = {"net.types.Oscillator"}
    for text, handle in handles(patch).items():
        assert exploring.network_of(handle) is (None if text in free else patch.proxy), text
        assert type(still(handle)) is type(handle)


def test_a_pending_configuration_is_followed_as_it_is_applied(patch: Network) -> None:
    with patch.osc._config as c:
        c.Frequency = 1.0
        assert exploring.network_of(c) is patch.proxy
        assert still(c).Frequency == 440.0


def test_a_clone_of_a_configuration_belongs_to_no_network(patch: Network) -> None:
    assert exploring.network_of(patch.osc._config.clone()) is None


def test_only_structural_properties_are_evaluated_and_they_give_handles(patch: Network) -> None:
    engine = Counted()
    net = Network(engine)
    net.osc, net.mix, net.env = "Oscillator", "Mixer", "Envelope"
    for text, handle in handles(net).items():
        looked_at = still(handle)
        engine.asked.clear()
        for name, held in inspect.getmembers_static(type(handle), lambda held: isinstance(held, property)):
            found = exploring.follow(looked_at, name)
            assert isinstance(found, Explorable) if getattr(held.fget, "structural", False) else found is None, f"{text}.{name}"
        assert set(engine.asked) <= {"processings", "types", "wires"}, text


def test_following_never_calls_a_method(patch: Network) -> None:
    for handle in handles(patch).values():
        for name, _ in inspect.getmembers_static(type(handle), inspect.isfunction):
            assert exploring.follow(handle, name) is None
    assert len(patch) == 4


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        (["osc"], "net.osc"),
        (["osc", "Output", "host", "Output"], "net.osc.Output"),
        (["env", "_config", "Times", "Curve"], "{'Shape': 'linear', 'Bend': 0.0}"),
        (["mix", "_inports", 1], 'net.mix["Input 2"]'),
        (["mix", slice(1, None)], "net.mix[1:]"),
        (["osc", "type"], "'Oscillator'"),
        (["types", "Mixer"], "'Mixer'"),
        (["osc", 0], "None"),
        (["osc", "nothing"], "None"),
        (["osc", slice(None, None, 0)], "None"),
        (["mix", "_inports", 7], "None"),
        (["osc", "_proxy"], "None"),
        (["_proxy"], "None"),
        (["undo"], "None"),
        ([3], "None"),
    ],
)
def test_a_path_is_followed(patch: Network, path: list[Any], reached: str) -> None:
    found: Any = still(patch)
    for key in path:
        found = exploring.follow(found, key)
    assert repr(found) == reached


def test_a_name_that_is_a_word_of_ours_is_reached_by_subscript_only(net: Network) -> None:
    net["undo"] = "Sink"
    assert exploring.follow(net, "undo") is None
    assert exploring.follow(net, "undo", subscript=True) == net["undo"]


def test_a_class_that_somebody_derives_runs_none_of_its_code(patch: Network) -> None:
    class Own(Network):
        def run(self, *args: Any) -> Any:
            raise AssertionError("tab has run this")

        __getattr__ = __getitem__ = __iter__ = __len__ = __dir__ = _attributes = _network = _over = _data = run
        types = engine = proxy = property(run)

    own = Own(patch.proxy)
    looked_at = still(own)
    assert type(looked_at) is Network
    assert [member.name for member in exploring.attributes(looked_at)][:2] == ["osc", "mix"]


def test_what_lies_about_its_class_is_not_asked() -> None:
    class Liar:
        @property
        def __class__(self) -> Any:
            raise AssertionError("tab has run this")

    assert not exploring.is_handle(Liar())
    assert not exploring.is_ours(Liar())


def test_a_path_that_leads_nowhere_looks_for_no_similar_names() -> None:
    """Suggestions would cost more than all the rest of a tab in a large network."""

    class Names(dict):  # type: ignore[type-arg]
        listed = 0

        def __iter__(self) -> Any:
            Names.listed += 1
            return super().__iter__()

    class Engine(DummyProxy):
        def processings(self) -> Any:
            return names

    net = Network(Engine(TYPES))
    names: Any = Names()
    names.update({f"osc{k}": None for k in range(10)})
    assert exploring.follow(net, "osx1") is None
    assert Names.listed == 1  # for its alias


# -- what is offered


def test_every_attribute_that_is_offered_is_in_dir_and_reaches_something(patch: Network) -> None:
    patch["my mix"] = patch["a b"] = patch["a-b"] = "Mixer"
    for text, handle in handles(patch).items():
        for member in exploring.attributes(handle):
            assert member.name in dir(handle), f"{text}.{member.name}"
            assert member.says(), f"{text}.{member.name}"


def test_an_alias_of_two_is_offered_for_neither(net: Network) -> None:
    net["a b"] = net["a-b"] = net["my mix"] = "Mixer"
    assert [member.name for member in exploring.attributes(net)][:2] == ["my_mix", "bank"]
    assert "a_b" not in dir(net)


def test_every_item_that_is_offered_is_found(patch: Network) -> None:
    for text, handle in handles(patch).items():
        for member in exploring.items(handle):
            assert handle[member.name] is not None, f"{text}[{member.name!r}]"  # type: ignore[index]


@pytest.mark.parametrize("left", ["net.osc", "net.osc.Output", "net.env", "net.mix[:1]", "net.mix._outports", "net.group('o*')"])
def test_what_fits_is_what_can_be_connected(patch: Network, left: str) -> None:
    patch.env > patch.osc.Pitch
    before = patch.code()
    here, there = patch, eval(left, {"net": patch})
    fits = Peers(still(there), ">").among(None)
    for name in here:
        processing = here[name]
        for member in exploring.attributes(processing):
            if member.connectable:
                target = getattr(processing, member.name)
                looked_at = next(each for each in exploring.attributes(still(processing)) if each.name == member.name)
                try:
                    can = bool(there > target)
                except (errors.ConnectionError_, TypeError):
                    can = False
                else:
                    patch.undo()
                fit = fits(looked_at.connects())
                assert fit or not can, f"{left} > net.{name}.{member.name}"
                assert can or not fit or not isinstance(there, Connector)  # of several, by their places, others may fit
    assert patch.code() == before


def test_a_new_kind_of_handle_completes_by_itself(patch: Network) -> None:
    """It says what it holds, and every function here knows it: nothing else has to."""

    class Note(Member):
        def says(self) -> str:
            return "note · A4"

    class Score(Connectable):
        """A kind of handle that the front-end does not have."""

        __slots__ = ("_proxy",)
        __module__ = "ipyclam_core.frontend.score"

        def __init__(self, proxy: Any) -> None:
            object.__setattr__(self, "_proxy", proxy)

        @property
        @exploring.structural
        def first(self) -> Connector:
            """The connector that plays first."""
            return Network(self._proxy).osc.Output

        def transpose(self, steps: int) -> None:
            """Move all notes."""

        def _attributes(self) -> Iterator[Member]:
            yield Note("a4")

        def _selections(self) -> Iterator[exploring.Selection]:
            return self.first._selections()

    score = still(Score(snapshot(patch.proxy)))
    assert type(score) is Score
    assert {member.name: member.says() for member in exploring.attributes(score)} == {
        "a4": "note · A4",
        "connect": "method · Connect to other, in either order",
        "disconnect": "method · Remove the wires to other, or all wires",
        "first": "attribute · The connector that plays first",
        "transpose": "method · Move all notes",
    }
    assert repr(exploring.follow(score, "first")) == "net.osc.Output"
    assert Peers(score, ">").takes(still(patch.out))
    assert not Peers(score, ">").takes(still(patch.env))


def test_an_engine_that_does_not_play_has_no_devices() -> None:
    assert Network(Graph({})).devices == ()
    assert still(Network(Graph({}))).devices == ()
