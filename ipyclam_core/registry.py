"""What is found, not listed: modules of a folder, and those that other packages offer by entry points.

One new engine, or one new file format, is one new module; nothing in the tree has to be edited for it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cached_property
from types import ModuleType


class Registry:
    """The modules of one kind.

    Parameters
    ----------
    package : the package whose modules are of this kind, ``"ipyclam_core.engines"``; names that begin with ``_`` are not.
    group : the entry point group by which other packages add to them, ``"ipyclam.engines"``; each names a module.
    """

    def __init__(self, package: str, group: str) -> None:
        self._package = package
        self._group = group

    @cached_property
    def _folder(self) -> dict[str, str]:
        """Which of our own modules answers to each name."""
        path = importlib.import_module(self._package).__path__
        return {info.name: f"{self._package}.{info.name}" for info in pkgutil.iter_modules(path) if info.name[0] != "_"}

    @cached_property
    def _owners(self) -> dict[str, str]:
        """Which module answers to each name, those of other packages included."""
        from importlib import metadata  # it loads the email package and sockets, and reads a file of every package there is

        owners = dict(self._folder)
        for point in metadata.entry_points(group=self._group):
            if owners.setdefault(point.name, point.value) != point.value:
                raise ValueError(f"both {owners[point.name]} and {point.value} are called {point.name!r}; uninstall one of them")
        return owners

    def names(self) -> tuple[str, ...]:
        """Every name, without importing anything."""
        return tuple(self._owners)

    def __contains__(self, name: object) -> bool:
        """Whether there is one called `name`; other packages are asked only when it is none of ours."""
        return name in self._folder or name in self._owners

    def load(self, name: str) -> ModuleType:
        """The module called `name`, imported now; ``KeyError`` when there is none."""
        return importlib.import_module(self._folder.get(name) or self._owners[name])


engines = Registry("ipyclam_core.engines", "ipyclam.engines")
formats = Registry("ipyclam_core.formats", "ipyclam.formats")
