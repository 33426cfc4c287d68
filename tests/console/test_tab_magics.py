"""Tab after a magic: options, and what can stand behind them, as its parser declares it."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from pressing import Tab

from ipyclam_core import Network


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
        ("%undo ", []),
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
    assert tab.says("%play --")["--loop"] == "option · Begin again every SECONDS, until Ctrl-C"


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
