"""The first sound on a machine: a second process compiles a part of what is needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from waiting import eventually

pytestmark = pytest.mark.slow

PLAY = """
import sys, time
from ipyclam_core import Network
from ipyclam_core.dsp import kernel

executable = sys.argv[1] if len(sys.argv) > 1 else sys.executable
sys.executable = executable
net = Network()
net.saw, net.gain, net.out = net.types.Saw, net.types.Gain, net.types.AudioSink
net.saw > net.gain > net.out
print("begins", flush=True)
net.play("clock")
while not net.status().position:
    time.sleep(0.01)
print(*kernel.compiled_here())
net.close()
"""


def played(cache: Path, *arguments: str) -> list[str]:
    """The kernels that were compiled in the process that plays."""
    environment = {**os.environ, "IPYCLAM_CACHE": str(cache)}
    done = subprocess.run([sys.executable, "-c", PLAY, *arguments], env=environment, capture_output=True, text=True, timeout=250)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()[-1].split()


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_second_process_compiles_its_share_and_later_ones_nothing(tmp_path: Path) -> None:
    here = played(tmp_path)
    assert {"Saw", "Gain"} <= {*here}
    assert not {"compute", "mix", "clock_thread"} & {*here}
    assert played(tmp_path) == []


def test_where_there_can_be_no_second_process_all_is_compiled_here(tmp_path: Path) -> None:
    assert {"Saw", "Gain", "compute", "mix", "clock_thread"} <= {*played(tmp_path, "/bin/false")}


def test_ctrl_c_ends_both(tmp_path: Path) -> None:
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", PLAY], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    (child,) = eventually(lambda: children_of(process.pid))
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert "KeyboardInterrupt" in told
    assert not Path(f"/proc/{child}").exists()
