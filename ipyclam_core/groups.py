"""Groups, ``net.bank("saw{}", net.types.Saw, 8)`` and ``net.group("saw*")``: many processings that are handled as one.

What one does to a group is done to each of its processings, and is one step to undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, overload

from . import names as naming
from .banks import Bank
from .configuration import plain
from .connecting import Connections, Side
from .connecting_groups import Ends, connect, disconnect
from .connectors import Connectable, Several
from .errors import NoSuchProcessing
from .history import RecordingProxy
from .parameters import ParameterSpec
from .processing import Processing
from .proxy import ProcessingState, TypeSpec


class Group(Several):
    """Processings that are handled as one: a sequence of them, whose parameters and controls are set together.

    A value that is assigned is for each; a list, a tuple or an array has one for each. ``>`` and ``/`` connect and
    disconnect each processing, groups of the same size one to one.

    >>> from ipyclam_core import Network
    >>> net = Network("dummy")
    >>> oscillators = net.bank("osc{}", net.types.Oscillator, 3, Frequency=[110.0, 220.0, 330.0])
    >>> amplifiers = net.bank("amp{}", net.types.Amplifier, 3)
    >>> oscillators > amplifiers
    net.osc1.Output > net.amp1.Input
    net.osc2.Output > net.amp2.Input
    net.osc3.Output > net.amp3.Input
    >>> oscillators.Amplitude = 0.1
    >>> oscillators.Frequency
    (110.0, 220.0, 330.0)
    >>> oscillators[1]
    net.osc2
    """

    __slots__ = ("_bank", "_names", "_proxy", "_which")
    __hash__ = None  # type: ignore[assignment]

    _proxy: RecordingProxy
    _names: tuple[str, ...]
    _bank: Bank | None
    _which: str | None

    def __init__(self, proxy: RecordingProxy, names: Iterable[str], bank: Bank | None = None, which: str | None = None) -> None:
        for field, value in (("_proxy", proxy), ("_names", tuple(names)), ("_bank", bank), ("_which", which)):
            object.__setattr__(self, field, value)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its processings."""
        return self._names

    def remove(self) -> None:
        """Take all of them away, as one step."""
        with self._proxy.step(f"remove {self._text()}"):
            for name in reversed(self._names):
                self._proxy.remove(name)

    # -- as a sequence

    @overload
    def __getitem__(self, which: int) -> Any: ...
    @overload
    def __getitem__(self, which: slice) -> Group: ...
    @overload
    def __getitem__(self, which: str) -> Any: ...
    def __getitem__(self, which: int | slice | str) -> Any:
        if isinstance(which, slice):
            return Group(self._proxy, self._names[which], which=self._which)
        if isinstance(which, str):
            return self._named(which)
        try:
            name = self._names[which]
        except IndexError:
            raise IndexError(f"{self._text()} has {len(self)} processings, and none at {which}") from None
        except TypeError:
            raise TypeError(f"the processings of a group are found by index or slice, not by {which!r}") from None
        return self._member(name)

    def __iter__(self) -> Iterator[Any]:
        return map(self._member, self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __bool__(self) -> bool:
        return bool(self._names)

    def __contains__(self, member: object) -> bool:
        return member in self._names if isinstance(member, str) else any(member == other for other in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Group):
            return NotImplemented
        return self._proxy is other._proxy and (self._names, self._which) == (other._names, other._which)

    def __repr__(self) -> str:
        quoted = [naming.quoted(name) for name in (self._names if len(self) <= 6 else (*self._names[:3], self._names[-1]))]
        listed = ", ".join(quoted if len(self) <= 6 else [*quoted[:3], "...", quoted[3]])
        which = "" if self._which is None else naming.access("Processing", self._which)
        return f"net.group([{listed}]){which}" + (f"  # {len(self)} processings" if len(self) > 6 else "")

    def __dir__(self) -> list[str]:
        known = naming.connector_attributes(self._first()) if self._names and self._which is None else []
        return [*known, *super().__dir__()]

    # -- parameters and connectors

    def __getattr__(self, name: str) -> Any:
        found = naming.ours(self, name)
        return self[name] if found is None else found

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __setitem__(self, which: str, value: Any) -> None:
        """Assign to a parameter or an in control of each: a value for all, or as many values as there are processings."""
        states = self._proxy.processings()
        with self._proxy.step(f"set {which} of {self._text()}"):
            for k, name in enumerate(self._names):
                found = naming.find_incontrol(self._state(states, name), which)
                several = isinstance(found, ParameterSpec) and found.type in ("floats", "ints")
                values = column(value, len(self), which, several)
                Processing(self._proxy, name)[which] = value if values is None else values[k]

    def _named(self, which: str) -> Any:
        if not self._names:
            raise NoSuchProcessing(which)
        found = naming.find(self._first(), which)
        if not isinstance(found, ParameterSpec):
            return Group(self._proxy, self._names, self._bank, found.name)
        bank = self._folded()
        if bank is not None:
            return tuple(bank.columns.get(found.name, ())) or (bank.config[found.name],) * len(self)
        states = self._proxy.processings()
        return tuple(self._state(states, name).config[found.name] for name in self._names)

    # -- connecting

    def connect(self, other: Connectable) -> Connections:
        """Connect each with `other`, or with its own of another group; in either order."""
        return connect(self._ends(), _ends_of(other), arrow=False)

    def disconnect(self, other: Connectable | None = None) -> Connections:
        """Cut the wires between each and `other`, or all of them."""
        if other is not None:
            return disconnect(self._ends(), _ends_of(other), arrow=False)
        with self._proxy.step(f"disconnect {self._text()}"):
            cut = [wire for member in self for wire in member.disconnect()]
        return Connections(self._proxy, cut, "/")

    def __gt__(self, other: object) -> Connections:
        return connect(self._ends(), _ends_of(other), arrow=True)

    def __lt__(self, other: object) -> Connections:
        return connect(_ends_of(other), self._ends(), arrow=True)

    def __truediv__(self, other: object) -> Connections:
        return disconnect(self._ends(), _ends_of(other), arrow=True)

    def __rtruediv__(self, other: object) -> Connections:
        return disconnect(_ends_of(other), self._ends(), arrow=True)

    # -- inside

    def _member(self, name: str) -> Any:
        processing = Processing(self._proxy, name)
        return processing if self._which is None else processing[self._which]

    def _folded(self) -> Bank | None:
        """The bank that these processings still are."""
        return self._bank if self._proxy.folded(self._bank) else None

    def _first(self) -> ProcessingState:
        bank = self._folded()
        return self._state(self._proxy.processings(), self._names[0]) if bank is None else bank.state(0)

    def _state(self, states: Mapping[str, ProcessingState], name: str) -> ProcessingState:
        try:
            return states[name]
        except KeyError:
            raise NoSuchProcessing(name, states) from None

    def _ends(self) -> Ends:
        bank = self._folded()
        if bank is None:
            return Ends(self._proxy, self._text(), lambda: [member._side() for member in self], len(self))
        first, text = bank.state(0), self._text()
        side = Side(self._proxy, first.name, self._text, known=first)
        if self._which is not None:
            found = naming.find(first, self._which)
            assert not isinstance(found, ParameterSpec)
            side = replace(side, kind=found.kind, direction=found.direction, connector=found.name)
        return Ends(self._proxy, text, lambda: [member._side() for member in self], len(self), side, bank)

    def _text(self) -> str:
        which = "" if self._which is None else naming.access("Processing", self._which)
        if len(self) < 2:
            return "".join(f"net{naming.access('Network', name)}{which}" for name in self._names) or "an empty group"
        first, last = (f"net{naming.access('Network', name)}{which}" for name in (self._names[0], self._names[-1]))
        return f"{first} ... {last}"

    def _side(self) -> Side:
        raise TypeError(f"{self._text()} is a group: it is connected as a whole")


def make_bank(proxy: RecordingProxy, given: object, spec: TypeSpec, count: object, config: Mapping[str, Any]) -> Group:
    """`Network.bank`."""
    names = _bank_names(given, count)
    shared, columns = {}, {}
    for name, value in config.items():
        parameter = naming.find_parameter(spec.parameters, name, spec.name)
        value = plain(value)
        values = column(value, len(names), parameter.name, parameter.type in ("floats", "ints"))
        if values is None:
            shared[parameter.name] = value
        else:
            columns[parameter.name] = values
    return Group(proxy, names, proxy.add_bank(names, spec.name, shared, columns))


def find_group(proxy: RecordingProxy, which: object) -> Group:
    """`Network.group`."""
    states = proxy.processings()
    if isinstance(which, str):
        found = [name for name in states if fnmatchcase(name, which)]
        if not found:
            raise NoSuchProcessing(which, states)
        return Group(proxy, found)
    if not isinstance(which, Iterable):
        raise TypeError(f'group takes a pattern, as "osc*", or names, not {which!r}')
    names = [member.name if isinstance(member, Processing) else member for member in which]
    for name in names:
        if name not in states:
            raise NoSuchProcessing(name, states) if isinstance(name, str) else TypeError(f"{name!r} is no name of a processing")
    return Group(proxy, names)


def column(value: Any, count: int, what: str, several: bool) -> Sequence[Any] | None:
    """The values for each of `count` processings; None where `value` is for all of them.

    `several` says that one value is a sequence itself.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        return None
    if several and not (value and all(isinstance(one, Sequence) and not isinstance(one, str) for one in value)):
        return None
    if len(value) != count:
        raise ValueError(f"{what} is given {len(value)} values for {count} processings")
    return value


def _bank_names(given: object, count: object) -> list[str]:
    if isinstance(given, str):
        if isinstance(count, bool) or not hasattr(count, "__index__") or count.__index__() < 0:
            raise TypeError(f"how many processings there shall be is an int, 0 or more, not {count!r}")
        numbers = range(1, count.__index__() + 1)
        before, place, after = given.partition("{}") if "{" in given else (given, "{}", "")
        if place and "{" not in before + after and "}" not in before + after:
            return [f"{before}{k}{after}" for k in numbers]
        try:
            return [given.format(k) for k in numbers]
        except (IndexError, KeyError, ValueError):
            raise ValueError(f'{given!r} has to have one place for a number, as "osc{{}}" or "osc{{:02}}"') from None
    if not isinstance(given, Iterable):
        raise TypeError(f'a bank takes a pattern for its names, as "osc{{}}", or a list of them, not {given!r}')
    names = list(given)
    if count is not None and count != len(names):
        raise ValueError(f"{len(names)} names are given for {count!r} processings")
    return names


def _ends_of(other: object) -> Ends:
    if isinstance(other, Group):
        return other._ends()
    if isinstance(other, Connectable):
        side = other._side()
        return Ends(side.proxy, side.text, lambda: [side], None, side, side.processing)
    raise TypeError(f"groups are connected with groups, processings and connectors, not with {other!r} ({type(other).__name__})")
