"""The types that one gives, to an assignment, to `become` or to a bank: names, ``net.types.Saw``, classes, clones, placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from ..errors import NoSuchType
from ..parameters import plain_text
from ..proxy import TypeSpec
from ..system.display import brief
from ..variables import variable_of
from . import names
from .connectors import Connectable
from .history import RecordingProxy
from .searching import alike


@dataclass(frozen=True)
class Clone:
    """A copy of a processing's type and configuration, to add under another name: ``net.two = net.one.clone()``."""

    spec: TypeSpec
    config: Mapping[str, Any]

    def __copy__(self) -> Clone:
        return self

    def __deepcopy__(self, memo: object) -> Clone:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError('a clone cannot be pickled. To keep it, add it to a network and save that: net.two = clone; net.save("song.py")')

    def __repr__(self) -> str:
        return f"<{self.spec.name} without a name. To add it to a network: net.two = net.one.clone()>"


def type_name(proxy: RecordingProxy, value: Any, copy: object = "copy") -> str:
    """The name of the type that `value` stands for; `copy` is the name that a copy of a processing would have."""
    if isinstance(value, str):
        return names.resolve(plain_text(value), proxy.types(), proxy, ".types") or plain_text(value)
    entry = getattr(value, "__dict__", {}).get("__processing__")  # its own, not that of a class it is derived from
    if isinstance(declared := getattr(entry, "spec", None), TypeSpec):
        return declared.name  # a class that the decorator `processing` has made a type
    if isinstance(value, Connectable) and hasattr(value, "clone"):
        named = names.access("Network", copy) if isinstance(copy, str) else ".copy"
        raise TypeError(f"{value!r} already exists. To copy it: {variable_of(proxy)}{named} = {value!r}.clone()")
    type_ = f"{variable_of(proxy)}.types.Oscillator"
    raise TypeError(f"a processing is made from a type such as {type_}, not from {brief(value)} ({type(value).__name__})")


def spec_of(proxy: RecordingProxy, value: Any) -> TypeSpec:
    """The type that `value` stands for. Raises `NoSuchType` if the engine does not have it."""
    name, types = type_name(proxy, value), proxy.types()
    spec = types.get(name)
    if spec is None:
        raise NoSuchType(name, proxy.engine, types, alike(types.values(), name), variable_of(proxy))
    return spec
