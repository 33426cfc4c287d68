"""The interface of handles for tools that explore a network: tab, a window, a help page. It evaluates nothing.

Every handle of the front-end is `Explorable`, and says here what can follow it: attributes, items, values to assign, the
arguments of its methods, and the connectors it stands for. Tab asks these functions and knows no class of handles, so that a
new kind of handle completes as soon as it exists.

`follow` takes one step of a path, and evaluates only what costs nothing: data found by name, and properties marked
`structural`. Over a `Snapshot` of the network it cannot change anything, nor wait for the engine a second time.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Final, NamedTuple, NoReturn, Self, TypeGuard, TypeVar

from ..errors import NameError_, ReadOnly
from ..proxy import ConnectorSpec, Direction, Kind, NetworkProxy, ProcessingState
from ..system.display import brief
from ..variables import variable_of
from . import described
from .history import RecordingProxy

MANY: Final = 100
"""So many processings of a group are looked at: whether their values differ, what they could be connected to."""

Key = str | int | slice
_Handle = TypeVar("_Handle", bound="Explorable")
_Method = TypeVar("_Method", bound=Callable[..., Any])


class Selection(NamedTuple):
    """The connectors of one processing that are meant when a handle is connected.

    Attributes
    ----------
    kind, direction : None for both.
    slices : applied in turn to the connectors of each kind and direction.
    name : of the only connector, where it is one.
    """

    state: ProcessingState
    kind: Kind | None = None
    direction: Direction | None = None
    slices: tuple[slice, ...] = ()
    name: str | None = None

    def of(self, kind: Kind, direction: Direction) -> Sequence[ConnectorSpec]:
        """The connectors of one kind and direction."""
        if self.kind not in (None, kind) or self.direction not in (None, direction):
            return ()
        if self.name is not None:
            spec = self.state.connectors.find(kind, direction, self.name)
            return () if spec is None else (spec,)
        specs: Sequence[ConnectorSpec] = self.state.connectors.of(kind, direction)
        for part in self.slices:
            specs = specs[part]
        return specs


class Member:
    """One attribute or item of a handle.

    Attributes
    ----------
    name : as typed after the dot, or as the key of a subscript.
    also : a second name, for those who begin to type that one.
    connectable : whether it can be connected.
    """

    __slots__ = ("name",)

    also: str = ""
    connectable = False

    def __init__(self, name: str) -> None:
        self.name = name

    def says(self) -> str:
        """A short description."""
        raise NotImplementedError

    def connects(self) -> Iterable[Selection]:
        """The connectors that are meant when it is connected."""
        return ()


class Value(NamedTuple):
    """A value that can be assigned, or given as an argument.

    Attributes
    ----------
    value : what it is: a str, a bool, None.
    says : what it means.
    path : how else it is typed, from the handle that offers it on: ``".types.Oscillator"``.
    also : a second name, as of a `Member`.
    """

    value: Any
    says: Callable[[], str]
    path: str = ""
    also: str = ""


class Files(NamedTuple):
    """The path of a file can stand here: of one whose name ends in one of `suffixes`, or of any."""

    suffixes: tuple[str, ...] = ()


Choice = Value | Files


class Call(NamedTuple):
    """The part of a call that has been typed so far.

    Attributes
    ----------
    given : the arguments before the cursor: strings, handles, None for anything else.
    listed : whether the argument at the cursor is a list that has been begun.
    """

    given: tuple[object, ...] = ()
    listed: bool = False


class Explorable:
    """The base class of handles: classes derived from it have tab completion."""

    __slots__ = ()

    _INSTEAD: ClassVar = ""
    """A sentence that says what to type in place of ``del``."""

    def __copy__(self) -> Self:
        return self  # a handle says which part of a network is meant: so does its copy

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        net = variable_of(network_of(self))
        raise TypeError(f'a {type(self).__name__.lower()} of a live network cannot be pickled. To keep the network: {net}.save("song.py")')

    def __delattr__(self, name: str) -> None:
        raise ReadOnly(f"{name!r} of {brief(self)} cannot be deleted{self._INSTEAD}")

    def __delitem__(self, which: Any) -> None:
        raise ReadOnly(f"[{brief(which)}] of {brief(self)} cannot be deleted{self._INSTEAD}")

    def _attributes(self) -> Iterator[Member]:
        """The data that attributes reach, in order; our own words are not among it."""
        return iter(())

    def _items(self) -> Iterator[Member]:
        """The data that subscripts reach, by exact name, in order."""
        return iter(())

    def _data(self, key: Key) -> Any:
        """The data of a name, at an index or a slice; None, or an error about names, where there is none."""
        return self[key]  # type: ignore[index]

    def _choices(self, name: str) -> Iterator[Choice]:
        """The values that can be assigned to the data of that name."""
        return iter(())

    def _selections(self) -> Iterator[Selection]:
        """The connectors that are meant when this is connected, one selection for each processing."""
        return iter(())

    def _says(self) -> str:
        """A short description."""
        return type(self).__name__.lower()

    def _network(self) -> NetworkProxy | None:
        """The network of this handle; None if it has none."""
        try:
            proxy: NetworkProxy = object.__getattribute__(self, "_proxy")
        except AttributeError:
            return None
        return proxy

    def _over(self, proxy: RecordingProxy) -> Explorable:
        """The same handle in another network, as `own` class."""
        cls = own(self)
        made: Explorable = cls.__new__(cls)
        for each in cls.__mro__:
            for slot in set(each.__dict__.get("__slots__", ())) - {"__weakref__"}:
                object.__setattr__(made, slot, proxy if slot == "_proxy" else object.__getattribute__(self, slot))
        return made


# -- marks


def structural(read: _Method) -> _Method:
    """Mark what a property reads as free: it leads to another handle, so that tab may follow it."""
    read.structural = True  # type: ignore[attr-defined]
    return read


def takes(**offered: Callable[[Any, Call], Iterable[Choice | Member]]) -> Callable[[_Method], _Method]:
    """Declare the possible arguments of a method, each by a function of the handle and the `Call` so far.

    That of ``**config`` gives the keywords that can stand there, as `Member` objects. In a list that is an argument, only
    those of parameters are offered whose annotation has ``Iterable``.
    """

    def mark(method: _Method) -> _Method:
        method.offered = offered  # type: ignore[attr-defined]
        return method

    return mark


# -- asking a handle


def is_handle(held: object) -> TypeGuard[Explorable]:
    """Whether it is a handle; as `isinstance`, which would ask an object of anybody's for its ``__class__``."""
    return issubclass(type(held), Explorable)


