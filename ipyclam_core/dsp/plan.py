"""From a score to a program: what to compute, in which order, over which memory.

Processings of one type at one depth, in neighbouring lanes, become one op. An in port reads its source's buffer where it
lies; only where several signals meet, or where lanes come from different places, is there a mix of its own. All of it is
numpy over arrays of nodes and edges: thousands of processings are planned in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .channels import Channels
from .context import (
    HEAD_BLOCK,
    HEAD_CHANNELS,
    HEAD_COUNT,
    HEAD_INPUT_COUNT,
    HEAD_INPUTS,
    HEAD_LINK_COUNT,
    HEAD_LINKS,
    HEAD_MIXES,
    HEAD_OPS,
    HEAD_OUTPUT_COUNT,
    HEAD_OUTPUTS,
    HEAD_RUN_COUNT,
    HEAD_RUN_INPUTS,
    HEAD_RUN_OUTPUTS,
    HEAD_RUNS,
    HEAD_SOURCE_COUNT,
    HEAD_SOURCES,
    HEAD_WORDS,
)  # fmt: skip
from .order import Ints, Order
from .program import OP_BASE, OP_FIRST, OP_INPUTS, OP_KERNEL, OP_LANES, OP_OUTPUTS, OP_TIME, OP_WIDTH, TERM_WORDS, WIRE_WORDS
from .sums import first_of_each
from .taps import Tap

if TYPE_CHECKING:
    from .planner import Planner

MIXING, RUNNING, HOLDING, TAPPING, CARRYING = range(5)  # in this order at each depth


@dataclass
class Program:
    """A program, and what its addresses lead to except for the score's memory, kept alive while the audio thread may read it."""

    head: Ints
    arena: np.ndarray[Any, Any]
    keep: list[Any]
    closing: list[tuple[int, int]]  # the places of the nodes at the ends of edges that close a cycle
    places: Ints  # of the nodes computed, in order
    first: Ints  # by run, the index in `places` of its first lane

    @property
    def address(self) -> int:
        return int(self.head.ctypes.data)


@dataclass(frozen=True)
class Kernels:
    """Addresses of the kernels: of each type of the score, in its order, and of those between them."""

    types: Sequence[int]
    wiring: Mapping[str, int]
    levels: Callable[[int], None]


