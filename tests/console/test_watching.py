"""%scope and %meter: in a real terminal, and once where there is none."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from terminal import Terminal
from waiting import eventually

from ipyclam_console.levels import Meter, decibels
from ipyclam_console.scope import Scope, steady
from ipyclam_core import Network
from ipyclam_core.frontend.monitoring import heard, signals, sinks

MEANWHILE = """
import os, threading, time

def begin(net):
    threading.Thread(target=run, args=(net,), daemon=True).start()

def run(net):
    for name, change in (("stop", net.stop), ("delete", lambda: net.__delitem__("osc"))):
        while not os.path.exists(name):
            time.sleep(0.05)
        change()
"""
"""Another thread, which stops the network and deletes a processing when files of these names appear."""

KEYS = ["q", "Enter", "Up", "C-c", "C-z", "Escape"]


@pytest.fixture
def sine() -> Iterator[Network]:
    """An oscillator and a sink that play on the clock."""
    network = Network()
    network.osc, network.out, network.lfo = "Oscillator", "AudioSink", "LFO"
    network.osc > network.out
    yield network
    network.close()


@pytest.fixture
def playing(sine: Network) -> Network:
    sine.play("clock")
    return sine


def text(drawing: Scope | Meter, columns: int = 80, rows: int = 24) -> list[str]:
    """What is drawn, without styles."""
    return ["".join(part for part, _ in line) for line in drawing.draw(columns, rows)]


def test_a_port_a_processing_a_list_and_a_group_stand_for_signals(sine: Network) -> None:
    sine.bank("saw{}", "Saw", 2)
    port = sine.osc["Audio Output"]
    assert signals(port) == signals(sine.osc) == signals([sine.osc, port]) == (port,)
    assert signals(sine.group("saw*")) == (sine.saw1["Audio Output"], sine.saw2["Audio Output"])
    assert signals(sine.out) == sinks(sine) == (sine.out["1"],)
    assert signals(sine.lfo) == (sine.lfo.Output,)
    assert signals(sine.lfo.Rate) == (sine.lfo._incontrols.Rate,)


@pytest.mark.parametrize("source", ["osc", 3, None, lambda: 0])
def test_what_is_no_signal_is_refused(source: object) -> None:
    with pytest.raises(TypeError, match="a port, a control or a processing can be shown"):
        signals(source)


def test_a_port_that_carries_no_audio_is_refused(sine: Network) -> None:
    sine.bands = next(type_ for type_ in sine.types if any(port.type != "Audio" for port in sine.types[type_].outports))
    port = next(port for port in sine.bands._outports if port.type != "Audio")
    with pytest.raises(TypeError, match=rf"carries {port.type}\. .*To look at it: .*\.value"):
        signals(port)


def test_an_input_is_the_sum_of_what_arrives(sine: Network) -> None:
    sine.other = "Oscillator"
    sine.other > sine.out
    sine.play("clock")
    assert eventually(lambda: float(np.abs(heard(sine.out["1"], 4800)).max()) > 1.99)
    sine.out.disconnect()
    assert not heard(sine.out["1"], 100).any()


@pytest.mark.parametrize("harmonics", [[1.0], [1.0, 0.8, 0.5], [0.2, 0.0, 1.0, 0.9]])
def test_a_steady_tone_stands_still(harmonics: list[float]) -> None:
    def tone(begin: int) -> np.ndarray:  # type: ignore[type-arg]
        phase = 2 * np.pi * 0.0091 * np.arange(begin, begin + 3000)
        return sum(level * np.sin((k + 1) * phase) for k, level in enumerate(harmonics))  # type: ignore[return-value]

    before = None
    for begin in (0, 17, 512, 1234, 3333):
        samples = tone(begin)
        place = steady(samples, 900, before)
        shown = samples[place : place + 900]
        assert before is None or np.abs(shown - before).max() < 0.2
        before = shown


@pytest.mark.parametrize("samples", [np.zeros(100), np.ones(100), np.full(100, -1.0)])
def test_a_signal_without_zero_crossings_is_shown_to_its_end(samples: np.ndarray) -> None:  # type: ignore[type-arg]
    assert steady(samples, 40) == 60


def test_a_quiet_wave_has_a_peak_that_is_not_zero(playing: Network) -> None:
    playing.osc.Amplitude = 0.0001
    scope = Scope(lambda: signals(playing.osc), playing.status)
    eventually(lambda: "peak 0.0001 (-80.0 dBFS)" in text(scope)[0])


def test_scope_shows_the_wave_its_peak_and_the_time_of_a_division(playing: Network) -> None:
    scope = Scope(lambda: signals(playing.osc), playing.status)
    eventually(lambda: "peak 1.00 (0.0 dBFS)" in text(scope)[0])
    title, *rows, divisions = text(scope)
    assert (title.split("  ")[0], title.split("  ")[-1]) == ("osc.Audio Output", "2 ms/div")
    assert [row[:9] for row in rows if row[8] == "┤"] == ["      1 ┤", "      0 ┤", "     -1 ┤"]
    assert divisions.count("┴") == 10
    assert max(map(len, text(scope, 50, 20))) <= 50


def test_scope_of_a_control_shows_its_value_over_time(playing: Network) -> None:
    scope = Scope(lambda: signals(playing.lfo), playing.status, 1.0)
    eventually(lambda: sum(any(letter not in "⠀│┤ " for letter in row[9:]) for row in text(scope)[1:-1]) > 8)
    assert re.match(r"lfo\.Output  -?[\d.e-]+  100 ms/div", text(scope)[0])


def test_many_signals_share_the_rows_there_are(playing: Network) -> None:
    playing.bank("saw{}", "Saw", 40)
    scope = Scope(lambda: signals(playing.group("saw*")), playing.status)
    shown = text(scope, 80, 24)
    assert len(shown) <= 24
    assert shown[-1] == "and 36 more that have no room here"
    assert text(Meter(lambda: signals(playing.group("saw*")), playing.status), 80, 24)[-1] == "and 18 more that have no room here"


def test_meter_shows_peak_rms_and_the_highest_peak(playing: Network) -> None:
    meter = Meter(lambda: sinks(playing), playing.status)
    eventually(lambda: re.search(r"0\.0 +-3\.0 +0\.0$", text(meter)[1]))
    playing.osc["Audio Output"] / playing.out["1"]
    head, row = text(meter)
    assert re.search(r"-inf .*0\.0$", row)
    assert "┃" in row
    assert head.split() == ["-60", "-48", "-36", "-24", "-12", "-6", "0", "6", "peak", "rms", "hold"]
    assert len(head) <= 80


def test_levels_in_decibels() -> None:
    assert [decibels(level) for level in (0.0, 0.5, 1.0, 2.0, 0.9999)] == ["-inf", "-6.0", "0.0", "6.0", "0.0"]


def test_what_is_deleted_meanwhile_is_said(playing: Network) -> None:
    chosen = signals([playing.osc, playing.lfo])
    scope, meter = Scope(lambda: chosen, playing.status), Meter(lambda: chosen[:1], playing.status)
    text(scope), text(meter)
    del playing.osc, playing.lfo
    assert text(scope)[0].startswith("osc.Audio Output  there is no processing 'osc'")
    assert text(meter)[1].startswith("osc.Audio Output  there is no processing 'osc'")


def test_a_network_that_does_not_play_is_said(sine: Network) -> None:
    for drawing in (Scope(lambda: sinks(sine), sine.status), Meter(lambda: sinks(sine), sine.status)):
        assert text(drawing)[0] == "does not play: type %play"
    sine.play("clock")
    sine.pause()
    assert text(Meter(lambda: sinks(sine), sine.status))[0] == "paused. To continue: %play"
    sine.clear()
    assert text(Meter(lambda: sinks(sine), sine.status))[0].startswith("there is no sink")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%scope nothing", "there is no processing 'nothing' in this network"),
        ("%scope net.osc.", "PORT must be an expression"),
        ("%scope []", "there is nothing to show"),
        ("%scope 3", "a port, a control or a processing can be shown, such as net.osc, not 3"),
        ("%scope net.osc --span x", "'x' is not a number of seconds"),
        ("%scope net.osc --span 60", "a port is shown for at most 2 seconds, not 60"),
        ("%meter net.lfo", "is a control, and has no level. To show its value: %scope net.lfo.Output"),
    ],
)
def test_what_cannot_be_shown_is_said(
    console: InteractiveShell, capsys: pytest.CaptureFixture[str], sine: Network, line: str, said: str
) -> None:
    console.user_ns["net"] = sine
    console.run_cell(line)
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


def test_an_engine_without_samples_says_so(console: InteractiveShell, capsys: pytest.CaptureFixture[str], net: Network) -> None:
    net.osc = "Oscillator"
    console.run_cell("%scope osc")
    assert "dummy" in capsys.readouterr().out


def test_without_a_terminal_each_shows_once(console: InteractiveShell, capsys: pytest.CaptureFixture[str], playing: Network) -> None:
    console.user_ns["net"] = playing
    console.run_cell("%scope osc net.lfo.Output")
    shown = capsys.readouterr().out
    assert "osc.Audio Output  peak" in shown
    assert "lfo.Output" in shown
    console.run_cell("%meter")
    assert "out.1" in capsys.readouterr().out


def test_listening_in_a_terminal_says_what_to_type_instead(console: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    console.run_cell("%listen 3")
    shown = capsys.readouterr()
    assert "Here type %play 3 to hear it, or %render out.wav 3" in shown.out + shown.err


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """The console with a network that sounds, in a terminal."""
    with Terminal(tmp_path / "folder", columns=90, rows=30) as made:
        made.begin("ipyclam_console --device=clock")
        made.run("net.osc, net.out, net.lfo = 'Oscillator', 'AudioSink', 'LFO'; net.osc > net.out; None")
        yield made


def settings(terminal: Terminal) -> str:
    """The settings of the terminal while a cell runs."""
    return terminal.run("!stty -g").splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_any_key_ends_it_and_is_swallowed(terminal: Terminal, key: str) -> None:
    before = settings(terminal)
    terminal.run("%play")
    terminal.enter("%scope")
    terminal.wait(r"out\.1  peak 1\.00 .*\n +1 ┤")
    terminal.keys(key)
    terminal.prompt()
    assert terminal.is_plain()
    assert settings(terminal) == before
    assert terminal.run("1 + 1").endswith(": 2")


@pytest.mark.slow
def test_it_follows_the_size_of_the_window_and_what_happens_meanwhile(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("%play")
    folder = tmp_path / "folder"
    (folder / "meanwhile.py").write_text(MEANWHILE)
    terminal.run("import meanwhile; meanwhile.begin(net)")
    terminal.enter("%scope osc")
    terminal.wait(r"^osc\.Audio Output  peak 1\.00")
    terminal.resize(60, 20)
    eventually(lambda: max(map(len, terminal.screen().splitlines())) in range(40, 61) and "Press any key to end" in terminal.screen())
    (folder / "stop").touch()
    terminal.wait(r"^does not play: type %play")
    (folder / "delete").touch()
    terminal.wait(r"^osc\.Audio Output  there is no processing 'osc'")
    terminal.keys("q")
    terminal.prompt()
    assert terminal.is_plain()


@pytest.mark.slow
def test_an_error_while_it_draws_restores_the_terminal(terminal: Terminal) -> None:
    before = settings(terminal)
    assert "ZeroDivisionError" in terminal.run("from ipyclam_console import live; live.animate(get_ipython(), lambda *size: 1 / 0)")
    assert terminal.is_plain()
    assert settings(terminal) == before


@pytest.mark.slow
@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("PYTHONIOENCODING", "ascii")])
def test_it_keeps_to_what_the_terminal_can_show(tmp_path: Path, variable: str, value: str) -> None:
    with Terminal(tmp_path / "folder", {variable: value, "PYTHONUTF8": "0"}, columns=90, rows=30) as terminal:
        terminal.begin("ipyclam_console --device=clock")
        terminal.run("net.osc, net.out = 'Oscillator', 'AudioSink'; net.osc > net.out; None")
        terminal.run("%play")
        terminal.enter("%meter")
        terminal.wait(r"^out\.1  #+|^out\.1  █+")
        screen = terminal.coloured()
        terminal.keys("q")
        terminal.prompt()
        assert ("\x1b[3" in screen) == (variable != "NO_COLOR")
        assert screen.isascii() == (variable == "PYTHONIOENCODING")


@pytest.mark.slow
def test_a_signal_to_end_restores_the_terminal(terminal: Terminal) -> None:
    pid = int(terminal.run("import os; print(os.getpid())").split()[-1])
    terminal.enter("%meter")
    terminal.wait("does not play: type %play")
    os.kill(pid, signal.SIGTERM)
    terminal.wait("SystemExit: 143")  # on the screen of the shell
    assert terminal.is_plain()


def test_the_input_of_a_sink_has_the_volume_of_the_network(playing: Network) -> None:
    port = sinks(playing)[0]
    loud = float(np.abs(heard(port, 4096)).max())
    playing.volume = -20
    assert float(np.abs(heard(port, 4096)).max()) == pytest.approx(0.1 * loud, rel=0.05)


@pytest.mark.parametrize("duration", ["-1", "0"])
def test_listening_for_no_time_is_an_error_in_words(console: InteractiveShell, capsys: pytest.CaptureFixture[str], duration: str) -> None:
    console.run_cell(f"%listen {duration}")
    shown = capsys.readouterr()
    assert "UsageError: a duration must be above 0 seconds" in shown.out + shown.err
