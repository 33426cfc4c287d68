"""The memory of playing processings: allocated per processing, written by Python before playback and by messages during it."""

from __future__ import annotations

import ctypes
import inspect
import struct
import zlib
from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from operator import neg
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...declare.declaration import Declaration, Declared, values_for
from ...errors import DefinitionError
from ...proxy import ConnectorSpecs, ControlSpec, PortSpec, ProcessingState, numbered_name
from .context import CONTROL, COPY, STORE_1, STORE_4, STORE_8
from .layout import CONTROL_ARRIVALS, CONTROL_REACHED, CONTROL_VALUE, CONTROL_WIDTH, Layout
from .shared import POISONED, shared
from .tables import handle_of

_NO_HANDLES: Mapping[str, int] = {}

Message = tuple[int, int, int, int]
"""Kind, address, the bits of the value, address of the count of arrivals: see ``context.MESSAGE_...``."""


def aligned(size: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Zeroed bytes, aligned for vector instructions."""
    if POISONED:
        return shared(np.zeros(size, np.uint8), 64)
    memory = np.zeros(size + 64, np.uint8)  # numpy aligns to 16 bytes, vector instructions need 64
    offset = -memory.ctypes.data % 64
    return memory[offset : offset + size]


class Chunk:
    """Memory for `layout.lanes` lanes of one type."""

    def __init__(self, layout: Layout, number: int) -> None:
        memory = aligned(layout.dtype.itemsize)
        self.cells = memory.view(layout.dtype)[0]
        self.base = memory.ctypes.data
        self.fields = {name: self.cells[name] for name in layout.cells}
        self.number = number
        self.free = list(range(layout.lanes - 1, -1, -1))
        self.taken = bytearray(layout.lanes)  # which lanes are not zero any more


class Pools:
    """The chunks of every type; lanes are given out in order, so that processings made together are neighbours in memory."""

    def __init__(self) -> None:
        self._open: dict[Layout, list[Chunk]] = {}
        self._count = 0

    def take(self, layout: Layout) -> tuple[Chunk, int]:
        """A chunk with a free lane, and that lane."""
        open_ = self._open.setdefault(layout, [])
        if not open_:
            open_.append(Chunk(layout, self._count))
            self._count += 1
        chunk = open_[-1]
        lane = chunk.free.pop()
        if not chunk.free:
            open_.pop()
        return chunk, lane

    def give_back(self, layout: Layout, chunk: Chunk, lane: int) -> None:
        """Free a lane that no program reads any more; a chunk of one lane is freed too."""
        if not chunk.free:
            self._open[layout].append(chunk)
        insort(chunk.free, lane, key=neg)
        if len(chunk.free) == layout.lanes:
            self._open[layout].remove(chunk)


@cache
def layout_of(type_: Declaration) -> Layout:
    """The layout of a type: one for all its instances."""
    return Layout(type_)


class StateView:
    """A processing's memory as attributes, which a companion reads and writes during playback."""

    def __init__(self, instance: Instance) -> None:
        object.__setattr__(self, "_instance", instance)

    def __getattr__(self, name: str) -> Any:
        instance = self._instance
        table = instance.tables.get(f"s.{name}")
        if table is not None:
            return table
        try:
            return instance.chunk.cells[f"s.{name}"][instance.lane].item()
        except (KeyError, ValueError):
            raise AttributeError(f"{instance.type.name} has no state field {name!r}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._instance.chunk.cells[f"s.{name}"][self._instance.lane] = value


class Instance:
    """One processing's memory.

    Parameters
    ----------
    pools : the memory to allocate from.
    type_ : its type.
    state : its configuration and the values of its controls.
    sample_rate, block_size : those of playback, in Hz and in frames.
    forms : the lengths of the rows of frames, by in port; those of unconnected ports if not given.
    """

    def __init__(
        self,
        pools: Pools,
        type_: Declaration,
        state: ProcessingState,
        sample_rate: float,
        block_size: int,
        forms: Mapping[str, SimpleNamespace] | None = None,
    ) -> None:
        self.type = type_
        self.forms = type_.forms if forms is None else forms
        self.layout = layout_of(type_)
        self.sample_rate = float(sample_rate)
        self.block_size = block_size
        self.tables: dict[str, np.ndarray[Any, Any]] = {}
        self.handles: Mapping[str, int] = _NO_HANDLES
        self.companion: Any = None
        self._pools = pools
        self.chunk, self.lane = pools.take(self.layout)
        self._initial: Mapping[str, Any] = {}
        try:
            self._begin(state)
            for source in (self._prepared(state), self._initials(state), self._control_tables(state)):
                for kind, address, bits, count in source:
                    write(kind, address, bits, count)
        except BaseException:
            self.close()
            raise

    def take_over(self, old: Instance, before: ProcessingState, after: ProcessingState) -> list[Message]:
        """The messages that copy the state of an instance with another configuration or definition, so that this one continues from it.

        Fields of the same name and initial value are copied. With a companion, another file or an array of another length,
        only the controls are copied and the rest starts again: an index into an array may be beyond the end of a shorter one. Types
        whose file `keeps` (see `config`) care for that themselves.
        """
        keeps = any(item.keeps for item in self.type.items_of("config"))
        files = [item.spec.name for item in self.type.items_of("config") if getattr(item.spec, "type", "") == "file" and not item.keeps]
        anew = self.type.companion is not None or any(before.config.get(name) != after.config[name] for name in files)
        fields = {field.name: field for field in self.type.fields}
        relevant = [cell for cell in self.tables if cell[0] == "s" and not (keeps and fields[cell[2:]].prepared)]
        resized = any(len(old.tables.get(cell, self.tables[cell])) != len(self.tables[cell]) for cell in relevant)
        messages: list[Message] = []
        for cell, held in self.layout.cells.items():
            kind, _, name = cell.partition(".")
            theirs = old.layout.cells.get(cell)
            if theirs is None or theirs.dtype != held.dtype or kind not in ("s", "c", "n", "r", "fresh"):
                continue
            if kind == "s" and (anew or resized or fields[name].prepared or not _same(self._initial.get(name), old._initial.get(name))):
                continue
            if kind == "fresh" and anew:
                continue
            table, source = self.tables.get(cell), old.tables.get(cell)
            if table is not None and source is not None:
                if kind == "c" or table.shape == source.shape:
                    messages.append((COPY, table.ctypes.data, source.ctypes.data, min(table.nbytes, source.nbytes)))
            elif table is None and source is None:
                messages.append((COPY, self.address(cell), old.address(cell), held.dtype.itemsize))
        if before.spec is after.spec:
            messages += self._resent(before, after)
        return messages

    def start(self, state: ProcessingState, former: Any = None) -> None:
        """Create the companion, if the type has one; `former` is the companion of the previous instance if that uses the same files."""
        if self.type.companion is not None:
            others = {"sample_rate": self.sample_rate, "block_size": self.block_size, "state": StateView(self)}
            companion = self.type.companion(**values_for(self.type.companion, state.config, self.type.items, **others))
            if companion is not None and not all(callable(getattr(companion, name, None)) for name in ("service", "close")):
                wanted = "an object with the methods service() and close(), or None"
                raise DefinitionError(self.type.name, f"companion must return {wanted}, not {companion!r}")
            self.companion = companion
            if former is not None and hasattr(self.companion, "succeed"):
                self.companion.succeed(former)

    def close(self) -> None:
        """Close the companion and free the memory."""
        companion, self.companion = self.companion, None
        try:
            if companion is not None:
                companion.close()
        finally:
            self._pools.give_back(self.layout, self.chunk, self.lane)

    def address(self, cell: str) -> int:
        """The address of one of its cells."""
        held = self.layout.cells[cell]
        return self.chunk.base + held.offset + self.lane * held.dtype.itemsize

    def control(self, item: Declared, k: int) -> tuple[int, int]:
        """The addresses of a control's value and of its count of arrivals (or of sendings)."""
        if item.many:
            table = self.tables[f"c.{item.attribute}"].ctypes.data + 8 * CONTROL_WIDTH * k
            return table + 8 * CONTROL_VALUE, table + 8 * CONTROL_ARRIVALS
        return self.address(f"c.{item.attribute}"), self.address(f"n.{item.attribute}")

    def in_place(self, before: ProcessingState, after: ProcessingState) -> list[Message] | None:
        """The messages that apply another configuration; None if that would click, so that a new instance must replace this one."""
        if before.connectors != after.connectors:
            return None
        if before.config == after.config:
            return []
        if self.type.form == "receive" and self.type.companion is None:
            messages = [*self._parameters(before, after), *self._prepared(after), *self._initials(after), *self._resent(before, after)]
            return [*messages, self._message("fresh", 1)]  # the values it sends may depend on its parameters
        uses = _uses(self.type)
        if self.type.companion is not None or any(
            item.attribute in uses and before.config[item.spec.name] != after.config[item.spec.name]
            for item in self.type.items_of("config")
        ):
            return None
        return [*self._parameters(before, after), *self._resent(before, after)]

    def _begin(self, state: ProcessingState) -> None:
        """Write the initial values. This must be fast: a network may have thousands of processings."""
        fields, lane, config = self.chunk.fields, self.lane, state.config
        if self.chunk.taken[lane]:
            for field in fields.values():
                field[lane] = 0
        self.chunk.taken[lane] = 1
        fields["rate"][lane] = self.sample_rate
        fields["fresh"][lane] = 1
        for cell, item in parameters_of(self.type):
            fields[cell][lane] = number_of(item, config[item.spec.name])
        for cell, reached, item in controls_of(self.type):
            fields[cell][lane] = value = initial_value(self.type, state, item.spec.name, item, 0)
            if reached:
                fields[reached][lane] = value

    def _parameters(self, before: ProcessingState, after: ProcessingState) -> Iterator[Message]:
        for cell, item in parameters_of(self.type):
            value = after.config[item.spec.name]
            if value != before.config[item.spec.name]:
                yield self._message(cell, number_of(item, value))

    def _call(self, function: Any, state: ProcessingState) -> Mapping[str, Any]:
        seed = zlib.crc32(state.name.encode())
        others = {"sample_rate": self.sample_rate, "block_size": self.block_size, "seed": seed, **self.forms}
        return function(**values_for(function, state.config, self.type.items, **others))  # type: ignore[no-any-return]

    def _prepared(self, after: ProcessingState) -> Iterator[Message]:
        if self.type.prepare is not None:
            for name, value in self._call(self.type.prepare, after).items():
                yield from self._field(name, value)

    def _initials(self, after: ProcessingState) -> Iterator[Message]:
        if self.type.initial is not None:
            values = self._call(self.type.initial, after)
            for name, value in values.items():
                if name not in self._initial or not _same(self._initial[name], value):
                    yield from self._field(name, value)
            self._initial = values

    def _field(self, name: str, value: Any) -> Iterator[Message]:
        field = next((field for field in self.type.fields if field.name == name), None)
        if field is None:
            raise TypeError(f"{self.type.name} gives a value for {name!r}, which is not a field of its State or Prepared")
        if field.array or field.table:
            table = shared(
                value if field.prepared and _is_constant(value, field.dtype) else np.array(value, field.dtype, order="C").reshape(-1)
            )
            self.tables[f"s.{name}"] = table
            if field.table:
                self.handles = {**self.handles, name: handle_of(table)}
                yield self._message(f"s.{name}", self.handles[name])
                return
            yield self._message(f"s.{name}", table.ctypes.data)
            yield self._message(f"l.{name}", table.size)
        else:
            yield self._message(f"s.{name}", value)

    def _control_tables(self, after: ProcessingState) -> Iterator[Message]:
        """Allocate the tables of controls declared with `count`."""
        for item in self.type.items:
            if item.role not in ("incontrols", "outcontrols") or not item.many:
                continue
            names = connector_map(self.type, after.connectors).of_item(item)
            table = self.tables[f"c.{item.attribute}"] = shared(np.zeros((len(names), CONTROL_WIDTH)))
            for k, name in enumerate(names):
                table[k, CONTROL_VALUE] = table[k, CONTROL_REACHED] = initial_value(self.type, after, name, item, k)
            yield self._message(f"c.{item.attribute}", table.ctypes.data)
            yield self._message(f"l.{item.attribute}", len(table))

    def _resent(self, before: ProcessingState, after: ProcessingState) -> Iterator[Message]:
        """Messages for the controls that follow a changed parameter."""
        for item in self.type.items_of("incontrols"):
            if item.from_config and before.config[item.from_config] != after.config[item.from_config]:
                names = connector_map(self.type, after.connectors).of_item(item)
                for k, name in enumerate(names):
                    value, count = self.control(item, k)
                    yield CONTROL, value, bits_of(initial_value(self.type, after, name, item, k), np.dtype(np.float64)), count

    def _message(self, cell: str, value: Any) -> Message:
        dtype = self.layout.cells[cell].dtype
        kind = {8: STORE_8, 4: STORE_4, 1: STORE_1}[dtype.itemsize]
        return kind, self.address(cell), bits_of(value, dtype), 0


def _is_constant(value: Any, dtype: np.dtype[Any]) -> bool:
    """Whether it is an array that no one writes to, so that processings may share it."""
    return (
        isinstance(value, np.ndarray) and not value.flags.writeable and value.flags.c_contiguous and (value.ndim, value.dtype) == (1, dtype)
    )


class ConnectorMap:
    """Maps each connector of a processing to its declared attribute and its index within that."""

    def __init__(self, type_: Declaration, connectors: ConnectorSpecs) -> None:
        self.counts: dict[str, int] = {}
        self.declared: dict[tuple[str, str], tuple[Declared, int, int]] = {}
        self._names: dict[str, list[str]] = {}
        for role in ("inports", "outports", "incontrols", "outcontrols"):
            specs = getattr(connectors, role)
            names = [spec.name for spec in specs]
            items = type_.items_of(role)
            fixed = sum(1 for item in items if not item.many)
            spare = len(names) - fixed
            alone = len(items) == fixed + 1  # whatever its connectors are called
            position = 0
            for item in items:
                matching = 1 if not item.many else spare if alone else self._extent(item, specs[position:], spare)
                self.counts[item.attribute] = matching
                self._names[item.attribute] = names[position : position + matching]
                for k, name in enumerate(self._names[item.attribute]):
                    self.declared.setdefault((role, name), (item, k, position + k))
                position += matching

    @staticmethod
    def _extent(item: Declared, specs: Sequence[PortSpec | ControlSpec], spare: int) -> int:
        """How many of the next connectors belong to this item: those whose names have its numbering.

        Connectors of an item without numbering differ only in their names.
        """
        count = 0
        while count < min(spare, len(specs)):
            named = specs[count].name == numbered_name(item.spec, count)  # type: ignore[arg-type]
            alike = specs[count] == replace(item.spec, name=specs[count].name, count="", first=1, names=())  # type: ignore[arg-type]
            if not named and not (alike and "{" not in item.spec.name):
                break
            count += 1
        return count

    def of_item(self, item: Declared) -> list[str]:
        """The names of an item's connectors."""
        return self._names[item.attribute]


_maps: dict[tuple[int, int], tuple[Declaration, ConnectorSpecs, ConnectorMap]] = {}


def connector_map(type_: Declaration, connectors: ConnectorSpecs) -> ConnectorMap:
    """The `ConnectorMap` of a type's connectors; shared by processings of one configuration, which share the tuple of connectors."""
    key = id(type_), id(connectors)
    kept = _maps.get(key)
    if kept is None:
        while len(_maps) >= 4096:
            _maps.pop(next(iter(tuple(_maps))), None)  # a tuple, made in one step: other threads may add to it at the same time
        kept = _maps[key] = type_, connectors, ConnectorMap(type_, connectors)
    return kept[2]


@cache
def parameters_of(type_: Declaration) -> tuple[tuple[str, Declared], ...]:
    """The parameters that have a cell, each with the cell's name."""
    cells = layout_of(type_).cells
    return tuple((f"p.{item.attribute}", item) for item in type_.items_of("config") if f"p.{item.attribute}" in cells)


@cache
def controls_of(type_: Declaration) -> tuple[tuple[str, str, Declared], ...]:
    """The single in controls: the cell of the value, the cell of a smooth control's current value (or none), and the declaration."""
    return tuple(
        (f"c.{item.attribute}", f"r.{item.attribute}" if item.smooth else "", item)
        for item in type_.items_of("incontrols")
        if not item.many
    )


def number_of(item: Declared, value: Any) -> float:
    """A parameter's value as stored in its cell: for a choice, its index."""
    choices: tuple[str, ...] = getattr(item.spec, "choices", ())
    return choices.index(value) if choices and value in choices else (value or 0)


def follow(state: ProcessingState, item: Declared, k: int) -> float:
    """A control's value before any has been sent: that of the parameter it follows, or its default."""
    if not item.from_config:
        return float(getattr(item.spec, "default", 0.0))
    value = state.config[item.from_config]
    if isinstance(value, tuple):
        return float(value[k]) if k < len(value) else float(getattr(item.spec, "default", 0.0))
    return float(value)


def initial_value(type_: Declaration, state: ProcessingState, name: str, item: Declared, k: int) -> float:
    """The initial value of an in control: the value set by the user, or else that of `follow`."""
    held = state.controls.get(name)
    return float(held) if held is not None else follow(state, item, k)


@cache
def _uses(type_: Declaration) -> frozenset[str]:
    """The attributes of the parameters that a type's functions take; the others are only initial values of controls."""
    functions = (type_.function, type_.block, type_.initial, type_.prepare, type_.ports if type_.framed else None)
    taken = (name for function in functions if function is not None for name in inspect.signature(function).parameters)
    sizes = [said for item in type_.items for said in (item.size, item.hop, item.before, *(length for _, length in item.lengths))]
    return frozenset(taken) | frozenset(said for said in sizes if isinstance(said, str))


def _same(one: Any, other: Any) -> bool:
    """Whether two initial values, perhaps arrays, are equal."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other)


def bits_of(value: Any, dtype: np.dtype[Any]) -> int:
    """A number as the int64 whose low bytes are its representation."""
    if dtype.kind == "f":
        code = "<d" if dtype.itemsize == 8 else "<f"
        return int.from_bytes(struct.pack(code, float(value)), "little", signed=dtype.itemsize == 8)
    return int(np.array(int(value) & ((1 << 8 * dtype.itemsize) - 1), np.uint64).astype(np.int64))


def write(kind: int, address: int, bits: int, count: int) -> None:
    """Apply a message here, as the audio thread would, to memory that the audio thread does not use yet."""
    whole = {STORE_8: ctypes.c_int64, CONTROL: ctypes.c_int64, STORE_4: ctypes.c_int32, STORE_1: ctypes.c_int8}[kind]
    whole.from_address(address).value = bits
    if kind == CONTROL:
        ctypes.c_int64.from_address(count).value += 1
