"""Levels at the console: in the toolbar, in %status and %tree, after %render, and %panic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from waiting import eventually

from ipyclam_console.extension import session_of
from ipyclam_console.meters import decibels, meters, report
from ipyclam_console.prompts import ALARM, Toolbar
from ipyclam_core import Network
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.proxy import Levels, SinkLevel, Status

Run = Callable[[str], str]


class Told(DummyProxy):
    """An engine that says what it is told to."""

    now = Status("playing", "card", 48000, 512, 0.05, 0, 1.0)
    heard = Levels()

    def status(self) -> Status:
        return self.now

    def levels(self) -> Levels:
        return self.heard


@pytest.fixture
def told(console: InteractiveShell) -> Told:
    """The engine of ``net``."""
    engine = Told()
    console.user_ns["net"] = Network(engine)
    return engine


@pytest.fixture
def toolbar(console: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str | list[tuple[str, str]]]:
    """What the toolbar says at this moment."""
    monkeypatch.setenv("COLUMNS", "100")
    shown = Toolbar(session_of(console))

    def look() -> str | list[tuple[str, str]]:
        shown._asked = 0.0, None
        return shown()

    return look


@pytest.fixture
def run(console: InteractiveShell, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a cell in an empty folder; what it wrote."""
    monkeypatch.chdir(tmp_path)

    def run_cell(cell: str) -> str:
        capsys.readouterr()
        console.run_cell(cell)
        out, err = capsys.readouterr()
        return (out + err).strip()

    return run_cell


@pytest.fixture
def loud(console: InteractiveShell) -> Iterator[Network]:
    """A network that is 12 dB too loud, as ``net``."""
    console.user_ns["net"] = net = Network("clam")
    net.osc, net.amp, net.out = net.types.Oscillator, net.types.AudioAmplifier, net.types.AudioSink
    net.amp.Gain = 4.0
    net.osc > net.amp
    net.amp > net.out
    yield net
    net.close()


def sinks(*levels: float, clipped: int = 0) -> tuple[SinkLevel, ...]:
    return tuple(SinkLevel(f"out{k}", level, level, clipped) for k, level in enumerate(levels))


START = " playing · card · load 5% · xruns 0 · 0:01.0"


