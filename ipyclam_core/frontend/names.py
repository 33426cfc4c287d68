"""Which attribute means what: reserved words, names that are no identifiers, aliases and collisions.

Every such decision of the front-end is taken here, by the same rule for processings, connectors, parameters and types:
the exact name wins; else an alias that one thing answers to; more than one is an error that lists them.
"""

from __future__ import annotations

import importlib
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final, Literal

from ..errors import AmbiguousName, NoSuchConnector, NoSuchParameter
from ..parameters import ParameterSpec, plain_text
from ..proxy import ConnectorId, ConnectorSpecs, Direction, Kind, ProcessingState, TypeSpec
from ..system.display import brief
from ..variables import variable_of

Scope = tuple[Kind, Direction]

SCOPES: Final[Mapping[Scope, str]] = {
    ("Port", "In"): "_inports", ("Port", "Out"): "_outports",
    ("Control", "In"): "_incontrols", ("Control", "Out"): "_outcontrols",
}  # fmt: skip
"""The attribute of a processing that holds the connectors of one kind and direction."""

_MODULES: Final[Mapping[Handle, str]] = {
    "Network": ".network", "Processing": ".processing", "Connectors": ".connectors", "Configuration": ".configuration",
    "ProcessingTypes": ".processing_types", "Group": ".groups",
}  # fmt: skip

_LABELS: Final[Mapping[Scope, str]] = {
    ("Port", "In"): "Input", ("Port", "Out"): "Output", ("Control", "In"): "InControl", ("Control", "Out"): "OutControl",
}  # fmt: skip

_BREAKS: Final = re.compile(r"\W+")

_PARAMETER_ALIASES: Final = {"NSources": "NOutputs", "NSinks": "NInputs"}  # the seed's words for CLAM's


Handle = Literal["Network", "Processing", "Connectors", "Configuration", "ProcessingTypes", "Group"]


@cache
def reserved(handle: Handle | type) -> frozenset[str]:
    """The words that are ours on a kind of handle: they are read as ours, and data of that name needs a subscript."""
    if isinstance(handle, str):  # their modules import this one, so it knows them by name
        handle = getattr(importlib.import_module(_MODULES[handle], __package__), handle)
    return frozenset(word for word in dir(handle) if not word.startswith("_"))


def is_attribute(name: str) -> bool:
    """Whether ``.name`` can be typed and reaches exactly `name`. Names that begin with ``_`` are ours."""
    return name.isidentifier() and name[0] != "_" and not keyword.iskeyword(name) and _normal(name) == name


@lru_cache(maxsize=1 << 14)  # tab looks at every name of a network
def alias(name: str) -> str:
    """The identifier that stands for a name with other characters, ``Audio_Output`` for ``Audio Output``; ``""`` if there is none."""
    text = name if name.isascii() and name.isidentifier() else _BREAKS.sub("_", _normal(name))
    return text if is_attribute(text) else ""


def access(handle: Handle, name: str) -> str:
    """The access to `name` from a handle: ``".osc"`` or ``'["my osc"]'``."""
    return f".{name}" if is_attribute(name) and name not in reserved(handle) else f"[{quoted(name)}]"


def quoted(text: str) -> str:
    """`text` as a Python literal, in double quotes where that needs no escape, as people write it."""
    written = repr(plain_text(text))
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in written else written


def literal(value: object) -> str:
    """A configuration value as a Python literal."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(literal, value)) + (",)" if len(value) == 1 else ")")
    return repr(value)


def attributes(handle: Handle, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The attributes by which `known` names can be reached from a handle, in their order, each with the name it reaches."""
    words, exact = reserved(handle), known if isinstance(known, Mapping) else dict.fromkeys(known)
    shared = Counter(map(alias, exact))
    for name in exact:
        text = alias(name)
        if text and text not in words and (text == name or (shared[text] == 1 and text not in exact)):
            yield text, name


