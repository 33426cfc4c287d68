"""Open Sound Control 1.0 over UDP: encoding, decoding, and the listeners of each port."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

Message = tuple[str, tuple[Any, ...]]

_BUNDLE: Final = b"#bundle\0"
_PACKETS: Final = 1000
"""Packets that are read in one go: others are served in the same thread."""

_NUMBERS: Final = {"f": ">f", "i": ">i", "d": ">d", "h": ">q"}
_CONSTANTS: Final = {"T": 1.0, "F": 0.0, "N": 0.0, "I": 1.0}


def encode(path: str, types: str, values: list[float]) -> bytes:
    """The bytes of a message; types are of ``f``, ``i``, ``d``, ``h``, ``T`` and ``F``."""
    body = b"".join(
        struct.pack(_NUMBERS[kind], value if kind in "fd" else int(value))
        for kind, value in zip(types, values, strict=True)
        if kind in _NUMBERS
    )
    return _padded(path) + _padded("," + types) + body


def decode(packet: bytes) -> Iterator[Message]:
    """The messages of a packet, including those in bundles, however deep. Damaged ones are skipped."""
    parts = [(0, len(packet))]  # still to be read, the next one last
    while parts:
        begin, end = parts.pop()
        if packet.startswith(_BUNDLE, begin, end):
            parts.extend(reversed(list(_elements(packet, begin, end))))
        else:
            yield from _message(packet[begin:end])


def _elements(packet: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the elements of a bundle begin and end."""
    place = begin + 16
    while place + 4 <= end:
        (size,) = struct.unpack_from(">i", packet, place)
        if size <= 0:
            return
        yield place + 4, min(place + 4 + size, end)
        place += 4 + size


def _message(packet: bytes) -> Iterator[Message]:
    try:
        path, place = _string(packet, 0)
        types, place = _string(packet, place)
        values: list[Any] = []
        for kind in types[1:]:
            if kind in _NUMBERS:
                values += struct.unpack_from(_NUMBERS[kind], packet, place)
                place += struct.calcsize(_NUMBERS[kind])
            elif kind in _CONSTANTS:
                values.append(_CONSTANTS[kind])
            elif kind in "sS":
                text, place = _string(packet, place)
                values.append(text)
            else:
                return
    except (ValueError, struct.error):
        return
    yield path, tuple(values)


def _padded(text: str) -> bytes:
    raw = text.encode() + b"\0"
    return raw + b"\0" * (-len(raw) % 4)


def _string(packet: bytes, place: int) -> tuple[str, int]:
    end = packet.index(b"\0", place)
    return packet[place:end].decode("utf-8", "replace"), end + 4 - end % 4


class Listener:
    """A UDP port shared by any number of listening processings.

    Parameters
    ----------
    port : the port.
    address : an address of this machine; ``"0.0.0.0"`` for all of them.
    group : the multicast group to receive instead; ``""`` for none.
    """

    open: Final[dict[tuple[int, str, str], Listener]] = {}

    def __init__(self, port: int, address: str, group: str) -> None:
        self._key = (port, address, group)
        self._hearers: list[tuple[str, Callable[[tuple[Any, ...]], None]]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((group or address, port))
            if group:
                membership = socket.inet_aton(group) + socket.inet_aton("0.0.0.0")
                self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise

    @classmethod
    def join(cls, port: int, address: str, group: str, path: str, hear: Callable[[tuple[Any, ...]], None]) -> Listener:
        """Subscribe to a path; ``OSError`` if another program uses the port."""
        listener = cls.open.get((port, address, group))
        if listener is None:
            listener = cls.open[port, address, group] = cls(port, address, group)
        listener._hearers.append((path, hear))
        return listener

    def leave(self, hear: Callable[[tuple[Any, ...]], None]) -> None:
        """Unsubscribe. The port is closed with its last subscriber."""
        self._hearers = [entry for entry in self._hearers if entry[1] != hear]
        if not self._hearers:
            self._socket.close()
            self.open.pop(self._key, None)

    def poll(self) -> None:
        """Deliver the received messages to the subscribers of their paths."""
        for _ in range(_PACKETS):
            try:
                packet, _ = self._socket.recvfrom(65536)
            except OSError:  # there are no more
                return
            for path, values in decode(packet):
                for wanted, hear in self._hearers:
                    if wanted == path:
                        hear(values)
