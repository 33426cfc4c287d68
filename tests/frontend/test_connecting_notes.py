"""What is said of wires that may not be as meant, and the answer to a chain."""

from __future__ import annotations

import pytest
from IPython.lib.pretty import pretty

from ipyclam_core import Network


@pytest.fixture
def net() -> Network:
    network = Network("clam")
    network.saw, network.low, network.vca, network.pan = "Saw", "ResonantLowPass", "AudioMultiplier", "StereoPanner"
    network.out = "AudioSink"
    network.out.NInputs = 2
    return network


def test_a_second_source_beside_a_free_input_is_told(net: Network) -> None:
    net.saw > net.vca
    assert (net.low > net.vca).notes == ("vca: First Audio Input now has 2 sources, Second Audio Input none",)


def test_one_port_to_several_is_told(net: Network) -> None:
    assert (net.low.Audio_Output > net.out).notes == ('net.low["Audio Output"] goes to 2 inputs of out',)


def test_channels_that_are_not_reached_are_told(net: Network) -> None:
    assert (net.low > net.out).notes == ("out: 2 has no source",)
    assert (net.pan > net.low).notes == ("pan: Right goes nowhere",)


def test_what_was_named_is_meant(net: Network) -> None:
    assert (net.pan.Left > net.out["1"]).notes == ()
    assert (net.pan.Right > net.out["2"]).notes == ()
    net.out._inports.disconnect()
    assert (net.pan > net.out).notes == ()
    assert (net.saw > net.low).notes == ()


def test_the_prompt_shows_notes_and_repr_does_not(net: Network) -> None:
    made = net.low > net.out
    assert pretty(made) == 'net.low["Audio Output"] > net.out["1"]\n# out: 2 has no source'
    assert repr(made) == 'net.low["Audio Output"] > net.out["1"]'


def test_a_chain_answers_with_all_of_its_wires(net: Network) -> None:
    made = net.saw > net.low > net.vca > net.out
    assert [(wire.source, wire.target) for wire in made] == [("saw", "low"), ("low", "vca"), ("vca", "out")]
    assert made.notes == ("vca: Second Audio Input has no source", "out: 2 has no source")
    net.clear()


def test_a_chain_with_lists_and_groups_answers_with_all_of_its_wires(net: Network) -> None:
    saws = net.bank("saw{}", net.types.Saw, 2)
    made = saws > net.low > [net.vca, net.out]
    assert len(made) == 4
    net.undo(2)
    made = [net.saw, *saws] > net.low > net.out
    assert len(made) == 4


def test_a_statement_after_another_is_no_chain(net: Network) -> None:
    def patch() -> tuple[int, int]:
        first = net.saw > net.low
        second = net.low > net.out
        return len(first), len(second)

    assert patch() == (1, 1)
    if net.vca > net.pan:
        assert len(net.pan > net.out) == 2
    for target in (net.low._inports[0],):
        assert len(net.vca > target) == 1