def resolve(name: str, known: Mapping[str, object] | Iterable[str], proxy: object = None, handle: str = "") -> str | None:
    """The one of `known` that `name` means: itself, or the one whose alias it is; None when it is none of them.

    `proxy` and `handle`, such as ``".types"``, tell where they belong.
    """
    if name in known:
        return name
    found = [other for other in tuple(known) if alias(other) == name]  # others may change it meanwhile
    if len(found) > 1:
        owner = variable_of(proxy) + handle
        raise AmbiguousName(owner, name, [f"{owner}[{quoted(other)}]" for other in found])
    return found[0] if found else None


def find(state: ProcessingState, name: str, proxy: object = None) -> ParameterSpec | ConnectorId:
    """The parameter or connector that ``net.osc.name`` refers to."""
    table = _table(state)
    found = table.named(name)
    if len(found) == 1:
        return found[0] if isinstance(found[0], ParameterSpec) else _id(state, found[0])
    if found:
        raise AmbiguousName(state.name, name, [_typed(state, entry, proxy) for entry in found])
    raise NoSuchConnector(state.name, name, table.exact, table.aliases)


def find_incontrol(state: ProcessingState, name: str, proxy: object = None) -> ParameterSpec | ConnectorId:
    """The parameter or in control that ``net.osc.name = value`` sets."""
    found = _table(state).named(name)
    controls = [entry for entry in found if not isinstance(entry, ParameterSpec) and entry[:2] == ("Control", "In")]
    shadowed = any(isinstance(entry, ParameterSpec) for entry in found)
    return _id(state, controls[0]) if len(controls) == 1 and not shadowed else find(state, name, proxy)


def find_connector(state: ProcessingState, scope: Scope, name: str, proxy: object = None) -> ConnectorId:
    """The connector that ``net.osc._inports.name`` refers to."""
    table = _table(state)
    for entries in (table.exact, table.aliases):
        found = [entry for entry in entries.get(name, ()) if not isinstance(entry, ParameterSpec) and entry[:2] == scope]
        if len(found) == 1:
            return _id(state, found[0])
        if found:
            raise AmbiguousName(f"{state.name}.{SCOPES[scope]}", name, [_typed(state, entry, proxy) for entry in found])
    known = [spec.name for spec in state.connectors.of(*scope)]
    raise NoSuchConnector(f"{state.name}.{SCOPES[scope]}", name, known, connector_attributes(state, scope))


