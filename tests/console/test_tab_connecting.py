"""Tab right of an arrow, and right of an equals sign: only what can stand there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pressing import Tab

from ipyclam_core import Network
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import PortSpec, TypeSpec


@pytest.fixture
def patch(net: Network) -> Network:
    net.osc = net.types.Oscillator
    net.mix = net.types.Mixer
    net.source = net.types.Source
    net.sink = net.types.Sink
    net.sender = net.types.Sender
    net.spectrum = net.types.Analysis
    net.osc > net.mix["Input 1"]
    return net


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("net.osc.Output > net.", ["osc", "mix", "sink", "spectrum"]),
        ("net.osc > net.", ["osc", "mix", "sink", "spectrum"]),
        ("net.sender > net.", ["osc", "mix"]),
        ("net.sender.Value > net.osc.", ["Pitch", "Level", "_incontrols"]),
        ("net.osc.Output > net.mix.", ["Input_2", "_inports"]),
        ('net.osc["Output"] > net.mix.', ["Input_2", "_inports"]),
        ("net.osc.Output > net.mix._inports.", ["Input_2"]),
        ('net.osc.Output > net.mix["', ['Input 2"]']),
        ('net.osc.Output > net["s', ['sink"]', 'spectrum"]']),
        ("net.osc._outports > net.si", ["sink"]),
        ("net.osc[0:1] > net.si", ["sink"]),
        ("net.osc._outports[0] > net.mix.", ["Input_2", "_inports"]),
        ("net.sink.Input < net.", ["osc", "mix", "source"]),
        ("net.sink < net.mix.", ["Audio_Output", "_outports"]),
        ("net.osc > net.mix > net.si", ["sink"]),
        ("net.osc / net.", ["mix"]),
        ("net.osc / net.mix.", ["Input_1", "_inports"]),
        ("net.mix.Input_1 / net.", ["osc"]),
        ("net.osc.connect(net.mix.", ["Input_2", "Audio_Output", "_inports", "_outports"]),
        ("net.mix.Input_1.disconnect(net.", ["osc"]),
        ("(net.osc.Output >\n    net.si", ["sink"]),
        ("net.spectrum.Spectrum > net.", []),
        ("net.osc.Output > ", ["net.osc", "net.mix", "net.sink", "net.spectrum"]),
        ("net.osc >", ["net.osc", "net.mix", "net.sink", "net.spectrum"]),
        ("net.osc > n", ["net.osc", "net.mix", "net.sink", "net.spectrum"]),
        ("net.sink.Input < ", ["net.osc", "net.mix", "net.source"]),
        ("net.osc / ", ["net.mix"]),
        ("net.osc > net.mix > s", ["net.sink", "net.spectrum"]),
        ("net.sink > net.", None),
    ],
)
def test_only_peers_that_fit(patch: Network, tab: Tab, typed: str, rows: list[str] | None) -> None:
    offered = list(tab.says(typed))
    if rows is None:  # a sink has no out: this is no connection, so everything is offered
        assert {"osc", "mix", "types"} <= set(offered)
    elif typed[-1:].isalpha() and typed[-2] == " ":  # names of Python too
        assert offered[: len(rows)] == rows
    else:
        assert offered == rows


def test_what_is_offered_right_of_an_arrow_can_be_connected(patch: Network, tab: Tab) -> None:
    for owner in ("net.osc.Output", "net.sender.Value", "net.mix['Audio Output']"):
        for line in tab.lines(f"{owner} > net."):
            for whole in tab.lines(f"{line}."):
                if "._" not in whole:
                    assert len(eval(whole, {"net": patch})) == 1
                    patch.undo()


def test_a_network_is_offered_no_peers_of_another(patch: Network, tab: Tab) -> None:
    tab.shell.user_ns["other"] = other = Network("dummy")
    other.sink = other.types.Sink
    assert "other.sink.Input" not in tab.lines("net.osc.Output > other.sink._inp")


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("net.new = ", ["net.types.Source", "net.types.Sink", "net.types.MultiSink"]),
        ("net.new = Osc", ["net.types.Oscillator"]),
        ("net.new = net.types.Osc", ["Oscillator"]),
        ('net.new = "Osc', ['Oscillator"']),
        ('net["any name"] = "Mi', ['Mixer"']),
        ("net.osc.Waveform = ", ['"sine"', '"saw"', '"square"']),
        ("net.osc.Waveform = 'sq", ["square'"]),
        ("net.osc._config.Waveform = ", ['"sine"', '"saw"', '"square"']),
        ("net.osc.Waveform == ", ['"sine"', '"saw"', '"square"']),
        ('net.osc.Waveform = "¦"', ["sine", "saw", "square"]),
    ],
)
def test_values_and_types_right_of_an_equals_sign(patch: Network, tab: Tab, typed: str, rows: list[str]) -> None:
    assert list(tab.says(typed))[: len(rows)] == rows


def test_a_variable_can_stand_where_a_type_is_expected(patch: Network, tab: Tab) -> None:
    tab.shell.user_ns["somewhere"] = "Oscillator"
    assert "somewhere" in tab.says("net.new = somew")


def test_a_variable_can_stand_where_a_value_is_expected(patch: Network, tab: Tab) -> None:
    tab.shell.user_ns["wave"] = "saw"
    assert "wave" in tab.says("net.osc.Waveform = wav")


@pytest.mark.parametrize("typed", ["net.play = ", "net._private = ", "net.osc.name = ", "net.osc._config = ", "net.mix.Audio_Output = "])
def test_where_nothing_is_known_of_a_value_nothing_is_offered(patch: Network, tab: Tab, typed: str) -> None:
    assert not [says for says in tab.says(typed).values() if says.startswith(("type", "value"))]


def test_true_and_false(net: Network, tab: Tab) -> None:
    net.fader = net.types.Fader
    assert tab.says("net.fader.With_Space = ") == {"True": "value · now", "False": "value"}


def test_none_where_a_parameter_is_optional(tab: Tab) -> None:
    spec = TypeSpec("A", config={"Mode": ParameterSpec("", "x", "enum", choices=("x", "y"), optional=True)})
    tab.shell.user_ns["net"] = net = Network(DummyProxy([spec]))
    net.a = "A"
    assert list(tab.says("net.a.Mode = ")) == ['"x"', '"y"', "None"]


def test_paths_for_a_file_parameter(tab: Tab, tmp_path: Path) -> None:
    tab.shell.user_ns["net"] = net = Network(DummyProxy([TypeSpec("P", config={"File": ParameterSpec("", "", "file")})]))
    net.p = "P"
    (tmp_path / "a sound.wav").touch()
    (tmp_path / "sounds").mkdir()
    (tmp_path / ".hidden").touch()
    assert list(tab.says(f'net.p.File = "{tmp_path}/')) == [f'{tmp_path}/a sound.wav"', f"{tmp_path}/sounds/"]
    assert tab.says(f'net.p.File = "{tmp_path}/.h') == {f'{tmp_path}/.hidden"': "file"}


def test_a_reverb_is_offered_the_sound_files_of_the_folder(tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hall.wav").touch()
    monkeypatch.chdir(tmp_path)
    tab.shell.user_ns["net"] = net = Network("clam")
    net.room = net.types.ConvolutionReverb
    assert tab.says('net.room.ImpulseResponse = "')['hall.wav"'] == "file"


def test_an_existing_processing_is_offered_no_type(patch: Network, tab: Tab) -> None:
    assert not any(row.startswith("net.types") for row in tab.says("net.osc = "))


def test_a_typed_port_fits_its_own_type_only(tab: Tab) -> None:
    types = [TypeSpec("A", outports=[PortSpec("Out", "Spectrum")]), TypeSpec("B", inports=[PortSpec("In", "Audio")])]
    tab.shell.user_ns["net"] = net = Network(DummyProxy([*types, TypeSpec("C", inports=[PortSpec("In", "Spectrum")])]))
    net.a, net.b, net.c = "A", "B", "C"
    assert list(tab.says("net.a > net.")) == ["c"]


def test_connect_offers_what_fits_before_a_path_is_begun(patch: Network, tab: Tab) -> None:
    assert set(tab.says("net.osc.connect(")) == {f"net.{name}" for name in ("osc", "mix", "sink", "spectrum", "source", "sender")}
    assert set(tab.says("net.osc.disconnect(")) == {"net.mix"}
