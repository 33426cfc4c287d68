"""The JACK device, on a real server."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import numpy as np
import pytest
from jackd import Jackd
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import DeviceError

from .jack_listener import Listener

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[Jackd]:
    with Jackd("live", synchronous=True) as started:
        yield started


@pytest.fixture
def listener(server: Jackd) -> Iterator[Listener]:
    with Listener() as listening:
        yield listening


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


def noise(net: Network) -> None:
    net.noise = net.types.WhiteNoise
    net.sink = net.types.AudioSink
    net.noise > net.sink


def past_the_ramp(net: Network) -> None:
    """Wait until what plays is at its full level."""
    eventually(lambda: net.status().position > 0.05)


def within(stretch: np.ndarray, whole: np.ndarray) -> bool:
    """Whether `stretch` is a part of `whole`, bit for bit."""
    starts = np.flatnonzero(whole[: len(whole) - len(stretch) + 1] == stretch[0])
    return any(np.array_equal(whole[k : k + len(stretch)], stretch) for k in starts)


def test_what_a_client_hears_is_what_a_render_computes(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    past_the_ramp(net)
    heard = listener.listen("ipyclam:sink", 20_000)
    assert within(heard, net.render(net.status().position + 1.0, sample_rate=48000, block_size=512)[:, 0])


def test_what_comes_in_goes_out_a_block_later_bit_for_bit(net: Network, listener: Listener) -> None:
    other = Network()
    try:
        noise(other)
        other.play("jack")
        net.mic = net.types.AudioSource
        net.out = net.types.AudioSink
        net.mic > net.out
        net.play("jack")
        eventually(lambda: "ipyclam-01:out" in listener.names())
        for port in listener.connections("ipyclam-01:mic"):
            listener.client.disconnect(port, "ipyclam-01:mic")
        listener.client.connect("ipyclam:sink", "ipyclam-01:mic")
        for each in (net, other):
            past_the_ramp(each)
        heard = listener.listen("ipyclam-01:out", 20_000)
        expected = other.render(other.status().position + 1.0, sample_rate=48000, block_size=512)[:, 0]
        assert within(heard, expected)
    finally:
        other.close()


def test_a_lone_port_goes_left_and_right_and_several_in_order(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    eventually(lambda: listener.connections("ipyclam:sink"), ["system:playback_1", "system:playback_2"])
    net.stop()
    net.sink.NSinks = 3
    net.play("jack")
    eventually(lambda: [listener.connections(f"ipyclam:sink_{k}") for k in (1, 2, 3)], [["system:playback_1"], ["system:playback_2"], []])


def test_ports_follow_edits(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    net.second = net.types.AudioSink
    net.mic = net.types.AudioSource
    assert sorted(listener.names()) == ["ipyclam:mic", "ipyclam:second", "ipyclam:sink"]
    eventually(lambda: listener.connections("ipyclam:mic"), ["system:capture_1"])
    del net.second, net.mic
    eventually(listener.names, ["ipyclam:sink"])
    net.sink.NSinks = 2
    eventually(listener.names, ["ipyclam:sink_1", "ipyclam:sink_2"])
    eventually(lambda: [listener.connections(f"ipyclam:sink_{k}") for k in (1, 2)], [["system:playback_1"], ["system:playback_2"]])


LEFT, RIGHT = "system:playback_1", "system:playback_2"


def speakers(listener: Listener, *ports: str) -> list[list[str]]:
    return [listener.connections(f"ipyclam:{port}") for port in ports]


def test_connections_follow_the_number_of_channels(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    eventually(lambda: speakers(listener, "sink"), [[LEFT, RIGHT]])
    for _ in range(3):
        net.sink.NSinks = 2
        eventually(lambda: speakers(listener, "sink_1", "sink_2"), [[LEFT], [RIGHT]])
        net.sink.NSinks = 1
        eventually(lambda: speakers(listener, "sink"), [[LEFT, RIGHT]])
    for count in (2, 3, 1, 2):  # at once
        net.sink.NSinks = count
    eventually(lambda: listener.names(), ["ipyclam:sink_1", "ipyclam:sink_2"])
    eventually(lambda: speakers(listener, "sink_1", "sink_2"), [[LEFT], [RIGHT]])


def test_connections_follow_when_sinks_come_and_go(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    net.second = net.types.AudioSink
    eventually(lambda: speakers(listener, "sink", "second"), [[LEFT], [RIGHT]])
    net.sink.name = "first"
    eventually(lambda: speakers(listener, "first", "second"), [[LEFT], [RIGHT]])
    del net.first
    eventually(listener.names, ["ipyclam:second"])
    eventually(lambda: speakers(listener, "second"), [[LEFT, RIGHT]])


def test_what_was_patched_by_hand_stays_so(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    eventually(lambda: speakers(listener, "sink"), [[LEFT, RIGHT]])
    listener.client.connect("ipyclam:sink", listener.port)
    listener.client.disconnect("ipyclam:sink", LEFT)
    past_the_ramp(net)
    eventually(lambda: speakers(listener, "sink"), [["listener:in", RIGHT]])
    eventually(lambda: net.status().position > 0.2)
    net.sink.NSinks = 2
    eventually(lambda: speakers(listener, "sink_1", "sink_2"), [["listener:in"], [RIGHT]])
    net.sink.NSinks = 1
    eventually(listener.names, ["ipyclam:sink"])
    assert speakers(listener, "sink") == [["listener:in"]]


def test_a_client_that_is_patched_by_hand_is_never_patched(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack:synth")
    net.sink.NSinks = 2
    eventually(lambda: listener.names("synth"), ["synth:sink_1", "synth:sink_2"])
    assert [listener.connections(f"synth:sink_{k}") for k in (1, 2)] == [[], []]


def test_a_port_that_is_renamed_keeps_what_others_have_connected(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    listener.client.connect("ipyclam:sink", listener.port)
    net.sink.name = "speakers"
    assert listener.names() == ["ipyclam:speakers"]
    eventually(lambda: "listener:in" in listener.connections("ipyclam:speakers"))


def test_a_sink_that_is_taken_back_has_its_port_and_its_connections_again(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    listener.client.connect("ipyclam:sink", listener.port)
    del net.sink
    net.undo()
    eventually(lambda: not net._proxy.inner.player._mailbox._posted)  # what is to be forgotten has been
    assert listener.names() == ["ipyclam:sink"]
    eventually(lambda: "listener:in" in listener.connections("ipyclam:sink"))


def test_a_server_lives_on_when_sinks_and_sources_take_turns(net: Network) -> None:
    """It gives the number of a port to the next one at once, even while its own thread still uses the port's connections."""
    with Jackd("turns", bound=True) as server:
        net.play("jack")
        for _ in range(60):
            for kind in ("AudioSink", "AudioSource", "AudioSource", "AudioSink"):
                net["turn"] = net.types[kind]
                time.sleep(random.uniform(0.0, 0.02))
                del net["turn"]
            assert server.runs
        net.stop()


