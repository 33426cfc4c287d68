"""From a score to a program: the ops, their order and their memory.

Processings of one type at one depth, in neighbouring lanes, become one op. An in port reads its source's buffer in
place. It needs a mix of its own only if several signals meet, or if its lanes come from different runs. All of it is
numpy over arrays of nodes and edges: thousands of processings are planned in a few milliseconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np

from ...declare.declaration import Declared
from ..memory.arenas import Arenas
from ..memory.arrays import Bools, Ints
from ..memory.context import (
    HEAD_BLOCK,
    HEAD_CHANNELS,
    HEAD_COUNT,
    HEAD_INPUT_COUNT,
    HEAD_INPUTS,
    HEAD_LINK_COUNT,
    HEAD_LINKS,
    HEAD_METERS,
    HEAD_MIXES,
    HEAD_NUMBER,
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
    LINK_WORDS,
    RUN_WORDS,
)  # fmt: skip
from ..memory.meters import Meter
from ..memory.program import (
    MIX_COUNT,
    MIX_STRIDE,
    MIX_TARGET,
    MIX_TERMS,
    OP_BASE,
    OP_FIRING,
    OP_FIRST,
    OP_INPUTS,
    OP_KERNEL,
    OP_LANES,
    OP_OUTPUTS,
    OP_TIME,
    OP_WIDTH,
    TERM_WORDS,
    WIRE_WORDS,
)
from ..memory.shared import shared
from ..memory.taps import Tap
from .channels import Channels
from .flow import Flow
from .in_ports import InPorts, Signals
from .latency import Latencies
from .lifting import Lifted
from .order import Order
from .runs import Ports, Runs
from .score import Score
from .sums import first_of_each, terms_of

MIXING, COLLECTING, RUNNING, EMITTING, HOLDING, TAPPING, CARRYING = range(7)  # in this order at each depth
_numbers: Final = itertools.count(1)


@dataclass
class Program:
    """A program and the memory that it refers to, except the score's, kept alive while the audio thread may read it."""

    head: Ints
    arena: np.ndarray[Any, Any]
    keep: list[Any]
    closing: list[tuple[int, int]]  # the rows of the nodes at the ends of edges that close a cycle of blocks
    returning: list[tuple[int, int]]  # likewise, of frames
    rows: Ints  # of the nodes computed, in order
    first: Ints  # by run, the index in `rows` of its first lane
    latencies: Latencies
    uneven: Mapping[tuple[int, int], Fraction]  # see `Flow`
    emits: bool  # whether streams of pieces are heard
    number: int = field(default_factory=_numbers.__next__, init=False)  # unique, while an address may be reused

    def __post_init__(self) -> None:
        self.head[HEAD_NUMBER] = self.number

    @property
    def address(self) -> int:
        return int(self.head.ctypes.data)


@dataclass(frozen=True)
class Kernels:
    """Addresses of the kernels: of each type of the score, in its order, and of those between them."""

    types: Sequence[int]
    wiring: Mapping[str, int]
    levels: Callable[[int], None]


