"""What is on the server is what the network shows."""

from __future__ import annotations

import threading

import jack
import pytest
from asking import assert_connected
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import NoSuchConnector, NoSuchProcessing


def port_names(processing):
    return [port.name for port in processing._inports], [port.name for port in processing._outports]


def test_the_machine_s_own_ports_are_a_processing(net):
    assert net.system.type.category == "JACK client"
    assert port_names(net.system) == (["playback_1", "playback_2"], ["capture_1", "capture_2"])
    assert net.system.capture_1.type == "audio"


def test_our_own_client_is_not_shown(net):
    assert list(net) == ["system"]


def test_ports_are_in_the_order_in_which_they_were_made(net, foreign):
    foreign("player", "out:zeta,out:alpha,midiin:keys,in:mono")
    eventually(lambda: "player" in net and len(net.player._inports) + len(net.player._outports) == 4)
    assert port_names(net.player) == (["keys", "mono"], ["zeta", "alpha"])
    assert [port.type for port in net.player._inports] == ["midi", "audio"]


def test_clients_that_were_there_before_are_there_with_their_wires(server, foreign):
    program = foreign("player", "out:left", "hearer", "in:ear")
    with jack.Client("patcher") as patcher:
        patcher.connect("player:left", "hearer:ear")
        assert_connected("player:left", "hearer:ear")
        network = Network("jack")
        assert [peer.fullname for peer in network.player.left.peers] == ["hearer.ear"]
        network.close()
    program.end()


def test_a_client_that_quits_is_gone(net, foreign):
    program = foreign("player", "out:left")
    eventually(lambda: "player" in net)
    program.end()
    eventually(lambda: "player" not in net)
    with pytest.raises(NoSuchProcessing, match="there is no processing 'player'"):
        net.player


def test_a_client_that_is_killed_is_gone(net, foreign):
    program = foreign("player", "out:left")
    eventually(lambda: "player" in net)
    program.kill()
    eventually(lambda: "player" not in net)


def test_a_client_without_ports_is_seen_when_it_comes(net, foreign):
    foreign("empty", "-")
    eventually(lambda: "empty" in net)
    assert port_names(net.empty) == ([], [])


def test_ports_come_and_go(net, foreign):
    program = foreign("player", "out:left")
    program("add", "player", "out:right")
    eventually(lambda: "player" in net and port_names(net.player)[1] == ["left", "right"])
    program("drop", "player", "left")
    eventually(lambda: port_names(net.player)[1] == ["right"])
    with pytest.raises(NoSuchConnector, match="player has no 'left'"):
        net.player.left > net.system.playback_1


def test_a_port_that_is_renamed_keeps_its_wires(net, foreign):
    program = foreign("player", "out:left")
    eventually(lambda: "player" in net and "left" in net.player)
    net.player.left > net.system.playback_1
    program("rename", "player", "left", "links")
    eventually(lambda: "links" in net.player)
    assert [peer.fullname for peer in net.player.links.peers] == ["system.playback_1"]


def test_a_client_that_comes_again_is_drawn_where_it_was(net, foreign):
    foreign("player", "out:left")
    eventually(lambda: "player" in net)
    net.player._position = (10, 20)
    program = foreign("other", "-")
    program.end()
    assert net.player._position == (10, 20)


def test_the_facts_of_a_port_are_readable(net, foreign):
    program = foreign("player", "out:left")
    eventually(lambda: "player" in net and "left" in net.player)
    program("alias", "player", "left", "deck one")
    facts = net.player.left.facts
    assert (facts["physical"], facts["terminal"], facts["aliases"]) == (False, False, ("deck one",))

    def pretty_name():  # JACK keeps those of all servers in one place, which each of them clears when it ends
        program("pretty", "player", "left", "Left deck")
        return net.player.left.facts["pretty_name"]

    eventually(pretty_name, "Left deck")
    playback = net.system.playback_1.facts
    assert (playback["physical"], playback["terminal"]) == (True, True)
    assert playback["playback_latency"] >= (512, 512)


def test_changes_on_the_server_are_heard_and_are_no_undo_steps(net, foreign):
    heard = []
    net.observe(lambda change: heard.append((change.kind, change.names)))
    foreign("player", "out:left")
    with jack.Client("patcher") as patcher:
        patcher.connect("player:left", "system:playback_1")
    eventually(lambda: ("connected", ("player", "system")) in heard)
    assert heard.index(("added", ("player",))) < heard.index(("connected", ("player", "system")))
    with pytest.raises(IndexError, match="nothing to undo"):
        net.undo()


def test_an_observer_may_wait_for_somebody_who_connects(net, foreign):
    """A window with blocking signals: it hears of what the server does, and asks the thread that edits."""
    connected = []

    def ask(change):
        if change.kind == "added":
            thread = threading.Thread(target=lambda: connected.append(len(net.system > net.system)))
            thread.start()
            thread.join(10)

    net.observe(ask)
    foreign("player", "-")
    eventually(lambda: connected)
    assert connected == [2]
    net.system.disconnect()


def test_a_client_with_a_colon_in_its_name_goes_as_it_came(net, foreign):
    program = foreign("my player:two", "out:left")
    eventually(lambda: any(name.startswith("my player") and net[name]._outports for name in net))
    assert len(net) == 2
    player = net[list(net)[1]]
    player > net.system.playback_1
    assert len(net.system.playback_1.peers) == 1
    program.end()
    eventually(lambda: list(net) == ["system"])
