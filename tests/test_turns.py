"""Of the threads and processes that would do the same work, one does it at a time; one that ended, or is suspended, is not waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from waiting import eventually

from ipyclam_core.system import turns
from ipyclam_core.system.turns import turn

HOLD = """
import sys
from pathlib import Path
from ipyclam_core.system import turns
if "back" in sys.argv:
    turns.stand_back()
with turns.turn(Path(sys.argv[1])):
    print("has it", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(path: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has a turn."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path), *arguments], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "has it\n"
        try:
            yield process
        finally:
            process.kill()


def taken(path: Path, done: list[str]) -> threading.Thread:
    """A thread that waits for its turn, and says when it has it."""

    def take() -> None:
        with turn(path):
            done.append("had it")

    thread = threading.Thread(target=take)
    thread.start()
    return thread


def test_threads_come_one_after_the_other(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(k: int) -> None:
        for _ in range(20):
            with turn(tmp_path / "work"):
                inside.append(k)
                time.sleep(0.0002)
                most.append(len(inside))
                inside.remove(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 80
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("ends", ["goes on", "is killed"])
def test_another_process_is_waited_for_until_it_has_done_or_has_ended(tmp_path: Path, ends: str) -> None:
    done: list[str] = []
    with holder(tmp_path / "work") as process:
        thread = taken(tmp_path / "work", done)
        with turn(tmp_path / "other"):  # nobody has that one
            assert done == []
        if ends == "goes on":
            process.communicate()
        else:
            process.kill()
        thread.join()
    assert done == ["had it"]
    assert os.listdir(tmp_path) == []


def test_a_suspended_process_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.3)
    with holder(tmp_path / "work") as process:
        process.send_signal(signal.SIGSTOP)
        taken(tmp_path / "work", []).join()


def test_a_process_that_stands_back_is_not_waited_for(tmp_path: Path) -> None:
    with holder(tmp_path / "work", "back"):
        taken(tmp_path / "work", []).join()


def test_a_thread_waits_for_no_other_while_it_has_a_turn(tmp_path: Path) -> None:
    done: list[str] = []
    with turn(tmp_path / "first"):
        thread = taken(tmp_path / "first", done)
        with turn(tmp_path / "first"), turn(tmp_path / "second"):
            assert done == []
    thread.join()


@pytest.mark.parametrize("place", ["/dev/null/work", "/no/such/folder/work"])
def test_where_no_file_can_be_locked_there_are_turns_of_threads(place: str) -> None:
    done: list[str] = []
    with turn(Path(place)):
        thread = taken(Path(place), done)
        assert done == []
    thread.join()


def test_a_copy_of_the_process_waits_for_none_of_its_threads(tmp_path: Path) -> None:
    done: list[str] = []
    go_on = threading.Event()

    def hold() -> None:
        with turn(Path("/no/such/folder/work")):
            done.append("has it")
            go_on.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    eventually(lambda: done)
    child = os.fork()
    if child == 0:
        with turn(Path("/no/such/folder/work")):
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    go_on.set()
    thread.join()
