"""What Python and the audio thread share: nobody reads or writes beyond its end, and it is given back when both have done with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy import float32
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare import out_port, processing
from ipyclam_core.system.living import Living

from .conftest import Stage

TESTS = Path(__file__).parents[1]


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program in another process, which may well die of a fault."""
    everything = {**os.environ, "PYTHONPATH": str(TESTS), **environment}
    return subprocess.run([sys.executable, "-X", "faulthandler", "-c", code], env=everything, capture_output=True, text=True, timeout=240)


FAR_APART = """
import mmap
from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.dsp import kernels

ANONYMOUS = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
held = []
for name in sorted(Network().types):
    kernels.of_type(catalog[name])
    for pages in (1, 2, 3, 4, 8, 16, 32, 64, 256, 1024):
        held += [mmap.mmap(-1, pages * mmap.PAGESIZE, ANONYMOUS) for _ in range(20)]
    held.append(mmap.mmap(-1, 3 << 30, ANONYMOUS | mmap.MAP_NORESERVE if hasattr(mmap, "MAP_NORESERVE") else ANONYMOUS | 0x4000))
    if len(held) > 8000:
        break
print("linked")
"""


@pytest.mark.slow
def test_kernels_can_be_linked_wherever_there_is_memory_left() -> None:
    """Samples and delay lines of some gigabytes lie between those that are there already and new ones."""
    ended = run(FAR_APART)
    assert (ended.stdout, ended.returncode) == ("linked\n", 0), ended.stderr


@pytest.mark.parametrize(
    ("name", "parameter", "long", "short"),
    [
        ("AdaptativeNotch", "FilterLength", 4096, 5),
        ("FractionalBufferDelay", "MaxDelayInSeconds", 1.0, 0.01),
        ("DopplerFractionalDelay", "MaxDelayInSeconds", 10.0, 1.0),
        ("TimeDelay", "MaxDelay", 10, 1),
    ],
)
def test_a_place_in_a_long_array_is_not_one_in_a_shorter_array(
    stages: Callable[..., Stage], name: str, parameter: str, long: float, short: float
) -> None:
    stage = stages(sample_rate=8000)
    stage.net.x = name
    stage.net.x[parameter] = long
    stage.play()
    stage.run(34 if long < 11 else 15)
    stage.net.x[parameter] = short
    instance = stage.player.edits.score.by_name["x"].instance
    stage.player._mailbox.drain()
    place = int(instance.chunk.fields["s.place"][instance.lane])
    assert 0 <= place < min(len(table) for cell, table in instance.tables.items() if cell.startswith("s."))
    stage.run(4)


def test_a_delay_that_is_not_a_number_is_none(stage: Stage) -> None:
    """Controls can be computed: infinity times zero."""
    net = stage.net
    net.source, net.line, net.out = "AudioSource", "TimeDelay", "AudioSink"
    net.huge, net.zero = "ControlScaler", "ControlScaler"
    net.source > net.line > net.out
    net.huge.Amount = 1e300
    net.zero.Amount = 0.0
    net.huge._outcontrols[0] > net.zero._incontrols[0]
    net.zero._outcontrols[0] > net.line.Delay
    stage.play()
    net.huge._incontrols[0] = 1e300
    heard = stage.run(8, np.full((8 * 256, 1), 0.5, np.float32))
    assert np.isfinite(heard).all()
    assert heard[-1, 0] == 0.5


def test_a_recording_keeps_its_memory_until_the_audio_thread_has_done_with_it(stage: Stage, tmp_path: Path) -> None:
    stage.net.osc, stage.net.out = "Sine", "AudioSink"
    stage.net.osc > stage.net.out
    stage.play()
    end = stage.net.record(str(tmp_path / "one.wav"))
    stage.run(4)
    ring = weakref.ref(stage.player._recorder._ring)
    another = stage.net.record(str(tmp_path / "two.wav"))
    assert ring() is not None
    del end
    stage.run(4)
    assert ring() is None
    assert another() == 4 * 256


