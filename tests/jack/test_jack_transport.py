"""The transport that all clients share, and how the server is doing."""

from __future__ import annotations

import jack
import pytest

from ipyclam_core.errors import DeviceError, NotSupported


@pytest.fixture(autouse=True)
def _left_as_it_was(server):
    yield
    with jack.Client("reset") as client:
        client.transport_stop()
        client.transport_frame = 0
        if client.blocksize != 512:
            client.blocksize = 512


def test_playing_starts_the_transport(net, eventually):
    net.play()
    eventually(lambda: net.state == "playing" and net.status().position > 0.1)


def test_pausing_stops_it_where_it_is(net, eventually):
    net.play()
    eventually(lambda: net.status().position > 0.05)
    net.pause()
    eventually(lambda: net.state == "paused")
    assert net.status().position > 0


def test_stopping_goes_to_the_beginning(net, eventually):
    net.play()
    eventually(lambda: net.status().position > 0.05)
    net.stop()
    eventually(lambda: net.state == "stopped" and net.status().position == 0.0)


def test_the_position_can_be_set(net, eventually):
    net.locate(12.5)
    eventually(lambda: net.status().position == 12.5)


def test_what_somebody_else_does_to_the_transport_is_heard(net, eventually):
    heard = []
    net.observe(heard.append)
    with jack.Client("conductor") as conductor:
        conductor.transport_start()
        eventually(lambda: any((change.kind, change.after) == ("state", "playing") for change in heard))


def test_the_server_is_described(net):
    status = net.status()
    assert (status.sample_rate, status.block_size, status.device) == (48000.0, 512, "jack")
    assert 0.0 <= status.load < 1.0


def test_the_buffer_size_can_be_changed(net, eventually):
    net.play(block_size=1024)
    eventually(lambda: net.status().block_size == 1024)


def test_the_sample_rate_cannot(net):
    with pytest.raises(DeviceError, match="runs at 48000 Hz; to have 44100, start it with -r 44100"):
        net.play(sample_rate=44100)


def test_another_device_is_another_server(net):
    with pytest.raises(NotSupported, match="the JACK server has its device"):
        net.play(device="portaudio")


def test_freewheeling_begins_and_ends(net, eventually):
    heard = []
    with jack.Client("witness") as client:
        client.deactivate()
        client.set_freewheel_callback(heard.append)
        client.activate()
        net.freewheel()
        eventually(lambda: heard == [True])
        net.freewheel(False)
        eventually(lambda: heard == [True, False])
