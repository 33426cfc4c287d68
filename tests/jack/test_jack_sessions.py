"""Saving and restoring, and wires that wait for their clients."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from waiting import eventually

from ipyclam_core import Network

AMP = "http://lv2plug.in/plugins/eg-amp"
SYNTH = "http://drobilla.net/plugins/mda/JX10"


@pytest.fixture
def studio(net, foreign, tmp_path):
    """A saved session: somebody's player, an amplifier of ours, the machine."""
    program = foreign("player", "out:left,out:right")
    eventually(lambda: "player" in net and len(net.player._outports) == 2)
    net.amp = AMP
    net.amp.gain = -6.0
    net.player.left > net.amp._inports[0]
    net.amp._outports[0] > net.system.playback_1
    net.player.right > net.system.playback_2
    path = tmp_path / "studio.py"
    net.save(path)
    return path, program


def peers(port):
    return [peer.fullname for peer in port.peers]


def test_a_session_is_pleasant_to_read(net, studio):
    assert net.code() == (
        'net.system = Placeholder("JACK client", inports=[("playback_1", "audio"), ("playback_2", "audio")])\n'
        'net.player = Placeholder("JACK client", outports=[("left", "audio"), ("right", "audio")])\n'
        f'net.amp = net.types["{AMP}"]\n'
        "net.amp.gain = -6.0\n"
        "\n"
        'net.player.left > net.amp["in"]\n'
        "net.player.right > net.system.playback_2\n"
        "net.amp.out > net.system.playback_1"
    )


def test_a_session_is_restored(net, studio):
    path, _ = studio
    del net.amp
    net.player.disconnect()
    net.player.left > net.system.playback_2
    net.load(path)
    assert net.amp.gain == -6.0
    assert peers(net.player.left) == ["amp.in"]
    assert peers(net.player.right) == ["system.playback_2"]
    assert peers(net.amp.out) == ["system.playback_1"]


def test_saving_what_was_loaded_gives_the_same_text(net, studio):
    path, _ = studio
    text = path.read_text()
    net.load(path)
    net.save(path)
    assert path.read_text() == text


@pytest.mark.parametrize("name", ["synth.py", "synth.clamnetwork"])
def test_what_was_set_back_to_its_default_after_a_preset_is_restored(net, tmp_path, name):
    net.synth = SYNTH
    net.synth.preset = "Bass Clarinet"
    assert net.synth.octave != net.synth.type.config["octave"].default
    net.synth.octave = net.synth.type.config["octave"].default
    before = dict(net.synth._config)
    net.save(tmp_path / name)
    net.load(tmp_path / name)
    assert dict(net.synth._config) == before


def test_a_session_is_restored_by_running_the_file(server, studio, net):
    path, _ = studio
    net.clear()
    net.load(path, trusted=True)
    assert peers(net.amp.out) == ["system.playback_1"]


def test_undoing_a_load_brings_the_wires_back(net, studio):
    path, _ = studio
    net.clear()
    net.player.left > net.system.playback_2
    net.load(path)
    net.undo()
    assert "amp" not in net
    assert peers(net.player.left) == ["system.playback_2"]
    assert peers(net.player.right) == []


def test_wires_wait_for_a_client_that_is_missing(net, studio, foreign):
    path, program = studio
    program.end()
    eventually(lambda: "player" not in net)
    net.load(path)
    waiting = net._proxy.info().waiting
    assert [(wire.source, wire.source_connector, wire.target) for wire in waiting] == [
        ("player", "left", "amp"),
        ("player", "right", "system"),
    ]
    foreign("player", "out:left,out:right")
    eventually(lambda: not net._proxy.info().waiting)
    assert peers(net.player.left) == ["amp.in"]
    assert peers(net.player.right) == ["system.playback_2"]


def test_what_waits_is_saved_again(net, studio, tmp_path):
    path, program = studio
    program.end()
    eventually(lambda: "player" not in net)
    net.load(path)
    net.save(tmp_path / "again.py")
    waiting = net._proxy.info().waiting
    net.clear()
    net.load(tmp_path / "again.py")
    assert net._proxy.info().waiting == waiting


