"""The memory of a bank of processings, taken and written for all of them at once."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from ...banks import Bank
from ...declare.declaration import ProcessingType, values_for
from .instances import Pools, aligned, controls_of, layout_of, number_of, parameters_of


class Lanes(NamedTuple):
    """Where the processings of a bank lie, in order: the numbers and addresses of their chunks, and their lanes."""

    memory: np.ndarray[Any, np.dtype[np.uint8]]
    numbers: np.ndarray[Any, np.dtype[np.int64]]
    bases: np.ndarray[Any, np.dtype[np.int64]]
    lanes: np.ndarray[Any, np.dtype[np.int64]]


def able(type_: ProcessingType, columns: Collection[str]) -> bool:
    """Whether processings that differ in these parameters begin alike but for some numbers in their memory."""
    if type_.form == "device" or type_.companion is not None or type_.prepare is not None or any(item.many for item in type_.items):
        return False
    if type_.initial is None:
        return True
    different = {item.attribute for item in type_.items_of("config") if item.spec.name in columns}
    arrays = any(field.array for field in type_.fields)
    return not arrays and different.union({"seed"}).isdisjoint(inspect.signature(type_.initial).parameters)


def place(pools: Pools, type_: ProcessingType, bank: Bank, sample_rate: float, block_size: int) -> Lanes:
    """Take memory for a bank whose type is `able`, and write what its processings begin with."""
    layout = layout_of(type_)
    count, width = len(bank), layout.dtype.itemsize
    number = -(-count // layout.lanes)
    memory = aligned(width * number)
    chunks = memory.view(layout.dtype)
    same, different = _beginnings(type_, bank, sample_rate, block_size)
    for cell, value in same.items():
        chunks[cell] = value
    for cell, values in different.items():
        room = np.zeros(number * layout.lanes)
        room[:count] = values
        chunks[cell] = room.reshape(number, layout.lanes)
    places, lanes = np.divmod(np.arange(count), layout.lanes)
    return Lanes(memory, pools.number(number) + places, memory.ctypes.data + width * places, lanes)


def _beginnings(
    type_: ProcessingType, bank: Bank, sample_rate: float, block_size: int
) -> tuple[Mapping[str, Any], Mapping[str, np.ndarray[Any, Any]]]:
    """What is written to each cell, for all or in order; memory is zero before."""
    same: dict[str, Any] = {"rate": sample_rate, "fresh": 1}
    different: dict[str, np.ndarray[Any, Any]] = {}

    numbers: dict[str, np.ndarray[Any, Any]] = {}  # by parameter: a control that follows one begins with the same

    def write(cell: str, item: Any, parameter: str) -> None:
        if parameter not in bank.columns:
            same[cell] = number_of(item, bank.config[parameter])
            return
        if parameter not in numbers:
            values = bank.columns[parameter]
            plain = bank.spec.config[parameter].type == "float" and None not in values
            numbers[parameter] = np.array(values if plain else [number_of(item, value) for value in values])
        different[cell] = numbers[parameter]

    for cell, item in parameters_of(type_):
        write(cell, item, item.spec.name)
    for cell, reached, item in controls_of(type_):
        for each in (cell, reached):
            if each and item.from_config:
                write(each, item, item.from_config)
            elif each:
                same[each] = float(getattr(item.spec, "default", 0.0))
    if type_.initial is not None:
        others = {"sample_rate": sample_rate, "block_size": block_size}
        values = type_.initial(**values_for(type_.initial, bank.config, type_.items, **others))
        same.update({f"s.{name}": value for name, value in values.items()})
    return {cell: value for cell, value in same.items() if value}, different
