"""The score: a network as the planner sees it, numbers in arrays, kept up to date change by change.

A node is a processing that sounds, with its instance; an edge is a wire between ports; a carrier is a wire between
controls. Nodes and edges that are fading out stay until their fade has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ..declare import ProcessingType
from ..proxy import ProcessingState, Wire
from .instances import Instance, Places, places_of
from .program import FADE_WORDS

NODE: Final = np.dtype(
    [
        ("alive", np.bool_), ("type", np.int32), ("chunk", np.int32), ("lane", np.int32), ("base", np.int64), ("order", np.int64),
        ("ins", np.int32), ("outs", np.int32), ("steps", np.bool_), ("device", np.bool_),
    ]
)  # fmt: skip
EDGE: Final = np.dtype(
    [("alive", np.bool_), ("source", np.int32), ("out", np.int32), ("target", np.int32), ("into", np.int32), ("fade", np.int64)]
)
CARRIER: Final = np.dtype(
    [("alive", np.bool_), ("source", np.int32), ("target", np.int32), ("value", np.int64), ("sent", np.int64), ("seen", np.int64),
     ("goal", np.int64), ("arrivals", np.int64)]
)  # fmt: skip


Ends = tuple[int, str, int, str]
"""A wire by the places of its nodes, which outlast their names."""


class Rows:
    """A growing numpy table with places that are given out and taken back."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.table = np.zeros(64, dtype)
        self._free: list[int] = []
        self._used = 0

    def add(self, *values: Any) -> int:
        """The place of a new row."""
        if self._free:
            place = self._free.pop()
        else:
            place = self._used
            self._used += 1
            if place == len(self.table):
                self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        self.table[place] = values
        return place

    def remove(self, place: int) -> None:
        """Take a row away; its place will be given out again."""
        self.table["alive"][place] = False
        self._free.append(place)

    @property
    def used(self) -> Any:
        """The rows up to the last one that was ever given out."""
        return self.table[: self._used]


@dataclass(slots=True)
class Node:
    """A processing that sounds."""

    place: int
    type: ProcessingType
    state: ProcessingState
    places: Places
    instance: Instance | None
    feedback: dict[int, np.ndarray[Any, Any]]  # blocks kept for the next, by out port
    mixed: bool  # has ports declared with `count` beside others, or several such


@dataclass(slots=True)
class Fade:
    """A gain on its way, in memory that the audio thread moves."""

    cells: np.ndarray[Any, Any]
    edge: int
    vanishing: bool

    @property
    def over(self) -> bool:
        return bool(self.cells[0] == self.cells[1])


