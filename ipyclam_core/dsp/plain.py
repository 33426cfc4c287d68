"""A processing type run as plain Python, block by block: the reference that compiled kernels are compared with.

Nothing is compiled and numba is never imported, so that a kernel can be followed in a debugger.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..declare.arguments import Argument, arguments_of
from ..declare.declaration import Declaration, Declared, StateField, Table, values_for
from ..parameters import merge

Samples = NDArray[np.float32]
NOTHING = Table(np.zeros(0, np.float32))


class PlainState:
    """The fields of one processing, with their declared types: a uint32 wraps around, a float32 rounds."""

    _fields: dict[str, StateField]

    def __init__(self, fields: Sequence[StateField]) -> None:
        object.__setattr__(self, "_fields", {field.name: field for field in fields})
        for field in fields:
            setattr(self, field.name, NOTHING if field.table else np.zeros(0, field.dtype) if field.array else 0)

    def __setattr__(self, name: str, value: Any) -> None:
        field = self._fields[name]
        if field.table:
            value = value if isinstance(value, Table) else Table(np.ascontiguousarray(value, field.dtype).reshape(-1))
        elif field.array:
            value = np.ascontiguousarray(value, field.dtype)
        elif field.dtype.kind == "b":
            value = bool(value)
        elif field.dtype.kind in "iu":
            bits = field.dtype.itemsize * 8
            value = int(value) & ((1 << bits) - 1)
            value = value - (1 << bits) if field.dtype.kind == "i" and value >> (bits - 1) else value
        else:
            value = field.dtype.type(value)
        object.__setattr__(self, name, value)


class PlainSender:
    """An out control that stores the values sent, in order."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def send(self, value: float) -> None:
        self.values.append(float(value))


class PlainProcessing:
    """One processing of a type, configured, with its memory.

    Parameters
    ----------
    type_ : the type.
    config : parameters that differ from their defaults.
    sample_rate : frames a second.
    block_size : the block size passed to its `companion`.
    name : its name in a network.
    """

    def __init__(
        self, type_: Declaration, config: Mapping[str, Any] | None = None, *, sample_rate: float = 44100.0, block_size: int = 512,
        name: str = "it",
    ) -> None:  # fmt: skip
        self.type = type_
        self.config = merge(type_.spec.parameters, type_.spec.defaults, config or {}, type_.name)
        self.sample_rate = float(sample_rate)
        self.block_size = block_size
        self._seed = zlib.crc32(name.encode())
        self.state = PlainState(type_.fields)
        self.fresh = True
        self._counts = dict(self._values(type_.ports)) if type_.ports else {}
        for make in (type_.initial, type_.prepare):
            for name, value in (self._values(make) if make else {}).items():
                setattr(self.state, name, value)
        self.companion = self._values(type_.companion, state=self.state) if type_.companion else None
        self.controls: dict[str, list[float]] = {}
        self.reached: dict[str, list[float]] = {}
        self.arrived: dict[str, int] = {}
        self.senders: dict[str, list[PlainSender]] = {}
        self.ports: dict[str, list[Any]] = {}
        self.frames = 0
        self._arguments = arguments_of(type_.items, bool(type_.fields))
        for item in type_.items_of("incontrols"):
            initial = self._initial(item)
            self.controls[item.attribute], self.reached[item.attribute] = list(initial), list(initial)
            self.arrived[item.attribute] = 0
        for item in type_.items_of("outcontrols"):
            self.senders[item.attribute] = [PlainSender() for _ in range(self.count(item))]

    def count(self, item: Declared) -> int:
        """The number of connectors of a declared attribute."""
        name = getattr(item.spec, "count", "")
        if not name:
            return 1
        given: Any = self._counts[name] if name in self._counts else self.config[name]
        return len(given) if isinstance(given, tuple) else int(given)

    def sent(self, attribute: str, k: int = 0) -> list[float]:
        """The values that an out control has sent so far."""
        return self.senders[attribute][k].values

    def close(self) -> None:
        """Close its companion."""
        if self.companion is not None:
            self.companion.close()

    def send(self, attribute: str, value: float, k: int = 0) -> None:
        """Send a value to an in control."""
        self.controls[attribute][k] = float(value)
        self.arrived[attribute] += 1

    def run(self, inputs: Sequence[Samples] = (), frames: int = 512) -> list[Samples]:
        """Compute one block from one array for each in port; returns one for each out port."""
        if self.companion is not None:
            self.companion.service()
        self.frames, self.ports = frames, {}
        first = 0
        for item in self.type.items_of("inports"):
            self.ports[item.attribute] = [np.asarray(samples, np.float32) for samples in inputs[first : first + self.count(item)]]
            first += self.count(item)
        for item in self.type.items_of("outports"):
            self.ports[item.attribute] = [np.zeros(frames, np.float32) for _ in range(self.count(item))]
        outputs = [samples for item in self.type.items_of("outports") for samples in self.ports[item.attribute]]
        self._compute(outputs)
        self.fresh = False
        for attribute in self.controls:
            self.reached[attribute] = list(self.controls[attribute])
            self.arrived[attribute] = 0
        return outputs

    def parameter(self, item: Declared) -> Any:
        """A parameter's value as in compiled code: for a choice, its index."""
        value = self.config[item.spec.name]
        choices = getattr(item.spec, "choices", ())
        return choices.index(value) if choices else int(value) if isinstance(value, bool) else value

    def _compute(self, outputs: list[Samples]) -> None:
        function = self.type.function
        assert function is not None
        if self.type.form == "process" or (self.type.form == "receive" and (self.fresh or any(self.arrived.values()))):
            function(**{argument.name: argument.kind.plain(self, argument) for argument in self._taken(function)})
        elif self.type.form == "step":
            self._step(function, outputs)

    def _step(self, function: Callable[..., Any], outputs: list[Samples]) -> None:
        if self.type.block:
            self.type.block(**{each.name: (each.kind.before or each.kind.plain)(self, each) for each in self._taken(self.type.block)})
        taken = self._taken(function)
        once = {argument.name: argument.kind.plain(self, argument) for argument in taken if argument.kind.at_frame is None}
        each_frame = [(argument, argument.kind.at_frame) for argument in taken if argument.kind.at_frame is not None]
        for i in range(self.frames):
            result = function(**once, **{argument.name: value(self, argument, i) for argument, value in each_frame})
            for samples, sample in zip(outputs, result if isinstance(result, tuple) else (result,), strict=True):
                samples[i] = sample

    def _taken(self, function: Callable[..., Any]) -> list[Argument]:
        return [self._arguments[name] for name in inspect.signature(function).parameters]

    def _values(self, function: Callable[..., Any], **others: Any) -> Any:
        others = {"sample_rate": self.sample_rate, "block_size": self.block_size, "seed": self._seed, **self.type.forms, **others}
        given = values_for(function, self.config, self.type.items, **others)
        return function(**given)

    def _initial(self, item: Declared) -> list[float]:
        default = getattr(item.spec, "default", 0.0)
        given = self.config[item.from_config] if item.from_config else default
        several = list(given) if isinstance(given, tuple) else [given] * self.count(item)
        return [float(several[k]) if k < len(several) else float(default) for k in range(self.count(item))]
