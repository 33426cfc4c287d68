"""Programs that do not do what was expected of them: nothing has changed then, and nobody has heard of anything."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from ipyclam_core.engines.jack import rack
from ipyclam_core.engines.jack.jalv import Jalv
from ipyclam_core.engines.jack.networks import Player
from ipyclam_core.errors import EngineError, NoSuchConnector

AMP = "http://lv2plug.in/plugins/eg-amp"


@pytest.fixture
def odd_jalv(tmp_path, monkeypatch):
    """Has plugins run by `odd_jalv.py`, with the ports that are given to it."""
    program = tmp_path / "jalv"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("odd_jalv.py")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return lambda ports: monkeypatch.setenv("ODD_JALV", ports)


@pytest.fixture
def heard(net):
    """What observers hear."""
    changes = []
    net.observe(lambda change: changes.append((change.kind, change.names)))
    return changes


def test_a_plugin_whose_ports_do_not_come_is_ended(net, heard, odd_jalv, monkeypatch):
    monkeypatch.setattr(rack, "_START_PATIENCE", 0.5)
    odd_jalv("in:in")
    with pytest.raises(EngineError, match="amp was started, but its ports did not appear"):
        net.amp = AMP
    assert list(net) == ["system"]
    assert heard == []
    monkeypatch.undo()
    net.amp = AMP
    assert heard == [("added", ("amp",))]


def test_a_plugin_that_cannot_be_connected_under_its_new_name_keeps_the_old_one(net, odd_jalv, heard):
    odd_jalv("in:in,out:out@in:in,out:another")
    net.amp = AMP
    net.amp.out > net.system.playback_1
    heard.clear()
    with pytest.raises(NoSuchConnector, match="louder has no 'out'"):
        net.amp.name = "louder"
    assert list(net) == ["system", "amp"]
    assert [peer.fullname for peer in net.system.playback_1.peers] == ["amp.out"]
    assert heard == []
    assert list(net._proxy.inner._rack.programs) == ["amp"]


def children():
    """The processes that were started by this one."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.fixture
def alarm():
    """Interrupts what is waited for after a while, as Ctrl-C does."""

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.3)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "launch",
    [lambda: Jalv("amp", AMP, {}, None, print), lambda: Player("synth", "synth.py", None, print)],
    ids=["plugin", "network"],
)
def test_who_gives_up_waiting_for_a_program_leaves_none_behind(launch, alarm, tmp_path, monkeypatch):
    (tmp_path / "jalv").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "jalv").chmod(0o755)
    os.mkfifo(tmp_path / "synth.py")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    before = children()
    alarm()
    with pytest.raises(KeyboardInterrupt):
        launch()
    assert children() == before
