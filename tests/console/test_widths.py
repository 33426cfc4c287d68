"""Whatever the console writes ends its lines between words, in a narrow terminal as in a wide one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

pytestmark = pytest.mark.slow

LONG = "net.a_long_name_for_an_amplifier"
MADE = f"""
net.osc, net.out = net.types.Oscillator, net.types.AudioSink
{LONG} = net.types.AudioAmplifier
net.osc.Frequency, net.osc.Amplitude, net.osc.ModIndex = 330.0, 0.25, 2.5
net.osc > {LONG} > net.out
net.osc.Pitch = 300
"""
KINDS = {
    "wires and what may surprise about them": "net.osc > net.osc",
    "a processing": "net.osc",
    "a connector": f"{LONG}.Audio_Output",
    "a configuration": "net.osc._config",
    "a network": "net",
    "a list": "net.types.search('filter')",
    "an error": "net.osc.Frequenzy = 330",
    "an error of several lines": "Network('jack', server='a-server-of-this-name-does-not-run')",
    "an error of a magic": "%render a_folder/that/does/not/exist.wav 1",
    "an error about an option": "%play --devise clock",
    "a magic that does not exist": "%plya",
    "a file that does not exist": "%open a_file_that/does_not_exist/anywhere.py",
    "a warning": "%save a_rather_long_name.clamnetwork",
    "the types": "%types",
    "a search": "%types low pass",
    "a tree": "%tree",
    "a part of a tree": "%tree osc",
    "the history": "%history net",
    "undoing": "%undo",
    "playing": "%play --device clock",
    "the status": "%status",
    "the help of a type": "net.types.Oscillator?",
    "the help of a processing": "net.osc?",
    "the help of a connector": "net.osc.Audio_Output?",
    "the help of a network": "net?",
    "the help of a method": "net.render?",
    "the help of a magic": "%video?",
    "what can be recovered": "%recover list",
    "what is recorded": "%record",
}
DRAWN = set("│├└─")


@pytest.fixture(scope="module", params=[40, 80])
def narrow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A console with a network, in a terminal of so many columns; ``show(k)`` types the lines, which would be wrapped themselves."""
    folder = tmp_path_factory.mktemp("narrow") / "here"
    folder.mkdir()
    (folder / "go.py").write_text(f"lines = {list(KINDS.values())!r}\ndef show(k):\n    get_ipython().run_cell(lines[k])\n" + MADE)
    environment = {"IPYCLAM_STATE": str(folder)}
    with Terminal(folder, environment, columns=request.param, rows=500) as terminal:  # rows: no pager
        terminal.columns = request.param  # type: ignore[attr-defined]
        terminal.begin("ipyclam_console")
        terminal.run("%run -i go.py")
        yield terminal


def assert_no_word_is_cut(text: str, width: int) -> None:
    """Lines that the terminal had to wrap come joined: each may hold only one word."""
    for line in text.splitlines():
        assert len(line.rstrip()) <= width or len([word for word in line.split() if set(word) - DRAWN]) == 1, line


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_word_is_cut(narrow: Terminal, kind: str) -> None:
    told = narrow.run(f"show({list(KINDS).index(kind)})")
    assert told
    assert_no_word_is_cut(told, narrow.columns)  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(
    "command", ["ipyclam_console --help", "ipyclam_console --nope", "ipyclam_console --engine=nope", "ipyclam_console nowhere.py"]
)
def test_what_the_command_writes_is_wrapped_too(tmp_path: Path, width: int, command: str) -> None:
    environment = {"IPYCLAM_STATE": str(tmp_path)}
    with Terminal(tmp_path / "here", environment, columns=width, rows=500) as terminal:
        (tmp_path / "here" / "go.sh").write_text(f"{command} -c 1\necho ended\n")
        terminal.enter("clear; sh go.sh")
        terminal.wait("^ended$")
        told = terminal.all()
        assert "ipyclam" in told
        assert_no_word_is_cut(told, width)


@pytest.mark.parametrize(("width", "lines"), [(40, 4), (80, 2), (140, 1), (200, 1)])
def test_the_welcome_is_one_line_where_there_is_room(tmp_path: Path, width: int, lines: int) -> None:
    with Terminal(tmp_path / "here", {"IPYCLAM_STATE": str(tmp_path)}, columns=width) as terminal:
        terminal.begin("ipyclam_console --engine=dummy")
        screen = terminal.screen()
        welcome = screen[screen.index("ipyclam: ") : screen.index("In [1]:")].strip()
        assert " ".join(welcome.split()) == (
            "ipyclam: net is an empty network, engine dummy. Type `net.` and press Tab. "
            "Try %types, %tree, %play, %save. Add ? to any name for help."
        )
        assert len(welcome.splitlines()) == lines
