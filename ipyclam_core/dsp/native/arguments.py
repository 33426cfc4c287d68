"""The arguments of compiled kernel functions: for each kind in ``declare.arguments``, its numba type and how it is loaded.

A ``step`` kernel loads from one lane of a chunk, frame by frame; a ``process`` or ``receive`` kernel from one instance, once a
block. The function ``block`` of a ``step`` type loads from a lane too, before the first frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from numba import types
from numba.core import cgutils
from numba.np import numpy_support

from ...declare import arguments as declared
from ...declare.arguments import Argument, Kind, arguments_of
from ...declare.declaration import Declaration
from ...errors import DefinitionError
from ..memory.layout import Layout
from ..memory.queues import FIRING_ITEMS, LINE_BEGIN, LINE_DATA, LINE_SIZE, REGION_DATA, REGION_SIZE, ROW_QUEUE
from .frames import FrameList, FrameType, frame_at, word
from .guard import guarded
from .memory import F32, I64
from .several import ARRAY, READ, ControlList, PortList, Sender, SenderList, Struct
from .state import Scopes, StateType, address_of, array_over


class Functions:
    """The arguments of one type's compiled functions, with their numba types."""

    def __init__(self, type_: Declaration, layout: Layout) -> None:
        self.type, self.layout = type_, layout
        self.state = StateType(type_, layout)
        self._known = arguments_of(type_.items, bool(type_.fields))

    def arguments(self, names: Iterable[str]) -> list[Argument]:
        """The arguments of these names."""
        return [self._known[name] for name in names]

    def types(self, function: str, names: Iterable[str]) -> tuple[Any, ...]:
        """The numba types of the arguments of ``step``, ``block``, ``process`` or ``receive``."""
        forms = PER_FRAME if function in ("step", "block") else PER_BLOCK
        return tuple(forms[argument.kind].type(self, argument) for argument in self.arguments(names))


@dataclass
class Lane:
    """One frame of one lane, where a ``step`` kernel loads arguments; see `lanes`.

    Attributes
    ----------
    gliding : whether smooth controls are ramping; otherwise they have reached their targets.
    base, lane : the chunk's address, and which of its lanes.
    table, offset : the table of in ports, and which lane of the run this is.
    frame, part : the frame, and the fraction of the block up to its end, for ramping controls.
    """

    context: Any
    builder: Any
    type: Declaration
    layout: Layout
    gliding: bool
    base: Any
    table: Any
    state: Any
    lane: Any
    offset: Any
    frame: Any
    part: Any
    scopes: Scopes = field(init=False)

    def __post_init__(self) -> None:
        self.scopes = Scopes.of(self.builder, self.type, self.layout)

    def address(self, cell: str) -> Any:
        return address_of(self.context, self.builder, self.layout, self.base, cell, self.lane)

    def load(self, cell: str) -> Any:
        return self.scopes.mark(self.builder.load(self.address(cell)), cell)

    def taken(self, cell: str) -> Any:
        """A count of arrivals, reset to 0 by reading it."""
        address = self.address(cell)
        value = self.scopes.mark(self.builder.load(address), cell)
        self.scopes.mark(self.builder.store(I64(0), address), cell)
        return value

    def glide(self, name: str) -> Any:
        if not self.gliding:
            return self.load(f"c.{name}")
        target, start = self.load(f"c.{name}"), self.load(f"r.{name}")
        return self.builder.fadd(start, self.builder.fmul(self.builder.fsub(target, start), self.part))

    def sample(self, name: str) -> Any:
        builder = self.builder
        place = [item.attribute for item in self.type.items_of("inports")].index(name)
        entries = builder.inttoptr(self.table, I64.as_pointer())
        data, stride = (self.scopes.constant(builder.load(builder.gep(entries, [I64(2 * place + m)]))) for m in (0, 1))
        index = builder.add(builder.mul(self.frame, stride), self.offset)
        return self.scopes.mark(builder.load(builder.gep(builder.inttoptr(data, F32.as_pointer()), [index])), "inputs")


