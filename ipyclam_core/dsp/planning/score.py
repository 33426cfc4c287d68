"""The score: the network as arrays of numbers for the planner, updated at each change.

A node is a playing processing, with its instance; an edge is a wire between ports; a carrier is a wire between
controls. A node that has been removed or replaced is a ghost: it keeps playing until its edges have faded out.

The audio thread reads memory that belongs to the score. Memory that the next program does not use is collected in
`dropped`, and messages for the audio thread in `outbox`; the player passes on both with that program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ...declare.declaration import Declaration, Declared, Length, values_for
from ...proxy import ProcessingState, Wire
from ..memory.fades import Fade
from ..memory.instances import ConnectorMap, Instance, Message, connector_map
from ..memory.shared import shared

NODE: Final = np.dtype(
    [
        ("alive", np.bool_), ("type", np.int32), ("chunk", np.int32), ("lane", np.int32), ("base", np.int64), ("order", np.int64),
        ("ins", np.int32), ("outs", np.int32), ("steps", np.bool_), ("device", np.bool_),
    ]
)  # fmt: skip
EDGE: Final = np.dtype(
    [("alive", np.bool_), ("source", np.int32), ("out", np.int32), ("target", np.int32), ("into", np.int32), ("fade", np.int64),
     ("closes", np.bool_), ("planned", np.bool_)]
)  # fmt: skip
CARRIER: Final = np.dtype(
    [("alive", np.bool_), ("source", np.int32), ("target", np.int32), ("value", np.int64), ("sent", np.int64), ("seen", np.int64),
     ("goal", np.int64), ("arrivals", np.int64), ("closes", np.bool_), ("planned", np.bool_)]
)  # fmt: skip


NodeWire = tuple[int, str, int, str]
"""A wire by the rows of its nodes, which do not change with their names."""


class Rows:
    """A growing numpy table whose rows are allocated and freed, by number."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.table = np.zeros(64, dtype)
        self._free: list[int] = []
        self._used = 0

    def add(self, *values: Any) -> int:
        """The number of a new row."""
        if self._free:
            row = self._free.pop()
        else:
            row = self._used
            self._used += 1
            if row == len(self.table):
                self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        self.table[row] = values
        return row

    def remove(self, row: int) -> None:
        """Free a row; its number may be reused at once."""
        self.table["alive"][row] = False
        self._free.append(row)

    def free(self, row: int) -> None:
        """Allow the number of a row marked as not alive to be reused."""
        self._free.append(row)

    def rows(self, numbers: Any) -> Any:
        """The rows of these numbers, in order; if they are all rows, the table itself, to save a copy."""
        return self.used if len(numbers) == self._used else self.used[numbers]

    @property
    def used(self) -> Any:
        """The rows up to the last one that was ever allocated."""
        return self.table[: self._used]


@dataclass(slots=True, eq=False)
class Node:
    """A processing that plays.

    Attributes
    ----------
    wires : the ends of its wires.
    ending : edges in and out whose wires have been removed.
    feedback : blocks stored for the next block, by out port.
    queues : lines, rings, regions, cursors and the clock of a processing that is called for each frame; see `flow`.
    numbers : its parameters, and what ``ports`` returns, where its ports have sizes.
    """

    row: int
    name: str
    type: Declaration
    state: ProcessingState
    map: ConnectorMap
    instance: Instance | None
    feedback: dict[int, np.ndarray[Any, Any]] = field(default_factory=dict)
    wires: dict[NodeWire, None] = field(default_factory=dict)
    ending: dict[int, None] = field(default_factory=dict)
    queues: dict[Any, Any] = field(default_factory=dict)
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def items(self, role: str) -> list[tuple[Declared, int]]:
        """For each of its connectors of a role, in order, its declared attribute and its index within that."""
        return [(item, k) for item in self.type.items_of(role) for k in range(self.map.counts[item.attribute])]