def is_structural(held: object) -> bool:
    """Whether it is a property that leads to another handle."""
    return isinstance(held, property) and getattr(held.fget, "structural", False)


def is_ours(held: object) -> bool:
    """Whether tab may go on from here: a handle, or a class of handles that can be called for one."""
    if is_handle(held):
        return network_of(held) is not None or type(held) is own(held)
    return issubclass(type(held), type) and issubclass(held, Explorable) and _is_ours(held)  # type: ignore[arg-type]


def own(handle: Explorable) -> type[Explorable]:
    """The class of ipyclam that a handle is of: what somebody derives from it may run code of theirs."""
    return next(cls for cls in type(handle).__mro__ if _is_ours(cls))


def network_of(handle: Explorable) -> NetworkProxy | None:
    """The network of a handle; None if it has none."""
    return own(handle)._network(handle)


def over(handle: Explorable, proxy: RecordingProxy) -> Explorable:
    """The same handle in another network, a snapshot of its own."""
    return own(handle)._over(handle, proxy)


def attributes(handle: Explorable) -> Iterator[Member]:
    """The names that can follow ``handle.``: data, then handles that begin with ``_``, then methods and properties."""
    yield from handle._attributes()
    defined = _defined(type(handle))
    for name, held in defined.items():
        if name.startswith("_") and is_structural(held):
            yield _Structural(name, held, handle)
    for name, held in sorted(defined.items()):
        if not name.startswith("_"):
            yield _Word(name, held)


def items(handle: Explorable) -> Iterator[Member]:
    """The names that can follow ``handle["``."""
    return handle._items()


def follow(handle: Explorable, key: Key, subscript: bool = False) -> Any:
    """The value of ``handle.key`` or ``handle[key]``; None if there is none, or if evaluating it would cost time."""
    try:
        if isinstance(key, str) and not subscript:
            held = _static(type(handle), key)
            if is_structural(held):
                return held.fget(handle)
            if held is not None or key.startswith("_"):
                return None
        return handle._data(key)
    except (NameError_, TypeError, IndexError, ValueError):
        return None


def choices(handle: Explorable, key: Key, subscript: bool = False) -> Iterator[Choice]:
    """The values that can be assigned to ``handle.key`` or ``handle[key]``."""
    if not isinstance(key, str) or (not subscript and (key.startswith("_") or _static(type(handle), key) is not None)):
        return iter(())
    return handle._choices(key)


def method(cls: type, name: str) -> Callable[..., Any] | None:
    """The method of that name of a class of handles; None where there is none of ours."""
    held = _static(cls, name) if _is_ours(cls) else None
    return held if inspect.isfunction(held) else None


def argument(handle: Explorable | None, method: Callable[..., Any], parameter: inspect.Parameter, call: Call) -> Iterable[Choice | Member]:
    """The values that tab offers for a parameter of a method, if the method declares them."""
    offered = getattr(method, "offered", {}).get(parameter.name)
    if offered is None or (call.listed and "Iterable" not in str(parameter.annotation)):
        return ()
    found: Iterable[Choice | Member] = offered(handle, call)
    return found


def selections(handle: Explorable) -> Iterator[Selection]:
    """The connectors that are meant when a handle is connected, one selection for each processing."""
    return handle._selections()


def says(handle: Explorable) -> str:
    """A short description of a handle."""
    return handle._says()


# -- inside


def _is_ours(cls: type) -> bool:
    return cls.__module__.partition(".")[0] == __name__.partition(".")[0]


def _static(cls: type, name: str) -> Any:
    """An attribute as a class or one of its bases defines it, without evaluating it."""
    return next((vars(each)[name] for each in cls.__mro__ if name in vars(each)), None)


def _defined(cls: type) -> dict[str, Any]:
    """The attributes that our own classes define, in order, without evaluating them."""
    found: dict[str, Any] = {}
    for each in filter(_is_ours, cls.__mro__):
        for name, held in vars(each).items():
            found.setdefault(name, held)
    return found


class _Word(Member):
    """A method or property of ours."""

    __slots__ = ("_held",)

    def __init__(self, name: str, held: Any) -> None:
        self.name, self._held = name, held

    def says(self) -> str:
        return described.word(self._held)


class _Structural(_Word):
    """A property that leads to another handle."""

    __slots__ = ("_handle",)
    connectable = True

    def __init__(self, name: str, held: property, handle: Explorable) -> None:
        self.name, self._held, self._handle = name, held, handle

    def connects(self) -> Iterable[Selection]:
        there = self._held.fget(self._handle)
        return there._selections() if is_handle(there) else ()
