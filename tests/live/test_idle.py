"""While nobody needs the processors, one process compiles all that comes with ipyclam; it ends with the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import eventually, has_ended

from ipyclam_core.engines.clam import ClamProxy, idle

pytestmark = pytest.mark.slow

BEGIN = """
import sys
from ipyclam_core import Network
Network().proxy.inner.compile_ahead()
print("begun", flush=True)
sys.stdin.read()
"""


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("number", [None, signal.SIGKILL], ids=["exit", "killed"])
def test_one_process_of_the_lowest_priority_fills_the_cache_and_ends_with_the_program(tmp_path: Path, number: int | None) -> None:
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path)}
    options = {"env": environment, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", BEGIN], **options) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "begun\n"
        (child,) = eventually(lambda: children_of(process.pid))
        eventually(lambda: os.getpriority(os.PRIO_PROCESS, child), 19)
        eventually(lambda: list(tmp_path.glob("kernels/*.o")))
        assert children_of(child) == []
        if number is not None:
            process.send_signal(number)
    eventually(lambda: has_ended(child))


def test_where_all_is_compiled_no_process_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYCLAM_CACHE", str(tmp_path))
    idle.complete.write(idle._environment(), b"")
    before = children_of(os.getpid())
    ClamProxy().compile_ahead()
    assert children_of(os.getpid()) == before


def test_where_nothing_can_be_kept_no_process_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYCLAM_CACHE", "/dev/null")
    before = children_of(os.getpid())
    ClamProxy().compile_ahead()
    assert children_of(os.getpid()) == before
