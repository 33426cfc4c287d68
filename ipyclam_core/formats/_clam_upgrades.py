"""What older versions of CLAM wrote otherwise: the tables with which their files are read.

A name counts as old only where the type of today does not have it, so nothing of today's files is touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..proxy import ConnectorId, Direction, Kind
from ._xml_tree import Element

DROPPED: Final = frozenset({"FrameSize", "NChannels", "NumberOfArguments"})
"""Parameters that many types had, and that decide nothing today."""

_AXES: Final = {"vx": "X", "vy": "Y", "vz": "Z"}
_B_FORMAT: Final = {"p": "W", **_AXES}

CONNECTORS: Final[Mapping[tuple[str, Kind, Direction], Mapping[str, str]]] = {
    ("AudioSource", "Port", "Out"): {"AudioOut": "1"},
    ("AudioSink", "Port", "In"): {"AudioIn": "1"},
    ("Surround", "Port", "In"): _B_FORMAT,
    ("BFormatRotation", "Port", "In"): _AXES,
    ("BFormatRotation", "Port", "Out"): _AXES,
    ("ControlSource", "Control", "Out"): {"output control": "output"},
    ("SampleAccurateStreamDelay", "Port", "In"): {"InputStream": "Audio Input"},
    ("SampleAccurateStreamDelay", "Port", "Out"): {"OutputStream": "Audio Output"},
}
"""Connectors by their old name: their name of today."""

BEGINNINGS: Final[Mapping[tuple[str, Kind, Direction], tuple[str, str]]] = {
    ("AbsoluteCoordinates2RelativeAngles", "Control", "In"): ("target ", "listener "),
}
"""Connectors whose names began otherwise: the old beginning, and that of today."""

NUMBERED: Final[Mapping[tuple[str, Kind, Direction], str]] = {
    ("ControlPrinter", "Control", "In"): "In Control",
    ("ControlSource", "Control", "Out"): "output",
}
"""Connectors that were once called by a name and a number, ``XYZ_0``, ``XYZ_1``: their base name of today."""

_NUMBER: Final = re.compile(r"_([0-9]+)\Z", re.ASCII)


def connector(end: ConnectorId, type: str) -> ConnectorId:
    """The connector of today that may be meant by one that the type lacks; `end` itself if none is."""
    side = type, end.kind, end.direction
    name = CONNECTORS.get(side, {}).get(end.name, "")
    old, new = BEGINNINGS.get(side, ("", ""))
    if old and end.name.startswith(old):
        name = new + end.name.removeprefix(old)
    number = _NUMBER.search(end.name)
    if side in NUMBERED and number:
        name = NUMBERED[side] + (f" {number[1]}" if number[1] != "0" else "")
    return replace(end, name=name) if name else end


def file_name(element: Element) -> Element:
    """The parameter of a file, which was once a configuration with the name in ``URI``; others as they are."""
    for child in element.children:
        if child.tag == "URI" and not child.children:
            return replace(element, text=child.text, children=[])
    return element
