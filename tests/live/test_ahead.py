"""The first sound on a machine, and that of a new type: other processes compile what is needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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


def test_other_processes_compile_everything_and_later_ones_nothing(tmp_path: Path) -> None:
    assert played(tmp_path) == []
    assert played(tmp_path, "/bin/false") == []


def test_where_there_can_be_no_other_process_all_is_compiled_here(tmp_path: Path) -> None:
    assert {"Saw", "Gain", "compute", "mix", "clock_thread"} <= {*played(tmp_path, "/bin/false")}


def test_ctrl_c_ends_all_of_them(tmp_path: Path) -> None:
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", PLAY], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    (child,) = eventually(lambda: children_of(process.pid))
    grandchildren = eventually(lambda: children_of(child))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert "KeyboardInterrupt" in told
    eventually(lambda: not any(Path(f"/proc/{each}").exists() for each in (child, *grandchildren)))


ADD = """
import sys, time
from ipyclam_core import Network
from ipyclam_core.dsp import kernel

def until(holds):
    while not holds():
        time.sleep(0.01)

net = Network()
net.saw, net.out = net.types.Saw, net.types.AudioSink
net.saw > net.out
net.play("clock")
sys.executable = sys.argv[1]
net.new, net.unwanted = net.types.Gain, net.types.Triangle
print(*net.status().messages, sep="\\n")
net.saw > net.new > net.out
del net.unwanted
net.new.name = "renamed"
net.renamed.Gain = 0.5
until(lambda: not net.status().messages)
until(lambda: abs(net.renamed["Audio Output"].samples(100)).max() > 0.1)
assert abs(net.renamed["Audio Output"].samples(4000)).max() < 0.6
print("Gain" in kernel.compiled_here(), "numba" in sys.modules)
net.other = net.types.Sine
until(lambda: not kernel.compiled_here() or not net.status().messages)
net.close()
"""


@pytest.mark.parametrize("executable", [sys.executable, "/bin/false", "/no/such/file"])
def test_a_type_that_was_never_compiled_joins_when_its_kernel_is_there(tmp_path: Path, executable: str) -> None:
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ADD, executable], env=environment, capture_output=True, text=True, timeout=250)
    assert (done.returncode, done.stderr) == (0, "")
    *said, last = done.stdout.splitlines()
    if executable == sys.executable:
        assert said[0] == "new is silent: Gain is being compiled, once on this machine"
        assert last == "False False"
    else:
        assert last == "True True"