@dataclass
class Plan:
    """One planning of a score; see `Planner.plan`.

    Attributes
    ----------
    times : the nanoseconds spent, by the index of a type; extended for new types.
    inputs, outputs : the device's own tables of channels, where it has them.
    meters : the channels that have a meter, each with its own.
    decay : how much of a step that is smoothed is left after a frame.
    spreads : whether processings that are called for each frame take turns; see `paces`.
    """

    score: Score
    block: int
    arenas: Arenas
    times: dict[int, Ints]
    kernels: Kernels
    channels: Channels
    taps: Mapping[tuple[int, int], Tap]
    inputs: Ints | None
    outputs: Ints | None
    meters: Sequence[tuple[int, Meter]]
    decay: float = 0.0
    spreads: bool = False
    _keep: list[Any] = field(default_factory=list, init=False)
    _ops: list[Ints] = field(default_factory=list, init=False)
    _keys: list[Ints] = field(default_factory=list, init=False)

    def program(self) -> Program:
        self._order = order = Order(self.score, self.kernels.levels, self.block)
        self._flow = flow = Flow(self.score, order, self.block, self.taps, self.decay, self.spreads)
        self._keep += flow.keep
        self._edges, self._closes = order.edges[flow.kept], order.closes[flow.kept]
        alone = order.compact[list(flow.lifted)].tolist() if flow.lifted else ()
        self._runs = runs = Runs(self.score.nodes.rows(order.ids), order.depth, self.block, alone)
        self._in, self._out = InPorts(runs), Ports(runs.outs)
        signals = self._signals()
        self._in.settle(signals, self.block)
        self._allocate()
        self._mixes(signals)
        self._processings()
        self._queues()
        self._feedbacks()
        self._looks()
        self._carriers()
        return self._assemble()

    # -- signals

    def _signals(self) -> Signals:
        """The signal of each edge at its in port."""
        order, edges = self._order, self._edges
        offset, stride = self._runs.signal(order.compact[edges["source"]], edges["out"])
        outside = np.zeros(len(edges), np.int64)
        for e in np.flatnonzero(self._closes):
            held = self._feedback(int(edges["source"][e]), int(edges["out"][e]))
            outside[e], stride[e] = held.ctypes.data, 1
        for delayed in self._flow.delayed:
            place = np.count_nonzero(self._flow.kept[: delayed.edge])
            outside[place], stride[place] = delayed.block.ctypes.data, 1
        return Signals(offset, stride, outside, edges["fade"], self._in.slots(self._runs, order.compact[edges["target"]], edges["into"]))

    def _feedback(self, row: int, out: int) -> np.ndarray[Any, Any]:
        """The output of an out port in the previous block, for an edge that closes a cycle."""
        node = self.score.by_row[row]
        held = node.feedback.get(out)
        if held is None or len(held) < self.block:
            if held is not None:
                self.score.dropped.append(held)
            held = node.feedback[out] = shared(np.zeros(self.block, np.float32))
        return held

    def _allocate(self) -> None:
        """Allocate memory for signals, mixes and channels, and fill the entries of in and out ports: (address, stride)."""
        runs, ports, out = self._runs, self._in, self._out
        channels = runs.size + ports.size
        size = channels + self.channels.width * self.block
        self._arena = self.arenas.take(size + 16)
        self._base = base = int(self._arena.ctypes.data)
        self._mixed_at, self._channels_at = base + 4 * runs.size, base + 4 * channels
        self._silence = self._constant(0.0)
        self._inputs = self._held(ports.entries(base, self._mixed_at, self._silence))
        self._open()
        starts = base + 4 * runs.port(out.run, out.number)
        self._outputs = self._held(np.stack([starts, runs.lanes[out.run]], axis=1))

    def _constant(self, value: float) -> int:
        """The address of a block of one value, long enough for the lanes of a run too."""
        values = self._held(np.full(self.block + 64, value, np.float32))
        return int(values.ctypes.data)

    def _open(self) -> None:
        """Unconnected in ports that read a default other than silence."""
        ports = self._in.ports
        for index, type_ in enumerate(self.score.types):
            for k, item in enumerate(type_.items_of("inports")):
                if item.open != 0.0:
                    here = self._in.open & (self._runs.type[ports.run] == index) & (ports.number == k)
                    self._inputs[here, 0] = self._constant(item.open)

    # -- ops

    def _mixes(self, signals: Signals) -> None:
        """One op for each lane of each mixed port; equal sums share one."""
        ports = self._in
        slots = np.flatnonzero(ports.mixed[ports.port])
        slot, made = terms_of(signals.of(np.flatnonzero(ports.mixed[ports.port[signals.slot]])), self._base)
        terms = self._held(made)
        begin, end = np.searchsorted(slot, slots, "left"), np.searchsorted(slot, slots, "right")
        port = ports.port[slots]
        lanes, depth = ports.lanes[port], self._runs.depth[ports.ports.run[port]]
        ops = np.zeros((len(slots), OP_WIDTH), np.int64)
        ops[:, OP_KERNEL] = self.kernels.wiring["mix"]
        ops[:, MIX_TARGET] = self._mixed_at + 4 * (ports.room[port] + slots - ports.slot[port])
        ops[:, MIX_STRIDE] = lanes
        ops[:, MIX_COUNT] = end - begin
        ops[:, MIX_TERMS] = terms.ctypes.data + 8 * TERM_WORDS * begin
        ops[:, OP_TIME] = self._time(-1)
        fading = np.concatenate([[0], np.cumsum(terms[:, 3] != 0)])
        able = (lanes == 1) & (fading[end] == fading[begin])
        instead = first_of_each(terms, begin, end, depth, able)
        own = instead == np.arange(len(slots))
        self._inputs[port[~own]] = self._inputs[port[instead[~own]]]
        self._emit(ops[own], depth[own], MIXING)

    def _processings(self) -> None:
        """The processings' own ops."""
        runs = self._runs
        computed = np.flatnonzero(~runs.device)
        kernels = np.array(list(self.kernels.types) or [0], np.int64)
        times = np.array([self._time(k) for k in range(len(self.score.types))] or [0], np.int64)
        ops = np.zeros((len(computed), OP_WIDTH), np.int64)
        ops[:, OP_KERNEL] = kernels[runs.type[computed]]
        ops[:, OP_BASE] = runs.base[computed]
        ops[:, OP_FIRST] = runs.lane[computed]
        ops[:, OP_LANES] = runs.lanes[computed]
        ops[:, OP_INPUTS] = self._inputs.ctypes.data + 16 * self._in.ports.first[computed]
        ops[:, OP_OUTPUTS] = self._outputs.ctypes.data + 16 * self._out.first[computed]
        ops[:, OP_TIME] = times[runs.type[computed]]
        self._several(ops, computed)
        called = {}
        self._called = self._find_called()
        for r in np.flatnonzero(self._called[computed]).tolist():
            row = self._row_of(int(computed[r]))
            called[row] = r
            if row in self._flow.lifted:
                self._lift(ops[r], self._flow.lifted[row])
            else:
                ops[r, OP_FIRING] = self._flow.firings[row].ctypes.data
        self._emit(ops, runs.depth[computed], RUNNING)
        for rows in self._flow.cycles.members:
            self._go_round(rows, self._held(ops[[called[row] for row in rows]]))

    def _find_called(self) -> Any:
        """Which runs are called for each frame; each of these has one lane."""
        runs = self._runs
        called = np.array([type_.framed for type_ in self.score.types] or [False], np.bool_)[runs.type]
        if self._flow.lifted:
            called[runs.of[self._order.compact[list(self._flow.lifted)]]] = True
        return called

    def _row_of(self, run: int) -> int:
        """The row of the first node of a run."""
        return int(self._order.ids[self._runs.node[run]])

    def _lift(self, op: Ints, lifted: Lifted) -> None:
        """Make the op of a processing of blocks that of one that computes buffers."""
        inner = self._held(op.copy())
        inner[OP_INPUTS], inner[OP_OUTPUTS] = lifted.ins.ctypes.data, lifted.outs.ctypes.data
        op[:OP_TIME] = 0
        words = self.kernels.wiring["lift"], lifted.firing.ctypes.data, inner.ctypes.data, lifted.table.ctypes.data
        op[: len(words)] = words

    def _go_round(self, rows: Sequence[int], ops: Ints) -> None:
        """An op that calls the processings of a cycle in turn, after the others at the depth of the last."""
        clocks = [self.score.by_row[row].queues["clock"].ctypes.data for row in rows]
        table = self._held(np.stack([ops.ctypes.data + ops.strides[0] * np.arange(len(rows)), np.array(clocks)], axis=1).astype(np.int64))
        last = max(rows, key=lambda row: int(self._order.depth[self._order.compact[row]]))
        self._op("rounds", self._order.compact[last], RUNNING, table.ctypes.data, len(rows))

    def _queues(self) -> None:
        """Ops that bring block signals to lines, and streams to block signals; and the one that advances the network's time."""
        flow, order = self._flow, self._order
        now, decay = self.score.now.ctypes.data, int(np.array([self.decay]).view(np.int64)[0])
        for collected in flow.collected:
            node = order.compact[collected.row]
            port = self._in.ports.first[self._runs.of[node]] + collected.into
            address, stride = self._inputs[port].tolist()
            self._op("collect", node, COLLECTING, collected.line.address, address, stride, now, collected.late)
        for unrolled in flow.unrolled:
            node = order.compact[flow.cycles.last.get(unrolled.row, unrolled.row)]
            self._op("unroll", node, EMITTING, unrolled.ring.address, unrolled.cursor.ctypes.data, unrolled.region)
        for emitted in flow.emitted:
            offset, _ = self._runs.signal(order.compact[emitted.row], emitted.out)
            node = order.compact[flow.cycles.last.get(emitted.row, emitted.row)]
            self._op("emit", node, EMITTING, emitted.line.address, self._base + 4 * int(offset), now, emitted.late, decay)
        for delayed in flow.delayed:
            edge = order.edges[delayed.edge]
            node = order.compact[edge["source"]]
            offset, stride = self._runs.signal(node, int(edge["out"]))
            self._op("collect", node, HOLDING, delayed.line.address, self._base + 4 * int(offset), int(stride), now, 0)
            self._op("emit", node, HOLDING, delayed.line.address, delayed.block.ctypes.data, now, delayed.late, decay)
        if flow.firings or flow.lifted or flow.delayed:
            last = int(np.argmax(order.depth))
            self._op("advance", last, CARRYING, now)

    def _op(self, kernel: str, node: Any, phase: int, *words: int) -> None:
        """One op between processings, at the depth of a node."""
        op = np.zeros((1, OP_WIDTH), np.int64)
        op[0, : len(words) + 1] = self.kernels.wiring[kernel], *words
        op[0, OP_TIME] = self._time(-1)
        self._emit(op, self._order.depth[[node]], phase)

    def _time(self, index: int) -> int:
        """The address of the total time of a type; -1 is for ops between processings."""
        held = self.times.get(index)
        if held is None:
            held = self.times[index] = shared(np.zeros(1, np.int64))
        return int(held.ctypes.data)

    def _several(self, ops: Ints, computed: Ints) -> None:
        """Types with ports declared with `count` get a table by item: (address of the ports' entries, their number)."""
        runs = self._runs
        types = runs.type[computed]
        for index, type_ in enumerate(self.score.types):
            for role, column, entries, first, number in (
                ("inports", OP_INPUTS, self._inputs, self._in.ports.first, runs.ins),
                ("outports", OP_OUTPUTS, self._outputs, self._out.first, runs.outs),
            ):
                items = type_.items_of(role)
                if any(item.many for item in items):
                    rows = np.flatnonzero(types == index)
                    these = computed[rows]
                    table = self._held(self._table(items, these, entries, first[these], number[these]))
                    ops[rows, column] = table.ctypes.data + 16 * len(items) * np.arange(len(rows))

    def _table(self, items: Sequence[Declared], runs: Ints, entries: Ints, first: Ints, number: Ints) -> Ints:
        """The tables of some runs of one type, concatenated."""
        table = np.zeros((max(len(runs), 1), len(items), 2), np.int64)
        lone = sum(item.many for item in items) == 1
        for k, item in enumerate(items):
            count: Any = 1
            if item.many and lone:
                count = number - (len(items) - 1)
            elif item.many:
                nodes = [self.score.by_row[row] for row in self._order.ids[self._runs.node[runs]].tolist()]
                count = np.array([node.map.counts[item.attribute] for node in nodes], np.int64)
            if item.many:
                table[: len(runs), k, 0], table[: len(runs), k, 1] = entries.ctypes.data + 16 * first, count
            else:
                table[: len(runs), k] = entries[first]
            first = first + count
        return table

    def _feedbacks(self) -> None:
        """Ops that store the signals of edges that close a cycle, for the next block."""
        closing = self._edges[self._closes]
        for row, out in sorted({(int(edge["source"]), int(edge["out"])) for edge in closing}):
            held = self._feedback(row, out)
            self._keep.append(held)
            self._follow(row, out, HOLDING, self.kernels.wiring["hold"], held.ctypes.data)

    def _looks(self) -> None:
        """Ops for monitored out ports."""
        for (row, out), tap in self.taps.items():
            if self._order.compact[row] >= 0:
                self._keep.append(tap)
                ring = tap.ring.ctypes.data, len(tap.ring), tap.count.ctypes.data
                self._follow(row, out, TAPPING, self.kernels.wiring["tap"], *ring)

    def _follow(self, row: int, out: int, phase: int, *words: int) -> None:
        """An op of these words that reads an out port when that has been computed."""
        node = self._order.compact[row]
        offset, stride = self._runs.signal(node, out)
        op = np.zeros((1, OP_WIDTH), np.int64)
        op[0, : len(words) + 2] = *words, self._base + 4 * offset, stride
        op[0, OP_TIME] = self._time(-1)
        self._emit(op, self._order.depth[[node]], phase)

    def _carriers(self) -> None:
        """Ops that carry controls: one for all values sent by sources of one depth."""
        order, carriers = self._order, self._order.carriers
        if not len(carriers):
            return
        depth = order.depth[order.compact[carriers["source"]]]
        rank = np.argsort(depth, kind="stable")
        columns = [carriers[c][rank] for c in ("value", "sent", "seen", "goal", "arrivals")]
        wires = self._held(np.stack(columns, axis=1).astype(np.int64))
        depths, begin, number = np.unique(depth[rank], return_index=True, return_counts=True)
        ops = np.zeros((len(depths), OP_WIDTH), np.int64)
        ops[:, OP_KERNEL] = self.kernels.wiring["carry"]
        ops[:, 1] = wires.ctypes.data + 8 * WIRE_WORDS * begin
        ops[:, 2] = number
        ops[:, OP_TIME] = self._time(-1)
        self._emit(ops, depths, CARRYING)

    def _emit(self, ops: Ints, depth: Ints, phase: int) -> None:
        self._ops.append(ops)
        self._keys.append(depth.astype(np.int64) * 8 + phase)

    def _held(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """An array that the program refers to, kept alive with it."""
        kept = shared(np.ascontiguousarray(array))
        self._keep.append(kept)
        return kept

    # -- the whole

    def _assemble(self) -> Program:
        runs, order = self._runs, self._order
        ops = self._held(np.ascontiguousarray(np.concatenate(self._ops)[np.argsort(np.concatenate(self._keys), kind="stable")]))
        sources, links, meters = self._held(self._sources()), self._held(self._links()), self._held(self._meters())
        computed = np.flatnonzero(~runs.device)
        seen_outs = np.where(self._called, 0, runs.outs)  # whoever is called for each frame watches itself
        columns = [self._in.ports.first, runs.ins, self._out.first, seen_outs, runs.lanes]
        seen = self._held(np.stack(columns, axis=1)[computed] if len(computed) else np.zeros((1, RUN_WORDS), np.int64))
        head = shared(np.zeros(HEAD_WORDS, np.int64))
        for table, column, count in (
            (ops, HEAD_OPS, HEAD_COUNT), (sources, HEAD_SOURCES, HEAD_SOURCE_COUNT), (links, HEAD_LINKS, HEAD_LINK_COUNT),
        ):  # fmt: skip
            head[column], head[count] = table.ctypes.data, len(table)
        for handles, column, count in (
            (self.inputs, HEAD_INPUTS, HEAD_INPUT_COUNT), (self.outputs, HEAD_OUTPUTS, HEAD_OUTPUT_COUNT),
        ):  # fmt: skip
            if handles is not None:
                head[column], head[count] = handles.ctypes.data, len(handles) // 2
        head[HEAD_BLOCK], head[HEAD_MIXES], head[HEAD_CHANNELS] = self.block, self._channels_at, self.channels.width
        head[HEAD_RUNS], head[HEAD_RUN_COUNT] = seen.ctypes.data, len(computed)
        head[HEAD_RUN_INPUTS], head[HEAD_RUN_OUTPUTS] = self._inputs.ctypes.data, self._outputs.ctypes.data
        head[HEAD_METERS] = meters.ctypes.data
        self._keep += [self.inputs, self.outputs, self.meters]
        closing, returning = self._ends(order.closes & self._flow.kept), self._ends(order.closes & ~self._flow.kept)
        self.score.outbox += self._flow.messages
        return Program(
            head,
            self._arena,
            self._keep,
            closing,
            returning,
            order.ids[runs.sorted],
            runs.first[computed],
            self._flow.latencies,
            self._flow.uneven,
            bool(self._flow.emitted),
        )

    def _ends(self, which: Bools) -> list[tuple[int, int]]:
        """The rows of the nodes at some of the edges."""
        edges = self._order.edges[which]
        return list(zip(edges["source"].tolist(), edges["target"].tolist(), strict=True))

    def _sources(self) -> Ints:
        """The channel of the device for each port of a source: (channel, address of the port's buffer)."""
        table = []
        for (row, port), channel in self.channels.sources():
            offset, _ = self._runs.signal(self._order.compact[row], port)
            table.append((channel, self._base + 4 * int(offset)))
        return np.array(table, np.int64).reshape(-1, 2)

    def _meters(self) -> Ints:
        """The address of each channel's meter, 0 for none."""
        table = np.zeros(max(self.channels.width, 1), np.int64)
        if self.meters:
            channels, meters = zip(*self.meters, strict=True)
            table[list(channels)] = [meter.address for meter in meters]
        return table

    def _links(self) -> Ints:
        """The signals summed into each channel; see `LINK_WORDS`."""
        table: list[tuple[int, int, int, int, int]] = []
        begun: set[int] = set()
        for (row, port), channel, fade in self.channels.links():
            run = self._runs.of[self._order.compact[row]]
            address, stride = self._silence, 1
            if port < self._runs.ins[run]:
                address, stride = self._inputs[self._in.ports.first[run] + port].tolist()
            table.append((address, stride, channel, fade.address if fade else 0, channel not in begun))
            begun.add(channel)
        table += [(self._silence, 1, k, 0, 1) for k in range(self.channels.width) if k not in begun]
        return np.array(table, np.int64).reshape(-1, LINK_WORDS)
