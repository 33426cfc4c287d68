"""What can be launched as a client: LV2 plugins, and networks of ours in files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from ...parameters import Value
from ...plugins.lv2 import Plugins
from ...proxy import TypeSpec
from . import networks
from .jalv import Jalv
from .plugins import PluginType

FOREIGN = TypeSpec(
    "JACK client",
    category="JACK client",
    doc="A program that is a client of the JACK server. It is connected here, and configured in its own window.",
)
"""The type of a client that was not launched here."""


class Program(Protocol):
    """A client that we launched."""

    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int: ...

    @property
    def epitaph(self) -> str:
        """How it ended, in words."""

    def set(self, symbol: str, value: float) -> None:
        """Give a control input another value."""

    def load(self, preset: str) -> Mapping[str, float]:
        """Load a preset; what the control inputs are then."""

    def outputs(self) -> Mapping[str, float]:
        """The values of the control outputs now."""

    def stop(self) -> None:
        """End it. Twice is no error."""


class Types(Mapping[str, TypeSpec]):
    """The types by name; each is read when it is asked for.

    The name of a network's type is the path of its file, that of a plugin is its URI. A plugin is also found by what its
    author called it, ``net.types["MDA Delay"]``, ``net.types.MDA_Delay``, where no other is called so.
    """

    def __init__(self, plugins: Plugins) -> None:
        self.plugins = plugins
        self._plugin_types: dict[str, PluginType] = {}

    def __getitem__(self, name: str) -> TypeSpec:
        plugin = self.plugin(name)
        if plugin is not None:
            return plugin.spec
        if networks.is_network(name):
            return networks.spec(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        yield from networks.in_directory()
        yield from self.plugins.uris()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self.plugins.find(name) is not None or networks.is_network(name))

    def plugin(self, name: str) -> PluginType | None:
        """The plugin of that name; None where it is something else."""
        uri = self.plugins.find(name)
        if uri is None:
            return None
        found = self._plugin_types.get(uri)
        if found is None:
            plugin = self.plugins.plugin(uri)
            title = plugin.title if self.plugins.find(plugin.title) == uri else ""
            found = self._plugin_types[uri] = PluginType(plugin, title)
        return found

    def launch(
        self, name: str, spec: TypeSpec, config: Mapping[str, Value], server: str | None, ended: Callable[[Program], None]
    ) -> Program:
        """Launch a client of a type, with these values from its first moment on."""
        type_ = self.plugin(spec.name)
        if type_ is None:
            return networks.Player(name, spec.name, server, ended)
        return Jalv(name, spec.name, type_.numbers(config), server, ended)
