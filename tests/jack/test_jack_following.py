"""Whatever JACK tells, in whatever order, the network is what a plain model of it is; no server is needed for that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ipyclam_core.engines.jack.follower import enter
from ipyclam_core.engines.jack.notifications import ClientCame, ClientWent, Linked, PortCame, PortRenamed, PortWent, Unlinked
from ipyclam_core.following.graph import FollowedGraph

CLIENTS = ["a", "b", "own"]
KEYS = st.integers(1, 8)
NOTIFICATIONS = st.one_of(
    st.builds(ClientCame, st.sampled_from(CLIENTS)),
    st.builds(ClientWent, st.sampled_from(CLIENTS)),
    st.builds(lambda key: port(key), KEYS),
    st.builds(PortWent, KEYS),
    st.builds(Linked, KEYS, KEYS),
    st.builds(Unlinked, KEYS, KEYS),
    st.builds(lambda key, name: PortRenamed(key, f"{CLIENTS[key % 3]}:{name}{key}"), KEYS, st.sampled_from("xyz")),
)


def port(key: int) -> PortCame:
    """The port of a key: which client's, and which way it goes, follows from the key."""
    return PortCame(key, f"{CLIENTS[key % 3]}:p{key}", "audio", key % 2 == 0, "")


class Model:
    """What is there, in sets: the names of ports by key, the clients, and the wires as pairs of keys."""

    def __init__(self) -> None:
        self.clients: set[str] = set()
        self.ports: dict[int, str] = {}
        self.wires: set[tuple[int, int]] = set()

    def apply(self, heard: object) -> None:
        match heard:
            case ClientCame("own") | ClientWent("own"):
                pass
            case ClientCame(name):
                self.clients.add(name)
            case ClientWent(name):
                self.clients.discard(name)
                self.forget({key for key, full in self.ports.items() if full.startswith(f"{name}:")})
            case PortCame(key, fullname) if not fullname.startswith("own:"):
                self.clients.add(fullname[0])
                if self.ports.get(key) != fullname:
                    self.forget({key})
                self.ports[key] = fullname
            case PortWent(key):
                self.forget({key})
            case PortRenamed(key, fullname) if key in self.ports:
                self.ports[key] = fullname
            case Linked(a, b) if a in self.ports and b in self.ports:
                self.wires.add((a, b))
            case Unlinked(a, b):
                self.wires -= {(a, b), (b, a)}

    def forget(self, keys: set[int]) -> None:
        for key in keys:
            self.ports.pop(key, None)
        self.wires = {(a, b) for a, b in self.wires if a not in keys and b not in keys}

    def sides(self) -> set[frozenset[str]]:
        return {frozenset((self.ports[a], self.ports[b])) for a, b in self.wires}


@given(st.lists(NOTIFICATIONS, max_size=60))
def test_the_network_follows_what_is_told(told):
    told = [heard for heard in told if not isinstance(heard, Linked) or heard.source % 2 != heard.target % 2]
    graph, model = FollowedGraph({}, "jack"), Model()
    for heard in told:
        enter(graph, heard, "own")
        model.apply(heard)
    states = graph.processings()
    assert set(states) == model.clients
    shown = {f"{name}:{spec.name}" for name, state in states.items() for spec in (*state.connectors.inports, *state.connectors.outports)}
    assert shown == set(model.ports.values())
    assert {frozenset((f"{w.source}:{w.source_connector}", f"{w.target}:{w.target_connector}")) for w in graph.wires()} == model.sides()


@given(st.lists(NOTIFICATIONS, max_size=60))
def test_what_observers_hear_adds_up_to_what_is_there(told):
    graph = FollowedGraph({}, "jack")
    states: dict[str, object] = {}
    wires: set[object] = set()

    def hear(change):
        match change.kind:
            case "added" | "configured":
                assert states.get(change.names[0]) == change.before
                states[change.names[0]] = change.after
            case "removed":
                assert states.pop(change.names[0]) == change.before
            case "connected":
                wires.add(change.after)
            case "disconnected":
                wires.remove(change.before)

    graph.observe(hear)
    for heard in told:
        if not isinstance(heard, Linked) or heard.source % 2 != heard.target % 2:
            enter(graph, heard, "own")
    assert states == graph.processings()
    assert wires == set(graph.wires())


@given(st.lists(NOTIFICATIONS, max_size=60))
def test_what_is_lost_is_what_was_there_and_is_no_more(told):
    graph = FollowedGraph({}, "jack")

    def ports() -> set[object]:
        return {
            (name, direction, spec.name)
            for name, state in graph.processings().items()
            for direction in ("In", "Out")
            for spec in state.connectors.of("Port", direction)
        }

    for heard in told:
        before, wired = ports(), set(graph.wires())
        loss = enter(graph, heard, "own")
        if not isinstance(heard, PortRenamed):
            assert {(end.processing, end.direction, end.name) for end in loss.ends} == before - ports()
            assert set(loss.wires) == wired - set(graph.wires())
        else:
            assert not loss.ends
            assert len(graph.wires()) == len(wired)
