"""Declarations: processing types in the form that the planner and the compiler read, and the catalog of them all.

Types are written with the functions of `ipyclam_core.declare`.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from ..errors import DefinitionError, EngineError
from ..parameters import ParameterSpec
from ..proxy import ControlSpec, PortSpec, TypeSpec
from .frames import BUFFER, FrameSpec

if TYPE_CHECKING:
    import numpy as np

Form = Literal["step", "process", "receive", "device"]
FORMS: Final[tuple[Form, ...]] = ("step", "process", "receive")
T = TypeVar("T")


class Array(Generic[T]):
    """The type of a state field that is an array: ``line: Array[float32]``; `initial` or `prepare` gives its values."""


class Table:
    """The type of a state field that frames may hold, by address: ``response: Table``; `initial` or `prepare` gives its values.

    In a function, ``state.response.values`` is a float32 array, and ``frame.spectra = state.response`` has a frame hold it. Two
    tables are equal if they are the same one. A field that no one gives values holds whatever table the function puts there.

    Parameters
    ----------
    values : float32 array.
    """

    __slots__ = ("values",)

    def __init__(self, values: Any) -> None:
        self.values = values


class Seldom:
    """The type of a state field that is true in few blocks: ``fading: Seldom``.

    It is set in ``block``, and read in ``step``: a bool. ``step`` is compiled twice, and the faster of the two takes it for
    false. That one computes the blocks in which the field is false for all processings of the type.
    """


@dataclass(frozen=True)
class StateField:
    """One field of a processing's memory."""

    name: str
    dtype: np.dtype[Any]
    array: bool = False
    prepared: bool = False
    seldom: bool = False
    table: bool = False


Length = int | str
"""A number of frames or of items: itself, or the name of a parameter, or of a number that ``ports`` returns."""


