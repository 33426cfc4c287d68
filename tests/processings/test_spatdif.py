"""SpatDIF: real packets over the machine's own network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog, values_for
from ipyclam_core.processings.controls._osc_messages import Listener, encode

from .kernels import CompiledProcessing

Send = Callable[..., None]


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def send(port: int) -> Iterator[Send]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield lambda path, *values: made.sendto(encode(path, "f" * len(values), list(values)), ("127.0.0.1", port))


@pytest.fixture
def source(port: int) -> Iterator[CompiledProcessing]:
    made = CompiledProcessing(catalog["SpatDIFSourceReceiver"], {"SourceName": "bird", "ServerPort": port})
    made.run()
    yield made
    made.close()


def sent(source: CompiledProcessing, first: int) -> list[list[float]]:
    """Run a block; returns what three outputs have sent."""
    source.run()
    return [source.sent("outputs", k) for k in range(first, first + 3)]


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/spatdif/source/bird/position", 0), ("/SpatDIF/source/bird/xyz", 0), ("/spatdif/source/bird/location/xyz", 0),
        ("/spatdif/source/bird/orientation", 3), ("/SpatDIF/source/bird/aer", 3), ("/spatdif/source/bird/velocity", 6),
    ],
)  # fmt: skip
def test_three_numbers_move_turn_or_drive_a_source(source: CompiledProcessing, send: Send, path: str, first: int) -> None:
    send(path, 1.0, 2.5, -3.0)
    eventually(lambda: sent(source, first), [[1.0], [2.5], [-3.0]])


def test_a_name_that_begins_with_a_slash_is_a_path(port: int, send: Send) -> None:
    source = CompiledProcessing(catalog["SpatDIFSourceReceiver"], {"SourceName": "/my/bird/", "ServerPort": port})
    try:
        send("/my/bird/xyz", 1.0, 2.0, 3.0)
        eventually(lambda: sent(source, 0), [[1.0], [2.0], [3.0]])
    finally:
        source.close()


def test_the_velocity_is_that_from_place_to_place_and_a_source_without_messages_stands_still(
    source: CompiledProcessing, send: Send
) -> None:
    send("/spatdif/source/bird/position", 1.0, 0.0, 0.0)
    eventually(lambda: sent(source, 0)[0], [1.0])
    for _ in range(8):
        source.run()
    blocks = int(source.field("since")) // 512
    send("/spatdif/source/bird/position", 2.0, 0.0, -0.5)
    eventually(lambda: sent(source, 0)[0], [1.0, 2.0])
    passed = source.sent("outputs", 6)[1]
    assert 1.0 / passed == pytest.approx(round(1.0 / passed * 44100 / 512) * 512 / 44100)
    assert 0.0 < passed <= 44100 / 512 / blocks
    assert source.sent("outputs", 8)[1] == pytest.approx(-passed / 2)
    for _ in range(50):
        source.run()
    assert source.sent("outputs", 6)[2:] == [0.0]


def test_a_velocity_that_is_told_is_not_computed(source: CompiledProcessing, send: Send) -> None:
    send("/spatdif/source/bird/velocity", 5.0, 6.0, 7.0)
    eventually(lambda: sent(source, 6), [[5.0], [6.0], [7.0]])
    for place in (1.0, 2.0):
        send("/spatdif/source/bird/position", place, place, place)
        eventually(lambda place=place: sent(source, 0)[0][-1:], [place])
    assert sent(source, 6) == [[5.0], [6.0], [7.0]]


def test_the_voices_of_a_sampler_are_started_one_in_each_block(source: CompiledProcessing, send: Send) -> None:
    send("/spatdif/source/bird/sampler/2/loop", 1.0)
    send("/spatdif/source/bird/sampler/2/play", 1.0)
    send("/spatdif/source/bird/sampler/0/play", 1.0)
    send("/spatdif/source/bird/sampler/0/play", 0.0)
    send("/spatdif/source/bird/sampler/4/play", 1.0)  # there are four voices

    def messages() -> list[float]:
        source.run()
        return source.sent("message")

    eventually(messages, [11.0, 1.0, 0.0])


def test_what_is_no_place_is_ignored(source: CompiledProcessing, send: Send) -> None:
    send("/spatdif/source/bird/position", 1.0, 2.0)
    send("/spatdif/source/bird/position", 1.0, float("nan"), 2.0)
    send("/spatdif/source/other/position", 7.0, 7.0, 7.0)
    send("/spatdif/source/bird/position", 4.0, 5.0, 6.0)
    eventually(lambda: sent(source, 0), [[4.0], [5.0], [6.0]])


def test_the_port_is_closed_with_its_last_receiver(port: int) -> None:
    several = [CompiledProcessing(catalog["SpatDIFSourceReceiver"], {"SourceName": name, "ServerPort": port}) for name in ("a", "b")]
    assert [key for key in Listener.open if key[0] == port]
    for one in several:
        one.close()
    assert not [key for key in Listener.open if key[0] == port]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, "a source and a port are needed: set SourceName and ServerPort"),
        ({"SourceName": "bird"}, "a source and a port are needed: set SourceName and ServerPort"),
        (
            {"SourceName": "bird", "ServerPort": 9000, "IPAddress": "here"},
            "IPAddress takes None or an IPv4 address such as '0.0.0.0', not 'here'",
        ),
        ({"SourceName": "bird", "ServerPort": 9000}, ""),
    ],
)
def test_what_is_missing_is_told(config: dict[str, Any], message: str) -> None:
    type_ = catalog["SpatDIFSourceReceiver"]
    assert type_.problem is not None
    assert type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items)) == message


def test_a_place_moves_what_it_is_connected_to(port: int, send: Send) -> None:
    net = Network("clam")
    net.bird, net.seen = net.types.SpatDIFSourceReceiver, net.types.AbsoluteCoordinates2RelativeAngles
    net.bird.SourceName, net.bird.ServerPort = "bird", port
    net.bird.X_position > net.seen.source_X
    net.bird.Y_position > net.seen.source_Y
    net.play("clock")
    try:
        send("/spatdif/source/bird/position", 0.0, 2.0, 0.0)
        eventually(lambda: net.seen.relative_azimuth.value, pytest.approx(90.0))
    finally:
        net.close()