class Score:
    """The nodes, edges and carriers of one network."""

    def __init__(self) -> None:
        self.nodes = Rows(NODE)
        self.edges = Rows(EDGE)
        self.carriers = Rows(CARRIER)
        self.types: list[ProcessingType] = []
        self.by_place: dict[int, Node] = {}
        self.by_name: dict[str, Node] = {}
        self.fades: list[Fade] = []
        self._edge_of: dict[Ends, int] = {}
        self._carrier_of: dict[Ends, tuple[int, np.ndarray[Any, Any]]] = {}
        self._type_index: dict[ProcessingType, int] = {}
        self._order = 0

    def add(self, name: str, type_: ProcessingType, state: ProcessingState, instance: Instance | None) -> Node:
        """One more node."""
        index = self._type_index.setdefault(type_, len(self.types))
        if index == len(self.types):
            self.types.append(type_)
        chunk, lane, base = (instance.chunk.number, instance.lane, instance.chunk.base) if instance else (-1, 0, 0)
        connectors = state.connectors
        place = self.nodes.add(
            True, index, chunk, lane, base, self._order, len(connectors.inports), len(connectors.outports),
            type_.form == "step", type_.form == "device",
        )  # fmt: skip
        self._order += 1
        node = Node(place, type_, state, places_of(type_, connectors), instance, {}, _mixed(type_))
        self.by_place[place] = self.by_name[name] = node
        return node

    def forget(self, name: str) -> Node:
        """A node has no name any more: it sounds on until its edges have faded."""
        return self.by_name.pop(name)

    def drop(self, node: Node) -> None:
        """A node is gone for good."""
        self.nodes.remove(node.place)
        del self.by_place[node.place]

    def rename(self, old: str, new: str) -> None:
        """The node answers to another name."""
        self.by_name[new] = self.by_name.pop(old)

    def reshape(self, name: str, state: ProcessingState) -> None:
        """A node has another configuration, and with it perhaps other connectors; those it had may have moved."""
        node = self.by_name[name]
        same = node.state.connectors == state.connectors
        node.state = state
        if not same:
            self._move_ports(node)

    def _move_ports(self, node: Node) -> None:
        """Find a node's edges and carriers their ports and controls anew."""
        state, row = node.state, self.nodes.table
        row["ins"][node.place], row["outs"][node.place] = len(state.connectors.inports), len(state.connectors.outports)
        node.places = places_of(node.type, state.connectors)
        for ends, edge in self._edge_of.items():
            if node.place in (ends[0], ends[2]):
                self.edges.table["out"][edge], self.edges.table["into"][edge] = self._ports(ends)
        self._drop_beyond(node)
        for ends, (carrier, _) in self._carrier_of.items():
            if node.place in (ends[0], ends[2]):
                for column, address in zip(("value", "sent", "goal", "arrivals"), self._cells(ends), strict=True):
                    self.carriers.table[column][carrier] = address

    def retype(self, name: str, type_: ProcessingType, state: ProcessingState, instance: Instance | None) -> Node:
        """The node of this name is of another type from now on, with other memory; the old node is returned, without a place."""
        old = self.by_name[name]
        row = self.nodes.table[old.place]
        index = self._type_index.setdefault(type_, len(self.types))
        if index == len(self.types):
            self.types.append(type_)
        row["type"], row["steps"], row["device"] = index, type_.form == "step", type_.form == "device"
        if instance is not None:
            row["chunk"], row["lane"], row["base"] = instance.chunk.number, instance.lane, instance.chunk.base
        places = places_of(old.type, old.state.connectors)
        node = Node(old.place, type_, old.state, places, instance, old.feedback, _mixed(type_))
        self.by_place[old.place] = self.by_name[name] = node
        node.state = state
        self._move_ports(node)
        old.place = -1
        return old

    def connect(self, wire: Wire, fade: np.ndarray[Any, Any] | None = None) -> None:
        """One more edge or carrier, faded in by `fade`."""
        ends = self._ends(wire)
        if wire.kind == "Control":
            seen = np.zeros(1, np.int64)
            value, sent, goal, arrivals = self._cells(ends)
            place = self.carriers.add(True, ends[0], ends[2], value, sent, seen.ctypes.data, goal, arrivals)
            self._carrier_of[ends] = (place, seen)
            return
        out, into = self._ports(ends)
        address = 0 if fade is None else fade.ctypes.data
        edge = self._edge_of[ends] = self.edges.add(True, ends[0], out, ends[2], into, address)
        if fade is not None:
            self.fades.append(Fade(fade, edge, False))

    def disconnect(self, wire: Wire, fade: np.ndarray[Any, Any] | None = None) -> None:
        """An edge or carrier less; an edge fades out first where `fade` is given."""
        ends = self._ends(wire)
        if wire.kind == "Control":
            self.carriers.remove(self._carrier_of.pop(ends)[0])
            return
        edge = self._edge_of.pop(ends)
        for held in [held for held in self.fades if held.edge == edge]:  # it was still fading in: go back from there
            if fade is not None:
                held.vanishing = True
                held.cells[1:] = 0.0, -abs(held.cells[2])
                return
            self.fades.remove(held)
        if fade is None:
            self.edges.remove(edge)
        else:
            self.edges.table["fade"][edge] = fade.ctypes.data
            self.fades.append(Fade(fade, edge, True))

    def _drop_beyond(self, node: Node) -> None:
        """Edges at ports that are gone cannot fade out."""
        edges, rows = self.edges.used, self.nodes.table
        beyond = (edges["source"] == node.place) & (edges["out"] >= rows["outs"][node.place])
        beyond |= (edges["target"] == node.place) & (edges["into"] >= rows["ins"][node.place])
        for edge in np.flatnonzero(beyond & edges["alive"]).tolist():
            self.fades = [fade for fade in self.fades if fade.edge != edge]
            self.edges.remove(edge)

    def end_fades(self) -> bool:
        """Take away what has faded out and the fades that are over; whether anything changed."""
        over = [fade for fade in self.fades if fade.over]
        for fade in over:
            self.fades.remove(fade)
            if fade.vanishing:
                self.edges.remove(fade.edge)
            else:
                self.edges.table["fade"][fade.edge] = 0
        return bool(over)

    def memory(self) -> list[Any]:
        """What a program's addresses lead to here: it must outlive the program, whatever is edited meanwhile."""
        return [[fade.cells for fade in self.fades], [seen for _, seen in self._carrier_of.values()]]

    def orphans(self) -> list[Node]:
        """Nodes without a name that no edge needs any more."""
        named = {node.place for node in self.by_name.values()}
        edges = self.edges.used
        needed = set(edges["source"][edges["alive"]].tolist()) | set(edges["target"][edges["alive"]].tolist())
        return [node for place, node in self.by_place.items() if place not in named and place not in needed]

    def _ends(self, wire: Wire) -> Ends:
        source, target = self.by_name[wire.source], self.by_name[wire.target]
        return source.place, wire.source_connector, target.place, wire.target_connector

    def _ports(self, ends: Ends) -> tuple[int, int]:
        """The numbers of the two ports."""
        source, target = self.by_place[ends[0]].places.place, self.by_place[ends[2]].places.place
        return source["outports", ends[1]][2], target["inports", ends[3]][2]

    def _cells(self, ends: Ends) -> tuple[int, int, int, int]:
        """The addresses of the two controls: value sent and times sent, value to set and arrivals to count."""
        source, target = self.by_place[ends[0]], self.by_place[ends[2]]
        assert source.instance is not None
        assert target.instance is not None
        item, k, _ = source.places.place["outcontrols", ends[1]]
        into, m, _ = target.places.place["incontrols", ends[3]]
        return *source.instance.control(item, k), *target.instance.control(into, m)


def new_fade(appears: bool, frames: int) -> np.ndarray[Any, Any]:
    """The cells of a fade over so many frames: in, or out."""
    cells = np.zeros(FADE_WORDS)
    cells[:] = (0.0, 1.0, 1.0 / frames) if appears else (1.0, 0.0, -1.0 / frames)
    return cells


def _mixed(type_: ProcessingType) -> bool:
    several = [item for item in type_.items if item.role in ("inports", "outports") and item.many]
    return type_.form != "device" and bool(several)
