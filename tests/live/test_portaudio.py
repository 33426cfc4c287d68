"""The PortAudio device, without a sound card: PortAudio plays to a JACK server too. Its library looks for devices once in a
process, so each of these has a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
from jackd import Jackd

from ipyclam_core import Network

from .jack_listener import Listener
from .test_jack import noise, within

PLAYING = """
import sys, time
from ipyclam_core import Network
from ipyclam_core.errors import IpyclamError

net = Network()
net.noise = net.types.WhiteNoise
net.sink = net.types.AudioSink
net.noise > net.sink
"""

WAIT = """
net.play("portaudio")
print(net.status().device, flush=True)
sys.stdin.readline()
print(net.status().messages[:1], net.state, flush=True)
net.play("clock")
print(net.status().device, flush=True)
net.stop()
"""


@pytest.fixture
def server() -> Iterator[Jackd]:
    with Jackd("portaudio") as started:
        yield started


def run(code: str) -> str:
    """What a process prints, and nothing else."""
    ended = subprocess.run([sys.executable, "-c", PLAYING + code], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def playing() -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", PLAYING + WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "portaudio: system\n"
    return process


def test_what_is_heard_is_what_a_render_computes_left_and_right(server: Jackd) -> None:
    process = playing()
    with Listener() as listener:
        time.sleep(0.2)
        heard = [listener.listen(port, 0.5) for port in ("PortAudio:out_0", "PortAudio:out_1")]
        assert process.communicate("\n", timeout=30)[0] == "() playing\nclock\n"
        assert listener.names("PortAudio") == []
    net = Network()
    noise(net)
    expected = net.render(10.0, sample_rate=48000, block_size=512)[:, 0]
    for samples in heard:
        assert len(samples) > 4096
        assert within(samples, expected)


def test_a_card_that_goes_away_is_noticed_and_playing_goes_on_elsewhere(server: Jackd) -> None:
    process = playing()
    time.sleep(0.3)
    server.kill()
    time.sleep(2.0)
    out = process.communicate("\n", timeout=60)[0]
    assert "portaudio: system" in out
    assert "; play() continues on another device',) paused\n" in out
    assert out.endswith("clock\n")


def test_a_rate_that_the_card_does_not_have_is_refused_in_words(server: Jackd) -> None:
    told = run('try: net.play("portaudio", sample_rate=12345)\nexcept IpyclamError as error: print(type(error).__name__, error, net.state)')
    assert told == "DeviceError cannot play on 'portaudio': portaudio: system: Invalid sample rate stopped\n"


def test_without_a_sound_card_it_says_so_and_auto_takes_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "ipyclam-not-there")
    told = run('try: net.play("portaudio")\nexcept IpyclamError as error: print(error)\nnet.play(); print(net.status().messages)')
    assert "cannot play on 'portaudio': PortAudio finds no sound card" in told
    assert "no sound card: playing to the clock device, which is silent (no JACK server is running; PortAudio finds no sound card)" in told


def test_a_fade_reaches_the_card_before_it_stops(server: Jackd) -> None:
    process = playing()
    with Listener() as listener:
        time.sleep(0.2)
        listener.client.connect("PortAudio:out_0", listener.port)
        time.sleep(0.2)
        process.communicate("\n", timeout=30)
        time.sleep(0.1)
        played = np.concatenate([samples for _, samples in listener.cycles])
        last = np.flatnonzero(played)[-1]
    assert np.abs(played[last - 20 : last + 1]).max() < 0.2
