"""Names, texts and paths of a hostile file at the prompt: none of their control characters reaches the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from pressing import Tab

from ipyclam_console import prompts
from ipyclam_console.shell import _Title
from ipyclam_core import Network
from ipyclam_core.proxy import Status
from ipyclam_core.system.display import is_safe

EVIL = ["\x1b]0;title\x07\x1b[31m", "\x9b31m\x9d0;title\x9c", "\u202eabc\u2066", "a\u200bb\ufeff"]

COMMANDS = [
    "net", "list(net)", "%tree", "%status", "%play --device clock", "net.render(1)", "net['nope']", "net.code()", "print(net.code())",
    "net.history", "net['ph']?", "net.types", "%types nope", "net[list(net)[0]]", "net[list(net)[1]]._config", "net[list(net)[0]].Nope",
    "net[list(net)[0]].Frequency = 'x'", "net[list(net)[0]] > net.cp", "net[list(net)[0]] > net['ph']", "net['ph'] > net[list(net)[0]]",
    "%undo", "%redo", "%history", "del net['ph']", "%undo", "%save /nonexistent/x.py", "%save x.clamnetwork", "%save bad.py",
    "%open bad.py",
    "%open x.clamnetwork", "%open evil.py", "%open refused1.py", "%open refused2.py", "%open refused3.py", "%open r.clamnetwork",
    "import os; net.load([f for f in os.listdir() if f.startswith('evil')][0])", "%video x.mp4 net[list(net)[0]] --seconds 1",
    "%tree --all", "%tree --code", "%scope", "%scope net[list(net)[0]]", "%meter net[list(net)[0]]", "%listen", "net.panel()",
    "%tree *", "net.group('*')", "%render x.wav .01", "net.load(sorted(os.listdir())[0] + 'x')",
]  # fmt: skip


@pytest.fixture(params=EVIL, ids=ascii)
def evil(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder with hostile files."""
    monkeypatch.chdir(tmp_path)
    text = str(request.param)
    shown = text.encode("unicode_escape").decode()
    Path("evil.py").write_text(
        f'net = Network("clam")\nnet["saw{shown}"] = net.types.Saw\nnet["file{shown}"] = net.types.MonoAudioFileReader\n'
        f'net["file{shown}"].SourceFile = "no{shown}.wav"\n'
        f'net.ph = Placeholder("T{shown}", inports=["in{shown}"], outports=["out{shown}"], config={{"p{shown}": "v{shown}"}})\n'
        f'net.cp = net.types.ControlPrinter\nnet.cp.Identifier = "id{shown}"\nnet.out = net.types.AudioSink\n'
        f'net["saw{shown}"] > net.ph["in{shown}"]\nnet["saw{shown}"] > net.out\n'
        f'net._waiting = [("Port", "w{shown}", "a", "b{shown}", "c")]\nnet.description = "d{shown}"\nnet._title = "t{shown}"\n'
    )
    Path(f"evil{text}.py").write_text('net = Network("dummy")\nimport os\n', encoding="utf-8")
    Path("refused1.py").write_text(f'net = Network("clam")\nnet.a = net.types["no{shown}"]\n')
    Path("refused2.py").write_text(f'net = Network("clam")\nnet["x{shown}"] = net.types.Saw\nnet["x{shown}"].Frequency = "{shown}"\n')
    Path("refused3.py").write_text(f'net = Network("en{shown}", types=["m{shown}"])\n')
    Path("r.clamnetwork").write_text(
        f'<network id="x{text[-1:]}"><processing id="p" type="Saw"><Frequency>z</Frequency></processing></network>'.replace("\x1b", "?")
        .replace("\x07", "?"),
        encoding="utf-8",
    )  # fmt: skip
    return text


def test_no_output_has_control_characters(evil: str, shell: InteractiveShell) -> None:
    net = shell.user_ns["net"] = Network("clam")
    shell.run_line_magic("load_ext", "ipyclam_console")
    try:
        with capture_output() as captured:
            shell.run_cell("%open evil.py")
        assert "net has 5 processings" in captured.stdout
        for command in COMMANDS:
            with capture_output() as captured:
                shell.run_cell(command)
            said = captured.stdout + captured.stderr + "".join(str(one) for one in captured.outputs)
            assert is_safe(said.replace("\n", "").replace("\t", "")), (command, ascii(said))
    finally:
        net.close()


def test_no_row_of_tab_has_control_characters(evil: str, tab: Tab, console: InteractiveShell) -> None:
    net = console.user_ns["net"] = Network("clam")
    net.load("evil.py")
    for typed in (
        'net["',
        "net[",
        "net.ph.",
        'net.ph["',
        "net.new = ",
        "net.out > net.",
        "%open ",
        'net.load("',
        "%open ev",
        'net.group("',
    ):
        for row, says in tab.says(typed).items():
            assert is_safe(row), (typed, ascii(row))
            assert is_safe(says), (typed, ascii(says))
    net.close()


def test_the_toolbar_and_the_title_have_no_control_characters(evil: str) -> None:
    assert is_safe(_Title("ipyclam: {cwd}").format(cwd=f"~/{evil}"))
    assert f"ipyclam: {os.curdir}" == _Title("ipyclam: {cwd}").format(cwd=".")
    status = Status("playing", f"jack:{evil}", 48000.0, 512, 0.1, 0, 1.0, (f"{evil} is silent",))

    class Held:
        recording = f"{evil}.wav"
        recorded = ""
        shown_messages = ()

    toolbar = prompts.Toolbar.__new__(prompts.Toolbar)
    assert not is_safe(prompts.status_line(status, Held.recording, status.messages))
    toolbar._session = Held  # type: ignore[assignment]
    assert is_safe(toolbar.shown(status))
