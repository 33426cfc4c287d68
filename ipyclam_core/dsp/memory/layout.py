"""The memory layout of a type: its fields, side by side for several instances (lanes).

Lanes of one chunk are stored field by field, so that one instruction works on many; a processing keeps its lane
until it is removed. Python reads the same memory through numpy views.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from ...declare.declaration import Declaration, Declared

LANES: Final = 64
FLOAT: Final = np.dtype(np.float64)
INT: Final = np.dtype(np.int64)

# one control of several declared with `count`: four 8-byte words
CONTROL_VALUE: Final = 0
CONTROL_ARRIVALS: Final = 1
CONTROL_REACHED: Final = 2
CONTROL_WIDTH: Final = 4

FAULT: Final = "fault"


@dataclass(frozen=True)
class Cell:
    """One field in the memory of a lane."""

    name: str
    dtype: np.dtype[Any]
    offset: int


class Layout:
    """The cells of a processing type.

    ============ =====================================================================================
    ``s.X``      a field of the state; for an array its address, with its length in ``l.X``; for a table
                 that of its handle (see `tables`)
    ``p.X``      a parameter that is a number (for a choice, its index)
    ``c.X``      the value of a control, with the count of its arrivals in ``n.X``; for one declared
                 with `count` the address of such controls (``CONTROL_...``), with their number in ``l.X``
    ``r.X``      the current value of a smooth control
    ``rate``     the sample rate
    ``fresh``    1 until the first block has been computed
    ``fault``    for a user-defined type: 1 once its function has failed (see ``native.guard``)
    ============ =====================================================================================
    """

    def __init__(self, type_: Declaration) -> None:
        self.lanes = LANES if type_.form == "step" else 1
        self.cells: dict[str, Cell] = {}
        self._size = 0
        for field in type_.fields:
            if field.array:
                self._add(f"s.{field.name}", INT)
                self._add(f"l.{field.name}", INT)
            elif field.table:
                self._add(f"s.{field.name}", INT)
            else:
                self._add(f"s.{field.name}", np.dtype(np.int8) if field.dtype.kind == "b" else field.dtype)
        for item in type_.items:
            self._add_item(item)
        self._add("rate", FLOAT)
        self._add("fresh", INT)
        if type_.spec.origin:
            self._add(FAULT, INT)

    def _add_item(self, item: Declared) -> None:
        name = item.attribute
        if item.role == "config":
            kind = getattr(item.spec, "type", "")
            if kind in ("int", "bool", "enum"):
                self._add(f"p.{name}", INT)
            elif kind == "float":
                self._add(f"p.{name}", FLOAT)
        elif item.role in ("incontrols", "outcontrols"):
            if item.many:
                self._add(f"c.{name}", INT)
                self._add(f"l.{name}", INT)
            else:
                self._add(f"c.{name}", FLOAT)
                self._add(f"n.{name}", INT)
                if item.smooth:
                    self._add(f"r.{name}", FLOAT)

    def _add(self, name: str, dtype: np.dtype[Any]) -> None:
        width = dtype.itemsize * self.lanes
        self._size += -self._size % min(64, width)
        self.cells[name] = Cell(name, dtype, self._size)
        self._size += width

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """A whole chunk as a numpy structured type: ``chunk["s.phase"][lane]``."""
        cells = self.cells.values()
        return np.dtype(
            {
                "names": [cell.name for cell in cells],
                "formats": [(cell.dtype, (self.lanes,)) for cell in cells],
                "offsets": [cell.offset for cell in cells],
                "itemsize": self._size + -self._size % 64,
            }
        )