@dataclass
class Block:
    """One block of one instance, where a ``process`` or ``receive`` kernel loads arguments; see `blocks`."""

    context: Any
    builder: Any
    type: Declaration
    layout: Layout
    base: Any
    ins: Any
    outs: Any
    state: Any
    frames: Any

    def address(self, cell: str) -> Any:
        return self.builder.add(self.base, I64(self.layout.cells[cell].offset))

    def load(self, cell: str) -> Any:
        return self.builder.load(address_of(self.context, self.builder, self.layout, self.base, cell, I64(0)))

    def struct(self, kind: Struct, *members: Any) -> Any:
        proxy = cgutils.create_struct_proxy(kind)(self.context, self.builder)
        for member, value in zip(kind.members, members, strict=True):
            setattr(proxy, member, value)
        return proxy._getvalue()

    def entry(self, argument: Argument) -> tuple[Any, Any]:
        """The two words of a port in its table: of one port address and stride, of several the address of theirs and their number."""
        assert argument.item is not None
        role = argument.item.role
        table = self.builder.inttoptr(self.ins if role == "inports" else self.outs, I64.as_pointer())
        place = [item.attribute for item in self.type.items_of(role)].index(argument.attribute)
        first, second = (self.builder.load(self.builder.gep(table, [I64(2 * place + m)])) for m in (0, 1))
        return first, second

    def rows(self, argument: Argument) -> tuple[Any, Any]:
        """Of a type that is called for each frame: the address of a port's first row in its firing, and the number of its rows."""
        ports = [item.attribute for role in ("inports", "outports") for item in self.type.items_of(role)]
        place = FIRING_ITEMS + 2 * ports.index(argument.attribute)
        return word(self.builder, self.ins, place, constant=True), word(self.builder, self.ins, place + 1, constant=True)

    def array(self, argument: Argument) -> Any:
        return array_over(self.context, self.builder, ARRAY, self.entry(argument)[0], self.frames)


@dataclass(frozen=True)
class Compiled:
    """The type of a kind of argument, and how it is loaded; of a `Lane`, or of a `Block`."""

    type: Callable[[Functions, Argument], Any]
    load: Callable[[Any, Argument], Any]


def _always(kind: Any) -> Callable[[Functions, Argument], Any]:
    return lambda functions, argument: kind


def _of_cell(functions: Functions, argument: Argument) -> Any:
    cell = functions.layout.cells.get(f"p.{argument.attribute}")
    if cell is None:
        words = f"{argument.name!r} is not a number, and compiled functions take numbers. Use it in prepare"
        raise DefinitionError(functions.type.name, words)
    return numpy_support.from_dtype(cell.dtype)


def _checked(make: Callable[[bool], Any]) -> Callable[[Functions, Argument], Any]:
    """The type of arguments declared with `count`; in user-defined types, their indices are checked."""
    return lambda functions, argument: make(guarded(functions.type))


def _read(functions: Functions, argument: Argument) -> Any:
    """The type of an array of an in port; user-defined types cannot write into it."""
    return READ if guarded(functions.type) else ARRAY


_STATE: Final = Compiled(lambda functions, argument: functions.state, lambda at, argument: at.state)
_SAMPLE_RATE: Final = Compiled(_always(types.float64), lambda at, argument: at.load("rate"))
_PARAMETER: Final = Compiled(_of_cell, lambda at, argument: at.load(f"p.{argument.attribute}"))
_CONTROL: Final = Compiled(_always(types.float64), lambda at, argument: at.load(f"c.{argument.attribute}"))

PER_FRAME: Final[dict[Kind, Compiled]] = {
    declared.STATE: _STATE,
    declared.SAMPLE_RATE: _SAMPLE_RATE,
    declared.FRAMES: Compiled(_always(types.int64), lambda lane, argument: lane.frame),  # of ``block``, before the first frame
    declared.PARAMETER: _PARAMETER,
    declared.CONTROL: _CONTROL,
    declared.SMOOTH_CONTROL: Compiled(_always(types.float64), lambda lane, argument: lane.glide(argument.attribute)),
    declared.ARRIVALS: Compiled(_always(types.int64), lambda lane, argument: lane.taken(f"n.{argument.attribute}")),
    declared.IN_PORT: Compiled(_always(types.float32), lambda lane, argument: lane.sample(argument.attribute)),
}
"""For ``step`` and ``block``."""

