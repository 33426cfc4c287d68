"""Kernels called directly, without a network around them."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from ipyclam_core.declare.declaration import Declaration, Declared, values_for
from ipyclam_core.dsp.kernels import of_type
from ipyclam_core.dsp.memory.context import CONTROL
from ipyclam_core.dsp.memory.instances import Instance, Pools, bits_of, connector_map, write
from ipyclam_core.dsp.memory.layout import CONTROL_ARRIVALS, CONTROL_VALUE
from ipyclam_core.dsp.memory.program import OP_BASE, OP_FIRST, OP_INPUTS, OP_LANES, OP_OUTPUTS, OP_WIDTH
from ipyclam_core.dsp.planning.score import numbers_of
from ipyclam_core.parameters import merge
from ipyclam_core.proxy import ProcessingState


class CompiledProcessing:
    """One processing of a type, with the same interface as `ipyclam_core.dsp.plain.PlainProcessing`."""

    def __init__(
        self, type_: Declaration, config: Mapping[str, Any] | None = None, *, sample_rate: float = 44100.0, block_size: int = 512
    ) -> None:
        self.type = type_
        held = merge(type_.spec.parameters, type_.spec.defaults, config or {}, type_.name)
        counts = type_.ports(**values_for(type_.ports, held, type_.items)) if type_.ports else {}
        connectors = type_.spec.connectors({**held, **counts})
        self.numbers = numbers_of(type_, ProcessingState("it", type_.spec, connectors, held, MappingProxyType({})))
        processing = ProcessingState("it", type_.spec, connectors, held, MappingProxyType({}))
        self.places = connector_map(type_, connectors)
        self.instance = Instance(Pools(), type_, processing, sample_rate, block_size)
        self.instance.start(processing)
        self.companion = self.instance.companion
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)(of_type(type_))
        self._sent: dict[str, list[list[float]]] = {
            item.attribute: [[] for _ in self.places.of_item(item)] for item in type_.items_of("outcontrols")
        }

    def count(self, item: Declared) -> int:
        """How many connectors a declared attribute stands for."""
        return len(self.places.of_item(item))

    def sent(self, attribute: str, k: int = 0) -> list[float]:
        """What an out control sent: the last of each block."""
        return self._sent[attribute][k]

    def field(self, name: str) -> Any:
        """A field of the state."""
        table = self.instance.tables.get(f"s.{name}")
        return self.instance.chunk.cells[f"s.{name}"][self.instance.lane] if table is None else table

    def send(self, attribute: str, value: float, k: int = 0) -> None:
        """Have a value arrive at an in control."""
        item = next(item for item in self.type.items_of("incontrols") if item.attribute == attribute)
        address, count = self.instance.control(item, k)
        write(CONTROL, address, bits_of(value, np.dtype(np.float64)), count)

    def run(self, inputs: Sequence[np.ndarray] = (), frames: int = 512) -> list[np.ndarray]:
        """Compute one block from one array for each in port; returns one for each out port."""
        if self.companion is not None:
            self.companion.service()
        ins = [np.ascontiguousarray(samples, np.float32) for samples in inputs]
        outs = [np.zeros(frames, np.float32) for item in self.type.items_of("outports") for _ in self.places.of_item(item)]
        tables: list[np.ndarray] = []
        op = np.zeros(OP_WIDTH, np.int64)
        op[OP_BASE], op[OP_FIRST], op[OP_LANES] = self.instance.chunk.base, self.instance.lane, 1
        op[OP_INPUTS] = self._table("inports", ins, tables)
        op[OP_OUTPUTS] = self._table("outports", outs, tables)
        before = self._sendings()
        self._call(op.ctypes.data, frames)
        for (attribute, k), (count, value) in self._sendings().items():
            if count != before[attribute, k][0]:
                self._sent[attribute][k].append(value)
        return outs

    def close(self) -> None:
        self.instance.close()

    def _table(self, role: str, buffers: list[np.ndarray], tables: list[np.ndarray]) -> int:
        """(address, stride) of each port, or (address of such a table, count) of those declared with count."""
        rows, place = [], 0
        for item in self.type.items_of(role):
            count = len(self.places.of_item(item))
            own = np.array([[buffer.ctypes.data, 1] for buffer in buffers[place : place + count]], np.int64).reshape(-1)
            place += count
            tables.append(own)
            rows.append([own.ctypes.data, count] if item.many else own[:2].tolist())
        tables.append(np.array(rows, np.int64).reshape(-1))
        return int(tables[-1].ctypes.data)

    def _sendings(self) -> dict[tuple[str, int], tuple[int, float]]:
        """How often each out control has sent, and what last."""
        found = {}
        for item in self.type.items_of("outcontrols"):
            for k in range(len(self.places.of_item(item))):
                if item.many:
                    row = self.instance.tables[f"c.{item.attribute}"][k]
                    count, value = row[CONTROL_ARRIVALS : CONTROL_ARRIVALS + 1].view(np.int64)[0], row[CONTROL_VALUE]
                else:
                    cells, lane = self.instance.chunk.cells, self.instance.lane
                    count, value = cells[f"n.{item.attribute}"][lane], cells[f"c.{item.attribute}"][lane]
                found[item.attribute, k] = int(count), float(value)
        return found
