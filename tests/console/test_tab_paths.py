"""Tab along a path, as typed: what is offered, in which order, and what each row says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pressing import Tab

from ipyclam_core import Network


@pytest.fixture
def patch(net: Network) -> Network:
    net.osc = net.types.Oscillator
    net.mix = net.types.Mixer
    net["my osc"] = net.types.Oscillator
    net.env = net.types.Envelope
    return net


def test_a_network_offers_its_processings_first_in_the_order_they_were_made(patch: Network, tab: Tab) -> None:
    assert tab.lines("net.")[:4] == ["net.osc", "net.mix", "net.my_osc", "net.env"]


def test_a_network_offers_its_own_words_after_them(patch: Network, tab: Tab) -> None:
    assert {"net.types", "net.play", "net.undo", "net.code"} <= set(tab.lines("net."))


@pytest.mark.parametrize(
    ("typed", "row", "says"),
    [
        ("net.", "osc", "processing · Oscillator"),
        ("net.osc.", "Output", "outport · Audio"),
        ("net.osc.", "Frequency_Modulation", "inport · Audio"),
        ("net.osc.", "Pitch", "incontrol · float"),
        ("net.env.", "Value", "outcontrol · float"),
        ("net.osc.", "Frequency", "config · float = 440.0 Hz"),
        ("net.osc.", "Waveform", "config · enum = 'sine'"),
        ("net.types.", "Oscillator", "type · Generators"),
        ("net.new = ", "net.types.Mixer", "type · Mixing"),
        ("net.env._config.", "Times", "config · 3 parameters"),
        ("net.osc.Frequency = ", "440.0", "value · now"),
        ("net.osc.Frequency = ", "0.0", "value · smallest"),
        ("net.osc.Frequency = ", "24000.0", "value · largest"),
    ],
)
def test_a_row_says_what_it_is(patch: Network, tab: Tab, typed: str, row: str, says: str) -> None:
    assert tab.says(typed)[row] == says


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("net.o", ["net.osc", "net.observe"]),
        ("net.mix.Gain_1 = ", ["net.mix.Gain_1 = 1.0"]),
        ("net.osc.Fre", ["net.osc.Frequency", "net.osc.Frequency_Modulation"]),
        ("net.osc.fre", ["net.osc.Frequency", "net.osc.Frequency_Modulation"]),
        ("net.osc._in", ["net.osc._inports", "net.osc._incontrols"]),
        ("net.osc._outports.O", ["net.osc._outports.Output"]),
        ("net.mix._incontrols.", ["net.mix._incontrols.Gain_1", "net.mix._incontrols.Gain_2"]),
        ("net.env._config.Times.C", ["net.env._config.Times.Curve"]),
        ("net.env.Times.Curve.B", ["net.env.Times.Curve.Bend"]),
        ("net.types.Mu", ["net.types.MultiSink"]),
        ("net.mix.Aud", ["net.mix.Audio_Output"]),
        ("net.my_osc.Fr", ["net.my_osc.Frequency", "net.my_osc.Frequency_Modulation"]),
        ("net['my osc'].Wave", ["net['my osc'].Waveform"]),
        ("print(net.osc.Wa", ["print(net.osc.Waveform"]),
        ("x = 1\ny = net.osc.Wa", ["x = 1\ny = net.osc.Waveform"]),
        ('f"{net.osc.Wa', ['f"{net.osc.Waveform']),
        ("del net.mi", ["del net.mix"]),
        ("net . osc . Wa", ["net . osc . Waveform"]),
    ],
)
def test_what_was_begun_goes_on(patch: Network, tab: Tab, typed: str, lines: list[str]) -> None:
    assert tab.lines(typed)[: len(lines)] == lines


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ('net["m', ['net["mix"]', 'net["my osc"]']),
        ("net['m", ["net['mix']", "net['my osc']"]),
        ("net[", ['net["osc"]', 'net["mix"]', 'net["my osc"]', 'net["env"]']),
        ('net.osc["Out', ['net.osc["Output"]']),
        ('net.osc._config["F', ['net.osc._config["Frequency"]']),
        ('net.mix._inports["', ['net.mix._inports["Input 1"]', 'net.mix._inports["Input 2"]']),
        ('net.types["Os', ['net.types["Oscillator"]']),
        ('net["mi¦"]', ['net["mix']),
        ('net["mi¦]', ['net["mix"']),
    ],
)
def test_a_subscript_offers_exact_names_and_closes_itself(patch: Network, tab: Tab, typed: str, lines: list[str]) -> None:
    assert tab.lines(typed) == lines


@pytest.mark.parametrize(
    "name", ['with "quotes"', "it's", "back\\slash", "new\nline", "tab\there", "ünïcode λ", "code", "1", "a.b", "class"]
)
@pytest.mark.parametrize("quote", ["", '"', "'", '"""'])
def test_what_a_subscript_offers_is_that_name(net: Network, tab: Tab, name: str, quote: str) -> None:
    net[name] = net.types.Sink
    [line] = tab.lines(f"net[{quote}")
    assert eval(line, {"net": net}) == net[name]


