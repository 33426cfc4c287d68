"""The thread that follows a server: in order, and never stuck on its own work."""

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


def nothing() -> None:
    """Do nothing."""


def test_what_was_put_before_it_starts_is_worked_off_in_order(worker):
    done, settled = [], threading.Event()
    for item in "abc":
        worker.put(item)
    worker.start(done.append, settled.set, nothing)
    assert settled.wait(PATIENCE)
    assert done == ["a", "b", "c"]


def test_one_that_never_started_can_be_stopped(worker):
    worker.put("a")
    worker.stop()


def test_its_own_work_may_wait_for_what_is_still_to_come(worker):
    done, ended, changed = [], threading.Event(), threading.Condition()

    def work(item: str) -> None:
        if item == "wait":
            done.append(worker.wait_for(lambda: "b" in done, changed, PATIENCE))
            ended.set()
        else:
            done.append(item)

    worker.start(work, nothing, nothing)
    for item in ("wait", "a", "b", "c"):
        worker.put(item)
    assert ended.wait(PATIENCE)
    assert done[:3] == ["a", "b", True]


def test_others_are_told_whether_it_came_to_pass(worker):
    changed = threading.Condition()
    worker.start(lambda item: None, nothing, nothing)
    assert not worker.wait_for(lambda: False, changed, 0.01)
    assert worker.wait_for(lambda: True, changed, 0.01)


def test_an_item_that_fails_is_shown_and_the_next_is_worked_off(worker, monkeypatch):
    shown, settled = [], threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda arguments: shown.append(arguments.exc_type))
    worker.start(lambda item: settled.set() if item == "good" else 1 / 0, nothing, nothing)
    worker.put("bad")
    worker.put("good")
    assert settled.wait(PATIENCE)
    assert shown == [ZeroDivisionError]


def test_it_looks_up_from_time_to_time(worker):
    idle = threading.Event()
    worker.start(lambda item: None, nothing, idle.set, pause=0.01)
    assert idle.wait(PATIENCE)
