"""Groups, ``net.bank("saw{}", net.types.Saw, 8)`` and ``net.group("saw*")``: many processings that are handled together.

An operation on a group applies to each of its processings, and is one undo step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from ..errors import DifferentNetwork, NoSuchParameter, NoSuchProcessing
from ..parameters import ParameterSpec, plain_text
from ..proxy import ProcessingState, TypeSpec
from ..system import given as checked
from ..system.display import brief
from ..variables import variable_of
from . import described, offered
from . import names as naming
from .configuration import plain
from .connectors import Connector
from .exploring import MANY, Choice, Member
from .history import RecordingProxy
from .members import Members
from .processing import Processing


class Group(Members):
    """A group: a sequence of processings whose parameters and controls are set together.

    An assigned value is for all; a list, a tuple or an array gives one value for each. ``>`` and ``/`` connect and
    disconnect each processing, groups of the same size one to one.

    >>> from ipyclam_core import Network
    >>> net = Network()
    >>> oscillators = net.bank("osc{}", net.types.SimpleOscillator, 3, Frequency=[110.0, 220.0, 330.0])
    >>> amplifiers = net.bank("amp{}", net.types.AudioAmplifier, 3)
    >>> oscillators > amplifiers
    net.osc1["Audio Output"] > net.amp1["Input Audio"]
    net.osc2["Audio Output"] > net.amp2["Input Audio"]
    net.osc3["Audio Output"] > net.amp3["Input Audio"]
    >>> oscillators.Amplitude = 0.1
    >>> oscillators.Frequency
    (110.0, 220.0, 330.0)
    >>> oscillators[1]
    net.osc2
    """

    __slots__ = ()
    _INSTEAD = ". To remove its processings: group.remove()"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the processings."""
        return self._names

    def remove(self) -> None:
        """Remove all of them, as one undo step."""
        with self._proxy.step(f"remove {self._text()}"):
            for name in reversed(dict.fromkeys(self._names)):
                self._proxy.remove(name)

    def __contains__(self, member: object) -> bool:
        return member in self._names if isinstance(member, str) else super().__contains__(member)

    def __dir__(self) -> list[str]:
        try:
            known = naming.connector_attributes(self._first()) if self._names else []
        except NoSuchProcessing:
            known = []
        return [*known, *super().__dir__()]

    def __getattr__(self, name: str) -> Any:
        if name in naming.SCOPES.values() or name == "_config":
            raise AttributeError(f"a group has no {name!r}, but each of its processings has: [one.{name} for one in group]")
        found = naming.ours(self, name)
        return self[name] if found is None else found

    def __setitem__(self, which: str, value: Any) -> None:
        """Assign to a parameter or an in control of each: a value for all, or as many values as there are processings."""
        if not isinstance(which, str):
            raise TypeError(f"group[...] = takes the name of a parameter or control, not {brief(which)}. For a slice: group[:2].Gain = 0.5")
        states = self._proxy.processings()
        with self._proxy.step(f"set {which} of {self._text()}"):
            for k, name in enumerate(self._names):
                found = naming.find_incontrol(self._state(states, name), which, self._proxy)
                several = isinstance(found, ParameterSpec) and found.type in ("floats", "ints")
                values = column(value, len(self), which, several)
                Processing(self._proxy, name)[which] = value if values is None else values[k]

    def _member(self, name: str) -> Processing:
        return Processing(self._proxy, name)

    def _named(self, which: str) -> Any:
        if not self._names:
            raise NoSuchProcessing(which)
        first = self._first()
        found = naming.find(first, which, self._proxy)
        if not isinstance(found, ParameterSpec):
            return GroupConnectors(self._proxy, self._names, found.name)
        states, values = self._proxy.processings(), []
        for name in self._names:
            state = self._state(states, name)
            own = found if state.spec is first.spec else naming.find(state, which, self._proxy)
            if not isinstance(own, ParameterSpec):
                raise NoSuchParameter(name, which, state.spec.config)
            values.append(state.config[own.name])
        return tuple(values)

    # -- exploring

    def _attributes(self) -> Iterator[Member]:
        return offered.by_attribute(self._looked_at(), naming.reserved("Group"))

    def _items(self) -> Iterator[Member]:
        return offered.by_name(self._looked_at())

    def _choices(self, name: str) -> Iterator[Choice]:
        return self[0]._choices(name) if self else iter(())

    def _says(self) -> str:
        return described.group(self._looked_at(), len(self))

    def _looked_at(self) -> list[ProcessingState]:
        """The first of its processings that are there."""
        states = self._proxy.processings()
        return [states[name] for name in self._names[:MANY] if name in states]


