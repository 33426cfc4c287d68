"""What a person sees: the console in a real terminal."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal
from waiting import eventually, has_ended

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


@pytest.fixture
def shell(folder: Path) -> Iterator[Terminal]:
    """A terminal with a shell, in an empty folder."""
    with Terminal(folder) as terminal:
        yield terminal


@pytest.fixture
def terminal(shell: Terminal) -> Terminal:
    """The console of the dummy engine in a terminal."""
    shell.begin("ipyclam_console --engine=dummy")
    return shell


@pytest.fixture
def sine(shell: Terminal) -> Terminal:
    """The console with a network that sounds."""
    shell.begin("ipyclam_console --device=clock")
    shell.run("net.osc, net.sink = 'Oscillator', 'AudioSink'; net.osc > net.sink; None")
    return shell


def row(left: str, right: str) -> str:
    return rf"^\s*{re.escape(left)}\s+{re.escape(right)}"


def position(terminal: Terminal) -> float:
    """The seconds that the toolbar says have been played."""
    shown = re.search(r"^ playing · clock · load \d+% · xruns \d+ · (\d+):(\d+\.\d)", terminal.screen(), re.MULTILINE)
    return 60.0 * int(shown[1]) + float(shown[2]) if shown else 0.0


def assert_the_toolbar_moves(terminal: Terminal) -> None:
    first = eventually(lambda: position(terminal))
    eventually(lambda: position(terminal) > first + 1.0)


def test_tab_shows_what_each_row_is(terminal: Terminal) -> None:
    terminal.run("net.osc = net.types.Oscillator")
    terminal.type("net.osc.")
    terminal.keys("Tab")
    screen = terminal.wait(row("Frequency", "config · float = 440.0 Hz"))
    assert re.search(row("Output", "outport · Audio"), screen, re.MULTILINE)
    assert re.search(row("Pitch", "incontrol · float"), screen, re.MULTILINE)


def test_tab_completes_the_only_one(terminal: Terminal) -> None:
    terminal.run("net.osc = net.types.Oscillator")
    terminal.type("net.osc.Wavef")
    terminal.keys("Tab")
    terminal.wait(r"net\.osc\.Waveform")


def test_a_cable_is_made_with_tab_alone(terminal: Terminal) -> None:
    terminal.run("net.osc, net.sink = 'Oscillator', 'Sink'")
    for typed, completed in (("net.osc.Out", "net.osc.Output"), (" > net.si", "> net.sink"), (".Inp", "net.sink.Input")):
        terminal.type(typed)
        terminal.keys("Tab")
        terminal.wait(re.escape(completed))
    assert terminal.run("").endswith("Out[2]: net.osc.Output > net.sink.Input")


def test_values_after_an_equals_sign(terminal: Terminal) -> None:
    terminal.run("net.osc = net.types.Oscillator")
    terminal.type("net.osc.Waveform = ")
    terminal.keys("Tab")
    terminal.wait(row('"saw"', "value"))


def test_a_mistake_is_one_line(terminal: Terminal) -> None:
    terminal.run("net.osc = net.types.Oscillator")
    assert terminal.run("net.osk") == "NoSuchProcessing: there is no processing 'osk' in this network; did you mean 'osc'?"
    assert terminal.run("%plya") == "UsageError: Line magic function `%plya` not found; did you mean `%play`?"


def test_the_toolbar_moves_while_it_plays(sine: Terminal) -> None:
    sine.wait(r"^ stopped$")
    sine.run("%play")
    assert_the_toolbar_moves(sine)
    sine.run("%stop")
    sine.wait(r"^ stopped$")


def test_the_toolbar_moves_at_once_where_the_console_begins_by_playing(shell: Terminal, folder: Path) -> None:
    lines = ("from ipyclam_core import Network", "net = Network()", "net.osc = net.types.Oscillator", "net.sink = net.types.AudioSink")
    (folder / "song.py").write_text("\n".join((*lines, "net.osc.Output > net.sink['1']", "")))
    shell.begin("ipyclam_console --device=clock song.py --play")
    assert_the_toolbar_moves(shell)


def test_the_toolbar_shows_levels_and_clip_until_status_is_typed(sine: Terminal) -> None:
    sine.run("net.volume = 6")
    sine.run("%play")
    sine.wait(r"^ playing · CLIP · clock · .* · sink \+6\.0 dB$")
    sine.run("net.volume = -6")
    sine.wait(r"^ playing · CLIP · clock · .* · sink -6\.0 dB$")  # nothing clips any more when one looks
    assert "CLIP: " in sine.run("%status")
    sine.wait(r"^ playing · clock · .* · sink -6\.0 dB$")
    sine.run("%panic")
    sine.wait(r"^ stopped$")


def test_ctrl_c_ends_what_plays_and_leaves_a_readable_file(sine: Terminal, folder: Path) -> None:
    import soundfile

    sine.enter("%play 100 --output out.wav")
    sine.wait(r"[1-9]\.\d/100 s")
    sine.keys("C-c")
    sine.prompt()
    screen = sine.screen()
    assert "stopped after 0:" in screen
    assert "Traceback" not in screen
    assert 48000 <= soundfile.info(folder / "out.wav").frames < 50 * 48000
    sine.wait(r"^ stopped$")


def test_ctrl_c_ends_rendering_and_leaves_a_readable_file(sine: Terminal, folder: Path) -> None:
    import soundfile

    sine.run("%render first.wav 0.1")  # kernels are there then
    sine.enter("%render out.wav 10000")
    sine.wait(r"rendering out\.wav .*/10000 s")
    sine.keys("C-c")
    sine.prompt()
    assert "wrote out.wav" in sine.screen()
    assert 0 < soundfile.info(folder / "out.wav").frames < 10000 * 48000


def test_a_loop_goes_on_until_ctrl_c(sine: Terminal) -> None:
    sine.enter("%play 0.3 --loop")
    for _ in range(2):
        sine.wait(r"playing .* 0\.[23]/0\.3 s")
        screen = sine.wait(r"playing .* 0\.[01]/0\.3 s")  # it has begun again
        assert not re.search(r"^In \[3\]", screen, re.MULTILINE)
    sine.keys("C-c")
    sine.prompt()


def test_leaving_while_it_plays(sine: Terminal) -> None:
    sine.run("%play --output out.wav")
    sine.leave()
    assert "Traceback" not in sine.all()


def test_a_file_that_is_not_there_is_told_and_the_prompt_comes(shell: Terminal) -> None:
    shell.begin("ipyclam_console --engine=dummy nowhere.py")
    assert "ipyclam_console: nowhere.py: No such file or directory" in shell.screen()
    assert "from nowhere.py" not in shell.screen()
    assert shell.run("len(net)") == "Out[1]: 0"


def test_a_closed_window_leaves_a_readable_file(sine: Terminal, folder: Path) -> None:
    import soundfile

    sine.run("%play --output out.wav")
    eventually(lambda: position(sine))
    sine.close()
    assert soundfile.info(folder / "out.wav").frames > 0


def test_a_window_closed_while_something_swallows_the_end(terminal: Terminal) -> None:
    pid = int(terminal.run("import os; print(os.getpid())").split()[-1])
    terminal.run("import time")
    loop = "while True:\n  try:\n    print('going', 'on'); time.sleep(60)\n  except SystemExit:\n    pass"
    terminal.enter(f"exec({loop!r})")
    terminal.wait(r"^going on$")
    os.kill(pid, signal.SIGHUP)
    terminal.wait(r"^\$ *$")


def test_saved_here_and_opened_there(terminal: Terminal, folder: Path) -> None:
    terminal.run("net.osc, net.sink = 'Oscillator', 'Sink'; net.osc > net.sink; None")
    terminal.run("%save my.py")
    terminal.leave()
    terminal.begin("ipyclam_console --engine=dummy my.py")
    assert "ipyclam: net is 2 processings, 1 wire, engine dummy" in terminal.screen()


def test_an_engine_that_hangs_does_not_freeze_the_prompt(terminal: Terminal) -> None:
    terminal.run("from ipyclam_core.engines.dummy import DummyProxy; import threading")
    terminal.run("hung = type('Hung', (DummyProxy,), {'processings': lambda self: threading.Event().wait()})()")
    terminal.run("net = Network(hung)")
    terminal.type("net.")
    terminal.keys("Tab")
    terminal.keys("C-u")
    assert terminal.run("1 + 1") == "Out[4]: 2"
    terminal.type("threading.Ev")
    terminal.keys("Tab")
    terminal.wait(r"threading\.Event")  # what hangs is given up


def test_an_interrupted_render_leaves_the_file_of_before(sine: Terminal, folder: Path) -> None:
    sine.run("%render out.wav 0.1")
    before = (folder / "out.wav").read_bytes()
    sine.enter("%render out.wav 10000")
    sine.wait(r"rendering out\.wav .*/10000 s")
    sine.keys("C-c")
    sine.wait(r"interrupted after [0-9.]+ of 10000 s\. out\.wav has not changed")
    assert (folder / "out.wav").read_bytes() == before


def test_what_takes_long_to_begin_is_told_and_can_be_interrupted(terminal: Terminal) -> None:
    terminal.run("from ipyclam_core.engines.dummy import DummyProxy; import time")
    terminal.run("slow = type('Slow', (DummyProxy,), {'play': lambda self, *rest: time.sleep(600)})()")
    terminal.run("net = Network(slow)")
    terminal.enter("%play")
    terminal.wait(r"preparing playback 0:00:(0[1-9]|[1-5]\d)")
    terminal.insist()
    assert "preparing" not in terminal.screen()
    assert "Traceback" not in terminal.all()
    assert "KeyboardInterrupt" in terminal.screen()


def test_plain_ipython_loads_the_extension(shell: Terminal) -> None:
    shell.begin("ipython --no-banner")
    shell.run("%load_ext ipyclam_console")
    shell.run("net.osc = net.types.Oscillator")
    shell.type("net.osc.Freq")
    shell.keys("Tab")
    shell.wait(r"net\.osc\.Freq\w+|config · float")
    shell.keys("C-u")
    shell.run("%unload_ext ipyclam_console")
    assert "not found" in shell.run("%tree")


def test_nothing_is_left_behind(sine: Terminal, folder: Path) -> None:
    sine.run("%play")
    pid = int(sine.run("import os; print(os.getpid())").split()[-1])
    sine.leave()
    assert has_ended(pid)
