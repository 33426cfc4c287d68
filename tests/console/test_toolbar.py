"""The toolbar: what it says, and that it never waits for an engine."""

from __future__ import annotations

import threading

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_console.extension import session_of
from ipyclam_console.prompts import Toolbar
from ipyclam_core import Network
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.proxy import Status


class Told(DummyProxy):
    """An engine that says what it is told to."""

    now = Status()

    def status(self) -> Status:
        return self.now


class Hanging(DummyProxy):
    """An engine whose status never comes."""

    free = threading.Event()

    def status(self) -> Status:
        self.free.wait(60)
        return super().status()


@pytest.fixture
def toolbar(console: InteractiveShell) -> Toolbar:
    return Toolbar(session_of(console))


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(), " stopped"),
        (Status("playing", "jack", 48000, 256, 0.123, 2, 61.25), " playing · jack · load 12% · xruns 2 · 1:01.2"),
        (Status("paused", "clock", 48000, 512, 0.0, 0, 3.0), " paused · clock · load 0% · xruns 0 · 0:03.0"),
        (Status("stopped", "jack", 48000, 256, 0.05, 1, 0.0), " stopped · jack · load 5% · xruns 1 · 0:00.0"),
        (Status("stopped", messages=("the device went away",)), " stopped · the device went away"),
    ],
)
def test_it_says(console: InteractiveShell, toolbar: Toolbar, status: Status, text: str) -> None:
    engine = Told()
    engine.now = status
    console.user_ns["net"] = Network(engine)
    assert toolbar() == text


def test_the_worst_message_has_the_room(console: InteractiveShell, toolbar: Toolbar) -> None:
    engine, loop, silent = Told(), "feedback loop at a > b: the signal is late", "bad went outside of an array: silent"
    engine.now = Status("playing", messages=(loop, silent))
    console.user_ns["net"] = Network(engine)
    assert toolbar() == f" playing · {silent}"
    console.run_line_magic("status", "")
    assert toolbar.shown(engine.now) == f" playing · {silent}"
    assert toolbar.shown(Status("playing", messages=(loop,))) == " playing"


def test_an_engine_that_hangs(console: InteractiveShell, toolbar: Toolbar) -> None:
    console.user_ns["net"] = Network(Hanging())
    try:
        assert toolbar() == " the dummy engine does not respond"
    finally:
        Hanging.free.set()


def test_no_network_no_toolbar(console: InteractiveShell, toolbar: Toolbar) -> None:
    console.user_ns["net"] = 5
    assert toolbar() == ""
