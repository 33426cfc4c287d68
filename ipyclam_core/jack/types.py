"""What can be launched as a client: LV2 plugins, and networks of ours in files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from ..proxy import TypeSpec
from .plugins import Plugins


class Program(Protocol):
    """A client that we launched."""

    name: str
    pid: int

    @property
    def alive(self) -> bool: ...

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


class Launchable(Protocol):
    """A type whose processings are clients that we launch."""

    @property
    def spec(self) -> TypeSpec: ...


class Types(Mapping[str, TypeSpec]):
    """The types by name; each is read when it is asked for."""

    def __init__(self, plugins: Plugins) -> None:
        self.plugins = plugins

    def __getitem__(self, name: str) -> TypeSpec:
        return self.plugins.type(name).spec

    def __iter__(self) -> Iterator[str]:
        return iter(self.plugins.uris())

    def __len__(self) -> int:
        return len(self.plugins.uris())

    def __contains__(self, name: object) -> bool:
        return name in self.plugins.uris()