class GroupConnectors(Members):
    """One connector of each processing of a group: a sequence of them, connected and set together.

    >>> from ipyclam_core import Network
    >>> net = Network()
    >>> mixers = net.bank("mixer{}", net.types.AudioMixer, 2)
    >>> mixers.Gain_1
    net.group(["mixer1", "mixer2"])["Gain 1"]
    >>> mixers.Gain_1.value = [0.25, 0.5]
    >>> mixers.Gain_1.value
    (0.25, 0.5)
    >>> mixers.Output_Audio[0]
    net.mixer1["Output Audio"]
    """

    __slots__ = ()

    @property
    def value(self) -> tuple[float, ...]:
        """The current values of these controls. Assign one value for all, or one for each, to send them."""
        return tuple(connector.value for connector in self)

    @value.setter
    def value(self, value: Any) -> None:
        values = column(value, len(self), "value", several=False)
        with self._proxy.step(f"set {self._text()}"):
            for k, connector in enumerate(self):
                connector.value = value if values is None else values[k]

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "value":
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Connector]:
        return super().__iter__()

    def _says(self) -> str:
        return f"group · {len(self)} {self._which}"

    def _member(self, name: str) -> Connector:
        found: Connector = Processing(self._proxy, name)[self._which or ""]
        return found


def make_bank(proxy: RecordingProxy, given: object, spec: TypeSpec, count: object, config: Mapping[str, Any]) -> Group:
    """`Network.bank`."""
    names = _bank_names(given, count, variable_of(proxy))
    shared, columns = {}, {}
    for name, value in config.items():
        parameter = naming.find_parameter(spec.parameters, name, spec.name)
        value = plain(value)
        values = column(value, len(names), parameter.name, parameter.type in ("floats", "ints"))
        if values is None:
            shared[parameter.name] = value
        else:
            columns[parameter.name] = values
    proxy.add_many(names, spec.name, shared, columns)
    return Group(proxy, names)


def find_group(proxy: RecordingProxy, which: object) -> Group:
    """`Network.group`."""
    states = proxy.processings()
    if isinstance(which, str):
        found = [name for name in tuple(states) if fnmatchcase(name, which)]
        if not found:
            raise NoSuchProcessing(which, states)
        return Group(proxy, found)
    members = checked.listed(which)
    if members is None:
        raise TypeError(f'group takes a pattern such as "osc*", or a list of names and processings, not {brief(which)}')
    names: list[str] = []
    for member in members:
        names += _names_of(proxy, member)
    for name in names:
        if name not in states:
            raise NoSuchProcessing(name, states)
    return Group(proxy, names)


def names_of(proxy: RecordingProxy, which: Iterable[object]) -> list[str]:
    """The names of processings that are given as themselves, as groups, by name, or by pattern."""
    names: list[str] = []
    for each in which:
        exact = naming.resolve(plain_text(each), proxy.processings(), proxy) if isinstance(each, str) else None
        names += [exact] if exact is not None else find_group(proxy, each if isinstance(each, str) else [each]).names
    return names


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
        raise ValueError(f"{what}: {len(value)} values for {count} processings. Give one for all, or one for each")
    return value


def _names_of(proxy: RecordingProxy, member: object) -> Sequence[str]:
    """The names that one entry of a list stands for."""
    if isinstance(member, str):
        return [member]
    if not isinstance(member, (Processing, Group)):
        raise TypeError(f"{brief(member)} is not a processing, nor the name of one")
    if member._proxy is not proxy:
        raise DifferentNetwork(repr(member), "this group")
    return member.names if isinstance(member, Group) else [member.name]


LARGEST: Final = 1_000_000
_PLACE: Final = re.compile(r"\{(?::(0?\d\d?)d?)?\}")


def _bank_names(given: object, count: object, variable: str) -> Sequence[str]:
    if isinstance(given, str):
        if count is None:
            example = f'{variable}.bank("osc{{}}", {variable}.types.Oscillator, 8)'
            raise TypeError(f"a pattern for the names needs a number of processings: {example}")
        number = checked.count("the number of processings", count, 0, LARGEST)
        before, *places = _PLACE.split(given)
        rest = "".join(places[1::2])
        if len(places) > 2 or "{" in before + rest or "}" in before + rest:
            raise ValueError(f'{brief(given)} must have one place for a number, such as "osc{{}}" or "osc{{:02}}"')
        width = (places and places[0]) or ""
        return [f"{before}{number:{width}}{rest}" for number in range(1, number + 1)]
    names = checked.listed(given)
    if names is None:
        raise TypeError(f'a bank takes a pattern for its names such as "osc{{}}", or a list of them, not {brief(given)}')
    if count is not None and checked.count("the number of processings", count, 0) != len(names):
        raise ValueError(f"{len(names)} names for {brief(count)} processings. With a list of names, omit the number")
    return names
