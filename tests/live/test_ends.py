"""However a process ends while it plays, it ends cleanly: no crash, no client that is left, no file that is cut short."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import soundfile
from jackd import Jackd
from waiting import PATIENCE, eventually

from .jack_listener import Listener

pytestmark = pytest.mark.slow

PLAYING = """
import os, sys, threading, time
from ipyclam_core import Network

net = Network()
net.noise = net.types.WhiteNoise
net.sink = net.types.AudioSink
net.noise > net.sink
if len(sys.argv) > 1:
    net._proxy.inner.record(sys.argv[1])
net.play("jack")
while net.status().position < 0.1:
    time.sleep(0.01)
print("playing", flush=True)
"""

FORK = """
pid = os.fork()
if not pid:
    sys.exit(0)
os.waitpid(pid, 0)
assert (net.state, net.status().messages) == ("playing", ())
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Jackd]:
    with Jackd("ends") as started:
        yield started


Program = subprocess.Popen[str]


@pytest.fixture
def start(server: Jackd, program: Callable[..., Program]) -> Callable[..., Program]:
    """Starts a process that plays, and then does something."""

    def begin(then: str, *arguments: str) -> Program:
        process = program(PLAYING + then, *arguments)
        assert process.stdout is not None
        assert process.stdout.readline() == "playing\n", process.stderr.read() if process.stderr else ""
        return process

    return begin


def says(process: Program, line: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == f"{line}\n"


def assert_clean(process: Program, code: int, said: str = "") -> None:
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, errors
    assert said in errors
    for word in ("Fatal", "Segmentation", "core dumped", "pthread"):
        assert word not in errors
    with Listener() as listener:
        eventually(listener.names, [])


@pytest.mark.parametrize(
    ("then", "code", "said"),
    [
        ("", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("raise RuntimeError('user code')", 1, "RuntimeError: user code"),
        ("net.stop()", 0, ""),
        ("del net", 0, ""),
        ("threading.Thread(target=lambda: net.noise.Pitch).start()", 0, "noise has no 'Pitch'"),
        ("os._exit(4)", 4, ""),
        (
            "pid = os.fork()\nif not pid: sys.exit(0)\nos.waitpid(pid, 0)\nassert net.state == 'playing' and not net.status().messages",
            0,
            "",
        ),
        ("import atexit; atexit.register(lambda: print(net.state))", 0, ""),
    ],
    ids=["end", "exit", "exception", "stop", "forgotten", "thread", "_exit", "fork", "atexit"],
)
def test_a_process_that_ends_while_it_plays(start: Callable[..., Program], then: str, code: int, said: str) -> None:
    assert_clean(start(then), code, said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_process_that_is_ended_by_a_signal(start: Callable[..., Program], number: signal.Signals) -> None:
    process = start("time.sleep(60)")
    process.send_signal(number)
    assert_clean(process, -number)


def test_ctrl_c(start: Callable[..., Program]) -> None:
    process = start("time.sleep(60)")
    process.send_signal(signal.SIGINT)
    assert_clean(process, -signal.SIGINT, "KeyboardInterrupt")


def test_ctrl_c_that_is_caught_leaves_it_playing(start: Callable[..., Program]) -> None:
    then = "try: print('waiting', flush=True); time.sleep(60)\nexcept KeyboardInterrupt: print(net.state, net.status().messages)"
    process = start(then)
    says(process, "waiting")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("playing ()\n", 0)


def test_a_recording_is_whole_when_the_process_is_ended(start: Callable[..., Program], tmp_path: Path) -> None:
    process = start("while net.status().position < 0.3: pass\nprint('recorded', flush=True); time.sleep(60)", str(tmp_path / "out.wav"))
    says(process, "recorded")
    process.send_signal(signal.SIGTERM)
    assert_clean(process, -signal.SIGTERM)
    assert soundfile.info(tmp_path / "out.wav").frames >= 0.3 * 48000


def test_a_handler_of_the_user_stays_in_charge(start: Callable[..., Program]) -> None:
    then = "import signal; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print('waiting', flush=True); time.sleep(60)"
    process = start(then)
    says(process, "waiting")
    process.send_signal(signal.SIGTERM)
    assert_clean(process, 7)
