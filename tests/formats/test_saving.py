"""Saving is atomic: whatever happens, the old file or the new one is there, whole."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ipyclam_core import Network

SAVER = """
import os, signal, sys
from ipyclam_core import Network
one, two = Network("dummy"), Network("dummy")
for i in range(400):
    one[f"osc{i}"] = one.types.Oscillator
    two[f"sink{i}"] = two.types.Sink
one.save(sys.argv[1])
for line in sys.stdin:  # a child that saves and saves
    pid = os.fork()
    if not pid:
        signal.alarm(60)  # nobody may be left to kill it
        while True:
            one.save(sys.argv[1])
            two.save(sys.argv[1])
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("killed", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
def test_a_killed_process_leaves_the_old_file_or_the_new_one(suffix: str, net: Network, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    seen = set()
    with subprocess.Popen([sys.executable, "-c", SAVER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as saver:
        assert saver.stdin is not None
        assert saver.stdout is not None
        for _ in range(12):
            print(file=saver.stdin, flush=True)
            pid = int(saver.stdout.readline())
            time.sleep(random.uniform(0.01, 0.1))  # somewhere in a save
            os.kill(pid, signal.SIGKILL)
            assert saver.stdout.readline() == "killed\n"
            net.load(path)
            assert len(net) == 400
            seen.add(next(iter(net)))
    assert seen <= {"osc0", "sink0"}


@pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
class TestTheFile:
    def test_keeps_its_permissions(self, suffix: str, net: Network, tmp_path: Path) -> None:
        path = tmp_path / f"x{suffix}"
        net.save(path)
        path.chmod(0o604)
        net.save(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o604

    def test_gets_those_of_a_new_file(self, suffix: str, net: Network, tmp_path: Path) -> None:
        (tmp_path / "other").write_text("")
        net.save(tmp_path / f"x{suffix}")
        assert (tmp_path / f"x{suffix}").stat().st_mode == (tmp_path / "other").stat().st_mode

    def test_is_written_through_a_symbolic_link(self, suffix: str, net: Network, tmp_path: Path) -> None:
        target, link = tmp_path / "target.txt", tmp_path / f"x{suffix}"
        target.write_text("old")
        link.symlink_to(target)
        net.save(link)
        assert link.is_symlink()
        assert target.read_text() != "old"

    def test_stays_alone(self, suffix: str, net: Network, tmp_path: Path) -> None:
        net.save(tmp_path / f"x{suffix}")
        net.save(tmp_path / f"x{suffix}")
        assert os.listdir(tmp_path) == [f"x{suffix}"]

    def test_stays_as_it_was_when_it_cannot_be_written(self, suffix: str, net: Network, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="No such file"):
            net.save(tmp_path / "nowhere" / f"x{suffix}")
        (tmp_path / f"folder{suffix}").mkdir()
        with pytest.raises(IsADirectoryError):
            net.save(tmp_path / f"folder{suffix}")
        assert os.listdir(tmp_path) == [f"folder{suffix}"]


def test_a_python_file_runs_by_itself(net: Network, tmp_path: Path) -> None:
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    net.osc > net.sink
    net.save(tmp_path / "x.py")
    assert (tmp_path / "x.py").read_text() == (
        "# ipyclam network, format 1\n"
        "from ipyclam_core import Network\n"
        "\n"
        'net = Network("dummy")\n'
        "\n"
        "net.osc = net.types.Oscillator\n"
        "net.sink = net.types.Sink\n"
        "\n"
        "net.osc.Output > net.sink.Input\n"
    )
    command = [sys.executable, "-c", "import runpy, sys; print(runpy.run_path(sys.argv[1])['net'].code())", str(tmp_path / "x.py")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == net.code() + "\n"


def test_an_unknown_suffix_is_refused(net: Network, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the suffix says the format: .*\.clamnetwork"):
        net.save(tmp_path / "x.txt")
