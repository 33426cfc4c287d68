"""Types that can be started as clients: LV2 plugins and ipyclam network files."""

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


class LaunchedClient(Protocol):
    """A client that was started here."""

    @property
    def name(self) -> str: ...

    @property
    def pid(self) -> int: ...

    @property
    def epitaph(self) -> str:
        """A description of how it ended."""

    def set(self, symbol: str, value: float) -> None:
        """Set a control input."""

    def go(self) -> None:
        """Play, if it was started held."""

    def load(self, preset: str) -> Mapping[str, float]:
        """Load a preset; returns the new values of the control inputs."""

    def outputs(self) -> Mapping[str, float]:
        """The current values of the control outputs."""

    def stop(self) -> None:
        """End it. Calling it twice is allowed."""

    def forsake(self) -> None:
        """In a child process of ours: let go of it, and leave it running."""


class Types(Mapping[str, TypeSpec]):
    """The types by name; each is read on request.

    The name of a network's type is the path of its file, that of a plugin is its URI. A plugin is also found by what its
    author named it, ``net.types["MDA Delay"]``, ``net.types.MDA_Delay``, if no other plugin has that name.
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
        self,
        name: str,
        spec: TypeSpec,
        config: Mapping[str, Value],
        server: str | None,
        ended: Callable[[LaunchedClient], None],
        held: bool = False,
    ) -> LaunchedClient:
        """Start a client of a type, with these initial values; a network that is `held` opens its files when it is told to go."""
        type_ = self.plugin(spec.name)
        if type_ is None:
            return networks.Player(name, spec.name, server, ended, held)
        return Jalv(name, spec.name, type_.numbers(config), server, ended)
