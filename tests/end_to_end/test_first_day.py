"""A person's first session in a real terminal, with the engine that makes no sound."""

from __future__ import annotations

import os
import signal

from terminal import Terminal


def test_tab_shows_what_is_there_and_what_each_thing_is(terminal: Terminal) -> None:
    terminal.begin("ipyclam_console --engine=dummy")
    terminal.run("net.osc = net.types.Oscillator")
    terminal.type("net.osc.")
    terminal.keys("Tab")
    terminal.wait(r"Output\s+.*outport · Audio")
    terminal.forget()
    terminal.type("net.types.Osc")
    terminal.keys("Tab")
    terminal.wait(r"^In \[2\]: net\.types\.Oscillator$")


def test_tab_right_of_an_arrow_offers_only_what_fits_and_changes_nothing(terminal: Terminal) -> None:
    terminal.begin("ipyclam_console --engine=dummy")
    terminal.run("net.osc = net.types.Oscillator")
    terminal.run("net.out = net.types.Sink")
    terminal.type("net.osc.Output > net.out.")
    terminal.keys("Tab")
    offered = terminal.wait(r"^ +Input +inport · Audio")
    assert "Gain" not in offered
    terminal.forget()
    assert terminal.run("len(net.osc.Output.peers)").endswith("0")


def test_a_mistake_is_told_in_a_line_or_two_with_what_to_type_instead(terminal: Terminal) -> None:
    terminal.begin("ipyclam_console --engine=dummy")
    terminal.run("net.osc = net.types.Oscillator")
    told = terminal.run("net.osc.Frequenzy")
    assert "Did you mean 'Frequency'?" in told
    assert len(told.splitlines()) <= 3


def test_a_saved_session_goes_on_the_next_day(terminal: Terminal) -> None:
    terminal.begin("ipyclam_console --engine=dummy")
    terminal.run("net.osc = net.types.Oscillator")
    terminal.run("net['the speaker'] = net.types.Sink")
    terminal.run("net.osc > net['the speaker']")
    terminal.run("%save day.py")
    code = terminal.run("print(net.code())")
    terminal.leave()
    terminal.begin("ipyclam_console --engine=dummy day.py")
    assert terminal.run("print(net.code())") == code
    tree = terminal.run("%tree")
    assert "osc" in tree
    assert "the speaker" in tree


def test_undo_takes_back_what_was_typed(terminal: Terminal) -> None:
    terminal.begin("ipyclam_console --engine=dummy")
    terminal.run("net.osc = net.types.Oscillator")
    terminal.run("net.osc.Frequency = 220.0")
    terminal.run("%undo")
    assert terminal.run("net.osc.Frequency").endswith("440.0")
    terminal.run("%redo")
    assert terminal.run("net.osc.Frequency").endswith("220.0")


def test_a_console_that_is_killed_leaves_the_terminal_usable(terminal: Terminal) -> None:
    terminal.begin("ipyclam_console --engine=dummy")
    terminal.run("net.osc = net.types.Oscillator")
    terminal.run("%play")
    pid = terminal.run("import os; os.getpid()").removeprefix("Out[3]: ")
    os.kill(int(pid), signal.SIGTERM)
    terminal.wait(r"^\$ *$")
    terminal.enter("echo alive-$((40 + 2))")
    terminal.wait("alive-42")
