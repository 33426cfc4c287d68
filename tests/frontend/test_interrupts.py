"""Ctrl-C in the middle of an operation: it is whole, or has not happened; nothing is locked, and the sound goes on."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from waiting import PATIENCE, eventually

from ipyclam_core import Network
from ipyclam_core.system.interrupts import INSIST_SECONDS, safe_point, whole


class Alarm:
    """Raises ``KeyboardInterrupt`` in the main thread after some time, as Ctrl-C does."""

    def __init__(self) -> None:
        self.armed = False

    def __call__(self, number: int, frame: object) -> None:
        if self.armed:
            self.armed = False
            raise KeyboardInterrupt

    def during(self, act: Callable[[], object], seconds: float) -> bool:
        """Do something, and interrupt it after so many seconds; whether it came to its end."""
        ended, self.armed = False, True
        try:
            signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-5))
            act()
            ended = True
            self.armed = False  # here, where one that comes this moment is caught
        except KeyboardInterrupt:
            pass
        signal.setitimer(signal.ITIMER_REAL, 0)
        return ended


@pytest.fixture
def alarm() -> Iterator[Alarm]:
    made = Alarm()
    before = signal.signal(signal.SIGALRM, made)
    yield made
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A network of some hundred processings, in each format."""
    folder = tmp_path_factory.mktemp("big")
    net = Network()
    net.sink = net.types.AudioSink
    net.bank("saw{}", net.types.Saw, 200) > net.bank("gain{}", net.types.Gain, 200) > net.sink
    net.save(folder / "big.py")
    net.group("gain*").disconnect()
    net.save(folder / "big.clamnetwork")
    return folder


def begin(playing: bool) -> Network:
    net = Network()
    net.keep, net.out = net.types.Sine, net.types.AudioSink
    net.keep > net.out
    if playing:
        net.play("clock")
    return net


def check_whole(net: Network, playing: bool) -> None:
    """No lock is held, edits work and are undone, and what played plays on."""
    done = threading.Thread(target=lambda: setattr(net.keep, "Frequency", 441.0), daemon=True)
    done.start()
    done.join(PATIENCE)
    assert not done.is_alive(), "a lock is held"
    net.undo()
    before = net.code()
    net.probe = net.types.Gain
    net.keep > net.probe
    del net.probe
    for _ in range(3):
        net.undo()
    assert net.code() == before
    if playing:
        position = net.status().position
        eventually(lambda: net.status().position > position)
        assert not [text for text in net.status().messages if "error" in text]


@pytest.mark.slow
@pytest.mark.parametrize("playing", [False, True], ids=["stopped", "playing"])
@pytest.mark.parametrize("what", ["big.py", "big.clamnetwork", "bank", "clear"])
def test_an_interrupted_operation_is_whole_or_has_not_happened(alarm, files, what, playing) -> None:
    statements = {"bank": lambda: net.bank("saw{}", net.types.Saw, 400), "clear": lambda: net.clear()}
    act = statements.get(what) or (lambda: net.load(files / what))
    net = begin(playing)
    try:
        before = net.code()
        act()
        after = net.code()
        net.undo()
        began = time.perf_counter()
        act()
        took = time.perf_counter() - began
        net.undo()
        chance, ended = random.Random(1), []
        for _ in range(12):
            ended.append(alarm.during(act, chance.uniform(0.0, took)))
            assert net.code() in (before, after)
            if net.code() == after:
                net.undo()
            assert net.code() == before
            check_whole(net, playing)
        assert not all(ended), "nothing was interrupted"
    finally:
        net.close()


def test_interrupted_undo_and_redo_are_whole(alarm) -> None:
    net = begin(playing=False)
    empty = net.code()
    net.bank("saw{}", net.types.Saw, 400)
    full = net.code()
    began = time.perf_counter()
    net.undo()
    took = time.perf_counter() - began
    chance = random.Random(2)
    for _ in range(20):
        alarm.during(net.redo, chance.uniform(0.0, took))
        assert net.code() in (empty, full)
        if net.code() == empty:
            net.redo()
        assert net.code() == full
        alarm.during(net.undo, chance.uniform(0.0, took))
        assert net.code() in (empty, full)
        if net.code() == full:
            net.undo()
        assert net.code() == empty


def test_edits_while_it_plays_survive_a_storm(alarm) -> None:
    net = begin(playing=True)
    try:
        before, chance = net.code(), random.Random(3)

        def edit() -> None:
            for _ in range(20):
                net.x = net.types.Gain
                net.keep > net.x
                del net.x

        for _ in range(30):
            alarm.during(edit, chance.uniform(0.0, 0.05))
            if "x" in net:
                del net.x
            assert net.code() == before
        check_whole(net, playing=True)
    finally:
        net.close()


def test_a_render_is_interrupted_at_once(alarm) -> None:
    net = begin(playing=False)
    net.render(frames=64)
    assert not alarm.during(lambda: net.render(seconds=100_000), 0.1)
    assert len(net.render(frames=64)) == 64


def test_playing_is_interrupted_whole(alarm) -> None:
    net = begin(playing=True)
    try:
        chance = random.Random(4)
        for _ in range(15):
            alarm.during(lambda: (net.stop(), net.play("clock")), chance.uniform(0.0, 0.05))
            net.play("clock")
            check_whole(net, playing=True)
    finally:
        net.close()
    eventually(lambda: [thread.name for thread in threading.enumerate() if thread.name.startswith("ipyclam")], [])


def test_a_signal_waits_for_the_end_of_an_operation() -> None:
    heard = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
    try:
        with whole():
            os.kill(os.getpid(), signal.SIGUSR1)
            assert heard == []
            with whole():
                pass
            assert heard == []
        assert heard == [signal.SIGUSR1]
        with whole():
            os.kill(os.getpid(), signal.SIGUSR1)
            safe_point()
            assert len(heard) == 2
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_whoever_insists_is_heard_in_an_operation_that_hangs() -> None:
    class Insisted(Exception):
        """The handler was called."""

    def insist(number: int, frame: object) -> None:
        enough.set()
        raise Insisted

    def knock() -> None:
        while not enough.wait(INSIST_SECONDS / 4):
            os.kill(os.getpid(), signal.SIGUSR1)

    enough, hand = threading.Event(), threading.Thread(target=lambda: knock())
    before = signal.signal(signal.SIGUSR1, insist)
    try:
        with pytest.raises(Insisted), whole():  # noqa: PT012 - an operation that hangs
            hand.start()
            time.sleep(60)
    finally:
        hand.join()
        signal.signal(signal.SIGUSR1, before)


def test_handlers_are_as_they_were_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM)]
    with whole(), whole():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM)] == before
