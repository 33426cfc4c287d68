"""The processing types of an engine, ``net.types``, and a type as one gets it there: its name, which knows more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn

from ..errors import NoSuchType, ReadOnly
from ..parameters import ParameterSpec
from ..proxy import ConnectorSpecs, ControlSpec, PortSpec, TypeSpec
from ..system.display import brief, escaped_lines
from ..variables import variable_of
from . import described, names, offered
from .exploring import Explorable, Key, Member
from .history import RecordingProxy
from .searching import alike, search


class Page:
    """The ``__doc__`` of an object is its reference page, made when asked for; that of its class is the class's own."""

    def __init__(self, doc: str, make: Callable[[Any], str]) -> None:
        self._doc, self._make = doc, make

    def __get__(self, held: object | None, owner: type) -> str:
        return self._doc if held is None else self._make(held)


class ProcessingType(str, Explorable):
    __slots__ = ("spec",)
    __doc__ = Page(
        """A processing type: a str, equal to its name, that also knows its connectors and parameters.

        Attributes
        ----------
        doc, category : str
        inports, outports : tuple of PortSpec
        incontrols, outcontrols : tuple of ControlSpec
        config : mapping of each parameter's name to its ParameterSpec
        """,
        lambda type_: page(type_.spec),
    )

    spec: TypeSpec

    def __new__(cls, spec: TypeSpec) -> ProcessingType:
        self = super().__new__(cls, spec.name)
        self.spec = spec
        return self

    def __reduce_ex__(self, protocol: object) -> Any:
        return str, (str.__str__(self),)  # elsewhere it is the name of a type

    @property
    def doc(self) -> str:
        """Its description."""
        return self.spec.doc

    @property
    def category(self) -> str:
        """The family it belongs to."""
        return self.spec.category

    @property
    def inports(self) -> tuple[PortSpec, ...]:
        """The in ports a new one has."""
        return self._connectors.inports

    @property
    def outports(self) -> tuple[PortSpec, ...]:
        """The out ports a new one has."""
        return self._connectors.outports

    @property
    def incontrols(self) -> tuple[ControlSpec, ...]:
        """The in controls a new one has."""
        return self._connectors.incontrols

    @property
    def outcontrols(self) -> tuple[ControlSpec, ...]:
        """The out controls a new one has."""
        return self._connectors.outcontrols

    @property
    def config(self) -> Mapping[str, ParameterSpec]:
        """The parameters, by name, in declared order."""
        return MappingProxyType(dict(self.spec.config))

    @property
    def _connectors(self) -> ConnectorSpecs:
        return self.spec.connectors(self.spec.defaults)

    def _says(self) -> str:
        return described.type_(self.spec)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


