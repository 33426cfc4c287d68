"""The service thread and the files thread outlive any error, do the rest of their round, and `status` tells what went wrong."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy import float32
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare import out_port, processing

from .conftest import Stage

STEPS = [
    ("_mailbox", "collect"), ("_files", "bury"), ("edits", "look_after"), ("_watch", "look"), ("device", "trouble"),
]  # fmt: skip
FILES_STEPS = ["_end", "_start", "_serve"]


def wired(net: Network) -> None:
    net.sine = net.types.Sine
    net.sink = net.types.AudioSink
    _ = net.sine > net.sink


@pytest.fixture
def live() -> Iterator[Network]:
    """A network on the clock device, with threads that look after it."""
    net = Network()
    wired(net)
    net.play("clock", block_size=128)
    yield net
    net.close()


def fails(*_: object) -> None:
    raise IndexError("index 3 is out\nof bounds")


@pytest.mark.parametrize("failing", STEPS, ids=lambda step: step[1])
def test_each_step_of_a_round_runs_although_another_fails(stage: Stage, failing: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    wired(stage.net)
    stage.play()
    ran: list[tuple[str, str]] = []

    def counted(step: tuple[str, str], original: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            ran.append(step)
            return fails() if step == failing else original(*arguments)

        return run

    for step in STEPS:
        owner, method = getattr(stage.player, step[0]), step[1]
        monkeypatch.setattr(owner, method, counted(step, getattr(owner, method)))
    stage.run(2)
    assert ran == [*STEPS, *STEPS]
    (message,) = stage.net.status().messages
    assert message.startswith(
        "internal error in the audio service thread: IndexError: index 3 is out of bounds, in test_service_thread.py line "
    )
    assert message.endswith(" (please report it)")


@pytest.mark.parametrize("failing", FILES_STEPS)
def test_each_step_of_the_files_thread_runs_although_another_fails(stage: Stage, failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wired(stage.net)
    stage.play()
    files, ran = stage.player._files, []
    for step in FILES_STEPS:
        monkeypatch.setattr(files, step, lambda step=step: ran.append(step) or (fails() if step == failing else None))
    stage.run(2)
    assert ran == [*FILES_STEPS, *FILES_STEPS]
    assert len(stage.net.status().messages) == 1


def test_the_service_thread_goes_on_after_an_error(live: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    player = live._proxy.inner.player
    with monkeypatch.context() as patch:
        patch.setattr(player._watch, "look", fails)
        eventually(lambda: live.status().messages)
    live.more = live.types.Sine
    _ = live.more > live.sink
    del live.more
    eventually(lambda: not player.edits.score.ghosts and not player._mailbox._posted)  # what is removed is given back
    assert "ipyclam service" in {thread.name for thread in threading.enumerate()}
    (message,) = live.status().messages  # it stays, to be reported
    assert "IndexError" in message


def test_different_errors_are_told_and_one_that_comes_again_is_told_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    wired(stage.net)
    stage.play()
    numbers = iter(range(1000))

    def differently(*_: object) -> None:
        raise ValueError(f"number {next(numbers)}")

    monkeypatch.setattr(stage.player._watch, "look", fails)
    stage.run(100)
    assert len(stage.net.status().messages) == 1
    monkeypatch.setattr(stage.player._watch, "look", differently)
    stage.run(100)
    told = [message.split(": ")[1] for message in stage.net.status().messages]
    assert told == ["IndexError", "ValueError", "ValueError"]


def test_an_error_that_cannot_be_shown_is_told_all_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise ValueError("no words")

    def mute(*_: object) -> None:
        raise Mute

    wired(stage.net)
    stage.play()
    monkeypatch.setattr(stage.player._watch, "look", mute)
    stage.run()
    assert "Mute: <exception str() failed>" in stage.net.status().messages[0]


def test_what_fails_after_a_message_was_taken_keeps_nothing_else_from_being_done(stage: Stage) -> None:
    wired(stage.net)
    stage.play()
    mailbox, done = stage.player._mailbox, []
    mailbox.post([], fails)
    for k in range(3):
        mailbox.post([], lambda k=k: done.append(k))
    stage.run(2)
    assert done == [0, 1, 2]


class Leaves:
    """A companion that ends its thread, or would."""

    def service(self) -> None:
        sys.exit("enough")

    def close(self) -> None:
        sys.exit("enough")


class Stays:
    rounds = 0

    def service(self) -> None:
        Stays.rounds += 1

    def close(self) -> None:
        pass


@processing(category="Tests")
class Leaving:
    """Has a companion that ends its thread."""

    output = out_port("Out")

    def companion():
        return Leaves()

    def process(output, frames):  # noqa: N805 -- no method: there is no self
        for i in range(frames):
            output[i] = float32(0.0)


@processing(category="Tests")
class Staying:
    """Has a companion that counts."""

    output = out_port("Out")

    def companion():
        return Stays()

    def process(output, frames):  # noqa: N805 -- as above
        for i in range(frames):
            output[i] = float32(0.0)


def test_a_companion_cannot_end_the_files_thread(live: Network) -> None:
    live.leaving = Leaving
    live.staying = Staying
    failed = "the companion of a Leaving failed, and is no longer called: SystemExit: enough"
    eventually(lambda: any(failed in message for message in live.status().messages))
    before = Stays.rounds
    eventually(lambda: Stays.rounds > before + 3)
    del live.leaving
    eventually(lambda: live._proxy.inner.player._files.companions() != [])
    assert np.abs(live.sine["Audio Output"].samples(256)).max() > 0.5