@pytest.mark.parametrize(
    ("levels", "width", "text"),
    [
        (sinks(-3.0), 100, f"{START} · out0 -3.0 dB"),
        (sinks(-9.0, -3.0), 100, f"{START} · out1 -3.0, out0 -9.0 dB"),
        (sinks(-9.0, -3.0, -30.0, -20.0, 1.25), 100, f"{START} · out4 +1.2, out1 -3.0, out0 -9.0 dB"),
        (sinks(-9.0, -3.0, -30.0, -20.0, 1.25), 75, f"{START} · out4 +1.2, out1 -3.0 dB"),
        (sinks(-9.0, -3.0), 45, START),
        ((SinkLevel("a sink of a long name", -3.0),), 100, f"{START} · a sink of a… -3.0 dB"),
        (sinks(-float("inf")), 100, f"{START} · out0 -inf dB"),
        ((), 100, START),
    ],
)
def test_the_toolbar_shows_the_loudest_sinks_that_have_room(
    told: Told, toolbar: Callable[[], str], monkeypatch: pytest.MonkeyPatch, levels: tuple[SinkLevel, ...], width: int, text: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    told.heard = Levels(levels)
    assert toolbar() == text


def test_the_toolbar_shows_no_levels_of_what_does_not_play(told: Told, toolbar: Callable[[], str]) -> None:
    told.now, told.heard = Status("paused", "card", 48000, 512, 0.0, 0, 1.0), Levels(sinks(-3.0))
    assert "dB" not in toolbar()


def test_a_message_is_not_pushed_out_by_levels(told: Told, toolbar: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "75")
    told.now, told.heard = Status("playing", "card", 48000, 512, 0.05, 0, 1.0, ("the device went away",)), Levels(sinks(-3.0))
    assert toolbar() == f"{START} · the device went away"


def test_clip_is_shown_in_red_until_status_is_typed(told: Told, toolbar: Callable[[], object], run: Run) -> None:
    told.heard = Levels(sinks(3.0, clipped=7), playback=1)
    red = [("", " playing · "), (ALARM, "CLIP"), ("", " · card · load 5% · xruns 0 · 0:01.0 · out0 +3.0 dB")]
    assert (toolbar(), toolbar()) == (red, red)
    assert "out0: peak +3.0 dB, now +3.0 dB, CLIP: 7 samples above full scale" in run("%status")
    assert toolbar() == f"{START} · out0 +3.0 dB"
    told.heard = Levels(sinks(3.0, clipped=8), playback=1)
    assert toolbar() == red


def test_clip_is_gone_when_play_starts_again_and_comes_back_with_the_next_clipped_sample(
    told: Told, toolbar: Callable[[], object], run: Run
) -> None:
    told.heard = Levels(sinks(3.0, clipped=7), playback=1)
    run("%status")
    told.heard = Levels(sinks(-3.0), playback=2)
    assert toolbar() == f"{START} · out0 -3.0 dB"
    told.heard = Levels(sinks(3.0, clipped=2), playback=2)
    assert toolbar() != f"{START} · out0 +3.0 dB"


def test_the_limiter_is_shown_while_it_works(told: Told, toolbar: Callable[[], str]) -> None:
    told.heard = Levels(sinks(-3.0), True, 0.5, 47, 13.81, 1)
    assert toolbar() == " playing · limiter -13.8 dB · card · load 5% · xruns 0 · 0:01.0 · out0 -3.0 dB"
    assert toolbar() == f"{START} · out0 -3.0 dB"


def test_status_lists_the_loudest_sinks_and_what_the_limiter_did(told: Told, run: Run) -> None:
    told.heard = Levels(sinks(*map(float, range(-20, -10))), True, 0.5, 47, 13.81, 1)
    lines = run("%status").splitlines()
    assert lines[1] == "  out9: peak -11.0 dB, now -11.0 dB"
    assert lines[9:] == ["  and 2 more sinks", "  limiter: 0.5 s limited, in 47 blocks, by 13.8 dB at most"]


def test_levels_in_words() -> None:
    assert [decibels(level) for level in (-0.04, 0.04, 0.06, -3.04, -float("inf"))] == ["0.0", "0.0", "+0.1", "-3.0", "-inf"]
    assert meters(Levels(), 100) == ""
    assert list(report(Levels())) == []


def test_the_volume_shows_in_status_and_tree_only_where_it_is_not_0(net: Network, run: Run) -> None:
    assert "volume" not in run("%status") + run("%tree")
    net.volume = -13
    assert run("%status") == "stopped · 0:00.0 · volume -13 dB"
    assert "net  dummy, stopped, 0 processings, 0 wires, volume -13 dB" in run("%tree")


def test_a_network_that_plays_too_loud_says_so(loud: Network, toolbar: Callable[[], object], run: Run) -> None:
    run("%play --device clock")
    eventually(lambda: loud.levels().clipped > 0)
    assert (ALARM, "CLIP") in toolbar()  # type: ignore[operator]
    assert "  out: peak +12.0 dB, now +12.0 dB, CLIP: " in run("%status")
    run("net.volume = -13")
    run("%stop")
    run("%play --device clock")
    eventually(lambda: loud.status().position > 0.1)
    assert "CLIP" not in str(toolbar())
    assert "  out: peak -1.0 dB, now -1.0 dB" in run("%status")


def test_render_notes_in_one_line_that_it_is_above_full_scale(loud: Network, run: Run) -> None:
    told = run("%render out.wav 0.1").splitlines()
    notes = [line for line in told if line.startswith("note: ")]
    assert len(notes) == 1
    assert notes[0].startswith("note: the render is above full scale: out by 12.0 dB. ")
    assert notes[0].endswith(" To avoid that: net.volume = -13")
    assert "note: " in run("%render out.wav 0.1")
    run("net.volume = -13")
    assert "note" not in run("%render out.wav 0.1")


def test_panic_silences_every_network(loud: Network, console: InteractiveShell, run: Run) -> None:
    assert run("%panic") == "no network plays"
    run("%play --device clock")
    console.user_ns["other"] = other = Network("dummy")
    other.play()
    assert run("%panic") == "silenced 2 networks. %play starts from the beginning"
    assert (loud.state, other.state) == ("stopped", "stopped")
    assert loud.amp.Gain.value == 4.0


def test_panic_ends_a_recording(loud: Network, run: Run) -> None:
    run("%play --device clock --output take.wav")
    eventually(lambda: loud.status().position > 0.1)
    assert run("%panic").startswith("wrote take.wav: ")


def test_play_limits_unless_the_session_does_not(loud: Network, console: InteractiveShell, run: Run) -> None:
    run("%play --device clock")
    assert loud.proxy.inner.limiter
    run("%config Session.limiter = False")
    run("%play --device clock")
    assert not loud.proxy.inner.limiter


def test_clipping_by_less_than_a_tenth_of_a_decibel_is_not_shown_as_none() -> None:
    levels = Levels((SinkLevel("out", -3.0, 0.04, 7),))
    assert list(report(levels)) == ["out: peak less than 0.1 dB above full scale, now -3.0 dB, CLIP: 7 samples above full scale"]