class Plan:
    """One planning of a score; see `Planner.plan`."""

    def __init__(
        self, planner: Planner, kernels: Kernels, channels: Channels, taps: Mapping[tuple[int, int], Tap],
        inputs: Ints | None, outputs: Ints | None,
    ) -> None:  # fmt: skip
        self.planner, self.kernels, self.block = planner, kernels, planner.block
        self.score = planner.score
        self.channels = channels
        self.device = (inputs, outputs)
        self.taps = taps
        self.keep: list[Any] = []
        self.ops: list[np.ndarray[Any, Any]] = []
        self.keys: list[np.ndarray[Any, Any]] = []

    def program(self) -> Program:
        self._order()
        self._runs()
        self._edges()
        self._inputs()
        self._run_ops()
        self._between()
        return self._assemble()

    # -- order: which nodes there are, and how deep

    def _order(self) -> None:
        order = Order(self.score, self.kernels.levels, self.block)
        self.ids, self.compact, self.depth, self.closes = order.ids, order.compact, order.depth, order.closes
        self.nodes, self.edges, self.carriers = self.score.nodes.rows(order.ids), order.edges, order.carriers

    # -- runs: lanes that one op computes

    def _runs(self) -> None:
        nodes = self.nodes
        key = ((self.depth << 12 | nodes["type"]) << 24 | (nodes["chunk"] + 1)) << 7 | nodes["lane"]  # one sort instead of four
        self.sorted = np.argsort(key, kind="stable")
        chunk, lane, depth = nodes["chunk"][self.sorted], nodes["lane"][self.sorted], self.depth[self.sorted]
        first = np.ones(len(chunk), np.bool_)
        first[1:] = (chunk[1:] != chunk[:-1]) | (lane[1:] != lane[:-1] + 1) | (depth[1:] != depth[:-1]) | (chunk[1:] < 0)
        self.run_first = np.flatnonzero(first)
        self.run_lanes = np.diff(self.run_first, append=len(first))
        run_of = np.cumsum(first) - 1
        self.run_of, self.lane_of = np.empty_like(run_of), np.empty_like(run_of)
        self.run_of[self.sorted] = run_of
        self.lane_of[self.sorted] = np.arange(len(first)) - self.run_first[run_of]
        self.run_node = self.sorted[self.run_first]
        heads = nodes[self.run_node]
        self.run_depth = depth[self.run_first]
        self.run_type = heads["type"].astype(np.int64)
        self.run_ins, self.run_outs = heads["ins"].astype(np.int64), heads["outs"].astype(np.int64)
        self.run_base, self.run_lane = heads["base"], heads["lane"].astype(np.int64)
        self.run_steps, self.run_device = heads["steps"], heads["device"]
        sizes = self.run_lanes * self.run_outs * self.block
        sizes += -sizes % 16
        self.out_offset = np.cumsum(sizes) - sizes
        self.arena_size = int(sizes.sum())

    # -- edges: where each in port's signals come from

    def _edges(self) -> None:
        edges = self.edges
        source, target = self.compact[edges["source"]], self.compact[edges["target"]]
        run = self.run_of[source]
        lanes = self.run_lanes[run]
        self.edge_stride = lanes.copy()
        self.edge_offset = self.out_offset[run] + edges["out"] * lanes * self.block + self.lane_of[source]
        self.edge_fixed = np.zeros(len(edges), np.int64)  # an address outside the arena, for what closes a cycle
        for e in np.flatnonzero(self.closes):
            held = self._feedback(int(edges["source"][e]), int(edges["out"][e]))
            self.edge_fixed[e], self.edge_stride[e] = held.ctypes.data, 1
        self.in_offset = np.cumsum(self.run_ins * self.run_lanes) - self.run_ins * self.run_lanes
        target_run = self.run_of[target]
        self.edge_place = self.in_offset[target_run] + edges["into"] * self.run_lanes[target_run] + self.lane_of[target]
        self.places = int((self.run_ins * self.run_lanes).sum())

    def _feedback(self, place: int, out: int) -> np.ndarray[Any, Any]:
        node = self.score.node(place)
        held = node.feedback.get(out)
        if held is None or len(held) < self.block:
            if held is not None:
                self.score.dropped.append(held)
            held = node.feedback[out] = np.zeros(self.block, np.float32)
        return held

    # -- inputs: an address and a stride for each in port of each run

    def _inputs(self) -> None:
        count = np.bincount(self.edge_place, minlength=self.places) if len(self.edges) else np.zeros(self.places, np.int64)
        ports = int(self.run_ins.sum())
        port_run = np.repeat(np.arange(len(self.run_ins)), self.run_ins)
        first_port = np.cumsum(self.run_ins) - self.run_ins
        port_number = np.arange(ports) - first_port[port_run] if ports else np.zeros(0, np.int64)
        port_lanes = self.run_lanes[port_run]
        port_place = self.in_offset[port_run] + port_number * port_lanes
        # the one edge of each place that has one, as (fixed or offset, stride)
        single = np.zeros((self.places, 3), np.int64)
        plain = self.edges["fade"] == 0
        single[self.edge_place, 0] = self.edge_offset
        single[self.edge_place, 1] = self.edge_stride
        single[self.edge_place, 2] = self.edge_fixed
        usable = count == 1
        usable[self.edge_place[~plain]] = False
        place_port = np.repeat(np.arange(ports), port_lanes)
        lane = np.arange(self.places) - port_place[place_port] if self.places else np.zeros(0, np.int64)
        first = single[port_place] if ports else np.zeros((0, 3), np.int64)
        expected = first[place_port]
        fits = usable & (single[:, 1] == expected[:, 1]) & (single[:, 2] == expected[:, 2])
        fits &= single[:, 0] == expected[:, 0] + np.where(expected[:, 2] == 0, lane, 0)
        fits &= (expected[:, 2] == 0) | (port_lanes[place_port] == 1)
        starts = port_place
        direct = np.logical_and.reduceat(fits, starts) if ports else np.zeros(0, np.bool_)
        empty = np.add.reduceat(count, starts) == 0 if ports else np.zeros(0, np.bool_)
        direct &= self.run_steps[port_run] | (first[:, 1] == 1)
        mixed = ~direct & ~empty
        # room for the mixes
        sizes = np.where(mixed, port_lanes * self.block, 0)
        sizes += -sizes % 16
        mix_offset = self.arena_size + np.cumsum(sizes) - sizes
        self.arena_size += int(sizes.sum())
        self.mixes = self.arena_size
        self.arena_size += self.channels.width * self.block
        self.arena = self.planner.arenas.take(self.arena_size + 16)
        base = int(self.arena.ctypes.data)
        self.silence = silence = self._silence()
        address = np.where(direct, np.where(first[:, 2] != 0, first[:, 2], base + 4 * first[:, 0]), silence.ctypes.data)
        stride = np.where(direct, first[:, 1], np.where(self.run_steps[port_run], 0, 1))
        address = np.where(mixed, base + 4 * mix_offset, address)
        stride = np.where(mixed, port_lanes, stride)
        self._open_ports(empty & ~mixed, port_run, port_number, address)
        self.inputs = np.stack([address, stride], axis=1).astype(np.int64)
        self.first_port = first_port
        self._mixes(mixed, port_run, port_place, place_port, mix_offset, base)

    def _silence(self) -> np.ndarray[Any, Any]:
        """A block of zeros, long enough for the lanes of a run too."""
        silence = np.zeros(self.block + 64, np.float32)
        self.keep.append(silence)
        return silence

    def _open_ports(self, empty: Any, port_run: Any, port_number: Any, address: Any) -> None:
        """In ports that read something else than silence when nothing is connected."""
        constants: dict[float, np.ndarray[Any, Any]] = {}
        for index, type_ in enumerate(self.score.types):
            items = type_.items_of("inports")
            for k, item in enumerate(items):
                value = item.open
                if value == 0.0:
                    continue
                if value not in constants:
                    constants[value] = np.full(self.block + 64, value, np.float32)
                    self.keep.append(constants[value])
                address[empty & (self.run_type[port_run] == index) & (port_number == k)] = constants[value].ctypes.data

    def _mixes(self, mixed: Any, port_run: Any, port_place: Any, place_port: Any, mix_offset: Any, base: int) -> None:
        """One op for each lane of each mixed port; signals side by side in one run are summed as one term."""
        wanted = mixed[place_port[self.edge_place]] if len(self.edges) else np.zeros(0, np.bool_)
        edge = np.flatnonzero(wanted)
        place = self.edge_place[edge]
        fixed, fade, stride = self.edge_fixed[edge], self.edges["fade"][edge], self.edge_stride[edge]
        offset = self.edge_offset[edge]
        address = np.where(fixed != 0, fixed, base + 4 * offset)
        rank = np.lexsort((offset | (fixed != 0) << 48, place << 1 | (fade != 0)))  # not by address: sums round as they are ordered
        place, address, stride, fade, fixed = place[rank], address[rank], stride[rank], fade[rank], fixed[rank]
        starts = np.ones(len(rank), np.bool_)
        if len(rank):
            follows = (address[1:] == address[:-1] + 4) & (stride[1:] == stride[:-1]) & (stride[1:] > 1) & (place[1:] == place[:-1])
            starts[1:] = ~(follows & (fade[1:] == 0) & (fade[:-1] == 0) & (fixed[1:] == 0))
        head = np.flatnonzero(starts)
        terms = np.zeros((max(len(head), 1), TERM_WORDS), np.int64)
        terms[: len(head), 0], terms[: len(head), 1] = address[head], stride[head]
        terms[: len(head), 2] = np.diff(np.append(head, len(rank)))
        terms[: len(head), 3] = fade[head]
        self.keep.append(terms)
        goals = np.flatnonzero(mixed[place_port]) if self.places else np.zeros(0, np.int64)
        term_place = place[head]
        begin, end = np.searchsorted(term_place, goals, "left"), np.searchsorted(term_place, goals, "right")
        port = place_port[goals]
        ops = np.zeros((len(goals), OP_WIDTH), np.int64)
        ops[:, 0] = self.kernels.wiring["mix"]
        ops[:, 1] = base + 4 * (mix_offset[port] + goals - port_place[port])
        ops[:, 2] = self.run_lanes[port_run[port]]
        ops[:, 3] = end - begin
        ops[:, 4] = terms.ctypes.data + 8 * TERM_WORDS * begin
        ops[:, OP_TIME] = self._time(-1)
        depth = self.run_depth[port_run[port]]
        fading = np.concatenate([[0], np.cumsum(terms[:, 3] != 0)])
        able = (self.run_lanes[port_run[port]] == 1) & (fading[end] == fading[begin])
        instead = first_of_each(terms, begin, end, depth, able)
        own = instead == np.arange(len(goals))
        self.inputs[port[~own]] = self.inputs[port[instead[~own]]]
        self._emit(ops[own], depth[own], MIXING)

    # -- ops

    def _run_ops(self) -> None:
        """The processings' own ops."""
        computed = np.flatnonzero(~self.run_device)
        base = int(self.arena.ctypes.data)
        ports = int(self.run_outs.sum())
        out_run = np.repeat(np.arange(len(self.run_outs)), self.run_outs)
        self.first_out = first_out = np.cumsum(self.run_outs) - self.run_outs
        number = np.arange(ports) - first_out[out_run] if ports else np.zeros(0, np.int64)
        outputs = np.zeros((max(ports, 1), 2), np.int64)
        outputs[:ports, 0] = base + 4 * (self.out_offset[out_run] + number * self.run_lanes[out_run] * self.block)
        outputs[:ports, 1] = self.run_lanes[out_run]
        self.outputs = outputs
        self.keep += [self.inputs, outputs]
        kernels = np.array(list(self.kernels.types) or [0], np.int64)
        ops = np.zeros((len(computed), OP_WIDTH), np.int64)
        ops[:, OP_KERNEL] = kernels[self.run_type[computed]]
        ops[:, OP_BASE] = self.run_base[computed]
        ops[:, OP_FIRST] = self.run_lane[computed]
        ops[:, OP_LANES] = self.run_lanes[computed]
        ops[:, OP_INPUTS] = self.inputs.ctypes.data + 16 * self.first_port[computed]
        ops[:, OP_OUTPUTS] = outputs.ctypes.data + 16 * first_out[computed]
        times = np.array([self._time(k) for k in range(len(self.score.types))] or [0], np.int64)
        ops[:, OP_TIME] = times[self.run_type[computed]]
        self._several(ops, computed, first_out)
        self._emit(ops, self.run_depth[computed], RUNNING)

    def _time(self, index: int) -> int:
        """Where the time spent on a type is added up; -1 is what lies between processings."""
        held = self.planner.times.setdefault(index, np.zeros(1, np.int64))
        return int(held.ctypes.data)

    def _several(self, ops: Any, computed: Any, first_out: Any) -> None:
        """Types with ports declared with `count` get a table by item: (address of the ports' entries, their number)."""
        types = self.run_type[computed]
        for index, type_ in enumerate(self.score.types):
            for role, column, entries, first, number in (
                ("inports", OP_INPUTS, self.inputs, self.first_port, self.run_ins),
                ("outports", OP_OUTPUTS, self.outputs, first_out, self.run_outs),
            ):
                items = type_.items_of(role)
                if any(item.many for item in items):
                    rows = np.flatnonzero(types == index)
                    runs = computed[rows]
                    table = self._table(items, role, runs, entries, first[runs], number[runs])
                    self.keep.append(table)
                    ops[rows, column] = table.ctypes.data + 16 * len(items) * np.arange(len(rows))

    def _table(self, items: Any, role: str, runs: Any, entries: Any, place: Any, number: Any) -> Any:
        """The tables of some runs of one type, one after the other."""
        table = np.zeros((max(len(runs), 1), len(items), 2), np.int64)
        lone = sum(item.many for item in items) == 1
        for k, item in enumerate(items):
            count: Any = 1
            if item.many and lone:
                count = number - (len(items) - 1)
            elif item.many:
                nodes = [self.score.node(place) for place in self.ids[self.run_node[runs]].tolist()]
                count = np.array([node.places.counts[item.attribute] for node in nodes], np.int64)
            if item.many:
                table[: len(runs), k, 0], table[: len(runs), k, 1] = entries.ctypes.data + 16 * place, count
            else:
                table[: len(runs), k] = entries[place]
            place = place + count
        return table

    def _between(self) -> None:
        """What closes cycles, what is looked at, and what carries controls."""
        base = int(self.arena.ctypes.data)

        def port(place: int, out: int) -> tuple[int, int, int]:
            node = int(self.compact[place])
            run = self.run_of[node]
            lanes = int(self.run_lanes[run])
            return base + 4 * int(self.out_offset[run] + out * lanes * self.block + self.lane_of[node]), lanes, int(self.run_depth[run])

        closing = {(int(e["source"]), int(e["out"])) for e in self.edges[self.closes]}
        for place, out in sorted(closing):
            address, stride, depth = port(place, out)
            held = self._feedback(place, out)
            self.keep.append(held)
            self._one([self.kernels.wiring["hold"], held.ctypes.data, address, stride], depth, HOLDING)
        for (place, out), tap in self.taps.items():
            if self.compact[place] < 0:
                continue
            address, stride, depth = port(place, out)
            self.keep.append(tap)
            words = [self.kernels.wiring["tap"], tap.ring.ctypes.data, len(tap.ring), tap.count.ctypes.data, address, stride]
            self._one(words, depth, TAPPING)
        if len(self.carriers):
            depth = self.depth[self.compact[self.carriers["source"]]]
            rank = np.argsort(depth, kind="stable")
            wires = np.stack([self.carriers[c][rank] for c in ("value", "sent", "seen", "goal", "arrivals")], axis=1).astype(np.int64)
            self.keep.append(wires)
            depths, begin, number = np.unique(depth[rank], return_index=True, return_counts=True)
            ops = np.zeros((len(depths), OP_WIDTH), np.int64)
            ops[:, 0] = self.kernels.wiring["carry"]
            ops[:, 1] = wires.ctypes.data + 8 * WIRE_WORDS * begin
            ops[:, 2] = number
            ops[:, OP_TIME] = self._time(-1)
            self._emit(ops, depths, CARRYING)

    def _one(self, words: list[int], depth: int, phase: int) -> None:
        op = np.zeros((1, OP_WIDTH), np.int64)
        op[0, : len(words)] = words
        op[0, OP_TIME] = self._time(-1)
        self._emit(op, np.array([depth]), phase)

    def _emit(self, ops: Any, depth: Any, phase: int) -> None:
        self.ops.append(ops)
        self.keys.append(np.asarray(depth, np.int64) * 8 + phase)

    # -- the whole

    def _assemble(self) -> Program:
        ops = np.ascontiguousarray(np.concatenate(self.ops)[np.argsort(np.concatenate(self.keys), kind="stable")])
        sources, links = self._sources(), self._links()
        computed = np.flatnonzero(~self.run_device)
        columns = [self.first_port, self.run_ins, self.first_out, self.run_outs, self.run_lanes]
        runs = np.ascontiguousarray(np.stack(columns, axis=1)[computed].astype(np.int64)) if len(computed) else np.zeros((1, 5), np.int64)
        head = np.zeros(HEAD_WORDS, np.int64)
        head[HEAD_OPS], head[HEAD_COUNT] = ops.ctypes.data, len(ops)
        for table, column, count in ((sources, HEAD_SOURCES, HEAD_SOURCE_COUNT), (links, HEAD_LINKS, HEAD_LINK_COUNT)):
            head[column], head[count] = table.ctypes.data, len(table)
        inputs, outputs = self.device
        for handles, column, count in ((inputs, HEAD_INPUTS, HEAD_INPUT_COUNT), (outputs, HEAD_OUTPUTS, HEAD_OUTPUT_COUNT)):
            if handles is not None:
                head[column], head[count] = handles.ctypes.data, len(handles) // 2
        head[HEAD_BLOCK], head[HEAD_MIXES] = self.block, self.arena.ctypes.data + 4 * self.mixes
        head[HEAD_CHANNELS] = self.channels.width
        head[HEAD_RUNS], head[HEAD_RUN_COUNT] = runs.ctypes.data, len(computed)
        head[HEAD_RUN_INPUTS], head[HEAD_RUN_OUTPUTS] = self.inputs.ctypes.data, self.outputs.ctypes.data
        self.keep += [ops, sources, links, runs, inputs, outputs]
        closing = self.edges[self.closes]
        ends = list(zip(closing["source"].tolist(), closing["target"].tolist(), strict=True))
        return Program(head, self.arena, self.keep, ends, self.ids[self.sorted], self.run_first[computed])

    def _sources(self) -> Ints:
        """Which channel of the device each port of a source brings: (channel, address of the port's buffer)."""
        table = []
        for (place, port), channel in self.channels.sources():
            run = self.run_of[self.compact[place]]
            table.append((channel, self.arena.ctypes.data + 4 * int(self.out_offset[run] + port * self.block)))
        return np.array(table, np.int64).reshape(-1, 2)

    def _links(self) -> Ints:
        """What is summed into each channel; see `LINK_WORDS`."""
        table: list[tuple[int, int, int, int, int]] = []
        begun: set[int] = set()
        for (place, port), channel, fade in self.channels.links():
            run = self.run_of[self.compact[place]]
            if port < int(self.run_ins[run]):
                address, stride = (int(word) for word in self.inputs[int(self.first_port[run]) + port])
            else:
                address, stride = int(self.silence.ctypes.data), 1
            table.append((address, stride, channel, fade.address if fade else 0, channel not in begun))
            begun.add(channel)
        table += [(int(self.silence.ctypes.data), 1, k, 0, 1) for k in range(self.channels.width) if k not in begun]
        return np.array(table, np.int64).reshape(-1, 5)
