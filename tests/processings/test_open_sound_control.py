"""Open Sound Control: real packets over the machine's own network."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.errors import NothingToConnect
from ipyclam_core.processings.controls._osc_messages import Listener, decode, encode

from .kernels import CompiledProcessing


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sender() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield made


def hears(processing: CompiledProcessing, expected: list[list[float]]) -> None:
    """Run blocks until its out controls have sent this: a busy machine's own network takes its time, too."""

    def sent() -> list[list[float]]:
        processing.run()
        return [processing.sent("outputs", k) for k in range(len(expected))]

    eventually(sent, expected)


def test_a_message_is_what_the_standard_says() -> None:
    assert encode("/oscillator/4/frequency", "f", [440.0]) == b"/oscillator/4/frequency\0,f\0\0" + struct.pack(">f", 440.0)


@given(st.lists(st.floats(width=32, allow_nan=False)), st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_what_is_encoded_is_decoded(values: list[float], path: str) -> None:
    assert list(decode(encode("/" + path, "f" * len(values), values))) == [("/" + path, tuple(values))]


@given(st.binary(max_size=200))
def test_no_packet_is_too_strange(packet: bytes) -> None:
    list(decode(packet))
    list(decode(b"#bundle\0" + packet))


def test_a_bundle_holds_messages() -> None:
    one, two = encode("/a", "i", [1.0]), encode("/b", "T", [1.0])
    parts = b"".join(struct.pack(">i", len(part)) + part for part in (one, two))
    assert list(decode(b"#bundle\0" + bytes(8) + parts)) == [("/a", (1,)), ("/b", (1.0,))]


def test_bundles_may_be_nested_as_deep_as_a_packet_is_long() -> None:
    packet = encode("/x", "f", [5.0])
    for _ in range(3000):
        packet = b"#bundle\0" + bytes(8) + struct.pack(">i", len(packet)) + packet
    assert list(decode(packet)) == [("/x", (5.0,))]


def test_no_packet_ends_the_receiver(port: int, sender: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    source = CompiledProcessing(catalog["MultiLibloSource"], {"ServerPort": port, "OSCTypeSpec": "f"})
    companion = source.instance.companion
    try:
        packet = b""
        for _ in range(1500):
            packet = b"#bundle\0" + bytes(8) + struct.pack(">i", len(packet) or 1) + packet
        sender.sendto(packet, ("127.0.0.1", port))
        monkeypatch.setattr(companion.listener, "poll", lambda: 1 / 0)
        source.run()
        source.run()
        assert companion.trouble == f"a message to UDP port {port} could not be read: ZeroDivisionError: division by zero"
        monkeypatch.undo()
        sender.sendto(encode("/clam/target", "f", [5.0]), ("127.0.0.1", port))
        hears(source, [[5.0]])
    finally:
        source.close()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_finite_number_is_dropped(port: int, sender: socket.socket, value: float) -> None:
    source = CompiledProcessing(catalog["MultiLibloSource"], {"ServerPort": port, "OSCTypeSpec": "ff"})
    try:
        sender.sendto(encode("/clam/target", "ff", [1.0, value]), ("127.0.0.1", port))
        sender.sendto(encode("/clam/target", "ff", [2.0, 3.0]), ("127.0.0.1", port))
        hears(source, [[2.0], [3.0]])
    finally:
        source.close()


@pytest.mark.parametrize(("address", "where"), [(None, "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("127.0.0.2", "127.0.0.2")])
@pytest.mark.parametrize("type_", ["MultiLibloSource", "LibloSource"])
def test_it_listens_to_this_machine_only_unless_another_address_is_asked_for(port: int, type_: str, address: str, where: str) -> None:
    number = str(port) if type_ == "LibloSource" else port
    source = CompiledProcessing(catalog[type_], {"ServerPort": number, "IPAddress": address})
    try:
        assert [listener._socket.getsockname() for listener in Listener.open.values()] == [(where, port)]
    finally:
        source.close()


def test_numbers_arrive_at_the_processings_of_their_path(port: int, sender: socket.socket) -> None:
    config = {"ServerPort": port, "OSCTypeSpec": "fi"}
    here = CompiledProcessing(catalog["MultiLibloSource"], {**config, "OscPath": "/here"})
    there = CompiledProcessing(catalog["MultiLibloSource"], {**config, "OscPath": "/there"})
    try:
        sender.sendto(encode("/there", "f", [1.0]), ("127.0.0.1", port))  # one too few: not for it
        sender.sendto(encode("/here", "fi", [0.5, 7]), ("127.0.0.1", port))
        hears(here, [[0.5], [7.0]])
        there.run()
        assert there.sent("outputs", 0) == []
    finally:
        here.close()
        there.close()
    assert not Listener.open


def test_a_sink_is_heard_by_a_source(port: int) -> None:
    source = CompiledProcessing(catalog["LibloSource"], {"ServerPort": str(port), "NumberOfArguments": 3.0})
    sink = CompiledProcessing(catalog["LibloSink"], {"ServerPort": port})
    try:
        sink.run()
        sink.send("inputs", 0.25, 1)
        sink.run()
        sink.run()
        hears(source, [[0.0], [0.25], [0.0]])
    finally:
        source.close()
        sink.close()


def test_a_port_that_is_taken_is_said_and_the_rest_plays(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", port))
        with pytest.warns(UserWarning, match=f"cannot receive on UDP port {port}"):
            source = CompiledProcessing(catalog["MultiLibloSource"], {"ServerPort": port})
        assert source.instance.companion.trouble.startswith(f"cannot receive on UDP port {port}: ")  # %status tells it
        source.run()
        source.close()


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, "no port is set: set ServerPort, 1 to 65535"),
        ({"ServerPort": 7000, "OscPath": "target"}, "an OSC path begins with '/', as in '/clam/target': OscPath is 'target'"),
        ({"ServerPort": 7000, "OSCTypeSpec": "fx"}, "OSCTypeSpec holds 'x'; there are f, i, d, h, T and F"),
        ({"ServerPort": 7000}, ""),
        ({"ServerPort": 7000, "IPAddress": "0.0.0.0"}, ""),
        ({"ServerPort": 7000, "IPAddress": "here"}, "IPAddress takes None or an IPv4 address such as '0.0.0.0', not 'here'"),
    ],
)
def test_what_is_missing_is_said(config: dict[str, object], message: str) -> None:
    type_ = catalog["MultiLibloSource"]
    assert type_.problem is not None
    held = {**type_.spec.defaults, **config}
    given = {name: held[name] for name in ("OscPath", "ServerPort", "OSCTypeSpec", "IPAddress")}
    assert type_.problem(**given) == message


def test_the_controls_of_a_sink_have_the_types_and_the_order_of_their_letters(port: int) -> None:
    net = Network("clam")
    net.sink, net.whole, net.rate = net.types.LibloSink, net.types.Float2IntegerControl, net.types.LFO
    net.sink.ServerPort, net.sink.OSCTypeSpec = port, "iffi"
    net.rate._config.Minimum = net.rate._config.Maximum = 7.9
    net.rate > net.whole > net.sink["3"]
    net.rate > net.sink["1"]
    net.sink["0"], net.sink["2"] = 1, 2.5
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", port))
        heard.settimeout(10.0)
        net.render(frames=2048)
        assert list(decode(heard.recv(1024)))[-1] == ("/clam/target", (1, pytest.approx(7.9), 2.5, 7))
    with pytest.raises(NothingToConnect, match="Float2IntegerControl"):
        net.rate > net.sink["0"]
