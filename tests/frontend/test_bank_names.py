"""The names of a bank: those that are not texts yet are as those that are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipyclam_core import Network
from ipyclam_core.bank_names import BankNames, Listed, Numbered, disjoint
from ipyclam_core.errors import NameAlreadyExists

AROUND = st.text("a0 12é", max_size=3)
NUMBERED = st.builds(
    Numbered, AROUND, st.builds(lambda size: range(1, size + 1), st.integers(0, 120)), AROUND, st.sampled_from(["", "02", "3"])
)
NAMES = st.one_of(NUMBERED, st.builds(Listed, st.lists(st.text("a01 ", max_size=4), max_size=8)))


@given(names=NUMBERED, which=st.slices(20), place=st.integers(-130, 130))
def test_a_pattern_is_its_names(names: Numbered, which: slice, place: int) -> None:
    texts = list(names)
    assert len(names) == len(texts) == len(set(texts))
    assert list(names[which]) == texts[which]
    assert all(text in names for text in texts)
    if -len(texts) <= place < len(texts):
        assert names[place] == texts[place]
    else:
        with pytest.raises(IndexError):
            names[place]


@given(names=NUMBERED, text=st.text("a0 12é٣", max_size=8))
def test_a_name_is_in_a_pattern_or_is_not(names: Numbered, text: str) -> None:
    assert (text in names) == (text in list(names))
    for near in [text + name + text for name in list(names)[:3]]:
        assert (near in names) == (near in list(names))


@given(one=NAMES, other=NAMES)
def test_what_is_said_to_be_disjoint_is(one: BankNames, other: BankNames) -> None:
    assert disjoint(one, other) == disjoint(other, one) == set(one).isdisjoint(other)


@pytest.mark.parametrize("second", ["osc{}", "osc1{}", ["osc12"], "{}"], ids=str)
def test_a_name_that_a_folded_bank_has_is_taken(second: str | list[str]) -> None:
    net = Network("dummy")
    net.bank("osc{}", "Oscillator", 12)
    net.bank("1{}", "Oscillator", 3)
    with pytest.raises(NameAlreadyExists):
        net.bank(second, "Oscillator", None if isinstance(second, list) else 12)
    with pytest.raises(NameAlreadyExists):
        net.osc12 = "Oscillator"
    assert len(net) == 15
    assert list(net)[-1] == "13"


def test_more_banks_than_are_kept_folded() -> None:
    net = Network("dummy")
    for k in range(200):
        net.bank(f"bank{k}_{{}}", "Oscillator", 3)
    assert len(net) == len(list(net)) == 600
    assert "bank199_3" in net
    assert "bank199_4" not in net
    assert net.bank7_2.Frequency == 440.0


def test_a_bank_of_more_than_a_machine_can_hold() -> None:
    net = Network("dummy")
    with pytest.raises(ValueError, match=r"a bank has 1,000,000 processings at most, not 1,000,000,000"):
        net.bank("osc{}", "Oscillator", 10**9)
    assert len(net) == 0
