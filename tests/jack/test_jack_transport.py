"""The transport that all clients share, and how the server is doing."""

from __future__ import annotations

import threading

import jack
import pytest
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import DeviceError, NotSupported


@pytest.fixture(autouse=True)
def _left_as_it_was(server):
    yield
    with jack.Client("reset") as client:
        eventually(lambda: client.last_frame_time)  # PipeWire hears nobody before

        def stopped():
            client.transport_stop()
            return client.transport_state == jack.STOPPED

        eventually(stopped)
        if client.transport_query()[1]["frame"]:
            client.transport_frame = 0
            eventually(lambda: client.transport_query()[1]["frame"], 0)
        client.blocksize = 512
        eventually(lambda: client.blocksize, 512)


def test_playing_starts_the_transport(net):
    net.play()
    eventually(lambda: net.state == "playing" and net.status().position > 0.1)


def test_pausing_stops_it_where_it_is(net):
    net.play()
    eventually(lambda: net.status().position > 0.05)
    net.pause()
    eventually(lambda: net.state == "paused")
    assert net.status().position > 0


def test_stopping_goes_to_the_beginning(net):
    net.play()
    eventually(lambda: net.status().position > 0.05)
    net.stop()
    eventually(lambda: net.state == "stopped" and net.status().position == 0.0)


def test_panic_stops_the_transport_and_says_how_to_silence_others(net):
    net.play()
    eventually(lambda: net.status().position > 0.05)
    with pytest.warns(UserWarning, match=r"A program that ignores it plays on. To cut it off: net.NAME.disconnect\(\)"):
        net.panic()
    eventually(lambda: net.state == "stopped" and net.status().position == 0.0)


def test_the_graph_of_a_server_has_no_volume(net):
    with pytest.raises(NotSupported, match="the jack engine cannot set a volume"):
        net.volume = -6
    assert (net.volume, net.peaks) == (0.0, {})


def test_a_move_is_made_by_who_leaves_at_once_too(net):
    net.play()
    eventually(lambda: net.status().position > 0.05)
    other = Network("jack", name="other")
    other.stop()
    other.close()
    net.play()
    eventually(lambda: net.status().position > 0.05)


def test_the_position_can_be_set(net):
    net.locate(12.5)
    eventually(lambda: net.status().position == 12.5)


@pytest.mark.parametrize(
    ("place", "error", "says"),
    [
        ("12:30", TypeError, "seconds must be a number, not '12:30'"),
        (-3, ValueError, "seconds must be a finite number, 0 or more, not -3"),
        (float("nan"), ValueError, "seconds must be a finite number, 0 or more, not nan"),
        (1e9, DeviceError, r"JACK's transport ends after 24\.9 hours, before 1e\+09 s"),
    ],
)
def test_a_position_that_cannot_be_is_refused(net, place, error, says):
    with pytest.raises(error, match=says):
        net.locate(place)
    assert net.status().position == 0.0


def test_what_somebody_else_does_to_the_transport_is_heard(net):
    heard = []
    net.observe(heard.append)
    with jack.Client("conductor") as conductor:
        conductor.transport_start()
        eventually(lambda: any((change.kind, change.after) == ("state", "playing") for change in heard))


def test_the_server_is_described(net):
    status = net.status()
    assert (status.sample_rate, status.device) == (48000.0, "jack")
    with jack.Client("witness") as client:
        eventually(lambda: net.status().block_size == client.blocksize)
    assert status.load >= 0.0


def test_the_buffer_size_can_be_changed(net):
    net.play(block_size=1024)
    eventually(lambda: net.status().block_size == 1024)


def test_the_sample_rate_cannot(net):
    with pytest.raises(DeviceError, match=r"runs at 48000 Hz\. For 44100 Hz, start it with -r 44100"):
        net.play(sample_rate=44100)


def test_what_a_port_carries_cannot_be_looked_at(net):
    with pytest.raises(NotSupported, match=r"cannot get samples of what it plays\. Networks of the clam engine can"):
        net.system.capture_1.samples(10)


def test_another_device_is_another_server(net):
    with pytest.raises(NotSupported, match="The JACK server chooses its device"):
        net.play(device="portaudio")


def test_freewheeling_begins_and_ends(net):
    heard = []
    with jack.Client("witness") as client:
        client.deactivate()
        client.set_freewheel_callback(heard.append)
        client.activate()
        net.freewheel()
        eventually(lambda: heard == [True])
        net.freewheel(False)
        eventually(lambda: heard == [True, False])


def test_a_stop_is_told_as_one_change_whenever_the_server_is_asked(net):
    heard = []
    net.observe(lambda change: heard.append(change.after) if change.kind == "state" else None)
    over = threading.Event()

    def ask():
        while not over.is_set():
            net.proxy.inner._follower._idle()

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(5):
        net.play()
        net.stop()
    over.set()
    asking.join()
    assert heard == ["playing", "stopped"] * 5