@pytest.mark.parametrize("name", ["code", "class", "play", "1"])
def test_a_name_that_no_attribute_reaches_is_not_offered_as_one(net: Network, tab: Tab, name: str) -> None:
    net[name] = net.types.Sink
    assert "processing · Sink" not in tab.says("net.").values()


def test_every_attribute_that_is_offered_reaches_something(patch: Network, tab: Tab) -> None:
    patch.fader = patch.types.Fader
    patch["a-b c"] = patch.types.MultiSink
    for line in [*tab.lines("net."), *(path for owner in tab.lines("net.")[:6] for path in tab.lines(owner + "."))]:
        assert eval(line, {"net": patch}) is not ...


def test_digits_are_offered_by_their_aliases(net: Network, tab: Tab) -> None:
    net.source = net.types.Source
    net.source.NSources = 2
    assert {"Output1", "Output2", "NSources", "NOutputs"} <= set(tab.says("net.source."))


def test_names_of_both_directions_are_offered_where_they_are_clear(net: Network, tab: Tab) -> None:
    net.fader = net.types.Fader
    assert tab.says("net.fader.")["Input"] == "config · int = 0"
    assert tab.says("net.fader._inports.")["Input"] == "inport · Audio"


def test_any_variable_that_holds_a_network_is_one(patch: Network, tab: Tab) -> None:
    tab.shell.user_ns["other"] = other = Network("dummy")
    other.elsewhere = other.types.Sink
    assert tab.lines("other.e")[0] == "other.elsewhere"
    assert "net.osc" in tab.lines("net.")


def test_a_variable_that_holds_a_processing_leads_on(patch: Network, tab: Tab) -> None:
    tab.shell.user_ns["mine"] = patch["my osc"]
    assert tab.lines("mine.Fre") == ["mine.Frequency", "mine.Frequency_Modulation"]


@pytest.mark.parametrize(
    "typed", ["# net.", "'net.", "net.nothing.", "net.osc.Frequency.¦", "net..", "net.osc().", "net[0].", "net.osc.Frequency > "]
)
def test_where_there_is_nothing_to_say_there_is_no_row_of_ours(patch: Network, tab: Tab, typed: str) -> None:
    assert not [says for says in tab.says(typed).values() if " · " in says]


def test_files_are_offered_to_load(patch: Network, tab: Tab, tmp_path: Path) -> None:
    (tmp_path / "song.clamnetwork").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "songs").mkdir()
    assert tab.lines(f'net.load("{tmp_path}/') == [f'net.load("{tmp_path}/song.clamnetwork"', f'net.load("{tmp_path}/songs/']


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("with net.osc._config as c:\n    c.Wav", "Waveform"),
        ("with net.osc._config as c:\n    c.Waveform = ", '"saw"'),
        ("with net.env._config.Times as c:\n    c.Att", "Attack"),
        ("with net['my osc']._config as a:\n    with net.mix._config as b:\n        a.Wav", "Waveform"),
    ],
)
def test_a_name_given_by_a_with_statement_leads_on(patch: Network, tab: Tab, typed: str, row: str) -> None:
    assert row in tab.says(typed)


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("net.play(", ["device=", "sample_rate=", "block_size=", "limiter="]),
        ("net.play('clock', ", ["sample_rate=", "block_size=", "limiter="]),
        ("net.render(sec", ["seconds="]),
        ("net.osc._outports[0].samples(", ["n="]),
        ("net.types.search(", ["text="]),
        ("Network(", ["engine=", "relative_to="]),
        ("Network('dummy', ", ["relative_to="]),
    ],
)
def test_a_call_offers_its_arguments(patch: Network, tab: Tab, typed: str, rows: list[str]) -> None:
    assert [row for row, says in tab.says(typed).items() if says.startswith("argument · ")] == rows