@dataclass
class Declared:
    """One declared attribute of a processing type's class."""

    spec: ParameterSpec | PortSpec | ControlSpec
    role: Literal["config", "inports", "outports", "incontrols", "outcontrols"]
    from_config: str = ""
    smooth: bool = False
    attribute: str = ""
    open: float = 0.0
    """The value that an in port reads while nothing is connected to it."""
    size: Length = 0
    """Of a port whose samples are read or written in pieces: the frames of one piece."""
    hop: Length = 0
    """The frames from one piece to the next."""
    before: Length = 0
    """The frames of an in port's piece that lie before the time that it stands for; those between it and an out port's first sample."""
    frame: FrameSpec | None = None
    """The data type of a port that holds frames."""
    copies: str = ""
    """The in port whose frame an out port begins each call with."""
    lengths: tuple[tuple[str, Length], ...] = ()
    """The lengths of the rows of an out port's frames, by name."""
    keeps: bool = False
    """Of a parameter that names a file: the state stays when it changes."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name
        if not self.spec.name:
            self.spec = replace(self.spec, name=name)

    @property
    def framed(self) -> bool:
        """Whether it is a port that decides when ``process`` is called."""
        return bool(self.size) or self.frame is not None

    @property
    def many(self) -> bool:
        """Whether it stands for as many connectors as a parameter says."""
        return bool(getattr(self.spec, "count", ""))


@dataclass(frozen=True, eq=False)
class Declaration:
    """A processing type in the form that the planner and the compiler read."""

    name: str
    spec: TypeSpec
    owner: str
    form: Form
    function: Callable[..., Any] | None
    items: tuple[Declared, ...]
    fields: tuple[StateField, ...]
    source: str = ""
    role: str = ""
    block: Callable[..., Any] | None = None
    initial: Callable[..., Mapping[str, Any]] | None = None
    prepare: Callable[..., Mapping[str, Any]] | None = None
    companion: Callable[..., Any] | None = None
    problem: Callable[..., str] | None = None
    ports: Callable[..., Mapping[str, int | tuple[str, ...]]] | None = None
    arguments: tuple[str, ...] = field(default=())
    kernel: str = ""
    """The kernel that computes it in place of a function: one of `dsp.native`, by name."""

    @property
    def has_problems(self) -> bool:
        """Whether there is a function that may say why a configuration could not play."""
        return self.problem is not None

    @property
    def has_ports(self) -> bool:
        """Whether a function says how many connectors there are."""
        return self.ports is not None

    def items_of(self, role: str) -> tuple[Declared, ...]:
        """The declared attributes of one role, in order."""
        return self._by_role.get(role, ())

    @cached_property
    def heeds_forms(self) -> bool:
        """Whether a function asks how long the rows of the frames at an in port are."""
        return not self.forms.keys().isdisjoint(self._given_first)

    @cached_property
    def heeds_block(self) -> bool:
        """Whether a function asks how many frames a block has."""
        return "block_size" in self._given_first

    @cached_property
    def _given_first(self) -> set[str]:
        """What the functions take that make its memory."""
        functions = [function for function in (self.initial, self.prepare) if function is not None]
        return {argument for function in functions for argument in inspect.signature(function).parameters}

    @cached_property
    def forms(self) -> Mapping[str, SimpleNamespace]:
        """For each in port that holds frames, the lengths of their rows where nothing is connected: ``spectrum.bins``."""
        return {item.attribute: SimpleNamespace(**item.frame.lengths) for item in self.items_of("inports") if item.frame is not None}

    @cached_property
    def framed(self) -> bool:
        """Whether ``process`` is called once for each frame, instead of once a block."""
        return any(item.framed for item in self.items)

    @cached_property
    def takes_buffers(self) -> bool:
        """Whether it computes blocks, and might compute buffers of any length instead, because its ports hold nothing else."""
        ports = [*self.items_of("inports"), *self.items_of("outports")]
        return self.form in ("step", "process") and not self.framed and bool(ports) and all(is_buffer(port) for port in ports)

    @cached_property
    def puts_buffers(self) -> bool:
        """Whether it puts out buffers that have a length of their own."""
        return any(item.frame is not None and is_buffer(item) for item in self.items_of("outports"))

    @cached_property
    def transforms(self) -> bool:
        """Whether its function may use a Fourier transform."""
        return self.framed or (self.function is not None and "fourier" in self.function.__globals__)

    @cached_property
    def _by_role(self) -> Mapping[str, tuple[Declared, ...]]:
        roles = dict.fromkeys(item.role for item in self.items)
        return {role: tuple(item for item in self.items if item.role == role) for role in roles}


def is_buffer(port: Declared) -> bool:
    """Whether a port holds buffers, of a block or of any length."""
    return getattr(port.spec, "type", "") == BUFFER


@dataclass(frozen=True, eq=False)
class Listed:
    """The facts about a type that are known before its module is imported.

    Attributes
    ----------
    owner : the class that declares it; see `Declaration`.
    module : its module.
    has_ports, has_problems : whether its declaration has the functions of these names.
    declare : makes its declaration, where no module does.
    """

    spec: TypeSpec
    owner: str
    module: str
    role: str = ""
    has_ports: bool = False
    has_problems: bool = False
    declare: Callable[[], Declaration] | None = None


OURS: Final = "ipyclam"
"""The category of types that are not CLAM's. Their names are everyday words, which a user's own type may take."""


class Catalog(Mapping[str, Declaration]):
    """Declarations by name; a module is imported when the declaration of one of its types is asked for.

    A name has one owner, which may define it again, as the prompt may.

    Attributes
    ----------
    listed : what can be known of each type without importing anything.
    """

    def __init__(self) -> None:
        self._held: dict[str, Listed | Declaration] = {}
        self._listeners: list[Callable[[Declaration], None]] = []
        self.listed: Mapping[str, Listed | Declaration] = MappingProxyType(self._held)

    def __getitem__(self, name: str) -> Declaration:
        held = self._held[name]
        if isinstance(held, Listed) and held.declare is not None:
            held = self._held[name] = held.declare()
        if isinstance(held, Listed):
            importlib.import_module(held.module)  # which enters it
            held = self._held[name]
            if isinstance(held, Listed):
                raise EngineError(f"{held.module} has changed and does not define {name} any more. Start again to use the new version.")
        return held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def enter(self, entry: Declaration) -> Declaration:
        """One more type, or another definition of one, which those who listen hear of; what was entered is returned."""
        held = self._held.get(entry.name)
        if held is not None and held.spec.origin and not entry.spec.origin:
            return entry  # of ours, whose place a user's type has taken
        if held is not None and entry.spec.origin and held.spec.category == OURS and not held.spec.origin:
            held = None
        own = held is not None and held.spec.origin != "" and "__main__" in (held.spec.origin, entry.spec.origin)
        if held is not None and held.owner != entry.owner and not own and not _of_one_file(held, entry):
            raise DefinitionError(entry.name, f"{held.owner} and {entry.owner} both define a type of this name; give one another name=")
        if isinstance(held, Listed) and _same(held.spec, entry.spec):
            entry = self._held[entry.name] = replace(entry, spec=held.spec)  # processings may hold that one already
            return entry
        self._held[entry.name] = entry
        for listener in self._listeners:
            listener(entry)
        return entry

    def expect(self, listed: Iterable[Listed]) -> None:
        """Types that modules will define when they are imported: from now on they come first, in this order."""
        before = dict(self._held)
        self._held.clear()
        for entry in listed:
            self._held[entry.spec.name] = before.pop(entry.spec.name, entry)
        self._held.update(before)

    def listen(self, listener: Callable[[Declaration], None]) -> None:
        """Call `listener` with each type that is defined from now on, but for those that were expected and are as expected."""
        self._listeners.append(listener)


def _of_one_file(one: Listed | Declaration, other: Listed | Declaration) -> bool:
    """Whether a class was defined twice by one file, once as a module and once run by its path: the later one counts."""
    files = [_file_of(each.spec.origin) for each in (one, other)]
    return files[0] == files[1] != "" and one.owner.rpartition(".")[2] == other.owner.rpartition(".")[2]


def _file_of(origin: str) -> str:
    """The real path of the file that defines a type; ``""`` if there is none."""
    path = origin if origin.endswith(".py") else getattr(sys.modules.get(origin), "__file__", None)
    return os.path.realpath(path) if path else ""


def _same(one: TypeSpec, other: TypeSpec) -> bool:
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(TypeSpec) if field.init)


catalog: Final = Catalog()


def values_for(function: Callable[..., Any], config: Mapping[str, Any], items: tuple[Declared, ...], **others: Any) -> dict[str, Any]:
    """The keyword arguments that `function` asks for, from a configuration and `others`."""
    attributes = {item.attribute: item.spec.name for item in items if item.role == "config"}
    given: dict[str, Any] = {}
    for argument in inspect.signature(function).parameters:
        if argument in others:
            given[argument] = others[argument]
        elif argument in attributes:
            given[argument] = config[attributes[argument]]
        else:
            raise TypeError(f"{function.__qualname__}: there is no parameter {argument!r}")
    return given
