"""The operations of a network as frozen values: what undo takes back and redo makes again, in words and in deeds.

An operation is one call of a method of `NetworkProxy`. `apply` makes it; ``str`` says it as people read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ..proxy import CanAddMany, NetworkInfo, NetworkProxy, TypeSpec, Wire


class Add(NamedTuple):
    name: str
    type: str | TypeSpec
    at: int | None = None

    def __str__(self) -> str:
        return f"add {self.name}"


class AddMany(NamedTuple):
    names: tuple[str, ...]
    type: str
    config: Mapping[str, Any]
    columns: Mapping[str, Sequence[Any]]

    def __str__(self) -> str:
        return f"add {len(self.names)} {self.type}"


class Remove(NamedTuple):
    name: str

    def __str__(self) -> str:
        return f"remove {self.name}"


class Rename(NamedTuple):
    old: str
    new: str

    def __str__(self) -> str:
        return f"rename {self.old} to {self.new}"


class Configure(NamedTuple):
    """Change parameters; `before` are the values they had, for the words."""

    name: str
    changes: Mapping[str, Any]
    before: Mapping[str, Any]

    def __str__(self) -> str:
        changed = list(_changed(self.changes, self.before))
        if not changed:
            return f"configure {self.name}"
        return _listed([f"{self.name}.{path} {_brief(old)} -> {_brief(new)}" for path, old, new in changed])


class Connect(NamedTuple):
    wire: Wire

    def __str__(self) -> str:
        return f"connect {self.wire.source} to {self.wire.target}"


class ConnectMany(NamedTuple):
    wires: tuple[Wire, ...]

    def __str__(self) -> str:
        return f"connect {len(self.wires)} wires"


class Disconnect(NamedTuple):
    wire: Wire

    def __str__(self) -> str:
        return f"disconnect {self.wire.source} from {self.wire.target}"


class SetControl(NamedTuple):
    """Send a value to an in control; None forgets what was set by hand. `before` is the value it had, for the words."""

    name: str
    control: str
    value: float | None
    before: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"forget {self.name}.{self.control}"
        return f"{self.name}.{self.control} {_brief(self.before)} -> {_brief(self.value)}"


class Place(NamedTuple):
    name: str
    position: tuple[float, float] | None
    size: tuple[float, float] | None

    def __str__(self) -> str:
        return f"move {self.name}"


class SetInfo(NamedTuple):
    info: NetworkInfo

    def __str__(self) -> str:
        return "describe the network"


class SetVolume(NamedTuple):
    """Set the volume of the network, in dB; `before` is the one it had."""

    value: float
    before: float

    def __str__(self) -> str:
        return f"volume {_brief(self.before)} -> {_brief(self.value)}"


class SetFile(NamedTuple):
    """Belong to another file, ``""`` for none: where a network is loaded or cleared."""

    path: str

    def __str__(self) -> str:
        return f"belong to {self.path or 'no file'}"


Operation = (
    Add | AddMany | Remove | Rename | Configure | Connect | ConnectMany | Disconnect | SetControl | Place | SetInfo | SetVolume | SetFile
)


class Target(NetworkProxy, CanAddMany, Protocol):
    """A proxy on which any operation can be made."""

    def set_volume(self, volume: float) -> None: ...

    def set_file(self, path: str) -> None: ...


def apply(proxy: Target, operation: Operation) -> None:
    """Make an operation on a network."""
    match operation:
        case Add(name, type_, at):
            proxy.add(name, type_, index=at)
        case AddMany(names, type_, config, columns):
            proxy.add_many(names, type_, config, columns)
        case Remove(name):
            proxy.remove(name)
        case Rename(old, new):
            proxy.rename(old, new)
        case Configure(name, changes):
            proxy.configure(name, changes)
        case Connect(wire):
            proxy.connect(wire)
        case ConnectMany(wires):
            proxy.connect_many(wires)
        case Disconnect(wire):
            proxy.disconnect(wire)
        case SetControl(name, control, value):
            proxy.set_control(name, control, value)
        case Place(name, position, size):
            proxy.place(name, position, size)
        case SetInfo(info):
            proxy.set_info(info)
        case SetVolume(value):
            proxy.set_volume(value)
        case SetFile(path):
            proxy.set_file(path)


def summary(operations: Sequence[Operation]) -> str:
    """Several operations in words: the first ones, and how many more there are."""
    some = operations[:_LOOKED_AT]
    return _listed(list(dict.fromkeys(map(str, some))), len(operations) - len(some))


_SHOWN = 3
_LOOKED_AT = 50


def _listed(texts: Sequence[str], others: int = 0) -> str:
    more = max(0, len(texts) - _SHOWN) + others
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _changed(changes: Mapping[str, Any], before: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The parameters that differ, nested ones by their path, with the value before and after."""
    for name, new in changes.items():
        old = before.get(name)
        if isinstance(new, Mapping) and isinstance(old, Mapping):
            yield from _changed(new, old, f"{path}{name}.")
        elif new != old or type(new) is not type(old):
            yield f"{path}{name}", old, new


def _brief(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
