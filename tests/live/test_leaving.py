"""Ending in the middle of things: while the network is held by whoever is ended, in a child process, at a signal."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from waiting import PATIENCE

from ipyclam_core import Network

pytestmark = pytest.mark.slow

PLAYING = """
import multiprocessing, os, signal, sys, threading, time
from ipyclam_core import Network

net = Network()
net.tone = net.types.SimpleOscillator
net.sink = net.types.AudioSink
net.play("clock")
"""

HELD = """
def held(change):
    if change.kind == "connected":
        time.sleep(0.2)  # whoever looks after the player waits by now
        os.kill(os.getpid(), signal.{name})

net.observe(held)
net.tone > net.sink
time.sleep(60)
"""

EDITING = """
print("playing", flush=True)
while True:
    for pitch in range(100, 200):
        net.tone.Pitch = float(pitch)
    net.tone > net.sink
    net.tone / net.sink
"""

CHILD = """
net.tone > net.sink
holds, leaves = threading.Event(), threading.Event()

def hold(change):
    if change.kind == "added":
        holds.set()
        leaves.wait()

net.observe(hold)
holder = threading.Thread(target=lambda: setattr(net, "other", net.types.WhiteNoise))
holder.start()
holds.wait()  # another thread is in the middle of a change, and is not there in the child

def child():
    assert (net.state, net.status().state) == ("stopped", "stopped")
    net.stop()
    net.tone.Pitch = 300.0
    net.tone / net.sink
    net.tone > net.sink
    assert net.render(frames=64).any()
    net.play("clock")
    while net.status().position < 0.05:
        time.sleep(0.01)
    net.stop()

process = multiprocessing.get_context("fork").Process(target=child)
process.start()
process.join(60)
code = process.exitcode
process.kill()
leaves.set()
holder.join()
assert (code, net.state, net.status().messages) == (0, "playing", ()), code
before = net.status().position
while net.status().position < before + 0.05:
    time.sleep(0.01)
"""


def run(then: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PLAYING + then], capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_while_the_network_is_held(name: str) -> None:
    ended = run(HELD.format(name=name))
    assert (ended.returncode, ended.stderr) == (-signal.Signals[name], "")


def test_a_signal_in_the_middle_of_edits(program: Callable[..., subprocess.Popen[str]]) -> None:
    for _ in range(4):
        process = program(PLAYING + EDITING)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0.0, 0.1))  # somewhere among them
        process.terminate()
        _, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (-signal.SIGTERM, "")


def test_an_observer_may_stop_what_plays() -> None:
    net = Network()
    net.tone = net.types.SimpleOscillator
    net.sink = net.types.AudioSink
    net.play("clock")

    def stop(change: object) -> None:
        if getattr(change, "kind", "") == "connected":
            time.sleep(0.2)  # whoever looks after the player waits by now
            net.stop()

    cancel = net.observe(stop)
    net.tone > net.sink
    cancel()
    assert net.state == "stopped"


def test_a_child_process_begins_in_silence_and_leaves_its_parent_alone() -> None:
    ended = run(CHILD)
    assert ended.returncode == 0, ended.stderr
