"""LV2 plugins as processing types of this engine.

A plugin's audio, CV and MIDI ports are ports; JACK carries CV as audio. Each of its control inputs is an in control and a
parameter of the same name. Both are the same value; ``net.plugin.name`` means the parameter. A plugin with presets has
an additional parameter, `preset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from ...parameters import ParameterSpec, Value
from ...plugins.description import Plugin, Port
from ...proxy import PortSpec, TypeSpec
from .notifications import AUDIO, MIDI

PRESET = "preset"


class PluginType:
    """One plugin as a `spec`; `title` is its title where no other plugin has that."""

    def __init__(self, plugin: Plugin, title: str) -> None:
        self._plugin = plugin
        self._title = title
        self.inputs = plugin.inputs
        self.presets = plugin.presets

    @cached_property
    def preset_name(self) -> str:
        """The name of the parameter that chooses a preset. It is not ``preset`` if a control input has that name."""
        return PRESET if PRESET not in self.inputs else f"{PRESET}_"

    @cached_property
    def spec(self) -> TypeSpec:
        plugin = self._plugin
        config: dict[str, ParameterSpec] = {}
        if self.presets:
            config[self.preset_name] = ParameterSpec(
                self.preset_name, None, "enum", choices=tuple(self.presets), optional=True, doc="sets the parameters of the preset",
                sets_others=True,
            )  # fmt: skip
        config.update((name, control.parameter) for name, control in self.inputs.items())
        return TypeSpec(
            plugin.name,
            inports=[_port(port) for port in plugin.ports if port.direction == "In"],
            outports=[_port(port) for port in plugin.ports if port.direction == "Out"],
            incontrols=[control.spec for control in self.inputs.values()],
            outcontrols=[control.spec for control in plugin.controls if control.direction == "Out"],
            config=config,
            doc=plugin.about,
            category=plugin.category,
            title=self._title,
        )

    def numbers(self, config: Mapping[str, Value]) -> dict[str, float]:
        """The number of each control input that a configuration sets to another value than the default."""
        return {
            name: control.number(config[name])
            for name, control in self.inputs.items()
            if config[name] != self.spec.defaults[name]
        }  # fmt: skip


def _port(port: Port) -> PortSpec:
    return PortSpec(port.name, MIDI if port.signal == "MIDI" else AUDIO, port.title)
