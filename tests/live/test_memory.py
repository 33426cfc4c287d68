"""Memory: what an edit takes is given back when the audio thread has done with it, and not before."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core.dsp.devices import DeviceUnavailable

from .conftest import Stage
from .vandal import Vandal, build_survivors


def held(stage: Stage) -> dict[str, int]:
    """How much of everything there is."""
    gc.collect()
    edits, files = stage.player.edits, stage.player._files
    return {
        "nodes": len(edits.score.by_row),
        "ghosts": len(edits.score.ghosts),
        "edges": int(edits.score.edges.table["alive"].sum()),
        "carriers": int(edits.score.carriers.table["alive"].sum()),
        "fades": len(edits.score.fades) + sum(fade is not None for _, _, fade in edits.channels.links()),
        "links": len(edits.channels.links()),
        "posted": len(stage.player._mailbox._posted),
        "chunks": sum(len(chunks) for chunks in edits._pools._open.values()),
        "companions": len(files.companions()) + len(files._starting) + len(files._ending) + len(files._buried),
        "taps": len(edits.taps),
    }


def resident() -> int:
    """The memory of this process, in bytes, less what only the allocator keeps."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
def test_memory_returns_to_where_it_was_after_thousands_of_edits(stage: Stage) -> None:
    build_survivors(stage.net)
    stage.play()
    stage.run(4)
    vandal = Vandal(stage.net, 1)
    stage.net.proxy.begin_here()

    def edit(times: int) -> None:
        for k in range(times):
            vandal.floor = len(stage.net.history.done) if not vandal.others else vandal.floor
            vandal.act()
            if len(vandal.others) > 30:
                del stage.net[vandal.others[0]]
            if k % 3 == 0:
                stage.run()
            if k % 100 == 0:
                vandal.floor = len(stage.net.history.done)
        for name in vandal.others:
            del stage.net[name]
        stage.net.proxy.begin_here()
        vandal.floor = 0
        stage.run(20)

    edit(1000)
    before, used = held(stage), resident()
    edit(3000)
    assert held(stage) == before
    assert resident() < used + 8_000_000
    assert vandal.done > 3000


POISONED = """
import sys, time
from live.vandal import Vandal, build_survivors
from ipyclam_core import Network

net = Network()
build_survivors(net)
net.play("clock", block_size=32)
player = net._proxy.inner.player
while net.status().position < 0.1:
    time.sleep(0.01)
vandal = Vandal(net, int(sys.argv[1]))
vandal.floor = len(net.history.done)
heard = []
for k in range(1500):
    vandal.act()
    if len(vandal.others) > 40:
        del net[vandal.others[0]]
        vandal.floor = len(net.history.done)
    if k % 100 == 0:
        heard.append(net.saw["Audio Output"].samples(256))
        time.sleep(0.01)
assert all(abs(samples).max() > 0.5 for samples in heard), heard
assert not [text for text in net.status().messages if "feedback loop" not in text], net.status()
net.stop()
print("survived", vandal.done)
"""


@pytest.mark.slow
def test_nothing_is_used_after_it_has_been_given_back(tmp_path: Path) -> None:
    """In a process whose freed memory is overwritten at once, with a native thread that computes all the time."""
    environment = {**os.environ, "MALLOC_PERTURB_": "165", "PYTHONMALLOC": "malloc", "PYTHONPATH": str(Path(__file__).parents[1])}
    ended = subprocess.run([sys.executable, "-c", POISONED, "3"], env=environment, capture_output=True, text=True, timeout=240)
    assert ended.stdout.startswith("survived"), ended.stderr
    assert ended.returncode == 0


def test_what_is_removed_is_forgotten_only_when_it_is_silent(stage: Stage) -> None:
    stage.net.osc = stage.net.types.Sine
    stage.net.sink = stage.net.types.AudioSink
    stage.net.osc > stage.net.sink
    stage.play()
    stage.run(4)
    del stage.net.osc
    assert held(stage)["ghosts"] == 1
    assert np.abs(stage.run()[:100]).max() > 0.3
    stage.run(6)
    assert (held(stage)["ghosts"], held(stage)["nodes"], held(stage)["posted"]) == (0, 1, 0)


def test_what_is_removed_is_given_back_while_somebody_edits_without_a_pause(stage: Stage) -> None:
    """Planning is costly: where nobody pauses, nothing is planned for fades that are over, but with the next edit."""
    stage.net.sink = stage.net.types.AudioSink
    stage.play()
    for _ in range(50):
        stage.net.osc = stage.net.types.Sine
        stage.net.osc > stage.net.sink
        del stage.net.osc
        for _ in range(3):
            stage.player.device.run()
        stage.player._mailbox.collect()
    assert held(stage)["ghosts"] <= 1
    assert held(stage)["nodes"] <= 3
    assert held(stage)["fades"] <= 3


def test_what_a_device_refuses_to_follow_is_kept_until_it_does(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "noise.wav", np.random.default_rng(1).uniform(-0.5, 0.5, 4800), 48000)
    stage.net.sink = stage.net.types.AudioSink
    stage.net.reader = stage.net.types.MonoAudioFileReader
    stage.net.reader.SourceFile = str(tmp_path / "noise.wav")
    stage.play()
    stage.run(2)
    assert held(stage)["companions"] == 1

    def refuse(*_: object) -> None:
        raise DeviceUnavailable("there are no more ports")

    with monkeypatch.context() as patch:
        patch.setattr(stage.player.device, "tables", refuse)
        del stage.net.reader
        assert stage.net.status().messages == ("there are no more ports",)
        assert held(stage)["companions"] == 1
    stage.run(4)
    assert stage.net.status().messages == ()
    assert (held(stage)["companions"], held(stage)["nodes"], held(stage)["posted"]) == (0, 1, 0)
