"""A network that folds banks is at any moment the one that does not: whatever is done, and whenever one looks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ipyclam_core import Network
from ipyclam_core.errors import IpyclamError

TYPES = st.sampled_from(["Oscillator", "Amplifier", "Amplifier", "Mixer", "Sink", "Fader"])
NUMBERS = st.integers(0, 4)
LATELY = st.integers(0, 1)
COUNTS = st.sampled_from([0, 1, 2, 2, 2, 3])


class Folding(RuleBasedStateMachine):
    """Each rule does the same in both networks; one of them has an observer, for whom nothing is folded."""

    def __init__(self) -> None:
        super().__init__()
        self.folding, self.plain = Network("dummy"), Network("dummy")
        self.plain.observe(lambda change: None)
        self.made = 0
        self.groups: list[tuple[object, object]] = []

    def both(self, act) -> None:
        """Do it in each: what one refuses the other does, in the same words."""
        said = []
        for net, which in ((self.folding, 0), (self.plain, 1)):
            try:
                act(net, which)
                said.append("")
            except (IpyclamError, ValueError) as error:
                said.append(f"{type(error).__name__}: {error}")
        assert said[0] == said[1]

    @rule(type_=TYPES, count=COUNTS)
    def bank(self, type_: str, count: int) -> None:
        self.made += 1
        made: list[object] = []
        self.both(lambda net, _: made.append(net.bank(f"{type_.lower()}{self.made}_{{}}", type_, count)))
        self.groups.append((made[0], made[1]))

    @rule(values=st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=2))
    def bank_of_different(self, values: list[float]) -> None:
        self.made += 1
        self.both(lambda net, _: net.bank(f"osc{self.made}_{{}}", "Oscillator", 2, Frequency=values, Amplitude=0.5))

    @rule(type_=TYPES)
    def single(self, type_: str) -> None:
        self.made += 1
        self.both(lambda net, _: net.__setitem__(f"single{self.made}", type_))

    @rule(left=LATELY, right=LATELY, cut=st.sampled_from([False, False, True]))
    def connect_groups(self, left: int, right: int, cut: bool) -> None:
        if self.groups:
            pairs = self.groups[-1 - left % len(self.groups)], self.groups[-1 - right % len(self.groups)]
            self.both(lambda _, which: pairs[0][which] / pairs[1][which] if cut else pairs[0][which] > pairs[1][which])

    @rule(group=NUMBERS, one=NUMBERS, turned=st.booleans())
    def connect_one(self, group: int, one: int, turned: bool) -> None:
        if self.groups and len(self.plain):
            chosen, name = self.groups[-1 - group % len(self.groups)], list(self.plain)[one % len(self.plain)]
            self.both(lambda net, which: net[name] > chosen[which] if turned else chosen[which] > net[name])

    @rule(group=NUMBERS, value=st.floats(0.0, 1.0))
    def configure(self, group: int, value: float) -> None:
        if self.groups:
            chosen = self.groups[-1 - group % len(self.groups)]
            self.both(lambda _, which: chosen[which].__setitem__("Amplitude", value))

    @rule(one=NUMBERS)
    def remove(self, one: int) -> None:
        if len(self.plain):
            name = list(self.plain)[one % len(self.plain)]
            self.both(lambda net, _: net.__delitem__(name))

    @rule(one=NUMBERS)
    def rename(self, one: int) -> None:
        if len(self.plain):
            self.made += 1
            name = list(self.plain)[one % len(self.plain)]
            self.both(lambda net, _: setattr(net[name], "name", f"renamed{self.made}"))

    @rule(back=st.booleans())
    def undo(self, back: bool) -> None:
        self.both(lambda net, _: net.undo() if back else net.redo())

    @rule()
    def look(self) -> None:
        assert self.folding.code() == self.plain.code()

    @invariant()
    def names(self) -> None:
        assert list(self.folding) == list(self.plain)

    def teardown(self) -> None:
        assert self.folding == self.plain
        assert self.folding.code() == self.plain.code()
        assert set(self.folding._proxy.wires()) == set(self.plain._proxy.wires())


TestFolding = Folding.TestCase
TestFolding.settings = settings(max_examples=100, stateful_step_count=25)


@given(names=st.lists(st.text(min_size=1, max_size=4), max_size=5))
def test_a_bank_takes_the_names_that_single_processings_take(names: list[str]) -> None:
    net, bank = Network("dummy"), Network("dummy")

    def one_by_one() -> None:
        for name in names:
            net[name] = "Sink"

    said = []
    for act in (one_by_one, lambda: bank.bank(names, "Sink")):
        try:
            act()
            said.append("")
        except IpyclamError as error:
            said.append(f"{type(error).__name__}: {error}")
    assert said[0] == said[1]
    assert list(bank) == ([] if said[0] else list(net))
