"""Tab with banks and groups, as typed."""

from __future__ import annotations

import pytest
from pressing import Tab

from ipyclam_core import Network


@pytest.fixture
def patch(net: Network, tab: Tab) -> Network:
    net.out = net.types.Sink
    made = {
        "voices": net.bank("osc{}", net.types.Oscillator, 3, Frequency=[110.0, 220.0, 330.0]),
        "mixers": net.bank("mix{}", net.types.Mixer, 3),
        "two": net.bank("amp{}", net.types.Amplifier, 2),
    }
    tab.shell.user_ns.update(made, outputs=made["voices"].Output, gone=net.group([]), mine=net.osc1)
    return net


@pytest.mark.parametrize(
    ("typed", "row", "says"),
    [
        ("voices.", "Frequency", "config · float = 110.0, 220.0, 330.0 Hz"),
        ("voices.", "Amplitude", "config · float = 1.0"),
        ("voices.", "Output", "outport · Audio"),
        ("voices.", "Pitch", "incontrol · float"),
        ("voices.", "remove", "method · Remove all of them, as one undo step"),
        ("voices[0].", "Frequency", "config · float = 110.0 Hz"),
        ("voices[1:].", "Frequency", "config · float = 220.0, 330.0 Hz"),
        ("voices.Output[0].", "peers", "attribute · The connectors it is connected to"),
        ("outputs.", "connect", "method · Connect each to other, in either order"),
        ("voices.Pitch.", "value", "attribute · The current values of these controls"),
        ("voices > ", "mixers", "group · 3 Mixer"),
        ("voices > ", "net.out", "processing · Sink"),
        ("mine > ", "net.out", "processing · Sink"),
        ("net.osc1 > ", "two", "group · 2 Amplifier"),
        ("voices > mixers.", "Input_1", "inport · Audio"),
        ("outputs > mixers.", "Input_2", "inport · Audio"),
        ("voices > net.", "mix2", "processing · Mixer"),
        ("voices > net.mix1.", "Input_1", "inport · Audio"),
        ('net.bank("x{}", ', "net.types.Oscillator", "type · Generators"),
        ('net.bank("x{}", "Os', 'Oscillator"', "type · Generators"),
        ('net.bank(["x", "y"], net.types.Oscillator, ', "Frequency=", "config · float = 440.0 Hz"),
        ('net.bank("x{}", "Oscillator", 8, Fre', "Frequency=", "config · float = 440.0 Hz"),
        ('net.bank("x{}", net.types.Oscillator, 8, Amplitude=[1, 2], Fre', "Frequency=", "config · float = 440.0 Hz"),
        ('net.group("', 'osc*"', "group · 3 processings"),
        ('net.group("', 'out"', "processing · Sink"),
        ("net.group(", '"osc*"', "group · 3 processings"),
        ('net.group(["', 'osc1"', "processing · Oscillator"),
        ('net.group(["osc1", "', 'osc2"', "processing · Oscillator"),
    ],
)
def test_a_row_says_what_it_is(patch: Network, tab: Tab, typed: str, row: str, says: str) -> None:
    assert tab.says(typed).get(row) == says


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("voices.Fre", ["voices.Frequency", "voices.Frequency_Modulation"]),
        ("net.bank('x', net.types.Mu", ["net.bank('x', net.types.MultiSink"]),
        ('voices.Waveform = "s', ['voices.Waveform = "sine"', 'voices.Waveform = "saw"', 'voices.Waveform = "square"']),
        ('voices["Fre', ['voices["Frequency"]', 'voices["Frequency Modulation"]']),
        ('net.group("os', ['net.group("osc*"', 'net.group("osc1"', 'net.group("osc2"', 'net.group("osc3"']),
        ('net.group(["ou', ['net.group(["out"']),
    ],
)
def test_what_was_begun_goes_on(patch: Network, tab: Tab, typed: str, lines: list[str]) -> None:
    assert tab.lines(typed) == lines


def test_only_groups_of_the_same_size_are_offered_to_a_group(patch: Network, tab: Tab) -> None:
    assert "two" not in tab.says("voices > ")
    assert "two" in tab.says("voices[:2] > ")


def test_a_group_that_is_wired_whole_is_not_offered_again(patch: Network, tab: Tab) -> None:
    assert "Input_1" in tab.says("voices > mixers.")
    tab.shell.ex("voices > mixers.Input_1")
    assert "Input_1" not in tab.says("outputs > mixers.")


@pytest.mark.parametrize("typed", ["voices[7].", "voices.nothing.", "voices.Frequency.", 'net.bank("x{}", "No", 3, '])
def test_where_there_is_nothing_to_say_there_is_no_row_of_ours(patch: Network, tab: Tab, typed: str) -> None:
    assert not [says for says in tab.says(typed).values() if " · " in says]


def test_tab_makes_nothing_and_changes_nothing(patch: Network, tab: Tab) -> None:
    before = patch.code()
    for typed in (
        "voices > mixers.",
        "(voices > mixers).",
        "voices.remove().",
        'net.bank("x{}", net.types.Sink, 2).',
        "[voices > mixers][0].",
    ):
        tab.rows(typed)
    assert patch.code() == before
