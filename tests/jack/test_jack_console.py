"""The console on a server: sessions from the command line, what waits, and JACK beside a network that plays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from asking import assert_connected

AMP = "http://lv2plug.in/plugins/eg-amp"


@pytest.fixture
def console(server, tmp_path):
    """Runs ``ipyclam_console`` in an empty directory; what it has written."""
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / "profile")}

    def run(*arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("ipyclam_console")), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path, env=environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    return run


def test_a_profile_is_switched_from_a_shell(console):
    console("--engine=jack", "-c", "net.system.capture_1 > net.system.playback_2\n%save studio.py")
    console("--engine=jack", "-c", "net.system.disconnect(); net.system.capture_2 > net.system.playback_2")
    assert_connected("system:playback_2", "system:capture_2")
    console("--engine=jack", "studio.py", "-c", "exit")
    assert_connected("system:playback_2", "system:capture_1")
    console("--engine=jack", "-c", "net.clear()")


def test_what_waits_is_listed(console, tmp_path):
    (tmp_path / "studio.py").write_text(
        "# ipyclam network, format 1\n"
        "from ipyclam_core import Network, Placeholder\n\n"
        'net = Network("jack")\n\n'
        'net.firefox = Placeholder("JACK client", outports=[("left", "audio")])\n'
        f'net.amp = net.types["{AMP}"]\n\n'
        'net.firefox.left > net.amp["in"]\n'
    )
    told = console("--engine=jack", "studio.py", "-c", "%status")
    assert "waiting: firefox['left'] > amp['in']" in told


def test_status_tells_how_the_server_does_when_its_transport_stands_still(console):
    assert re.search(
        r"stopped · 0:00\.0 · jack, 48000 Hz, blocks of 512 · load \d+% · xruns \d+", console("--engine=jack", "-c", "%status")
    )


def test_what_net_plays_is_a_client_in_jack(console):
    told = console(
        "-c",
        "jack = Network('jack'); net.osc = 'Oscillator'; net.out = 'AudioSink'; net.osc > net.out; net.play(device='jack')\n"
        "import time\n"
        "while 'ipyclam' not in jack or [len(port.peers) for port in jack.ipyclam._outports] != [2]: time.sleep(0.01)\n"  # by itself
        "jack.ipyclam.disconnect(); jack.ipyclam.out > jack.system.playback_2; print(jack.system.playback_2.peers)",
    )
    assert "(jack.ipyclam.out,)" in told
