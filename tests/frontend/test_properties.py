"""What holds for every network: code makes it again, undo takes everything back, a model agrees with the engine."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from strategies import networks, processing_names

from ipyclam_core import Network, Placeholder
from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend import names
from ipyclam_core.proxy import Wire


def run(text: str) -> Network:
    network = Network("dummy")
    exec(text, {"net": network, "Placeholder": Placeholder})
    return network


@given(networks())
def test_code_makes_an_equal_network(network):
    again = run(network.code())
    assert again == network
    assert again.code() == network.code()


@given(networks())
def test_full_code_makes_an_equal_network(network):
    assert run(network.code(full_config=True)) == network


@given(networks())
def test_undoing_everything_and_redoing_everything(network):
    texts = [network.code(full_config=True)]
    while len(network) or network.description:
        network.undo()
        texts.append(network.code(full_config=True))
    for text in reversed(texts[:-1]):
        network.redo()
        assert network.code(full_config=True) == text


@given(networks())
def test_every_attribute_that_dir_offers_leads_somewhere(network):
    for text, name in names.attributes("Network", network):
        assert getattr(network, text).name == name


@given(networks())
def test_every_repr_can_be_typed(network):
    for name in network:
        processing = network[name]
        assert eval(repr(processing), {"net": network}) == processing
        for connectors in (processing._inports, processing._outports, processing._incontrols, processing._outcontrols):
            for connector in connectors:
                assert eval(repr(connector), {"net": network}) == connector


@given(processing_names)
def test_an_alias_is_an_attribute_or_nothing(name):
    alias = names.alias(name)
    assert alias == "" or names.is_attribute(alias)
    if names.is_attribute(name):
        assert alias == name


TYPES = ("Source", "MultiSink", "Mixer", "Oscillator", "Envelope", "Sender")
some_names = st.sampled_from(["a", "b", "c d", "1", "play"])


class NetworkMachine(RuleBasedStateMachine):
    """Random operations on a network, and on a model of it in dicts; undo and redo go through the model's history."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Network("dummy")
        self.types: dict[str, str] = {}
        self.wires: Counter[tuple[str, str]] = Counter()
        self.texts = [""]
        self.place = 0

    def did(self) -> None:
        text = self.net.code(full_config=True)
        if text != self.texts[self.place]:
            self.place += 1
            self.texts[self.place :] = [text]

    @rule(name=some_names, type_=st.sampled_from(TYPES))
    def add(self, name: str, type_: str) -> None:
        if name in self.types:
            return
        self.net[name] = type_
        self.types[name] = type_
        self.did()

    @rule(name=some_names)
    def remove(self, name: str) -> None:
        if name not in self.types:
            return
        del self.net[name]
        del self.types[name]
        self.wires = Counter({pair: count for pair, count in self.wires.items() if name not in pair})
        self.did()

    @rule(old=some_names, new=some_names)
    def rename(self, old: str, new: str) -> None:
        if old not in self.types or new in self.types:
            return
        self.net[old].name = new
        self.types = {new if name == old else name: type_ for name, type_ in self.types.items()}
        pairs = ((tuple(new if end == old else end for end in pair), count) for pair, count in self.wires.items())
        self.wires = Counter({(out, into): count for (out, into), count in pairs})
        self.did()

    @rule(one=some_names, other=some_names)
    def connect(self, one: str, other: str) -> None:
        if one in self.types and other in self.types:
            try:
                made = self.net[one] > self.net[other]
            except IpyclamError:
                return
            self.wires[one, other] += len(made)
            self.did()

    @rule(one=some_names, other=some_names)
    def disconnect(self, one: str, other: str) -> None:
        if one in self.types and other in self.types:
            assert (self.net[one] / self.net[other]) == self.wires.pop((one, other), 0)
            self.did()

    @rule(name=some_names, count=st.integers(1, 4))
    def configure(self, name: str, count: int) -> None:
        parameter = {"Source": "NSources", "MultiSink": "NSinks", "Mixer": "NInputs"}.get(self.types.get(name, ""))
        if parameter is None:
            return
        self.net[name][parameter] = count
        self.recount()
        self.did()

    @rule(name=some_names, value=st.floats(-10, 10))
    def play(self, name: str, value: float) -> None:
        if self.types.get(name) == "Oscillator":
            self.net[name].Level = value
            self.did()
            self.net[name]._position = value, 0.0  # ends the run of values
            self.did()

    @rule()
    def clear(self) -> None:
        self.net.clear()
        self.types, self.wires = {}, Counter()
        self.did()

    @precondition(lambda self: self.place > 0)
    @rule()
    def undo(self) -> None:
        self.net.undo()
        self.place -= 1
        self.reread()

    @precondition(lambda self: self.place < len(self.texts) - 1)
    @rule()
    def redo(self) -> None:
        self.net.redo()
        self.place += 1
        self.reread()

    def reread(self) -> None:
        self.types = {name: str(self.net[name].type) for name in self.net}
        self.recount()

    def recount(self) -> None:
        self.wires = Counter((wire.source, wire.target) for wire in self.net._proxy.wires())

    @invariant()
    def the_model_agrees(self) -> None:
        assert list(self.net) == list(self.types)
        assert {name: self.net[name].type for name in self.net} == self.types
        assert Counter((wire.source, wire.target) for wire in self.net._proxy.wires()) == +self.wires
        assert self.net.code(full_config=True) == self.texts[self.place]

    @invariant()
    def wires_are_seen_from_both_ends(self) -> None:
        seen = {
            Wire(port.kind, port.host.name, port.name, peer.host.name, peer.name)
            for name in self.net
            for ports in (self.net[name]._outports, self.net[name]._outcontrols)
            for port in ports
            for peer in port.peers
        }
        assert seen == set(self.net._proxy.wires())


TestNetworkMachine = NetworkMachine.TestCase
TestNetworkMachine.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
