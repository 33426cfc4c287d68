"""Tab after a magic: options, and what can stand behind them, as its parser declares it."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import magics_class
from pressing import Tab

from ipyclam_console.extension import session_of
from ipyclam_console.magics._line import NetworkMagics, argument, magic
from ipyclam_console.session import Session
from ipyclam_core import Network
from ipyclam_core.dsp.devices import NAMES
from ipyclam_core.frontend.exploring import Value
from ipyclam_core.system import sound_formats


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with files of several kinds."""
    for name in ("song.py", "my song.clamnetwork", "take.wav", "notes.txt", ".hidden.py"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "deep.py").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("%open ", ["more/", '"my song.clamnetwork"', "song.py", "--trusted"]),
        ("%open so", ["song.py"]),
        ('%open "my', ['"my song.clamnetwork"']),
        ("%open 'my", ["'my song.clamnetwork'"]),
        ("%open more/", ["more/deep.py"]),
        ("%open .h", [".hidden.py"]),
        ("%save so", ["song.py"]),
        ("%render t", ["take.wav"]),
        ("%play --output t", ["take.wav"]),
        ("%play --output=t", ["--output=take.wav"]),
        ("%play --device ", ["auto", "clock"]),
        ("%play 3 --device cl", ["clock"]),
        ("%play -d cl", ["clock"]),
        ("%play --d", ["--device"]),
        ("%play --device clock --", ["--output", "--loop"]),
        ("%play 3 ", ["--output", "--loop", "--device"]),
        ("play --d", ["--device"]),
        ("%types Os", ["Oscillator"]),
        ("%tree o", ["osc"]),
        ("%tree osc m", ['"my osc"']),
        ("%scope o", ["osc"]),
        ("%scope net.os", ["osc"]),
        ("%scope net.osc net.os", ["osc"]),
        ("%scope --s", ["--span"]),
        ("%meter o", ["osc"]),
        ("%listen net.os", ["osc"]),
        ("%tree --", ["--all", "--code"]),
        ("%undo ", []),
        ("%history n", ["net"]),
        ("%recover ", ["list", "discard"]),
        ("%recover di", ["discard"]),
    ],
)
def test_arguments(net: Network, folder: Path, tab: Tab, typed: str, rows: list[str]) -> None:
    net.osc, net["my osc"] = "Oscillator", "Oscillator"
    assert list(tab.says(typed)) == rows


def test_rows_say_what_they_are(net: Network, folder: Path, tab: Tab) -> None:
    net.osc = "Oscillator"
    assert tab.says("%tree ")["osc"] == "processing · Oscillator"
    assert tab.says("%types ")["Mixer"] == "type · Mixing"
    assert tab.says("%open ")["more/"] == "folder"
    assert tab.says("%play --")["--loop"] == "option · Start again every SECONDS, until Ctrl-C"


@pytest.mark.parametrize("name", ["it's", 'two "words"', "back\\slash.py", "a b'c.py"])
def test_a_name_that_needs_quotes_is_read_as_it_was_offered(net: Network, console: InteractiveShell, name: str) -> None:
    net[name] = "Sink"
    [typed] = [row for row in Tab(console).says("%tree ") if "Sink" in Tab(console).says("%tree ")[row]]
    assert console.run_cell(f"%tree {typed}").success


def test_a_variable_of_a_magics_name_is_the_variable(net: Network, console: InteractiveShell) -> None:
    console.user_ns["play"] = 1
    assert not [says for says in Tab(console).says("play --d").values() if says.startswith("option")]


@pytest.mark.parametrize("typed", ['%open "', "%open '", "%play 'unclosed", "%tree \\", "%play = ", "%open \x00"])
def test_nonsense_is_no_error(net: Network, tab: Tab, typed: str, capfd: pytest.CaptureFixture[str]) -> None:
    tab.rows(typed)
    assert capfd.readouterr() == ("", "")


def test_the_engine_says_what_there_is_to_play_to(console: InteractiveShell) -> None:
    console.user_ns["net"] = net = Network("clam")
    tab = Tab(console)
    assert list(net.devices) == ["auto", *NAMES]
    assert list(tab.says("%play --device ")) == list(net.devices)
    assert [row.rstrip('"') for row in tab.says('net.play("')] == list(net.devices)
    assert [row.strip("'") for row in tab.says("%config Session.device = ")] == list(net.devices)
    net.close()


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("%config Session.device = ", ["'auto'", "'clock'"]),
        ("%config Session.device = 'cl", ["'clock'"]),
        ('%config Session.device="cl', ['"clock"']),
        ("config Session.device = 'cl", ["'clock'"]),
        ("%config Session.engine = 'du", ["'dummy'"]),
        ("%config Session.sample_rate = ", []),
        ("%config Session.nothing = ", []),
    ],
)
def test_settings_of_a_session(tab: Tab, typed: str, rows: list[str]) -> None:
    assert [row for row, says in tab.says(typed).items() if says in ("device", "engine")] == rows


def test_a_setting_that_tab_has_offered_is_taken(net: Network, console: InteractiveShell) -> None:
    [line] = Tab(console).lines("%config Session.device = 'cl")
    console.run_cell(line)
    console.run_cell("%play")
    assert net.status().device == "clock"


def test_an_argument_completes_as_it_is_declared(console: InteractiveShell, net: Network) -> None:
    """Nothing has to be added to the matcher for a new magic."""

    def colours(session: Session) -> list[Value]:
        return [Value("red", lambda: "warm"), Value("blue", lambda: "cold")]

    @magics_class
    class Painting(NetworkMagics):
        @magic(
            argument("with_", metavar="COLOUR", completes=colours, help="What with."),
            argument("--over", metavar="SEVERAL", completes=colours, several=True, help="Over what."),
            argument("--thick", metavar="MM", help="How thick."),
        )
        def paint(self, line: str) -> None:
            """Paint."""

    console.register_magics(Painting(session_of(console)))
    tab = Tab(console)
    assert tab.says("%paint ") == {"red": "warm", "blue": "cold", "--over": "option · Over what", "--thick": "option · How thick"}
    assert list(tab.says("%paint --over red,b")) == ["red,blue"]
    assert list(tab.says("%paint --over=b")) == ["--over=blue"]
    assert list(tab.says("%paint red --thick ")) == []


def test_every_sound_file_that_is_offered_can_be_written(
    console: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.user_ns["net"] = net = Network("clam")
    net.osc, net.out = "Oscillator", "AudioSink"
    net.osc > net.out
    monkeypatch.chdir(tmp_path)
    for suffix in (*sound_formats.suffixes(), ".txt"):
        (tmp_path / f"take{suffix}").touch()
    offered = list(Tab(console).says("%render take"))
    assert {"take.wav", "take.flac", "take.ogg", "take.aif"} <= set(offered)
    assert "take.txt" not in offered
    for name in offered:
        console.run_cell(f"%render {name} 0.02").raise_error()
        assert (tmp_path / name).stat().st_size > 0, name
    net.close()