def test_the_engines_are_offered_to_a_new_network(tab: Tab) -> None:
    assert tab.says('other = Network("du') == {'dummy"': "engine"}


def test_a_class_of_handles_is_completed_as_any_other_class(tab: Tab) -> None:
    assert "Network.play" in tab.lines("Network.pl")


@pytest.mark.parametrize("typed", ['net.play("cl', 'net.play(device="cl', 'net.play(sample_rate=48000, device="cl', "net.play('cl"])
def test_the_devices_are_offered_to_play(patch: Network, tab: Tab, typed: str) -> None:
    assert [row.rstrip("'\"") for row in tab.says(typed)] == ["clock"]


def test_a_keyword_of_another_call_is_not_taken_for_an_assignment(patch: Network, tab: Tab) -> None:
    assert not [says for says in tab.says('print(device="').values() if says == "device"]
    assert not [says for says in tab.says('net.play(sample_rate="').values() if says == "device"]


@pytest.mark.parametrize(
    ("typed", "files"),
    [
        ("net.draw(", ["picture.png", "picture.svg"]),
        ("net.record(", ["take.flac", "take.WAV"]),
        ("net.save(", ["song.clamnetwork", "song.py"]),
        ("net.load(path=", ["song.clamnetwork", "song.py"]),
    ],
)
def test_files_of_the_right_kind_are_offered(
    patch: Network, tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, files: list[str]
) -> None:
    for name in ("picture.png", "picture.svg", "take.flac", "take.WAV", "song.clamnetwork", "song.py", "notes.txt"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert sorted(row for row, says in tab.says(typed).items() if says == "file") == sorted(f'"{name}"' for name in files)
    assert sorted(tab.says(f'{typed}"')) == sorted(f'{name}"' for name in files)


@pytest.mark.parametrize(
    ("held", "typed", "row", "says"),
    [
        ("net.env._config", "held.Sus", "Sustain", "config · float = 0.7"),
        ("net.env.Times", "held.Curve.B", "Bend", "config · float = 0.0"),
        ("net.env._config.clone()", "held.Sus", "Sustain", "config · float = 0.7"),
        ("net.osc._config", "held.Waveform = ", '"saw"', "value"),
        ("net.mix._inports", "held.", "Input_1", "inport · Audio"),
        ("net.mix._inports[1:]", "held.", "Input_2", "inport · Audio"),
        ("net.osc.Output", "held.host.", "Frequency", "config · float = 440.0 Hz"),
        ("net.types", "held.Mi", "Mixer", "type · Mixing"),
        ("net.types.Mixer", "held.cat", "category", "attribute · The family it belongs to"),
        ("net.osc", "net.mix < ", "held", "processing · Oscillator"),
        ("net.osc._outports", "net.mix < ", "held", "connectors"),
        ("net.osc.Output", "net.mix < ", "held", "outport · Audio"),
        ("net.group(['mix']).Audio_Output", "net.osc < ", "held", "group · 1 Audio Output"),
    ],
)
def test_a_variable_that_holds_any_handle_leads_on(patch: Network, tab: Tab, held: str, typed: str, row: str, says: str) -> None:
    tab.shell.ex(f"held = {held}")
    assert tab.says(typed).get(row) == says


def test_an_alias_of_two_processings_is_offered_for_neither(patch: Network, tab: Tab) -> None:
    patch["my-osc"] = "Oscillator"
    assert "net.my_osc" not in tab.lines("net.my")


def test_nothing_is_offered_for_a_parameter_that_does_not_exist(tab: Tab, net: Network) -> None:
    net.osc = "Oscillator"
    assert tab.says("net.osc.Nothing = ") == {}
    assert tab.says("net.osc.Frequency = ")