def test_a_name_goes_from_a_sink_to_a_source_at_once(net: Network, listener: Listener) -> None:
    net["turn"] = net.types.AudioSink
    net["other"] = net.types.AudioSink
    net.play("jack")
    eventually(lambda: "ipyclam:turn" in listener.names())
    del net["turn"]
    net["turn"] = net.types.AudioSource
    del net["other"]
    net["turn"].name = "other"
    eventually(lambda: listener.names() == ["ipyclam:other"])
    for kind in ("AudioSink", "AudioSource", "AudioSink"):
        del net["other"]
        net["other"] = net.types[kind]
    eventually(lambda: listener.names() == ["ipyclam:other"])
    net.source = net.types.WhiteNoise  # so that what is removed fades out
    net.source > net["other"]
    for _ in range(3):
        net["more"] = net.types.AudioSink
        net.source > net["more"]
        eventually(lambda: "ipyclam:more" in listener.names())
        time.sleep(0.1)
        del net["other"]
        net["more"].name = "other"
    eventually(lambda: listener.names() == ["ipyclam:other"])
    assert not net.status().messages


def test_two_networks_play_at_once_and_leave_nothing(net: Network, listener: Listener) -> None:
    other = Network()
    for each in (net, other):
        noise(each)
        each.play("jack")
    assert sorted(listener.names()) == ["ipyclam-01:sink", "ipyclam:sink"]
    other.close()
    assert listener.names() == ["ipyclam:sink"]
    eventually(lambda: net.status().position > 0.1)
    net.stop()
    assert listener.names() == []


