"""Information from JACK about clients and ports, besides name and type; read on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import libjack
from .package import address, package

_PRETTY = "http://jackaudio.org/metadata/pretty-name"


def of_port(client: Any, fullname: str) -> Mapping[str, Any]:
    """The facts of a port.

    ``physical``, ``terminal``, ``can_monitor`` : bool.
    ``capture_latency``, ``playback_latency`` : smallest and greatest, in frames.
    ``aliases`` : other names of the port.
    ``pretty_name``, ``metadata`` : metadata set by any program, text by key.
    """
    port = client.get_port_by_name(fullname)
    metadata = _metadata(port.uuid)
    return {
        "type": port.type,
        "physical": port.is_physical,
        "terminal": port.is_terminal,
        "can_monitor": port.can_monitor,
        "capture_latency": libjack.latency(address(port), libjack.CAPTURE),
        "playback_latency": libjack.latency(address(port), libjack.PLAYBACK),
        "aliases": tuple(port.aliases),
        "pretty_name": metadata.get(_PRETTY, ""),
        "metadata": metadata,
    }


def of_client(client: Any, name: str) -> Mapping[str, Any]:
    """The facts of a client: ``pid`` if the server knows it, ``pretty_name`` and ``metadata``."""
    jack = package()
    try:
        metadata = _metadata(client.get_uuid_for_client_name(name))
    except jack.JackError:
        metadata = {}
    return {"pid": jack.client_pid(name) or None, "pretty_name": metadata.get(_PRETTY, ""), "metadata": metadata}


def _metadata(subject: int | str) -> dict[str, str]:
    try:
        properties = package().get_properties(subject)
    except (package().JackError, RuntimeError, ValueError):  # PipeWire's JACK has none of some
        return {}
    return {key: value.decode(errors="replace") for key, (value, _) in properties.items()}
