"""The LV2 plugins of this machine, in the common description of plugins."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

from ..proxy import Direction
from . import lilv
from .description import Control, Plugin, Port, Signal

_SIGNALS: tuple[tuple[str, Signal], ...] = (("MIDI", "MIDI"), ("AudioPort", "audio"), ("CVPort", "CV"))
"""The data type of a port for each LV2 class; the first class that matches counts."""


class Plugins:
    """Every LV2 plugin of this machine, by its URI; each is read on request.

    Parameters
    ----------
    sample_rate : at which they will run, in Hz: the ranges of some controls depend on it.
    """

    def __init__(self, sample_rate: float) -> None:
        self._rate = sample_rate
        self._read: dict[str, Plugin] = {}

    @cached_property
    def _world(self) -> lilv.World | None:
        try:
            return lilv.World()
        except OSError:
            return None

    @cached_property
    def _known(self) -> dict[str, None]:
        return dict.fromkeys(self._world.uris()) if self._world else {}

    @property
    def missing(self) -> str:
        """Why there are no plugins, ``""`` if there are some."""
        if self._world is None:
            return "LV2 plugins are found by the library lilv, which is not installed (Debian: apt install liblilv-0-0)"
        return "" if self._known else "no LV2 plugins are installed (Debian: apt install mda-lv2, x42-plugins, ...)"

    def uris(self) -> dict[str, None]:
        return self._known

    @cached_property
    def _titled(self) -> dict[str, str]:
        """The URI of each plugin by its title, and by its title as an attribute; titles that several have are left out."""
        titled: dict[str, set[str]] = {}
        for uri, title in self._world.names().items() if self._world else ():
            titled.setdefault(title, set()).add(uri)
            titled.setdefault(re.sub(r"\W+", "_", title), set()).add(uri)
        return {title: next(iter(uris)) for title, uris in titled.items() if len(uris) == 1}

    def find(self, name: object) -> str | None:
        """The URI of the plugin that `name` means, its URI or its title; None when there is none."""
        if name in self._known:
            return str(name)
        return self._titled.get(name) if isinstance(name, str) and "://" not in name else None

    def plugin(self, uri: str) -> Plugin:
        """One plugin; ``KeyError`` when it is not installed."""
        found = self._read.get(uri)
        if found is None:
            if uri not in self._known or self._world is None:
                raise KeyError(uri)
            found = self._read[uri] = described(self._world.plugin(uri), self._rate)
        return found


def described(plugin: lilv.Plugin, sample_rate: float) -> Plugin:
    """A plugin as its author declared it, with missing or wrong declarations corrected."""
    presets = [label for label, _ in plugin.presets]
    return Plugin(
        plugin.uri,
        plugin.name,
        plugin.author,
        f"LV2 {plugin.category}".rstrip(),
        plugin.doc,
        tuple(Port(port.symbol, _direction(port), signal, port.name) for port in plugin.ports for signal in _signals(port)),
        tuple(_control(port, sample_rate) for port in plugin.ports if "ControlPort" in port.classes),
        dict(sorted((label if presets.count(label) == 1 else f"{label} <{uri}>", uri) for label, uri in plugin.presets)),
    )


def _direction(port: lilv.Port) -> Direction:
    return "In" if "InputPort" in port.classes else "Out"


def _signals(port: lilv.Port) -> list[Signal]:
    """The signal of a port; nothing if it is a control, or has another type."""
    return [signal for kind, signal in _SIGNALS if kind in port.classes][:1]


def _control(port: lilv.Port, sample_rate: float) -> Control:
    scale = sample_rate if "sampleRate" in port.properties else 1.0
    minimum = None if port.minimum is None else port.minimum * scale
    maximum = None if port.maximum is None else port.maximum * scale
    default = (port.default if port.default is not None else port.minimum or 0.0) * scale
    if minimum is not None and maximum is not None:
        if minimum > maximum:
            minimum = maximum = None
        else:
            default = min(max(default, minimum), maximum)
    labels = [label for _, label in port.points]
    points = tuple((number, label if labels.count(label) == 1 else f"{label} ({number:g})") for number, label in port.points)
    type_: Literal["float", "int", "bool", "enum"] = "float"
    if "toggled" in port.properties:
        type_ = "bool"
    elif "enumeration" in port.properties and points:
        type_ = "enum"
    elif "integer" in port.properties:
        type_ = "int"
    return Control(port.symbol, _direction(port), type_, default, minimum, maximum, port.unit, points, port.name, port.doc)
