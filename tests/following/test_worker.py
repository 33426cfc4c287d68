"""A thread that works off a queue: in order, and never stuck on what fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ipyclam_core.following.worker import Worker

PATIENCE = 10.0


@pytest.fixture
def worker() -> Iterator[Worker[str]]:
    working: Worker[str] = Worker("follower")
    yield working
    working.stop()


def test_what_was_put_before_it_starts_is_worked_off_in_order(worker):
    done, settled = [], threading.Event()
    for item in "abc":
        worker.put(item)
    worker.start(done.append, settled=settled.set)
    assert settled.wait(PATIENCE)
    assert done == ["a", "b", "c"]


def test_one_that_never_started_can_be_stopped(worker):
    worker.put("a")
    worker.stop()


def test_an_item_that_fails_is_shown_and_the_next_is_worked_off(worker, monkeypatch):
    shown, settled = [], threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda arguments: shown.append(arguments.exc_type))
    worker.start(lambda item: settled.set() if item == "good" else 1 / 0)
    worker.put("bad")
    worker.put("good")
    assert settled.wait(PATIENCE)
    assert shown == [ZeroDivisionError]


def test_it_looks_up_from_time_to_time(worker):
    idle = threading.Event()
    worker.start(lambda item: None, idle=idle.set, pause=0.01)
    assert idle.wait(PATIENCE)
