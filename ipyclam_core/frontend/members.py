"""The base class of a group and of the connectors of a group: sequences that are connected as one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self, overload

from ..errors import NoSuchProcessing, ReadOnly
from ..proxy import ProcessingState
from ..system import given
from ..system.display import brief
from ..variables import variable_of
from . import names as naming
from .chains import answer
from .connecting import Connections, Side
from .connecting_groups import Sides, connect, disconnect
from .connecting_lists import is_list
from .connectors import Connectable, Several
from .history import RecordingProxy
from .typed import typed


class Members(Several):
    """One thing of each of some processings: the processing itself, or a connector of it.

    ``>`` and ``/`` connect and disconnect each, those of groups of the same size one to one.
    """

    __slots__ = ("_names", "_proxy", "_which")
    __hash__ = None  # type: ignore[assignment]

    _proxy: RecordingProxy
    _names: tuple[str, ...]
    _which: str | None

    def __init__(self, proxy: RecordingProxy, names: Sequence[str], which: str | None = None) -> None:
        for field, value in (("_proxy", proxy), ("_names", tuple(names)), ("_which", which)):
            object.__setattr__(self, field, value)

    @abstractmethod
    def _member(self, name: str) -> Any:
        """The member of one processing."""

    @overload
    def __getitem__(self, which: int) -> Any: ...
    @overload
    def __getitem__(self, which: slice) -> Self: ...
    @overload
    def __getitem__(self, which: str) -> Any: ...
    def __getitem__(self, which: int | slice | str) -> Any:
        if isinstance(which, slice):
            return type(self)(self._proxy, self._names[given.slice_of_ints(which)], self._which)
        if isinstance(which, str):
            return self._named(which)
        try:
            name = self._names[which]
        except IndexError:
            raise IndexError(f"{self._text()} has {len(self)} processings: index {which} is out of range") from None
        except TypeError:
            raise TypeError(f"the members of a group are selected by index or slice, not by {brief(which)}") from None
        return self._member(name)

    def __iter__(self) -> Iterator[Any]:
        return map(self._member, self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __bool__(self) -> bool:
        return bool(self._names)

    def __contains__(self, member: object) -> bool:
        return any(member == other for other in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Members):
            return NotImplemented
        return self._proxy is other._proxy and (self._names, self._which) == (other._names, other._which)

    def __repr__(self) -> str:
        quoted = [naming.quoted(name) for name in (self._names if len(self) <= 6 else (*self._names[:3], self._names[-1]))]
        listed = ", ".join(quoted if len(self) <= 6 else [*quoted[:3], "...", quoted[3]])
        return f"{variable_of(self._proxy)}.group([{listed}]){self._suffix()}" + (f"  # {len(self)} processings" if len(self) > 6 else "")

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or hasattr(type(self), name):
            raise ReadOnly(f"{name!r} of {self._text()} cannot be assigned")
        self[name] = value

    def __setitem__(self, which: str, value: Any) -> None:
        raise ReadOnly(f"{self._text()} are connectors: only their .value can be assigned")

    # -- connecting

    def connect(self, other: Connectable | Sequence[Connectable]) -> Connections:
        """Connect each to `other`, in either order. Two groups are connected one to one."""
        if is_list(other):
            return self._with_each(other, self.connect, ">")
        return connect(self._sides(), _sides_of(other), arrow=False)

    def disconnect(self, other: Connectable | Sequence[Connectable] | None = None) -> Connections:
        """Remove the wires to `other`, or all wires."""
        if is_list(other):
            return self._with_each(other, self.disconnect, "/")
        if other is not None:
            return disconnect(self._sides(), _sides_of(other), arrow=False)
        with self._proxy.step(f"disconnect {self._text()}"):
            cut = [wire for member in self for wire in member.disconnect()]
        return Connections(self._proxy, cut, "/")

    def __gt__(self, other: object) -> Any:
        if not typed():
            return self._sorts(other, 1)
        if is_list(other):
            return answer(lambda: self._with_each(other, lambda one: self > one, ">"), self, other)
        return answer(lambda: connect(self._sides(), _sides_of(other), arrow=True), self, other)

    def __lt__(self, other: object) -> Any:
        if not typed():
            return self._sorts(other, -1)
        if is_list(other):
            return answer(lambda: self._with_each(other, lambda one: self < one, ">"), self, other)
        return answer(lambda: connect(_sides_of(other), self._sides(), arrow=True), self, other)

    def __truediv__(self, other: object) -> Connections:
        if is_list(other):
            return self._with_each(other, lambda one: self / one, "/")
        return disconnect(self._sides(), _sides_of(other), arrow=True)

    def __rtruediv__(self, other: object) -> Connections:
        if is_list(other):
            return self._with_each(other, lambda one: one / self, "/")
        return disconnect(_sides_of(other), self._sides(), arrow=True)

    # -- inside

    def _place(self) -> tuple[str, ...]:
        return (*self._names, repr(self))

    def _named(self, which: str) -> Any:
        raise TypeError(f"the connectors of a group are selected by index or slice, not by {brief(which)}")

    def _first(self) -> ProcessingState:
        return self._state(self._proxy.processings(), self._names[0])

    def _state(self, states: Mapping[str, ProcessingState], name: str) -> ProcessingState:
        try:
            return states[name]
        except KeyError:
            raise NoSuchProcessing(name, states) from None

    def _sides(self) -> Sides:
        return Sides(self._proxy, self._text(), [member._side() for member in self])

    def _suffix(self) -> str:
        return "" if self._which is None else naming.access("Processing", self._which)

    def _typed(self, name: str) -> str:
        return f"{variable_of(self._proxy)}{naming.access('Network', name)}{self._suffix()}"

    def _text(self) -> str:
        if len(self) < 2:
            return "".join(map(self._typed, self._names)) or "an empty group"
        first, last = map(self._typed, (self._names[0], self._names[-1]))
        return f"{first} ... {last}"

    def _side(self) -> Side:
        raise TypeError(f"{self._text()} is a group, and can only be connected as a whole")


def _sides_of(other: object) -> Sides:
    if isinstance(other, Members):
        return other._sides()
    if isinstance(other, Connectable):
        side = other._side()
        return Sides(side.proxy, side.text, [side], single=True)
    raise TypeError(f"a group can be connected to groups, processings and connectors, not to {brief(other)} ({type(other).__name__})")
