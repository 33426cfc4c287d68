"""The PortAudio device, without a sound card: PortAudio plays to a JACK server too. Its library looks for devices once in a
process, so each of these has a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from jackd import Jackd
from waiting import PATIENCE, eventually

from ipyclam_core import Network

from .jack_listener import Listener
from .test_jack import noise, within

pytestmark = pytest.mark.slow

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
net.play("portaudio", limiter=False)
while net.status().position < 0.05:  # at its full level
    time.sleep(0.01)
print(net.status().device, flush=True)
if sys.stdin.readline() == "gone\\n":
    while not net.status().messages:
        time.sleep(0.01)
print(net.status().messages[:1], net.state, flush=True)
net.play("clock")
print(net.status().device, flush=True)
net.stop()
"""


@pytest.fixture
def server() -> Iterator[Jackd]:
    with Jackd("portaudio", synchronous=True) as started:
        yield started


def run(code: str) -> str:
    """What a process prints, and nothing else."""
    ended = subprocess.run([sys.executable, "-c", PLAYING + code], capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture
def playing(server: Jackd, program: Callable[..., subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """A process that plays to the card; a line on its standard input ends it."""
    process = program(PLAYING + WAIT)
    assert process.stdout is not None
    assert process.stdout.readline() == "portaudio: system\n"
    return process


def test_what_is_heard_is_what_a_render_computes_left_and_right(playing: subprocess.Popen[str]) -> None:
    with Listener() as listener:
        heard = [listener.listen(port) for port in ("PortAudio:out_0", "PortAudio:out_1")]
        assert playing.communicate("\n", timeout=PATIENCE)[0] == "() playing\nclock\n"
        eventually(lambda: listener.names("PortAudio"), [])
    net = Network()
    noise(net)
    expected = net.render(60.0, sample_rate=48000, block_size=512)[:, 0]
    for samples in heard:
        assert within(samples, expected)


@pytest.mark.parametrize(("options", "limited"), [("", True), (", limiter=False", False)])
def test_a_card_gets_nothing_beyond_full_scale_unless_one_says_so(
    server: Jackd, program: Callable[..., subprocess.Popen[str]], options: str, limited: bool
) -> None:
    play = WAIT.replace('net.play("portaudio", limiter=False)', f'net.volume = 12\nnet.play("portaudio"{options})')
    process = program(PLAYING + play.replace('net.play("clock")', "levels = net.levels(); print(levels.limits, levels.blocks > 0)"))
    assert process.stdout is not None
    assert process.stdout.readline() == "portaudio: system\n"
    with Listener() as listener:
        loudest = abs(listener.listen("PortAudio:out_0")).max()
        out = process.communicate("\n", timeout=PATIENCE)[0]
    assert f"{limited} {limited}\n" in out
    assert (loudest == 1.0) if limited else (loudest > 2.0)


def test_a_card_that_goes_away_is_noticed_and_playing_goes_on_elsewhere(server: Jackd, playing: subprocess.Popen[str]) -> None:
    server.kill()
    out = playing.communicate("gone\n", timeout=PATIENCE)[0]
    assert "portaudio: system" in out
    assert ". To continue on another device: play()',) paused\n" in out
    assert out.endswith("clock\n")


def test_a_rate_that_the_card_does_not_have_is_refused_in_words(server: Jackd) -> None:
    told = run('try: net.play("portaudio", sample_rate=12345)\nexcept IpyclamError as error: print(type(error).__name__, error, net.state)')
    assert told == "DeviceError cannot play on 'portaudio': portaudio: system: Invalid sample rate stopped\n"


def test_without_a_sound_card_it_says_so_and_auto_takes_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "ipyclam-not-there")
    told = run('try: net.play("portaudio")\nexcept IpyclamError as error: print(error)\nnet.play(); print(net.status().messages)')
    assert "cannot play on 'portaudio': PortAudio finds no sound card" in told
    assert "no sound card: playing to the clock device, which is silent (no JACK server is running; PortAudio finds no sound card)" in told


def test_a_fade_reaches_the_card_before_it_stops(playing: subprocess.Popen[str]) -> None:
    with Listener() as listener:
        listener.client.connect("PortAudio:out_0", listener.port)
        eventually(lambda: listener.cycles and listener.cycles[-1][1].any())
        playing.communicate("\n", timeout=PATIENCE)
        eventually(lambda: not listener.cycles[-1][1].any())
        played = np.concatenate([samples for _, samples in listener.cycles])
        last = np.flatnonzero(played)[-1]
    assert np.abs(played[last - 20 : last + 1]).max() < 0.2
