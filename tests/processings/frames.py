"""Kernels of types that are called for each frame, called directly, without a network around them."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np

from ipyclam_core.declare.declaration import Declaration, Declared, Length, Table
from ipyclam_core.dsp.kernels import of_type
from ipyclam_core.dsp.memory.program import OP_BASE, OP_FIRING, OP_WIDTH
from ipyclam_core.dsp.memory.queues import CLOCK_BAD, CLOCK_WORDS, LINE, NOTHING, RING, ROW_WORDS, SEAM_WORDS, Line, Ring
from ipyclam_core.dsp.memory.tables import handle_of, table_at
from ipyclam_core.dsp.plain_frames import PlainFrame

from .kernels import CompiledProcessing


class CompiledFramed(CompiledProcessing):
    """One processing of a type, with the same interface as `ipyclam_core.dsp.plain_frames.PlainFramed`."""

    def __init__(self, type_: Declaration, config: Mapping[str, Any] | None = None, **others: Any) -> None:
        super().__init__(type_, config, **others)
        self._clock = np.zeros(CLOCK_WORDS, np.int64)
        self._now = np.zeros(1, np.int64)
        self._regions: dict[str, np.ndarray] = {}
        self._tables: list[np.ndarray] = []
        self._kernel = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)(of_type(type_))

    @property
    def bad(self) -> int:
        """How many numbers were not finite."""
        return int(self._clock[CLOCK_BAD])

    def number(self, said: Length, ins: Mapping[str, Any]) -> int:
        """A size or a length of a port."""
        if isinstance(said, int):
            return said
        port, _, length = said.partition(".")
        return int(ins[port][0].lengths[length] if length else self.numbers[said])

    def call(self, **given: Any) -> dict[str, Any]:
        """One call."""
        ins = {item.attribute: self._given(item, given.get(item.attribute)) for item in self.type.items_of("inports")}
        keep: list[Any] = []
        rows: list[tuple[int, ...]] = []
        outs: dict[str, list[Any]] = {}
        for item in self.type.items_of("inports"):
            rows += [self._in_row(item, value, keep) for value in ins[item.attribute]]
        for item in self.type.items_of("outports"):
            outs[item.attribute] = [self._out(item, k, ins, rows, keep) for k in range(self.count(item))]
        table = np.array(rows or [(0,) * ROW_WORDS], np.int64)
        items, first = [], 0
        for role in ("inports", "outports"):
            for item in self.type.items_of(role):
                items += [table.ctypes.data + 8 * ROW_WORDS * first, self.count(item)]
                first += self.count(item)
        driven = all(row[0] == NOTHING for row in rows[: len(rows) - sum(map(len, outs.values()))])
        header = [sum(map(len, ins.values())), sum(map(len, outs.values())), self._clock.ctypes.data, self._now.ctypes.data, driven, 1, 1]
        firing = np.array([*header, table.ctypes.data, *items], np.int64)
        op = np.zeros(OP_WIDTH, np.int64)
        op[OP_BASE], op[OP_FIRING] = self.instance.chunk.base, firing.ctypes.data
        before = self._sendings()
        self._clock[:2] = 0
        self._kernel(op.ctypes.data, 1)
        for (attribute, k), (count, value) in self._sendings().items():
            if count != before[attribute, k][0]:
                self._sent[attribute][k].append(value)
        made = {item.attribute: [self._read(item, value) for value in outs[item.attribute]] for item in self.type.items_of("outports")}
        return {item.attribute: made[item.attribute] if item.many else made[item.attribute][0] for item in self.type.items_of("outports")}

    def _given(self, item: Declared, value: Any) -> list[Any]:
        several = (value if item.many else [value]) if value is not None else [None] * self.count(item)
        if item.frame is not None:
            return [PlainFrame(item.frame) if one is None else one for one in several]
        return [np.zeros(self.number(item.size, {}), np.float32) if one is None else np.asarray(one, np.float32) for one in several]

    def _in_row(self, item: Declared, value: Any, keep: list[Any]) -> tuple[int, ...]:
        if item.frame is None:
            line = Line(len(value), (len(value), len(value), 0, 1, 1, 0, 0), len(value))
            line.samples[: len(value)] = value
            keep.append(line)
            return LINE, line.address, 0, 0, 1
        ring, cursor = Ring(item.frame, value.lengths, 1), np.zeros(1, np.int64)
        for k, field in enumerate(item.frame.fields):
            held = getattr(value, field.name)
            if isinstance(held, Table):
                self._tables.append(held.values)
                held = handle_of(held.values)
            ring.view(0, k)[:] = held
        ring.words[3], ring.times[0] = 1, 0
        keep += [ring, cursor]
        return RING, ring.address, cursor.ctypes.data, ring.address, 1

    def _out(self, item: Declared, k: int, ins: Mapping[str, Any], rows: list[tuple[int, ...]], keep: list[Any]) -> Any:
        if item.frame is not None:
            copied = ins[item.copies][k].lengths if item.copies else {}
            ring = Ring(item.frame, copied or {name: self.number(said, ins) for name, said in item.lengths}, 1)
            rows.append((RING, ring.address, 0, ring.address, 1))
            return ring
        size, hop = self.number(item.size, ins), self.number(item.hop, ins)
        region = self._regions.setdefault(item.attribute, np.zeros(size, np.float32))
        line = Line(hop, (hop, hop, 0, 1, 1, 1, 0))
        seam = np.zeros(SEAM_WORDS, np.int64)
        words = np.array([region.ctypes.data, size, hop, 1, 1, seam.ctypes.data, 1, line.address], np.int64)
        keep += [words, line, seam]
        rows.append((LINE, words.ctypes.data, 0, 0, 1))
        return line

    @staticmethod
    def _read(item: Declared, queue: Any) -> Any:
        if item.frame is None:
            return queue.samples[: queue.room].copy()
        values = {field.name: queue.view(0, k).copy() for k, field in enumerate(item.frame.fields)}
        values |= {field.name: [table_at(int(values[field.name][0]))] for field in item.frame.fields if field.axes}
        frame = PlainFrame(item.frame, queue.lengths)
        for field in item.frame.fields:
            if field.length:
                getattr(frame, field.name)[:] = values[field.name]
            else:
                setattr(frame, field.name, values[field.name][0])
        return frame
