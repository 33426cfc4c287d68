"""Processes that are forked from one with a client of JACK: they leave, and disturb nothing of their parent's."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jackd import Jackd

FORKED = """
import atexit, os, sys, time
from ipyclam_core import Network
from ipyclam_core.errors import DeviceError

net = Network("jack") if sys.argv[1] == "engine" else Network()
if sys.argv[1] == "engine":
    {launch}
else:
    net.sine, net.out = "Sine", "AudioSink"
    net.sine > net.out
    net.play("jack")
before = list(net)
child = os.fork()
if not child:
    atexit.register(lambda: print("left", list(net) == before, flush=True))
    if sys.argv[2] == "works":
        if sys.argv[1] == "engine":
            try:
                net.play()
            except DeviceError as error:
                print(error)
        other = Network("jack", name="child")
        print("system" in other)
        other.close()
    elif sys.argv[2] == "closes":
        net.close()
    elif sys.argv[2] == "fails":
        raise SystemExit(3)
    sys.exit(3)
assert os.waitpid(child, 0)[1] == 3 << 8
other = Network("jack", name="other")
if sys.argv[1] == "engine":
    net.play()
    other.close()
    while list(net) != before:
        time.sleep(0.01)
else:
    assert "ipyclam" in other
    other.close()
    began = net.status().position
    while net.status().position < began + 0.05:
        time.sleep(0.01)
assert (net.state, net.status().messages) == ("playing", ()), net.status()
net.stop()
net.close()
print("whole")
"""


def forked(kind: str, child: str, launch: str = "pass") -> list[str]:
    command = [sys.executable, "-c", FORKED.format(launch=launch), kind, child]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


@pytest.mark.parametrize("child", ["exits", "closes", "fails"])
@pytest.mark.parametrize("kind", ["engine", "device"])
def test_a_forked_process_leaves(server: Jackd, kind: str, child: str) -> None:
    assert forked(kind, child) == ["left True", "whole"]


def test_a_forked_process_can_follow_the_server_by_itself(server: Jackd) -> None:
    said, *rest = forked("engine", "works")
    assert said.startswith("this network belongs to the process that was forked")
    assert rest == ["True", "left True", "whole"]
    assert forked("device", "works") == ["True", "left True", "whole"]


def test_plugins_stay_with_the_process_that_started_them(server: Jackd) -> None:
    assert forked("engine", "exits", 'net.delay = "http://drobilla.net/plugins/mda/Delay"') == ["left True", "whole"]
