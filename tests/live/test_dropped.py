"""Networks that nobody holds any more stop, and `stop_all` reaches those that are held somewhere."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
import soundfile
from waiting import eventually

from ipyclam_core import Network, stop_all
from ipyclam_core.proxy import Change


@pytest.fixture(autouse=True)
def _silence_before() -> Iterator[None]:
    gc.collect()
    yield
    stop_all()


def threads() -> int:
    return sum(thread.name in ("ipyclam service", "ipyclam files") for thread in threading.enumerate())


def playing() -> Network:
    net = Network()
    net.sine, net.out = "Sine", "AudioSink"
    net.sine > net.out
    net.play("clock")
    return net


def test_a_network_that_is_dropped_stops() -> None:
    nets = [playing() for _ in range(5)]
    engines = [weakref.ref(net.proxy.inner) for net in nets]
    assert threads() == 10
    nets.clear()
    assert [engine() for engine in engines] == [None] * 5  # at once, without a collection of garbage
    eventually(threads, 0)


def test_what_is_dropped_with_its_observers_stops_when_it_is_collected() -> None:
    net = playing()
    heard: list[tuple[Network, Change]] = []
    net.observe(lambda change, net=net: heard.append((net, change)))  # type: ignore[misc]
    del net
    heard.clear()
    gc.collect()
    eventually(threads, 0)


def test_a_handle_keeps_its_network_playing() -> None:
    sine = playing().sine
    gc.collect()
    sine.Frequency = 330.0
    assert threads() == 2
    del sine
    eventually(threads, 0)


def test_a_network_that_is_dropped_in_the_middle_of_edits_stops() -> None:
    def edit() -> None:
        net = playing()
        for k in range(50):
            net.sine.Frequency = 100.0 + k
            net[f"more{k}"] = "Sine"
            net[f"more{k}"] > net.out

    workers = [threading.Thread(target=edit) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    eventually(threads, 0)


def test_a_recording_of_a_network_that_is_dropped_is_complete(tmp_path: Path) -> None:
    nets = [playing()]
    end = nets[0].record(tmp_path / "take.wav")
    eventually(lambda: nets[0].status().position > 0.2)
    nets.clear()
    eventually(threads, 0)
    assert end() == soundfile.info(tmp_path / "take.wav").frames > 0.1 * 48000


def test_stop_all_stops_every_network() -> None:
    nets = [playing() for _ in range(3)]
    held = {"somewhere": nets.pop()}
    nets[0].pause()
    assert stop_all() == 3
    assert threads() == 0
    assert [net.state for net in (*nets, *held.values())] == ["stopped"] * 3
    assert stop_all() == 0


AT_THE_END = """
import atexit
from ipyclam_core import Network
def play():
    net = Network()
    net.sine, net.out = "Sine", "AudioSink"
    net.sine > net.out
    net.play("clock")
    return net
play()  # nobody holds it
held = play()
atexit.register(lambda: print(held.state))
"""


def test_a_process_ends_while_a_dropped_network_stops(program: Callable[..., Popen[str]]) -> None:
    process = program(AT_THE_END)
    said, complained = process.communicate(timeout=60)
    assert (process.returncode, said.strip(), complained) == (0, "playing", "")