def test_a_wire_that_waited_waits_again_when_its_client_goes(net, studio, foreign):
    path, program = studio
    program.end()
    eventually(lambda: "player" not in net)
    net.load(path)
    second = foreign("player", "out:left,out:right")
    eventually(lambda: not net._proxy.info().waiting)
    second.kill()
    eventually(lambda: len(net._proxy.info().waiting) == 2)
    foreign("player", "out:left,out:right")
    eventually(lambda: not net._proxy.info().waiting and peers(net.player.left) == ["amp.in"])


@pytest.mark.parametrize("way", ["end", "kill", "close"])
def test_a_wire_that_was_made_here_waits_when_its_client_goes(net, studio, foreign, way):
    path, program = studio
    text = path.read_text()
    program("close", "player") if way == "close" else getattr(program, way)()
    eventually(lambda: "player" not in net and len(net._proxy.info().waiting) == 2)
    net.save(path)
    assert [line for line in path.read_text().splitlines() if "waiting" in line and "player" in line]
    again = foreign("player", "out:left,out:right")
    eventually(lambda: not net._proxy.info().waiting and peers(net.player.left) == ["amp.in"])
    assert peers(net.player.right) == ["system.playback_2"]
    net.save(path)
    assert sorted(path.read_text().split()) == sorted(text.split())
    again.end()


def test_wires_of_a_program_of_ours_that_ends_by_itself_wait(net, studio):
    os.kill(net.proxy.inner._rack.programs["amp"].pid, signal.SIGKILL)
    eventually(lambda: "amp" not in net and len(net._proxy.info().waiting) == 2)
    net.amp = AMP
    eventually(lambda: not net._proxy.info().waiting)
    assert peers(net.player.left) == ["amp.in"]
    assert peers(net.amp.out) == ["system.playback_1"]
    del net.amp
    assert net._proxy.info().waiting == ()


@pytest.mark.parametrize("cutter", ["another program", "a tool", "itself"])
def test_a_wire_that_another_program_cut_stays_cut(net, studio, foreign, cutter):
    _, program = studio
    ends = "player:right", "system:playback_2"
    if cutter == "a tool":
        subprocess.run(["jack_disconnect", *ends], check=True)
        program.kill()  # at once
    else:
        other = foreign("other", "out:a") if cutter == "another program" else program
        other("cut", "other" if cutter == "another program" else "player", *ends)
        eventually(lambda: peers(net.player.right), [])
        time.sleep(1.0)  # who cuts a wire and quits at once has quit
        program.kill()
    eventually(lambda: "player" not in net and len(net._proxy.info().waiting) == 1)
    assert [wire.source_connector for wire in net._proxy.info().waiting] == ["left"]
    foreign("player", "out:left,out:right")
    eventually(lambda: not net._proxy.info().waiting and len(net.player._outports) == 2)  # its ports come one by one
    assert peers(net.player.left) == ["amp.in"]
    assert peers(net.player.right) == []


def test_a_wire_that_was_removed_here_does_not_wait(net, studio):
    _, program = studio
    net.player.right.disconnect()
    program.kill()
    eventually(lambda: "player" not in net and len(net._proxy.info().waiting) == 1)
    assert [wire.source_connector for wire in net._proxy.info().waiting] == ["left"]


def test_a_wire_that_another_program_made_does_not_wait(net, foreign):
    program = foreign("player", "out:left")
    eventually(lambda: "player" in net and len(net.player._outports) == 1)
    subprocess.run(["jack_connect", "player:left", "system:playback_1"], check=True)
    eventually(lambda: peers(net.player.left), ["system.playback_1"])
    program.kill()
    eventually(lambda: "player" not in net)
    assert net._proxy.info().waiting == ()


def test_a_wire_that_waits_can_be_cut(net, studio):
    path, program = studio
    program.end()
    eventually(lambda: "player" not in net)
    net.load(path)
    net._proxy.disconnect(net._proxy.info().waiting[0])
    assert [wire.source_connector for wire in net._proxy.info().waiting] == ["right"]


def test_a_session_is_switched_without_a_word_more(server, studio, net):
    """What ``ipyclam_console --engine=jack studio.py -c exit`` does: the connections outlive who made them."""
    path, _ = studio
    net.clear()
    other = Network("jack")
    other.load(path)
    other.close()
    assert peers(net.player.right) == ["system.playback_2"]
