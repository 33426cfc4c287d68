"""LV2 plugins as processing types.

A plugin's audio and MIDI ports are ports. Each of its control inputs is an in-control, by its symbol, and a parameter of the
same name: a float, an int, a bool or one of its named values, in the range its author declared. Both are the same
number; plain access means the parameter. A plugin with presets has one more parameter, `preset`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from ..parameters import ParameterSpec, Value
from ..proxy import ControlSpec, PortSpec, TypeSpec
from .lilv import Plugin, Port, World

PRESET = "preset"


class PluginType:
    """One plugin as a `spec`, and what its parameters' values are as numbers; `title` is its name where no other has that."""

    def __init__(self, plugin: Plugin, sample_rate: float, title: str = "") -> None:
        self.plugin = plugin
        self._title = title
        self._rate = sample_rate
        self.inputs = {port.symbol: port for port in plugin.ports if port.classes >= {"InputPort", "ControlPort"}}

    @cached_property
    def preset_name(self) -> str:
        """What the parameter that chooses a preset is called, as a control input may be called ``preset`` itself."""
        return PRESET if PRESET not in self.inputs else f"{PRESET}_"

    @cached_property
    def presets(self) -> Mapping[str, str]:
        """The URI of each preset, by label; a label that several have is given with the URI."""
        labels = [label for label, _ in self.plugin.presets]
        named = ((label if labels.count(label) == 1 else f"{label} <{uri}>", uri) for label, uri in self.plugin.presets)
        return dict(sorted(named))

    @cached_property
    def spec(self) -> TypeSpec:
        plugin = self.plugin
        config: dict[str, ParameterSpec] = {}
        if self.presets:
            config[self.preset_name] = ParameterSpec(
                self.preset_name, None, "enum", choices=tuple(self.presets), optional=True, doc="sets all that the preset says",
                sets_others=True,
            )  # fmt: skip
        config.update((symbol, self._parameter(port)) for symbol, port in self.inputs.items())
        author = f", by {plugin.author}" if plugin.author else ""
        return TypeSpec(
            plugin.uri,
            inports=[_port(port) for port in plugin.ports if "InputPort" in port.classes and _has_port(port)],
            outports=[_port(port) for port in plugin.ports if "OutputPort" in port.classes and _has_port(port)],
            incontrols=[self._control(port) for port in self.inputs.values()],
            outcontrols=[self._control(port) for port in plugin.ports if port.classes >= {"OutputPort", "ControlPort"}],
            config=config,
            doc=f"{plugin.name}{author}. {plugin.doc}".rstrip(". ") + ".",
            category=f"LV2 {plugin.category}".rstrip(),
            title=self._title,
        )

    def number(self, symbol: str, value: Value) -> float:
        """The number that the plugin gets for a parameter's value."""
        points = self._labels(self.inputs[symbol])
        return next(number for number, label in points if label == value) if isinstance(value, str) else float(value)

    def value(self, symbol: str, number: float) -> Value:
        """The parameter's value that comes nearest to a number the plugin has."""
        parameter = self.spec.config[symbol]
        if parameter.type == "enum":
            return min(self._labels(self.inputs[symbol]), key=lambda point: abs(point[0] - number))[1]
        if parameter.type == "bool":
            return number > 0
        if parameter.minimum is not None and parameter.maximum is not None:
            number = min(max(number, parameter.minimum), parameter.maximum)
        return round(number) if parameter.type == "int" else number

    def _parameter(self, port: Port) -> ParameterSpec:
        default, minimum, maximum = self._range(port)
        doc = ". ".join(filter(None, (port.name, port.doc)))
        if "toggled" in port.properties:
            return ParameterSpec(port.symbol, default > 0, "bool", doc=doc)
        if "enumeration" in port.properties and port.points:
            points = self._labels(port)
            initial = min(points, key=lambda point: abs(point[0] - default))[1]
            return ParameterSpec(port.symbol, initial, "enum", choices=tuple(label for _, label in points), doc=doc)
        if port.points:
            doc += f" ({', '.join(f'{value:g} is {label}' for value, label in port.points)})"
        whole = "integer" in port.properties
        return ParameterSpec(
            port.symbol, round(default) if whole else default, "int" if whole else "float", minimum, maximum, unit=port.unit, doc=doc
        )

    def _control(self, port: Port) -> ControlSpec:
        default, minimum, maximum = self._range(port)
        return ControlSpec(port.symbol, "float", default, minimum, maximum, port.unit, port.name)

    def _range(self, port: Port) -> tuple[float, float | None, float | None]:
        """Default, minimum and maximum; what an author left out or got wrong is put right."""
        scale = self._rate if "sampleRate" in port.properties else 1.0
        minimum = None if port.minimum is None else port.minimum * scale
        maximum = None if port.maximum is None else port.maximum * scale
        default = (port.default if port.default is not None else port.minimum or 0.0) * scale
        if minimum is not None and maximum is not None:
            if minimum > maximum:
                return default, None, None
            default = min(max(default, minimum), maximum)
        return default, minimum, maximum

    @staticmethod
    def _labels(port: Port) -> list[tuple[float, str]]:
        """The named values, with the number beside a name that several have."""
        labels = [label for _, label in port.points]
        return [(value, label if labels.count(label) == 1 else f"{label} ({value:g})") for value, label in port.points]


class Plugins:
    """Every plugin of this machine, each read when it is asked for."""

    def __init__(self, sample_rate: float) -> None:
        self._rate = sample_rate
        self._types: dict[str, PluginType] = {}

    @cached_property
    def _world(self) -> World | None:
        try:
            return World()
        except OSError:
            return None

    @cached_property
    def _known(self) -> dict[str, None]:
        return dict.fromkeys(self._world.uris()) if self._world else {}

    @property
    def missing(self) -> str:
        """Why there are no plugins, ``""`` when there are."""
        if self._world is None:
            return "LV2 plugins are found with lilv, which is not installed (Debian: apt install jalv)"
        return "" if self._known else "no LV2 plugins are installed (Debian: apt install mda-lv2, x42-plugins, ...)"

    def uris(self) -> dict[str, None]:
        return self._known

    @cached_property
    def _named(self) -> dict[str, str]:
        """The URI of each plugin by its name, and by its name as an attribute; names that several have are left out."""
        named: dict[str, set[str]] = {}
        for uri, name in self._world.names().items() if self._world else ():
            named.setdefault(name, set()).add(uri)
            named.setdefault(re.sub(r"\W+", "_", name), set()).add(uri)
        return {name: next(iter(uris)) for name, uris in named.items() if len(uris) == 1}

    def find(self, name: object) -> str | None:
        """The URI of the plugin that `name` means, its URI or its name; None when it is none."""
        if name in self._known:
            return str(name)
        return self._named.get(name) if isinstance(name, str) and "://" not in name else None

    def type(self, uri: str) -> PluginType:
        """One plugin; ``KeyError`` when it is not installed."""
        found = self._types.get(uri)
        if found is None:
            if uri not in self._known or self._world is None:
                raise KeyError(uri)
            plugin = self._world.plugin(uri)
            found = self._types[uri] = PluginType(plugin, self._rate, plugin.name if self.find(plugin.name) == uri else "")
        return found


def _has_port(port: Port) -> bool:
    return bool(port.classes & {"AudioPort", "CVPort", "MIDI"})


def _port(port: Port) -> PortSpec:
    return PortSpec(port.symbol, "midi" if "MIDI" in port.classes else "audio", port.name)