def numbers_of(type_: Declaration, state: ProcessingState) -> Mapping[str, Any]:
    """The numbers that sizes and lengths may be given by, by name: parameters, and what ``ports`` returns."""
    if not type_.framed:
        return {}
    given = type_.ports(**values_for(type_.ports, state.config, type_.items)) if type_.ports else {}
    attributes = {item.attribute: state.config[item.spec.name] for item in type_.items_of("config")}
    return {**state.config, **attributes, **given}


def number(node: Node, said: Length) -> int:
    """A size or a length of a node's ports."""
    return int(node.numbers[said]) if isinstance(said, str) else said


class Score:
    """The nodes, edges and carriers of one network."""

    def __init__(self, block: int) -> None:
        self.block = block
        self.now = shared(np.zeros(1, np.int64))  # the network's time, which the audio thread advances
        self.nodes = Rows(NODE)
        self.edges = Rows(EDGE)
        self.carriers = Rows(CARRIER)
        self.types: list[Declaration] = []
        self.by_row: dict[int, Node] = {}
        self.by_name: dict[str, Node] = {}
        self.ghosts: dict[int, Node] = {}
        self.fades: dict[int, Fade] = {}
        self.dropped: list[Any] = []
        self.outbox: list[Message] = []
        self._edge_of: dict[NodeWire, int] = {}
        self._carrier_of: dict[NodeWire, tuple[int, np.ndarray[Any, Any]]] = {}
        self._type_index: dict[Declaration, int] = {}
        self._lingering: dict[int, Node] = {}
        self._order = 0
        self.holding: set[int] = set()  # rows of nodes that hold signals back for others; see `paces`
        self.lifted: set[int] = set()  # rows of nodes that compute buffers in the last program; see `lifting`

    # -- nodes

    def add(self, name: str, type_: Declaration, state: ProcessingState, instance: Instance | None, order: int | None = None) -> Node:
        """Add a node; one that replaces another takes its position in the `order` of planning."""
        chunk, lane, base = (instance.chunk.number, instance.lane, instance.chunk.base) if instance else (-1, 0, 0)
        connectors = state.connectors
        if order is None:
            order = self._order
            self._order += 1
        row = self.nodes.add(
            True, self._index_of(type_), chunk, lane, base, order, len(connectors.inports), len(connectors.outports),
            type_.form == "step", type_.form == "device",
        )  # fmt: skip
        node = Node(row, name, type_, state, connector_map(type_, connectors), instance, numbers=numbers_of(type_, state))
        self.by_row[row] = self.by_name[name] = node
        return node

    def _index_of(self, type_: Declaration) -> int:
        index = self._type_index.setdefault(type_, len(self.types))
        if index == len(self.types):
            self.types.append(type_)
        return index

    def forget(self, name: str) -> Node:
        """Remove the name of a node: it becomes a ghost, which fades out."""
        node = self.by_name.pop(name)
        self.ghosts[node.row] = node
        return node

    def rename(self, old: str, new: str) -> None:
        """Rename a node."""
        node = self.by_name.pop(old)
        node.name = new
        self.by_name[new] = node

    def reshape(self, name: str, state: ProcessingState) -> None:
        """Update a node to another configuration; a source or sink may get more or fewer ports, and keeps the first of them."""
        node = self.by_name[name]
        same = node.state.connectors == state.connectors
        node.state = state
        if same:
            return
        node.map = connector_map(node.type, state.connectors)
        rows = self.nodes.table
        for column, ports in (("ins", state.connectors.inports), ("outs", state.connectors.outports)):
            rows[column][node.row] = max(rows[column][node.row], len(ports))
        self._lingering[node.row] = node

    def exchange(self, node: Node, state: ProcessingState, instance: Instance) -> None:
        """Give a node another instance, at once: with all that is in its queues, it goes on where the former one was."""
        node.state, node.instance, node.numbers = state, instance, numbers_of(node.type, state)
        rows, chunk = self.nodes.table, instance.chunk
        rows["chunk"][node.row], rows["lane"][node.row], rows["base"][node.row] = chunk.number, instance.lane, chunk.base
        for ends in [ends for ends in node.wires if ends in self._carrier_of]:  # the controls are somewhere else now
            _, seen = self._carrier_of[ends]
            self._cut_carrier(ends)
            self._carry(ends, seen)

    def is_edge(self, ends: NodeWire) -> bool:
        """Whether a wire connects ports, not controls."""
        return ends in self._edge_of

    def is_whole(self, ends: NodeWire) -> bool:
        """Whether a wire carries frames, or pieces from one stream to another: these are never faded."""
        source, target = self.by_row[ends[0]], self.by_row[ends[2]]
        out, into = source.map.declared["outports", ends[1]][0], target.map.declared["inports", ends[3]][0]
        if out.frame is not None:
            return into.frame is not None or target.type.takes_buffers
        return bool(out.size and into.size)

    def replace(self, name: str, type_: Declaration, state: ProcessingState, instance: Instance | None, frames: int) -> Node:
        """Crossfade from a node to another, which takes over its name and wires; feedback loops are closed at the same wires."""
        wires = list(self.by_name[name].wires)
        old = self.forget(name)
        new = self.add(name, type_, state, instance, int(self.nodes.table["order"][old.row]))
        for ends in wires:
            moved = (
                new.row if ends[0] == old.row else ends[0], ends[1], new.row if ends[2] == old.row else ends[2], ends[3],
            )  # fmt: skip
            if ends in self._carrier_of:
                seen = self._carrier_of[ends][1]
                self._cut_carrier(ends)
                self._carry(moved, seen)
                continue
            edge = self._edge_of[ends]
            out = ends[0] == old.row
            closes = bool(self.edges.table["closes"][edge])
            if self.is_whole(ends):
                self._remove_edge(self._release(ends))
                self._join(moved, None, closes)
            elif out:
                vanishing, appearing = self._vanish(ends, frames), Fade(True, frames)
                if closes and vanishing is not None:  # feedback arrives one block later
                    vanishing.wait(self.block)
                    appearing.wait(self.block)
                self._join(moved, appearing, closes)
            else:  # the old node keeps its inputs until it is silent
                self._release(ends)
                self._join(moved, None, closes)
        return new

    def drop_ghosts(self, needed: Any = ()) -> list[Node]:
        """Remove and return the ghosts that have faded out, except those of the rows `needed`."""
        gone: list[Node] = []
        found = True
        while found:
            found = False
            for node in list(self.ghosts.values()):
                if node.row in needed or any(self.edges.table["source"][edge] == node.row for edge in node.ending):
                    continue
                found = True
                for edge in list(node.ending):
                    self._remove_edge(edge)
                del self.ghosts[node.row], self.by_row[node.row]
                self._lingering.pop(node.row, None)
                self.holding.discard(node.row)
                self.lifted.discard(node.row)
                self.nodes.table["alive"][node.row] = False
                gone.append(node)
        return gone

    # -- wires

    def connect(self, wire: Wire, frames: int = 0) -> None:
        """Add an edge, faded in over `frames` frames, or a carrier."""
        ends = self._ends(wire)
        if wire.kind == "Control":
            self._carry(ends, shared(np.zeros(1, np.int64)))
        else:
            self._join(ends, Fade(True, frames) if frames and not self.is_whole(ends) else None)

    def disconnect(self, wire: Wire, frames: int = 0) -> None:
        """Remove an edge, after a fade-out over `frames` frames, or a carrier."""
        ends = self._ends(wire)
        if wire.kind == "Control":
            self._cut_carrier(ends)
        elif frames and not self.is_whole(ends):
            self._vanish(ends, frames)
        else:
            self._remove_edge(self._release(ends))

    def end_fades(self) -> bool:
        """Remove edges that have faded out, and completed fades; returns whether anything changed."""
        over = [(edge, fade) for edge, fade in self.fades.items() if fade.over]
        for edge, fade in over:
            if fade.appears:
                self.edges.table["fade"][edge] = 0
                self.dropped.append(self.fades.pop(edge).cells)
            else:
                self._remove_edge(edge)
        return self._end_lingering() or bool(over)

    def _end_lingering(self) -> bool:
        """Remove former ports of a device's node when nothing fades at them."""
        edges, rows = self.edges.used, self.nodes.table
        changed = False
        for node in list(self._lingering.values()):
            ins, outs = len(node.state.connectors.inports), len(node.state.connectors.outports)
            beyond = (edges["source"] == node.row) & (edges["out"] >= outs) | (edges["target"] == node.row) & (edges["into"] >= ins)
            if not (beyond & edges["alive"]).any():
                rows["ins"][node.row], rows["outs"][node.row] = ins, outs
                del self._lingering[node.row]
                changed = True
        return changed

    def _join(self, ends: NodeWire, fade: Fade | None, closes: bool = False) -> None:
        out, into = self._ports(ends)
        edge = self._edge_of[ends] = self.edges.add(
            True, ends[0], out, ends[2], into, fade.address if fade else 0, closes, closes
        )  # fmt: skip
        if fade is not None:
            self.fades[edge] = fade
        self.by_row[ends[0]].wires[ends] = self.by_row[ends[2]].wires[ends] = None

    def _release(self, ends: NodeWire) -> int:
        """Remove an edge that has no wire."""
        edge = self._edge_of.pop(ends)
        for row in {ends[0], ends[2]}:
            node = self.by_row[row]
            del node.wires[ends]
            node.ending[edge] = None
        return edge

    def _vanish(self, ends: NodeWire, frames: int) -> Fade | None:
        """Start to fade an edge out; returns the fade, if it is new."""
        edge = self._release(ends)
        fade = self.fades.get(edge)
        if fade is None:
            fade = self.fades[edge] = Fade(False, frames)
            self.edges.table["fade"][edge] = fade.address
            return fade
        self.outbox += fade.turn()  # it was still fading in: fade out from that level
        return None

    def _remove_edge(self, edge: int) -> None:
        ends = self.edges.table[edge]
        for row in {int(ends["source"]), int(ends["target"])}:
            self.by_row[row].ending.pop(edge, None)
        fade = self.fades.pop(edge, None)
        if fade is not None:
            self.dropped.append(fade.cells)
        self.edges.remove(edge)

    def _carry(self, ends: NodeWire, seen: np.ndarray[Any, Any]) -> None:
        """A carrier; `seen` is the source's count of sent values up to the last one carried."""
        value, sent, goal, arrivals = self._cells(ends)
        row = self.carriers.add(True, ends[0], ends[2], value, sent, seen.ctypes.data, goal, arrivals, False, False)
        self._carrier_of[ends] = (row, seen)
        self.by_row[ends[0]].wires[ends] = self.by_row[ends[2]].wires[ends] = None

    def _cut_carrier(self, ends: NodeWire) -> None:
        row, seen = self._carrier_of.pop(ends)
        self.carriers.remove(row)
        self.dropped.append(seen)
        for row in {ends[0], ends[2]}:
            del self.by_row[row].wires[ends]

    def _ends(self, wire: Wire) -> NodeWire:
        source, target = self.by_name[wire.source], self.by_name[wire.target]
        return source.row, wire.source_connector, target.row, wire.target_connector

    def _ports(self, ends: NodeWire) -> tuple[int, int]:
        """The numbers of the two ports."""
        source, target = self.by_row[ends[0]].map.declared, self.by_row[ends[2]].map.declared
        return source["outports", ends[1]][2], target["inports", ends[3]][2]

    def _cells(self, ends: NodeWire) -> tuple[int, int, int, int]:
        """The addresses of the two controls: value sent and times sent, value to set and arrivals to count."""
        source, target = self.by_row[ends[0]], self.by_row[ends[2]]
        assert source.instance is not None
        assert target.instance is not None
        item, k, _ = source.map.declared["outcontrols", ends[1]]
        into, m, _ = target.map.declared["incontrols", ends[3]]
        return *source.instance.control(item, k), *target.instance.control(into, m)
