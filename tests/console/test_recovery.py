"""Nothing is lost: leaving asks, and what a console that was killed had not saved comes back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal
from waiting import eventually

from ipyclam_core.frontend.journal import folder as journals

pytestmark = pytest.mark.slow

QUESTION = r"unsaved changes: save, discard, cancel\? \[s/d/c\] *$"


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path / "folder") as terminal:
        yield terminal


def begin(shell: Terminal, *arguments: str) -> str:
    """Start a console; returns what it says before its first prompt."""
    shell.begin(" ".join(["ipyclam_console --engine=dummy --no-banner", *arguments]))
    return shell.screen().split("In [1]:")[0].strip()


def on_disk() -> int:
    return len(list(journals().glob("*"))) if journals().exists() else 0


def kill(shell: Terminal) -> None:
    (pid,) = shell._running()
    os.kill(pid, signal.SIGKILL)
    shell.wait(r"Killed\s+\$")
    shell.keys("C-u")  # the terminal's answer to what the console had asked it is no line of ours
    shell.wait(r"^\$ *$")


def written(shell: Terminal, text: str) -> None:
    """Wait until a journal holds a text."""
    eventually(lambda: any(text in path.read_text() for path in journals().glob("*")))


def test_a_killed_console_is_recovered_by_the_next(shell: Terminal, tmp_path: Path) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    assert "saved song.py: 1 processing, 0 wires" in shell.run("%save song")
    shell.run("net.osc.Frequency = 330.0")
    shell.run("net.sink = net.types.Sink; net.osc > net.sink")
    written(shell, '"sink"')
    kill(shell)
    said = begin(shell)
    assert said.endswith("song.py: 3 changes not saved when its console ended. Type %recover to bring them back.")
    shell.run("net.before = net.types.Sink")
    recovered = shell.run("%recover")
    assert recovered == "recovered song.py: 2 processings, 1 wire, not saved yet. %undo brings back the 1 processing before it."
    assert shell.run("net.osc.Frequency, net.modified") == "Out[3]: (330.0, True)"
    assert shell.run("%recover list") == "nothing to recover"
    written(shell, '"sink"')
    kill(shell)
    assert "song.py: 2 changes not saved" in begin(shell)  # what was recovered is itself not lost
    shell.run("%recover")
    assert shell.run("%save") == "saved song.py: 2 processings, 1 wire"
    eventually(on_disk, 0)
    shell.leave()


def test_a_closed_terminal_asks_nobody_and_loses_nothing(tmp_path: Path) -> None:
    with Terminal(tmp_path / "one") as shell:
        begin(shell)
        shell.run("net.osc = net.types.Oscillator")
        shell.close()
    with Terminal(tmp_path / "two") as shell:
        assert begin(shell).endswith(
            "a network without a file: 1 change not saved when its console ended. Type %recover to bring them back."
        )
        assert shell.run("%recover discard 1") == "discarded a network without a file: 1 change"
        assert shell.run("%recover") == "nothing to recover"
        shell.leave()


def test_two_consoles_do_not_mix_theirs(shell: Terminal, tmp_path: Path) -> None:
    begin(shell)
    shell.run("net.first = net.types.Oscillator")
    written(shell, '"first"')
    with Terminal(tmp_path / "other") as other:
        assert "not saved" not in begin(other)
        other.run("net.second = net.types.Sink")
        written(other, '"second"')
        assert other.run("%recover list") == "nothing to recover"
        kill(other)
    kill(shell)
    assert begin(shell).endswith("2 networks have unsaved changes from consoles that ended. Type %recover list to see them.")
    assert shell.run("%recover").endswith("Type %recover NUMBER to bring one back.")
    shell.run("%recover 2")
    assert shell.run("list(net)") == "Out[3]: ['first']"
    assert "there is no '2' to recover" in shell.run("%recover 2")
    assert shell.run("%recover discard all") == "discarded a network without a file: 1 change"
    shell.leave()


def test_a_network_of_another_engine_says_what_to_type(shell: Terminal) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    written(shell, '"osc"')
    kill(shell)
    shell.begin("ipyclam_console --no-banner")
    assert "Type net = Network('dummy'), then %recover 1" in shell.run("%recover")
    shell.run("net = Network('dummy')")
    shell.run("%recover 1")
    assert shell.run("list(net)") == "Out[4]: ['osc']"
    shell.leave()


def test_exit_asks_once_by_name(shell: Terminal, tmp_path: Path) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    shell.run("%save song.py")
    shell.run("net.osc.Frequency = 330.0")
    shell.enter("exit")
    assert "song.py has unsaved changes: save, discard, cancel? [s/d/c]" in shell.wait(QUESTION)
    shell.enter("c")
    shell.prompt()
    shell.keys("C-d")
    shell.wait(r"cancel\? \[s/d/c\] c\n[\s\S]*\[s/d/c\] *$")
    shell.keys("C-c")
    shell.wait(r"\[s/d/c\] \^C\n\nIn \[5\]: *$")
    shell.enter("exit")
    shell.wait(QUESTION)
    shell.enter("s")
    shell.wait(r"^\$ *$")
    assert "330.0" in (tmp_path / "folder" / "song.py").read_text()
    assert on_disk() == 0


def test_a_network_without_a_file_is_asked_for_one(shell: Terminal, tmp_path: Path) -> None:
    begin(shell)
    (tmp_path / "folder" / "net.py").write_text("mine = 1\n")
    shell.run("net.osc = net.types.Oscillator")
    shell.enter("exit")
    assert "the network net has unsaved changes" in shell.wait(QUESTION)
    shell.enter("save")
    shell.wait(r"^file \[net.py\]: *$")
    shell.enter("")
    shell.wait("net.py already exists. Choose another name")
    shell.enter("save")
    shell.wait(r"file \[net.py\]: *\n[\s\S]*file \[net.py\]: *$")
    shell.enter("tune")
    shell.wait(r"^\$ *$")
    assert "net.osc" in (tmp_path / "folder" / "tune.py").read_text()
    assert (tmp_path / "folder" / "net.py").read_text() == "mine = 1\n"


def test_discarded_changes_are_gone(shell: Terminal) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    written(shell, '"osc"')
    shell.leave()
    assert on_disk() == 0
    assert "not saved" not in begin(shell)
    shell.enter("exit")  # nothing has changed: nothing is asked
    shell.wait(r"^\$ *$")


def test_code_that_is_only_run_is_not_asked_and_keeps_no_journal(shell: Terminal) -> None:
    shell.enter("clear; ipyclam_console --engine=dummy -c 'net.osc = net.types.Oscillator; exit()'; echo ended")
    assert "unsaved" not in shell.wait(r"ended$")
    shell.enter("clear; echo 'net.osc = net.types.Oscillator' | ipyclam_console --engine=dummy --simple-prompt; echo ended")
    assert "unsaved" not in shell.wait(r"ended$")
    assert on_disk() == 0


def test_whoever_clears_the_opened_network_begins_another_file(shell: Terminal, tmp_path: Path) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    shell.run("%save song.py")
    shell.run("net.clear()")
    shell.run("net.sink = net.types.Sink")
    assert shell.run("%save") == "UsageError: this network has no file yet. Type %save FILE.py"
    assert "net.osc" in (tmp_path / "folder" / "song.py").read_text()
    shell.leave()


def test_a_network_that_loses_its_variable_is_recovered(shell: Terminal) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    told = shell.run("net = Network('dummy')")
    assert told == "note: a network with unsaved changes has no variable any more. %recover brings it back"
    assert shell.run("%recover") == "recovered a network without a file: 1 processing, 0 wires, not saved yet."
    shell.run("net = Network('dummy')")
    shell.leave()
    assert "a network without a file: 1 change not saved" in begin(shell)


def test_a_file_is_replaced_only_if_a_person_says_so(shell: Terminal, tmp_path: Path) -> None:
    begin(shell)
    shell.run("net.osc = net.types.Oscillator")
    shell.run("%save one")
    shell.run("%save two")  # and belongs to that now
    other = tmp_path / "folder" / "two.py"
    other.write_text(other.read_text() + "\n")
    shell.enter("%save")
    shell.wait(r"two\.py was changed by another program since it was opened here\. Replace it\? \[y/n\] *$")
    shell.enter("n")
    shell.wait("not saved")
    shell.prompt()
    shell.enter("%save one.py")
    shell.wait(r"one\.py already exists\. Replace it\? \[y/n\] *$")
    shell.enter("y")
    shell.wait(r"saved one\.py")
    shell.prompt()
    shell.run("net.clear()")
    shell.leave()
