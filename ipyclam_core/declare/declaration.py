"""What a declaration says: a processing type as the planner and the compiler read it, and the catalog of all of them.

Types are written with the functions of `ipyclam_core.declare`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Generic, Literal, TypeVar

import numpy as np

from ..errors import DefinitionError
from ..parameters import ParameterSpec
from ..proxy import ControlSpec, PortSpec, TypeSpec

Form = Literal["step", "process", "receive", "device"]
FORMS: Final[tuple[Form, ...]] = ("step", "process", "receive")
T = TypeVar("T")


class Array(Generic[T]):
    """The type of a state field that is an array: ``line: Array[float32]``; `initial` or `prepare` gives its values."""


@dataclass(frozen=True)
class StateField:
    """One field of a processing's memory."""

    name: str
    dtype: np.dtype[Any]
    array: bool = False
    prepared: bool = False


@dataclass
class Declared:
    """One declared attribute of a processing type's class."""

    spec: ParameterSpec | PortSpec | ControlSpec
    role: Literal["config", "inports", "outports", "incontrols", "outcontrols"]
    from_config: str = ""
    smooth: bool = False
    attribute: str = ""
    open: float = 0.0
    """What an in port reads while nothing is connected to it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name
        if not self.spec.name:
            self.spec = replace(self.spec, name=name)

    @property
    def many(self) -> bool:
        """Whether it stands for as many connectors as a parameter says."""
        return bool(getattr(self.spec, "count", ""))


@dataclass(frozen=True, eq=False)
class ProcessingType:
    """What a declaration says, ready for the planner and the compiler."""

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

    def items_of(self, role: str) -> tuple[Declared, ...]:
        """The declared attributes of one role, in order."""
        return self._by_role.get(role, ())

    @cached_property
    def _by_role(self) -> Mapping[str, tuple[Declared, ...]]:
        roles = dict.fromkeys(item.role for item in self.items)
        return {role: tuple(item for item in self.items if item.role == role) for role in roles}


class Catalog(dict[str, ProcessingType]):
    """Every processing type defined so far, by name; a name has one owner, which may define it anew, as the prompt may."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: list[Callable[[ProcessingType], None]] = []

    def enter(self, entry: ProcessingType) -> None:
        """One more type, or another definition of one; those who listen hear of it."""
        held = self.get(entry.name)
        own = held is not None and held.spec.origin != "" and "__main__" in (held.spec.origin, entry.spec.origin)
        if held is not None and held.owner != entry.owner and not own:
            raise DefinitionError(entry.name, f"{held.owner} and {entry.owner} both define a type of this name; give one another name=")
        self[entry.name] = entry
        for listener in self._listeners:
            listener(entry)

    def listen(self, listener: Callable[[ProcessingType], None]) -> None:
        """Call `listener` with each type that is entered from now on."""
        self._listeners.append(listener)


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