class ProcessingTypes(Explorable):
    """The processing types of a network's engine: ``net.types.Oscillator``, ``net.types["any name"]``.

    Iterating gives their names; ``net.types.search("filter")`` gives those that a word fits.
    """

    __slots__ = ("_proxy",)

    _proxy: RecordingProxy

    def __init__(self, proxy: RecordingProxy) -> None:
        object.__setattr__(self, "_proxy", proxy)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        self[name] = value

    def __setitem__(self, name: str, value: object) -> NoReturn:
        raise ReadOnly(
            f"{name!r} of net.types cannot be assigned. To add a processing: net.osc = net.types.Oscillator. "
            "To define a type: the decorator @processing of ipyclam_core.declare"
        )

    def search(self, text: str = "") -> list[ProcessingType]:
        """The types that every word of `text` fits, best first.

        A word fits where it occurs in the type's name, synonyms, category or documentation, or in the names and documentation
        of its ports, controls and parameters. A word that is the whole name counts most, then one in the name, then a synonym.
        Case does not matter.

        >>> net.types.search("lfo")  # doctest: +SKIP
        """
        if not isinstance(text, str):
            raise TypeError(f"types are searched for by words, a str, not by {brief(text)} ({type(text).__name__})")
        return [ProcessingType(spec) for spec in search(self._proxy.types().values(), text)]

    def __getitem__(self, name: str) -> ProcessingType:
        if not isinstance(name, str):
            raise TypeError(f"types are selected by name, not by {brief(name)} ({type(name).__name__})")
        types = self._proxy.types()
        exact = names.resolve(name, types, self._proxy, ".types")
        if exact is None:
            raise NoSuchType(name, self._proxy.engine, types, alike(types.values(), name), variable_of(self._proxy))
        return ProcessingType(types[exact])

    def __getattr__(self, name: str) -> ProcessingType:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._proxy.types()

    def __iter__(self) -> Iterator[str]:
        return iter(self._proxy.types())

    def __len__(self) -> int:
        return len(self._proxy.types())

    def __dir__(self) -> list[str]:
        return [*(text for text, _ in names.attributes("ProcessingTypes", self._proxy.types())), *super().__dir__()]

    def __repr__(self) -> str:
        return f"{variable_of(self._proxy)}.types"

    def _attributes(self) -> Iterator[Member]:
        for name, spec in self._proxy.types().items():
            if (text := names.alias(name)) or spec.title:
                yield offered.OfTypes(text, names.alias(spec.title), spec)

    def _items(self) -> Iterator[Member]:
        return (offered.OfTypes(name, spec.title, spec) for name, spec in self._proxy.types().items())

    def _data(self, key: Key) -> ProcessingType | None:
        types = self._proxy.types()
        name = names.resolve(key, types, self._proxy, ".types") if isinstance(key, str) else None
        return None if name is None else ProcessingType(types[name])


def page(spec: TypeSpec) -> str:
    """The reference page of a type, as ``?`` shows it: derived from the declaration alone."""
    from ..pictures.type_diagram import text as diagram

    connectors = spec.connectors(spec.defaults)
    head = f"{spec.name}{f' ({spec.category})' if spec.category else ''}"
    parts = [head, *([spec.doc.strip()] if spec.doc.strip() else []), *([picture] if (picture := diagram(spec)) else [])]
    parts += [f"Also known as: {', '.join(spec.synonyms)}"] if spec.synonyms else []
    sections: tuple[tuple[str, Sequence[Any]], ...] = (
        ("In ports", connectors.inports), ("Out ports", connectors.outports),
        ("In controls", connectors.incontrols), ("Out controls", connectors.outcontrols),
    )  # fmt: skip
    for title, connector_specs in sections:
        parts += _section(title, [connector_line(connector) for connector in connector_specs])
    parts += _section("Parameters", [line for parameter in spec.parameters for line in parameter_lines(parameter)])
    return escaped_lines("\n\n".join(parts))


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"{title}\n{'-' * len(title)}\n" + "\n".join(lines)] if lines else []


def connector_line(spec: PortSpec | ControlSpec) -> str:
    """A connector in a line: its name, what it carries, and what it is for."""
    facts = [spec.type]
    if isinstance(spec, ControlSpec):
        facts += [f"{spec.minimum:g} to {spec.maximum:g}"] if spec.minimum is not None and spec.maximum is not None else []
        facts += [spec.unit] if spec.unit else []
    elif spec.pieces:
        facts.append(f"in pieces {spec.pieces}")
    return f"{spec.name} : {', '.join(facts)}{f'  {spec.doc}' if spec.doc else ''}"


def parameter_lines(parameter: ParameterSpec, indent: str = "") -> Iterator[str]:
    """A parameter in a line: its name, the values it takes, its default, and what it is for; below it those nested in it."""
    default = "" if parameter.type == "config" else f" = {parameter.default!r}"
    unit = f" {parameter.unit}" if parameter.unit else ""
    doc = f"  {parameter.doc}" if parameter.doc else ""
    optional = ", or None" if parameter.optional else ""
    yield f"{indent}{parameter.name} : {parameter.expected}{optional}{default}{unit}{doc}"
    for field in parameter.fields:
        yield from parameter_lines(field, indent + "    ")
