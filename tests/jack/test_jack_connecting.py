"""Connecting and cutting, as JACK sees it too."""

from __future__ import annotations

import jack
import pytest
from asking import assert_connected
from waiting import eventually

from ipyclam_core.errors import (
    BadConnectorDirectionOrder,
    ConnectionExists,
    DifferentConnectorType,
    NoSuchConnector,
    NotConnected,
    NotSupported,
)


@pytest.fixture
def patch(net, foreign):
    """Two clients beside the machine's ports."""
    foreign("player", "out:left,out:right,midiout:notes", "effect", "in:in_1,in:in_2,out:out_1,out:out_2,midiin:keys")
    eventually(lambda: "effect" in net and len(net.effect._inports) == 3 and len(net.player._outports) == 3)
    return net


def test_a_wire_is_made_on_the_server(patch):
    patch.player.left > patch.effect.in_1
    assert_connected("player:left", "effect:in_1")
    assert [peer.fullname for peer in patch.effect.in_1.peers] == ["player.left"]


def test_a_wire_is_cut_on_the_server(patch):
    patch.player.left > patch.effect.in_1
    assert patch.player.left / patch.effect.in_1 == 1
    assert_connected("player:left")


def test_clients_are_connected_port_by_port(patch):
    assert (patch.player > patch.effect > patch.system) == 2
    assert_connected("player:right", "effect:in_2")
    assert_connected("player:notes", "effect:keys")
    assert_connected("effect:out_2", "system:playback_2")


def test_slices_choose(patch):
    patch.player._outports[1:2] > patch.system._inports[:1]
    assert_connected("system:playback_1", "player:right")


def test_undo_and_redo_reach_the_server(patch):
    patch.player > patch.effect
    patch.undo()
    assert_connected("player:left")
    patch.redo()
    assert_connected("player:left", "effect:in_1")


def test_all_wires_of_a_client_are_cut(patch):
    patch.player > patch.effect
    assert patch.player.disconnect() == 3
    assert_connected("player:left")


def test_a_wire_that_somebody_else_made_can_be_cut(patch):
    with jack.Client("patcher") as patcher:
        patcher.connect("player:left", "system:playback_2")
    eventually(lambda: patch.player.left.peers)
    patch.player.left / patch.system.playback_2
    assert_connected("player:left")


def test_audio_and_midi_do_not_connect(patch):
    with pytest.raises(DifferentConnectorType, match=r"carries audio.* takes midi"):
        patch.player.left > patch.effect.keys


def test_a_wire_is_made_once(patch):
    patch.player.left > patch.effect.in_1
    with pytest.raises(ConnectionExists, match="already connected"):
        patch.player.left > patch.effect.in_1


def test_what_is_not_connected_cannot_be_cut(patch):
    with pytest.raises(NotConnected, match="are not connected"):
        patch.player.left / patch.effect.in_1


def test_the_arrow_goes_from_out_to_in(patch):
    with pytest.raises(BadConnectorDirectionOrder):
        patch.effect.in_1 > patch.player.left


def test_a_port_that_vanishes_between_tab_and_enter_is_a_clear_error(net, foreign):
    program = foreign("player", "out:left")
    eventually(lambda: "player" in net and "left" in net.player)
    port, target = net.player.left, net.system.playback_1
    program("drop", "player", "left")
    with pytest.raises(NoSuchConnector, match="player has no 'left'"):
        port > target


@pytest.mark.parametrize(
    ("operation", "instead"),
    [
        (lambda net: setattr(net.player, "volume", 1), "its own window"),
        (lambda net: delattr(net, "player"), r"To remove only its wires: player.disconnect\(\)"),
        (lambda net: setattr(net.player, "name", "gamer"), "Start it under another name"),
    ],
    ids=["configure", "remove", "rename"],
)
def test_what_a_program_of_its_own_does_not_let_us_is_said_with_what_to_do_instead(patch, operation, instead):
    with pytest.raises(NotSupported, match=rf"player, which is another program\. .*{instead}"):
        operation(patch)


def test_clearing_cuts_every_wire_and_undo_makes_them_again(patch):
    patch.player > patch.effect
    patch.clear()
    assert_connected("player:left")
    assert "player" in patch
    patch.undo()
    assert_connected("player:right", "effect:in_2")