PER_BLOCK: Final[dict[Kind, Compiled]] = {
    declared.STATE: _STATE,
    declared.SAMPLE_RATE: _SAMPLE_RATE,
    declared.FRAMES: Compiled(_always(types.int64), lambda block, argument: block.frames),
    declared.PARAMETER: _PARAMETER,
    declared.CONTROL: _CONTROL,
    declared.SMOOTH_CONTROL: Compiled(
        _always(types.UniTuple(types.float64, 2)),
        lambda block, argument: block.context.make_tuple(
            block.builder,
            types.UniTuple(types.float64, 2),
            (block.load(f"r.{argument.attribute}"), block.load(f"c.{argument.attribute}")),
        ),
    ),
    declared.CONTROLS: Compiled(_checked(lambda checked: ControlList("", checked)), lambda block, argument: _table(block, argument, "")),
    declared.SMOOTH_CONTROLS: Compiled(
        _checked(lambda checked: ControlList("smooth", checked)), lambda block, argument: _table(block, argument, "smooth")
    ),
    declared.ARRIVALS: Compiled(_always(types.int64), lambda block, argument: block.load(f"n.{argument.attribute}")),
    declared.IN_PORT: Compiled(_read, lambda block, argument: block.array(argument)),
    declared.OUT_PORT: Compiled(_always(ARRAY), lambda block, argument: block.array(argument)),
    declared.IN_PORTS: Compiled(
        _checked(lambda checked: PortList("read" if checked else "", checked)), lambda block, argument: _ports(block, argument)
    ),
    declared.OUT_PORTS: Compiled(_checked(lambda checked: PortList(checked=checked)), lambda block, argument: _ports(block, argument)),
    declared.IN_PIECE: Compiled(_read, lambda block, argument: _in_piece(block, argument)),
    declared.OUT_PIECE: Compiled(_always(ARRAY), lambda block, argument: _out_piece(block, argument)),
    declared.IN_FRAME: Compiled(
        lambda functions, argument: _frame_type(argument, guarded(functions.type)),
        lambda block, argument: frame_at(block.context, block.builder, _frame_type(argument), block.rows(argument)[0], written=False),
    ),
    declared.OUT_FRAME: Compiled(
        lambda functions, argument: _frame_type(argument),
        lambda block, argument: frame_at(block.context, block.builder, _frame_type(argument), block.rows(argument)[0], written=True),
    ),
    declared.IN_FRAMES: Compiled(
        lambda functions, argument: FrameList(_frame_type(argument, guarded(functions.type)), False, guarded(functions.type)),
        lambda block, argument: _frame_list(block, argument, written=False),
    ),
    declared.OUT_FRAMES: Compiled(
        lambda functions, argument: FrameList(_frame_type(argument), True, guarded(functions.type)),
        lambda block, argument: _frame_list(block, argument, written=True),
    ),
    declared.SENDER: Compiled(
        _always(Sender()),
        lambda block, argument: block.struct(Sender(), block.address(f"c.{argument.attribute}"), block.address(f"n.{argument.attribute}")),
    ),
    declared.SENDERS: Compiled(
        _checked(lambda checked: SenderList(checked=checked)),
        lambda block, argument: block.struct(
            SenderList(checked=guarded(block.type)), block.load(f"c.{argument.attribute}"), block.load(f"l.{argument.attribute}")
        ),
    ),
}
"""For ``process`` and ``receive``."""


def _table(block: Block, argument: Argument, variant: str) -> Any:
    kind = ControlList(variant, guarded(block.type))
    return block.struct(kind, block.load(f"c.{argument.attribute}"), block.load(f"l.{argument.attribute}"))


def _ports(block: Block, argument: Argument) -> Any:
    return block.struct(PortList(checked=guarded(block.type)), *block.entry(argument), block.frames)


def _frame_type(argument: Argument, read_only: bool = False) -> FrameType:
    assert argument.item is not None
    assert argument.item.frame is not None
    return FrameType(argument.item.frame, read_only)


def _frame_list(block: Block, argument: Argument, written: bool) -> Any:
    several = cgutils.create_struct_proxy(FrameList(_frame_type(argument), written, guarded(block.type)))(block.context, block.builder)
    several.rows, several.count = block.rows(argument)
    return several._getvalue()


def _in_piece(block: Block, argument: Argument) -> Any:
    builder = block.builder
    line = word(builder, block.rows(argument)[0], ROW_QUEUE)
    address = builder.add(word(builder, line, LINE_DATA), builder.mul(word(builder, line, LINE_BEGIN), I64(4)))
    return array_over(block.context, builder, ARRAY, address, word(builder, line, LINE_SIZE))


def _out_piece(block: Block, argument: Argument) -> Any:
    builder = block.builder
    region = word(builder, block.rows(argument)[0], ROW_QUEUE)
    return array_over(block.context, builder, ARRAY, word(builder, region, REGION_DATA), word(builder, region, REGION_SIZE))