def test_the_end_of_an_earlier_recording_does_not_end_a_later_one(stage: Stage, tmp_path: Path) -> None:
    stage.net.osc, stage.net.out = "Sine", "AudioSink"
    stage.net.osc > stage.net.out
    stage.play()
    first = stage.net.record(str(tmp_path / "one.wav"))
    stage.run(2)
    second = stage.net.record(str(tmp_path / "two.wav"))
    assert first() == 2 * 256
    stage.run(3)
    assert second() == 3 * 256


def test_however_many_threads_start_it_one_player_plays() -> None:
    net = Network()
    net.osc, net.out = "Sine", "AudioSink"
    net.osc > net.out
    together = threading.Barrier(6)

    def start(k: int) -> None:
        together.wait()
        for _ in range(5):
            net.play("clock")
            if k % 2:
                net.stop()

    threads = [threading.Thread(target=start, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    net.play("clock")
    assert [thread.name for thread in threading.enumerate()].count("ipyclam service") == 1
    net.stop()
    eventually(lambda: [thread.name for thread in threading.enumerate() if thread.name.startswith("ipyclam")], [])
    net.close()


def test_a_processing_that_cannot_be_built_while_it_plays_is_silent(stage: Stage) -> None:
    @processing
    class Fragile:
        """Somebody's own type, which nobody has tried with such blocks."""

        out = out_port()

        class State:
            level: float

        def initial(block_size):  # noqa: N805 -- no method: there is no self
            if block_size == 256:
                raise ValueError("blocks are too short")
            return {"level": 0.5}

        def step(state):  # noqa: N805 -- as above
            return float32(state.level)

    stage.net.out = "AudioSink"
    stage.play()
    stage.run(1)
    stage.net.x = "Fragile"
    stage.net.x > stage.net.out
    assert stage.net.status().messages == ("x is silent: ValueError: blocks are too short",)
    stage.net.x.name = "y"
    assert stage.net.status().messages == ("y is silent: ValueError: blocks are too short",)
    stage.run(2)
    code = stage.net.code()
    stage.net.undo()
    stage.net.redo()
    assert stage.net.code() == code
    del stage.net.y
    assert stage.net.status().messages == ()


def test_where_there_is_no_memory_for_a_program_the_last_one_plays_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.net.osc, stage.net.out = "Sine", "AudioSink"
    stage.net.osc > stage.net.out
    stage.play()
    stage.run(4)

    def none_left(size: int) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(stage.player.edits.planner.arenas, "take", none_left)
        stage.net.more = "Gain"
        stage.net.osc > stage.net.more
        (message,) = stage.net.status().messages
        assert message.startswith("there is not enough memory to play the network as it is now")
        assert np.abs(stage.run(2)).max() > 0.9
    stage.run(2)
    assert stage.net.status().messages == ()
    assert "more" in stage.player.edits.score.by_name


ONE_FAILS = """
import sys
from ipyclam_core import Network

def fails():
    raise OSError("this device does not close")

nets = []
for k in range(3):
    net = Network()
    net.osc, net.out = "Sine", "AudioSink"
    net.osc > net.out
    net.record(f"{sys.argv[1]}/{k}.wav")
    net.play("clock")
    while net.status().position < 0.1:
        pass
    nets.append(net)
    if k < 2:
        net._proxy.inner.player.device.trouble, net._proxy.inner.player.hold = (lambda: ""), fails
"""


@pytest.mark.slow
def test_a_player_that_cannot_be_closed_at_the_exit_does_not_keep_others_from_it(tmp_path: Path) -> None:
    ended = run(ONE_FAILS.replace("sys.argv[1]", repr(str(tmp_path))))
    assert ended.stderr.count("this device does not close") == 2
    assert (tmp_path / "2.wav").stat().st_size > 4800 * 4


def test_what_is_alive_can_be_looked_through_while_threads_add_to_it() -> None:
    class Thing:
        pass

    living: Living[Thing] = Living()
    kept = [Thing() for _ in range(100)]
    ended = threading.Event()

    def add() -> None:
        while not ended.is_set():
            for thing in kept:
                living.add(thing)
                living.add(Thing())  # collected at once

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    found = [len(living.all()) for _ in range(500)]
    ended.set()
    for thread in threads:
        thread.join()
    assert max(found) >= 1
    assert set(living.all()) == set(kept)
