"""Values that tab offers for parameters and for arguments of methods; `exploring.takes` names these functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from .. import pictures, registry
from ..midi import ports
from ..parameters import MIDI_PORTS, PATHS, ParameterSpec
from ..proxy import ControlSpec, TypeSpec
from ..system import sound_formats
from . import described, files, names, offered
from .exploring import Call, Choice, Files, Member, Value

if TYPE_CHECKING:
    from .network import Network


def of_number(spec: ParameterSpec | ControlSpec, now: object) -> Iterator[Choice]:
    """Some numbers that stand for the others: the present one, the default, and the ends of the range."""
    for number in dict.fromkeys(number for number in (now, spec.default, spec.minimum, spec.maximum) if number is not None):
        yield Value(number, _value(number, spec, now))


def of_parameter(spec: ParameterSpec, now: object) -> Iterator[Choice]:
    """The values of a parameter, where they can be listed: choices, True and False, None, numbers, MIDI ports; or the paths of files."""
    if spec.type in ("float", "int"):
        yield from of_number(spec, now)
    if spec.type in PATHS:
        yield Files()
    if spec.type in MIDI_PORTS:
        for name in ports.inputs() if spec.type == "midi input" else ports.outputs():
            yield Value(name, _value(name, spec, now))
    listed: list[object] = [*spec.choices, *((True, False) if spec.type == "bool" else ()), *((None,) if spec.optional else ())]
    for value in listed:
        yield Value(value, _value(value, spec, now))


def engines(handle: None, call: Call) -> Iterator[Choice]:
    """The names of the engines."""
    return (Value(name, lambda: "engine") for name in registry.engines.names())


def devices(network: Network, call: Call) -> Iterator[Choice]:
    """The devices for `Network.play`."""
    return (Value(name, lambda: "device") for name in network.devices)


def types(network: Network, call: Call | None = None) -> Iterator[Choice]:
    """The processing types, as ``net.types.Oscillator`` or by name."""
    for exact, spec in network._proxy.types().items():
        name = spec.title or exact
        also = "" if exact == name else exact
        yield Value(name, _type(spec), ".types" + names.access("ProcessingTypes", name), also)


def parameters(network: Network, call: Call) -> Iterator[Member]:
    """The parameters of the type that is the second argument."""
    given = call.given[1] if len(call.given) > 1 else None
    spec = network._proxy.types().get(given) if isinstance(given, str) else None
    if spec is not None:
        for parameter in spec.parameters:
            if word := names.alias(parameter.name):
                yield offered.OfConfigurations(word, parameter, [spec.defaults])


def members(network: Network, call: Call) -> Iterator[Choice]:
    """The arguments for `Network.group`: patterns that match several processings, then their names; in a list, names only."""
    states = network._proxy.processings()
    stems = Counter(stem for name in tuple(states) if (stem := name.rstrip("0123456789")) != name)
    for stem, count in stems.items() if not call.listed else ():
        if count > 1 and stem and not re.search(r"[*?[]", stem):
            yield Value(f"{stem}*", _pattern(states, stem))
    for member in network._items():
        yield Value(member.name, member.says)


def network_files(network: Network, call: Call) -> Iterator[Choice]:
    """Network files, of every format."""
    yield Files(files.suffixes())


def sound_files(network: Network, call: Call) -> Iterator[Choice]:
    """Sound files that can be written."""
    yield Files(sound_formats.suffixes())


def picture_files(network: Network, call: Call) -> Iterator[Choice]:
    """The picture files that `Network.draw` writes."""
    yield Files(pictures.SUFFIXES)


def _value(value: object, spec: ParameterSpec | ControlSpec, now: object) -> Callable[[], str]:
    return lambda: described.value(value, spec, now)


def _type(spec: TypeSpec) -> Callable[[], str]:
    return lambda: described.type_(spec)


def _pattern(states: Collection[str], stem: str) -> Callable[[], str]:
    return lambda: described.group((), sum(name.startswith(stem) for name in tuple(states)))
