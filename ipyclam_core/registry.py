"""Finds engines, file formats and other plug-ins: the modules of a folder, and the entry points of other packages.

A new engine or file format is one new module. No other file has to be edited.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cached_property
from types import ModuleType

from .system.imports import without_here


class Registry:
    """The modules of one kind, by name.

    Parameters
    ----------
    package : the package that contains our own modules, ``"ipyclam_core.engines"``; names that begin with ``_`` are ignored.
    group : the entry point group of other packages, ``"ipyclam.engines"``; each entry point is a module.
    """

    def __init__(self, package: str, group: str) -> None:
        self._package = package
        self._group = group

    @cached_property
    def _folder(self) -> dict[str, str]:
        """Our own modules, by name."""
        path = importlib.import_module(self._package).__path__
        return {info.name: f"{self._package}.{info.name}" for info in pkgutil.iter_modules(path) if info.name[0] != "_"}

    @cached_property
    def _owners(self) -> dict[str, str]:
        """All modules by name, including those of other packages."""
        from importlib import metadata  # slow: it imports email and socket, and reads a file of every installed package

        owners = dict(self._folder)
        installed = metadata.distributions(path=without_here())  # none that somebody has put into the current folder
        for point in (point for each in installed for point in each.entry_points.select(group=self._group)):
            if owners.setdefault(point.name, point.value) != point.value:
                raise ValueError(f"both {owners[point.name]} and {point.value} are called {point.name!r}. Uninstall one of them")
        return owners

    def names(self) -> tuple[str, ...]:
        """All names. Nothing is imported."""
        return tuple(self._owners)

    def __contains__(self, name: object) -> bool:
        """Whether a module is called `name`; other packages are searched only if it is not one of ours."""
        return name in self._folder or name in self._owners

    def load(self, name: str) -> ModuleType:
        """Import the module called `name`; ``KeyError`` if it does not exist."""
        return importlib.import_module(self._folder.get(name) or self._owners[name])


engines = Registry("ipyclam_core.engines", "ipyclam.engines")
formats = Registry("ipyclam_core.formats", "ipyclam.formats")
