"""The configuration of a processing: its parameters as attributes and items.

A `Configuration` is a view on one of three things: the applied values (each assignment configures at once), the changes
that a ``with`` block holds until its end, or a clone that belongs to no processing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Any, NoReturn, Protocol

from ..errors import NoSuchProcessing, ParameterTypeError, ParameterValueError, ReadOnly
from ..parameters import ParameterSpec, Value, fields_held, merge
from ..proxy import NetworkProxy, ProcessingState
from ..variables import variable_of
from . import arguments, names, offered
from .deleting import parameter_not_deletable
from .exploring import Choice, Explorable, Member
from .history import RecordingProxy
from .pages import of_parameters


class Configuration(Explorable):
    """The parameters of a processing, ``net.osc._config``, or of a configuration nested in it.

    Parameters are attributes and items; iterating gives their names. An assignment is applied at once. After an error
    nothing has changed. Inside ``with net.osc._config as c:`` changes of `c` are collected, and applied together at its end.

    >>> from ipyclam_core import Network
    >>> net = Network()
    >>> net.osc = net.types.SimpleOscillator
    >>> net.osc._config
    {'Frequency': 440.0, 'Amplitude': 1.0, 'Phase': 0.0, 'SamplingRate': 44100.0}
    >>> with net.osc._config as c:
    ...     c.Frequency = 220.0
    ...     c.Amplitude = 0.5
    >>> net.osc.Frequency
    220.0
    """

    __slots__ = ("_path", "_store")
    __hash__ = None  # type: ignore[assignment]

    _store: _Store
    _path: tuple[str, ...]

    def __init__(self, store: _Store, path: tuple[str, ...] = ()) -> None:
        object.__setattr__(self, "_store", store)
        object.__setattr__(self, "_path", path)

    def clone(self) -> Configuration:
        """A copy that belongs to no processing. Assign it to the ``_config`` of a processing: ``net.two._config = c``."""
        return Configuration(_Loose(self._store.owner(self._path), self._parameters(), self._values()))

    def keys(self) -> list[str]:
        """The names of the parameters, in declared order."""
        return list(self._values())

    @property
    def __custom_documentations__(self) -> dict[str, str]:
        """The pages of the parameters for IPython's ``net.osc._config.Frequency?``."""
        return of_parameters(self._parameters())

    def __getitem__(self, name: str) -> Any:
        parameter = names.find_parameter(self._parameters(), name, self._store.owner(self._path))
        value = self._values()[parameter.name]
        return Configuration(self._store, (*self._path, parameter.name)) if isinstance(value, Mapping) else value

    def __setitem__(self, name: str, value: Any) -> None:
        parameter = names.find_parameter(self._parameters(), name, self._store.owner(self._path))
        changes: Any = {parameter.name: plain(value)}
        for outer in reversed(self._path):
            changes = {outer: changes}
        try:
            self._store.change(changes)
        except (ParameterTypeError, ParameterValueError) as error:
            if not self._path:
                error.typed(name)
            raise

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or name in names.reserved("Configuration"):
            raise ReadOnly(f"{name!r} of a configuration cannot be assigned. For a parameter of that name: [{name!r}] = ...")
        self[name] = value

    def __delitem__(self, name: str) -> None:
        owner = self._store.owner(self._path)
        parameter = names.find_parameter(self._parameters(), name, owner)
        raise parameter_not_deletable(parameter, f"{owner}{names.access('Configuration', parameter.name)}")

    def __delattr__(self, name: str) -> None:
        if name.startswith("_") or name in names.reserved("Configuration"):
            raise ReadOnly(f"{name!r} of a configuration cannot be deleted")
        del self[name]

    def __copy__(self) -> NoReturn:
        net = variable_of(self._store.network)
        raise TypeError(f"a configuration is copied by clone(): c = {net}.osc._config.clone(). Assign it to another: {net}.two._config = c")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __contains__(self, name: object) -> bool:
        return name in self._values()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Configuration, Mapping)):
            return NotImplemented
        return same_values(plain(self), plain(other))

    def __enter__(self) -> Configuration:
        object.__setattr__(self, "_store", _Held(self._store))
        return Configuration(self._store, self._path)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        held = self._store
        assert isinstance(held, _Held)
        object.__setattr__(self, "_store", held.under)
        held.release(kind is None)

    def __repr__(self) -> str:
        try:
            return repr(plain(self))
        except NoSuchProcessing:
            return "{}"

    def __dir__(self) -> list[str]:
        try:
            parameters = [parameter.name for parameter in self._parameters()]
        except NoSuchProcessing:
            parameters = []
        return [*(text for text, _ in names.attributes("Configuration", parameters)), *super().__dir__()]

    def _attributes(self) -> Iterator[Member]:
        known, values = {parameter.name: parameter for parameter in self._parameters()}, [self._values()]
        found = names.attributes("Configuration", known)
        return (offered.OfConfigurations(text, known[name], values) for text, name in found)

    def _items(self) -> Iterator[Member]:
        values = [self._values()]
        return (offered.OfConfigurations(parameter.name, parameter, values) for parameter in self._parameters())

    def _choices(self, name: str) -> Iterator[Choice]:
        parameter = names.find_parameter(self._parameters(), name, self._store.owner(self._path))
        return arguments.of_parameter(parameter, self._values()[parameter.name])

    def _network(self) -> NetworkProxy | None:
        return self._store.network

    def _over(self, proxy: RecordingProxy) -> Configuration:
        return Configuration(self._store.over(proxy), self._path)

    def _parameters(self) -> Sequence[ParameterSpec]:
        parameters = self._store.parameters()
        for name in self._path:
            parameters = next(parameter for parameter in parameters if parameter.name == name).fields
        return parameters

    def _values(self) -> Mapping[str, Value]:
        parameters, values = self._store.parameters(), self._store.values()
        for name in self._path:
            parameter = next(parameter for parameter in parameters if parameter.name == name)
            parameters, values = parameter.fields, fields_held(parameter, values[name])
        return values


