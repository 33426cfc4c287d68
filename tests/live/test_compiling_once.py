"""Threads and processes that need the same kernels compile each of them once, with as many processes as there are processors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare import in_port, out_port, processing
from ipyclam_core.dsp import kernel, kernels
from ipyclam_core.engines.clam import ahead
from ipyclam_core.engines.clam.ahead import Background
from ipyclam_core.engines.clam.compilers import Compilers, processors

pytestmark = pytest.mark.slow


def children_of(pid: int) -> list[int]:
    """The processes that any thread of a process has begun."""
    found: list[int] = []
    with suppress(OSError):  # it ended just now
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):  # so did the thread
                found += [int(one) for one in (task / "children").read_text().split()]
    return found


def rendered(type_name: str) -> float:
    net = Network("clam")
    net.mine, net.out = net.types[type_name], net.types.AudioSink
    _ = net.mine > net.out
    return float(np.abs(net.render(frames=64)).max())


def define_and_render() -> float:
    @processing(category="Mine")
    class OnceForAll:
        """A constant is added."""

        audio = in_port("Audio Input")
        louder = out_port("Audio Output")

        def step(audio):  # noqa: N805
            return audio + 0.375

    return rendered("OnceForAll")


def test_threads_that_define_and_render_the_same_type_compile_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered("Oscillator")  # what every network needs
    monkeypatch.setenv("IPYCLAM_CACHE", str(tmp_path))
    peaks: list[float] = []
    threads = [threading.Thread(target=lambda: peaks.append(define_and_render())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert peaks == [0.375] * 6
    assert kernel.compiled_here().count("OnceForAll") == 1
    assert len(list(tmp_path.glob("kernels/*"))) == 1


RENDER = """
import threading
from ipyclam_core import Network
from ipyclam_core.dsp import kernel

peaks = []

def render():
    net = Network()
    net.saw, net.gain, net.out = net.types.Saw, net.types.Gain, net.types.AudioSink
    net.saw > net.gain > net.out
    peaks.append(abs(net.render(frames=4096)).max() > 0.5)

threads = [threading.Thread(target=render) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(peaks == 6 * [True], *kernel.compiled_here())
"""


def test_threads_that_render_share_the_processes_that_compile(tmp_path: Path) -> None:
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", RENDER], env=environment, stdout=subprocess.PIPE)
    seen: set[int] = set()
    most = 0

    def look() -> bool:
        nonlocal most
        children = children_of(process.pid)
        at_work = {*children}.union(*map(children_of, children))
        seen.update(at_work)
        most = max(most, len(at_work))
        return process.poll() is not None

    while not look():
        pass
    assert process.communicate()[0] == b"True\n"
    assert most <= processors()
    assert len(seen) <= processors()


COMPILE = """
import sys
from ipyclam_core.declare import catalog, in_port, out_port, processing
from ipyclam_core.dsp import kernel, kernels
from ipyclam_core.dsp.native import typed

@processing(category="Mine")
class OfTwoProcesses:
    "Halves."
    audio = in_port("Audio Input")
    halved = out_port("Audio Output")
    def step(audio):
        return audio / 2

print("ready", flush=True)
sys.stdin.readline()
assert kernels.of_type(catalog["OfTwoProcesses"])
print(*kernel.compiled_here())
"""


def test_of_processes_that_need_the_same_kernel_one_compiles_it(tmp_path: Path) -> None:
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path)}
    options = {"env": environment, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", COMPILE], **options) for _ in range(3)]  # type: ignore[call-overload]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert sorted(process.communicate()[0] for process in processes) == ["\n", "\n", "OfTwoProcesses\n"]


@pytest.fixture
def compilers(monkeypatch: pytest.MonkeyPatch) -> Compilers:
    """None has been begun, and nobody waits for any."""
    anew = Compilers(ahead.__name__)
    monkeypatch.setattr(ahead, "compilers", anew)
    return anew


@pytest.fixture
def nothing_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for kernels, empty; nothing is known of those that this process has loaded."""
    monkeypatch.setenv("IPYCLAM_CACHE", str(tmp_path))
    monkeypatch.setattr(kernels, "_found", set())
    monkeypatch.setattr(kernel, "_loaded", {})
    return tmp_path / "kernels"


@pytest.fixture
def begun() -> Callable[[], list[int]]:
    """The processes that this one has begun since."""
    before = set(children_of(os.getpid()))
    return lambda: [one for one in children_of(os.getpid()) if one not in before]


def test_who_gives_up_leaves_the_others_what_they_wait_for(
    nothing_compiled: Path, compilers: Compilers, begun: Callable[[], list[int]]
) -> None:
    first, second = (compilers.order(["type:Saw", "type:Gain"]) for _ in range(2))
    assert not compilers.tend(first)
    (one,) = begun()
    compilers.withdraw(first)
    assert begun() == [one]
    eventually(lambda: compilers.tend(second))
    assert len(list(nothing_compiled.glob("*.o"))) == 2
    assert begun() == []


def test_when_all_have_given_up_nothing_is_compiled(nothing_compiled: Path, compilers: Compilers, begun: Callable[[], list[int]]) -> None:
    order = compilers.order(["type:Saw"])
    assert not compilers.tend(order)
    compilers.withdraw(order)
    assert begun() == []


@pytest.mark.skipif(processors() < 2, reason="one processor, one process")
def test_one_that_is_killed_is_not_waited_for(nothing_compiled: Path, compilers: Compilers, begun: Callable[[], list[int]]) -> None:
    order = compilers.order(["type:Saw", "type:Gain", "type:Triangle", "type:Sine"])
    assert not compilers.tend(order)
    (one,) = begun()
    other = eventually(lambda: children_of(one))[0]
    os.kill(other, signal.SIGKILL)
    eventually(lambda: compilers.tend(order))
    assert begun() == []


def test_a_copy_of_the_process_leaves_what_its_parent_has_begun(nothing_compiled: Path, compilers: Compilers) -> None:
    order = compilers.order(["type:Gain"])
    assert not compilers.tend(order)
    child = os.fork()
    if child == 0:
        compilers.withdraw(order)
        os._exit(int(compilers.tend(order)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    eventually(lambda: compilers.tend(order))
    assert len(list(nothing_compiled.glob("*.o"))) == 1


def test_what_cannot_be_compiled_is_not_waited_for(nothing_compiled: Path, compilers: Compilers) -> None:
    order = compilers.order(["type:NoSuchType", "type:Gain"])
    eventually(lambda: compilers.tend(order))
    assert len(list(nothing_compiled.glob("*.o"))) == 1


def test_they_end_with_the_player_that_nobody_closed(nothing_compiled: Path, compilers: Compilers, begun: Callable[[], list[int]]) -> None:
    from ipyclam_core.engines.clam.types import declaration

    background = Background()
    assert not background.is_ready(declaration("Saw"))
    assert not background.tend()
    assert len(begun()) == 1
    del background
    assert begun() == []