def test_a_client_may_have_a_name_of_its_own_and_is_patched_by_hand(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack:synth")
    past_the_ramp(net)
    assert listener.names("synth") == ["synth:sink"]
    assert listener.connections("synth:sink") == []
    assert net.status().device == "jack:synth"


@pytest.mark.parametrize("block_size", [64, 2048])
def test_another_block_size_while_it_plays(net: Network, listener: Listener, block_size: int) -> None:
    noise(net)
    net.play("jack")
    past_the_ramp(net)
    try:
        listener.client.blocksize = block_size
        eventually(lambda: net.status().block_size, block_size)
        heard = listener.listen("ipyclam:sink")
        assert within(heard, net.render(net.status().position + 1.0, sample_rate=48000, block_size=512)[:, 0])
    finally:
        listener.client.blocksize = 512
    eventually(lambda: net.status().block_size, 512)


def test_a_rate_that_the_server_does_not_run_at_is_refused_in_words(net: Network, server: Jackd) -> None:
    noise(net)
    with pytest.raises(DeviceError, match="the JACK server runs at 48000 Hz, not 44100"):
        net.play("jack", sample_rate=44100)
    assert net.state == "stopped"


def test_xruns_of_the_server_are_counted(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("jack")
    before = net.status().xruns

    def hang(frames: int) -> None:
        time.sleep(0.2)

    listener.client.deactivate()
    listener.client.set_process_callback(hang)
    listener.client.activate()
    eventually(lambda: net.status().xruns > before)


def test_a_server_that_is_killed_is_noticed_and_playing_goes_on_elsewhere() -> None:
    net = Network()
    with Jackd("dies") as server:
        noise(net)
        net.play("jack")
        eventually(lambda: net.status().position > 0.2)
        server.kill()
        eventually(lambda: net.status().messages)
        assert net.status().messages[0].startswith("the JACK server has stopped")
        assert net.state == "paused"
        where = net.status().position
        net.another = net.types.Sine  # edits are taken all the same
        net.another > net.sink
        net.play("clock")
        assert net.state == "playing"
        assert net.status().device == "clock"
        eventually(lambda: net.status().position > where + 0.1)
        assert np.abs(net.another["Audio Output"].samples(2000)).max() > 0.9
        server.start()
        net.play("jack")
        eventually(lambda: net.status().device, "jack")
        with Listener() as listener:
            assert np.abs(listener.listen("ipyclam:sink")).max() > 0.5
        net.close()


def test_playing_begins_and_ends_with_a_ramp(net: Network, listener: Listener) -> None:
    net.osc = net.types.Sine
    net.osc.Frequency = 60.0
    net.sink = net.types.AudioSink
    net.osc > net.sink
    net.play("jack")
    listener.client.connect("ipyclam:sink", listener.port)
    eventually(lambda: heard_at_last(listener) > 0.9)
    for end in (net.pause, net.stop):
        net.pause()
        eventually(lambda: heard_at_last(listener), 0.0)
        begin = len(listener.cycles)
        net.play("jack")
        eventually(lambda: heard_at_last(listener) > 0.9)
        end()
        eventually(lambda: heard_at_last(listener), 0.0)
        assert np.abs(listener.steps(begin)).max() < 2.0 * np.pi * 60.0 / 48000.0 + 1.0 / 240.0


def heard_at_last(listener: Listener) -> float:
    """The level of the last cycle."""
    return float(np.abs(listener.cycles[-1][1]).max()) if listener.cycles else -1.0


def test_a_device_that_cannot_be_had_changes_nothing(net: Network, server: Jackd, monkeypatch: pytest.MonkeyPatch) -> None:
    noise(net)
    net.play("clock")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "ipyclam-not-there")
    with pytest.raises(DeviceError, match="cannot play on 'jack': no JACK server is running"):
        net.play("jack")
    where = net.status().position
    assert (net.state, net.status().device, net.status().messages) == ("playing", "clock", ())
    eventually(lambda: net.status().position > where)


def test_playing_moves_from_device_to_device_and_anew_at_another_rate(net: Network, listener: Listener) -> None:
    noise(net)
    net.play("clock", sample_rate=48000)
    eventually(lambda: net.status().position > 0.1)
    where = net.status().position
    net.play("jack")
    assert net.status().position >= where
    assert listener.names() == ["ipyclam:sink"]
    net.play("clock", sample_rate=44100, block_size=128)
    assert listener.names() == []
    status = net.status()
    assert (status.sample_rate, status.block_size, status.state) == (44100, 128, "playing")
    net.play("clock", block_size=64)
    assert (net.status().sample_rate, net.status().block_size) == (48000, 64)
    eventually(lambda: net.status().position > 0.1)