def live(proxy: RecordingProxy, name: str) -> Configuration:
    """The applied configuration of a processing."""
    return Configuration(_Live(proxy, name))


def plain(value: Any) -> Any:
    """`value` with configurations and mappings made plain dicts."""
    if isinstance(value, Configuration):
        value = value._values()
    if isinstance(value, Mapping):
        return {name: plain(held) for name, held in value.items()}
    return value


def same_values(one: Any, other: Any) -> bool:
    """Whether two configurations hold the same, where 1, 1.0 and True are three values."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_values(value, other[name]) for name, value in one.items())
    return type(one) is type(other) and bool(one == other)


# -- the stores of configurations


class _Store(Protocol):
    @property
    def network(self) -> NetworkProxy | None: ...
    def over(self, proxy: RecordingProxy) -> _Store: ...
    def owner(self, path: tuple[str, ...]) -> str: ...
    def parameters(self) -> Sequence[ParameterSpec]: ...
    def values(self) -> Mapping[str, Value]: ...
    def change(self, changes: Mapping[str, Any]) -> None: ...


class _Live:
    """The changes collected so far."""

    __slots__ = ("_name", "_proxy")

    def __init__(self, proxy: RecordingProxy, name: str) -> None:
        self._proxy = proxy
        self._name = name

    @property
    def network(self) -> NetworkProxy:
        return self._proxy

    def over(self, proxy: RecordingProxy) -> _Live:
        return _Live(proxy, self._name)

    def state(self) -> ProcessingState:
        processings = self._proxy.processings()
        try:
            return processings[self._name]
        except KeyError:
            raise NoSuchProcessing(self._name, processings) from None

    def owner(self, path: tuple[str, ...]) -> str:
        return ".".join((self._name, *path))

    def parameters(self) -> Sequence[ParameterSpec]:
        return self.state().spec.parameters

    def values(self) -> Mapping[str, Value]:
        return self.state().config

    def change(self, changes: Mapping[str, Any]) -> None:
        self._proxy.configure(self._name, changes)


class _Held:
    """A store with changes that wait for the end of a ``with`` block, and go straight through after it."""

    __slots__ = ("_ended", "_pending", "under")

    def __init__(self, under: _Store) -> None:
        self.under = under
        self._pending: dict[str, Any] = {}
        self._ended = False

    @property
    def network(self) -> NetworkProxy | None:
        return self.under.network

    def over(self, proxy: RecordingProxy) -> _Store:
        return self.under.over(proxy)

    def owner(self, path: tuple[str, ...]) -> str:
        return self.under.owner(path)

    def parameters(self) -> Sequence[ParameterSpec]:
        return self.under.parameters()

    def values(self) -> Mapping[str, Value]:
        return merge(self.parameters(), self.under.values(), self._pending, self.owner(()))

    def change(self, changes: Mapping[str, Any]) -> None:
        if self._ended:
            self.under.change(changes)
            return
        merge(self.parameters(), self.under.values(), changes, self.owner(()))  # refuse bad values now, not at the end
        _update(self._pending, changes)

    def release(self, apply: bool) -> None:
        pending, self._pending, self._ended = self._pending, {}, True
        if apply and pending:
            self.under.change(pending)


class _Loose:
    """Values that belong to no processing."""

    __slots__ = ("_owner", "_parameters", "_values")
    network = None

    def __init__(self, owner: str, parameters: Sequence[ParameterSpec], values: Mapping[str, Value]) -> None:
        self._owner = owner
        self._parameters = tuple(parameters)
        self._values: Mapping[str, Value] = MappingProxyType(dict(values))

    def over(self, proxy: RecordingProxy) -> _Loose:
        return self

    def owner(self, path: tuple[str, ...]) -> str:
        return ".".join((self._owner, *path))

    def parameters(self) -> Sequence[ParameterSpec]:
        return self._parameters

    def values(self) -> Mapping[str, Value]:
        return self._values

    def change(self, changes: Mapping[str, Any]) -> None:
        self._values = merge(self._parameters, self._values, changes, self._owner)


def _update(pending: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if isinstance(value, Mapping) and isinstance(pending.get(name), dict):
            _update(pending[name], value)
        else:
            pending[name] = dict(value) if isinstance(value, Mapping) else value