def find_parameter(parameters: Iterable[ParameterSpec], name: str, owner: str) -> ParameterSpec:
    """The parameter that ``net.osc._config.name`` refers to."""
    if not isinstance(name, str):
        raise TypeError(f"a parameter is selected by its name, not by {brief(name)} ({type(name).__name__})")
    known = {parameter.name: parameter for parameter in parameters}
    if name in known:
        return known[name]
    found = [parameter for parameter in known.values() if name in _parameter_aliases(parameter.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousName(owner, name, [f"{owner}[{quoted(parameter.name)}]" for parameter in found])
    raise NoSuchParameter(owner, name, known, [text for parameter in known for text in _parameter_aliases(parameter)])


def index(state: ProcessingState, end: ConnectorId) -> int:
    """The index of a connector among those of its kind and direction."""
    found = _table(state).indices.get((end.kind, end.direction, end.name))
    if found is None:
        raise NoSuchConnector(state.name, end.name, [spec.name for spec in state.connectors.of(end.kind, end.direction)])
    return found


def expression(processings: Mapping[str, ProcessingState], end: ConnectorId, variable: str = "net") -> str:
    """The exact expression for a connector: plain where it is the only one of its name, else by its scope."""
    owner = variable + access("Network", end.processing)
    state = processings.get(end.processing)
    if state is not None and len(_table(state).exact.get(end.name, ())) == 1:
        return owner + access("Processing", end.name)
    return f"{owner}.{SCOPES[end.kind, end.direction]}{access('Connectors', end.name)}"


def connector_attributes(state: ProcessingState, scope: Scope | None = None) -> list[str]:
    """The attributes of a processing, or of one scope of it, for ``dir``: one for each parameter and connector."""
    seen: dict[str, None] = {}
    if scope is None:
        for parameter in state.spec.parameters:
            seen.update(dict.fromkeys(filter(None, [alias(parameter.name)])))
            seen.update(dict.fromkeys(_parameter_aliases(parameter.name) - {alias(parameter.name)}))
    for kind, direction in SCOPES if scope is None else (scope,):
        for spec in state.connectors.of(kind, direction):
            text = alias(spec.name) or next(iter(_digit_aliases((kind, direction), spec.name)), "")
            if text:
                seen[text] = None
    return list(seen)


def ours(handle: object, name: str) -> Any:
    """For ``__getattr__``: what of ours `name` is, or ``AttributeError`` for other names that begin with ``_``.

    Python asks ``__getattr__`` for a property too, when that raised an ``AttributeError``: asking the property again
    lets its own error be seen.
    """
    found = getattr(type(handle), name, None)
    if isinstance(found, property) and found.fget is not None:
        return found.fget(handle)
    if name.startswith("_"):
        raise AttributeError(f"{type(handle).__name__} has no {name!r}")
    return None


# -- inside

_Entry = tuple[Kind, Direction, str] | ParameterSpec


class _Table:
    """The names of one processing's connectors and parameters: of immutable values, so it may be kept."""

    __slots__ = ("_aliases", "exact", "indices")

    def __init__(self, spec: TypeSpec, connectors: ConnectorSpecs) -> None:
        self.exact: dict[str, list[_Entry]] = {name: [parameter] for name, parameter in spec.config.items()}
        self.indices: dict[tuple[Kind, Direction, str], int] = {}
        self._aliases: dict[str, list[_Entry]] | None = None
        for kind, direction in SCOPES:
            for k, connector in enumerate(connectors.of(kind, direction)):
                entry = (kind, direction, connector.name)
                if entry not in self.indices:  # a name CLAM uses twice means the first
                    self.indices[entry] = k
                    self.exact.setdefault(connector.name, []).append(entry)

    @property
    def aliases(self) -> dict[str, list[_Entry]]:
        if self._aliases is None:
            self._aliases = {}
            for name, entries in self.exact.items():
                for entry in entries:
                    if isinstance(entry, ParameterSpec):
                        texts = _parameter_aliases(name)
                    else:
                        texts = {alias(name), *_digit_aliases(entry[:2], name)}
                    for text in texts - {""}:
                        self._aliases.setdefault(text, []).append(entry)
        return self._aliases

    def named(self, name: str) -> list[_Entry]:
        found = self.exact.get(name) or self.aliases.get(name) or []
        shadowing = {entry.name for entry in found if isinstance(entry, ParameterSpec)}
        return [entry for entry in found if isinstance(entry, ParameterSpec) or entry[2] not in shadowing]


_tables: dict[tuple[int, int], tuple[TypeSpec, ConnectorSpecs, _Table]] = {}


def _table(state: ProcessingState) -> _Table:
    """The table of a processing, kept by identity: comparing all connectors of a large mixer would cost too much."""
    key = id(state.spec), id(state.connectors)
    kept = _tables.get(key)
    if kept is None:
        while len(_tables) >= 256:
            _tables.pop(next(iter(tuple(_tables))), None)  # a tuple at once: other threads add to it meanwhile
        kept = _tables[key] = state.spec, state.connectors, _Table(state.spec, state.connectors)
    return kept[2]


def _id(state: ProcessingState, entry: tuple[Kind, Direction, str]) -> ConnectorId:
    return ConnectorId(state.name, *entry)


def _typed(state: ProcessingState, entry: _Entry, proxy: object) -> str:
    owner = variable_of(proxy) + access("Network", state.name)
    if isinstance(entry, ParameterSpec):
        return f"{owner}._config{access('Configuration', entry.name)}"
    return f"{owner}.{SCOPES[entry[:2]]}{access('Connectors', entry[2])}"


def _parameter_aliases(name: str) -> set[str]:
    return {alias(name), _PARAMETER_ALIASES.get(name, "")} - {""}


def _digit_aliases(scope: Scope, name: str) -> list[str]:
    if not (name.isascii() and name.isdigit()):
        return []
    return [f"{_LABELS[scope]}{name}", f"{_LABELS[scope]} {name}"]


def _normal(name: str) -> str:
    """The form in which Python reads an identifier."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)
