"""Frames and streams of one plan: the queues between processings, and how each of them is called.

Queues belong to the score's nodes and outlast plans, so that an edit disturbs nothing else. A plan may replace a queue by a larger
one, which continues where the smaller one is. Whatever a program uses is kept alive with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import ceil
from typing import Any, Final

import numpy as np

from ...declare.declaration import Declared
from ...declare.frames import FrameSpec
from ..memory.arrays import Ints
from ..memory.context import COPY, STORE_8
from ..memory.instances import Message
from ..memory.queues import (
    CLOCK_NEXT,
    CLOCK_WORDS,
    FIRING_ROWS,
    JOINED,
    LINE,
    LINE_PLAYED,
    LINE_SEAM,
    LINE_WAIT,
    LONG_AGO,
    NOTHING,
    RETURN,
    RETURN_BASE,
    RETURN_CALLED,
    RETURN_PATIENCE,
    RETURN_RING,
    RETURN_SINCE,
    RETURN_SLACK,
    RETURN_WORDS,
    RING,
    RING_WRITTEN,
    ROW_WORDS,
    SEAM_DECAY,
    SEAM_UNTIL,
    SEAM_WORDS,
    Line,
    Ring,
)
from ..memory.shared import shared
from .crossings import Collected, Delayed, Emitted, Unrolled
from .cycles import Cycles
from .forms import BUFFER, Form, Forms
from .latency import Latencies, of_streams
from .lifting import Lifted, PortTable
from .lifting import address_of as _address
from .order import Order
from .paces import Pace, Paces
from .score import Node, Score, number
from .streams import Streams

LEAST_ROOM: Final = 4096
"""Samples that every line has room for, beyond those it needs."""
MOST_WAITING: Final = 1 << 15
"""Samples that may wait in a line whose pieces are played one after the other."""
SPARE: Final = 64
"""Samples behind a buffer that kernels may read."""
PATIENCE: Final = 4
"""Calls that a processing waits for the answer of a cycle."""

Row = tuple[int, int, int, int, int]
"""The words of a row of a firing."""


class Flow:
    """The frames and streams of a plan.

    Attributes
    ----------
    kept : which of the order's edges carry blocks.
    firings : by row, the firing of each node that is called for each frame.
    lifted : by row, how processings of blocks are called that compute buffers.
    cycles : of frames.
    unrolled, collected, emitted, delayed : what goes into lines, and comes out of them.
    messages : changes of queues that are in use.
    keep : all that the program uses.
    latencies : how late signals are.
    uneven : by row and out port, the samples that a stream has for each that is played, where that is not one.
    """

    def __init__(self, score: Score, order: Order, block: int, tapped: Collection[tuple[int, int]], decay: float, spreads: bool) -> None:
        self._score, self._block, self._tapped, self._decay = score, block, tapped, decay
        self._streams = streams = Streams(score, order)
        self.kept = streams.kept
        self.firings: dict[int, Ints] = {}
        self.lifted: dict[int, Lifted] = {}
        self.unrolled: list[Unrolled] = []
        self.collected: list[Collected] = []
        self.emitted: list[Emitted] = []
        self.delayed: list[Delayed] = []
        self.messages: list[Message] = streams.ended
        self.keep: list[Any] = []
        self.latencies: Latencies = {}
        self.uneven: dict[tuple[int, int], Fraction] = {}
        self.cycles = Cycles(streams)
        if not streams.nodes:
            return
        self._forms = Forms(score, streams.lifted)
        self._paces = Paces(streams, self._forms, block, spreads)
        self._returns: set[Any] = set()
        called = [node for node in streams.nodes if streams.is_called(node)]
        for node in called:
            for k, (item, _) in enumerate(node.items("outports")):
                frame = streams.frame_of(node.row, item)
                if frame is not None:
                    self._ring(node, k, frame)
        ins = {node.row: self._rows(node) for node in called}
        for node in called:  # whoever writes to lines finds those of all readers
            self._call(node, ins[node.row])
        for node in streams.nodes:
            self._hold_back(node)
        self._smooth_edited()
        for node in streams.nodes:  # the queues that a later plan replaces are in use until this program is retired
            self.keep += node.queues.values()
            for key in [key for key in node.queues if key[0] == "return" and key not in self._returns]:
                del node.queues[key]  # a cycle that is closed again begins with silence
        self.latencies = of_streams(streams, self._paces)

    # -- processings

    def _hold_back(self, node: Node) -> None:
        """Signals that come earlier than others are held back, so that they meet."""
        for e in self._streams.into.get(node.row, ()):
            delay = self._paces.delays.get(e, 0)
            if delay:
                ends, needed = self._streams.ends[e], delay + self._block
                is_new = ("delay", ends) not in node.queues
                line = self._line(node, ("delay", ends), (1, 1, 0, 1, 1, 0, 2 * needed), needed)
                if is_new and self._streams.order.planned[e]:  # until now it has been heard without a delay
                    line.words[LINE_PLAYED] = JOINED
                block = node.queues.get(("delayed", ends))
                if block is None or len(block) < self._block:
                    block = node.queues["delayed", ends] = shared(np.zeros(self._block, np.float32))
                self.delayed.append(Delayed(e, line, delay, block))

    def _call(self, node: Node, ins: list[list[Row]]) -> None:
        """A processing that is called for each frame; `ins` are the rows of each of its in ports."""
        outs = [self._out_row(node, k, item) for k, (item, _) in enumerate(node.items("outports"))]
        counts, first = [], 0
        for role in ("inports", "outports"):
            for item in node.type.items_of(role):
                counts.append((first, node.map.counts[item.attribute]))
                first += node.map.counts[item.attribute]
        firing = self._firing(node, [row for rows in ins for row in rows], outs, [] if node.row in self._streams.lifted else counts)
        if node.row in self._streams.lifted:
            self.lifted[node.row] = self._lift(node, firing, [len(rows) for rows in ins])
        else:
            self.firings[node.row] = firing

    def _lift(self, node: Node, firing: Ints, wires: list[int]) -> Lifted:
        """A processing of blocks that computes buffers, with so many wires into each in port."""
        length = node.queues["length"] = self._forms.length(node)
        rows, ins, outs = int(firing[FIRING_ROWS]), PortTable(node, "inports"), PortTable(node, "outports")
        words = [length, len(ins.entries), len(outs.entries)]
        for k, (item, _) in enumerate(node.items("inports")):
            scratch, unheard = (self._buffer(node, (name, k), length) for name in ("sum", "unheard"))
            unheard[:] = item.open
            words += [ins.entries[k], rows, wires[k], _address(scratch), _address(unheard)]
            rows += 8 * ROW_WORDS * wires[k]
        for entry in outs.entries:
            words += [entry, rows]
            rows += 8 * ROW_WORDS
        self.keep += [*ins.keep, *outs.keep]
        return Lifted(firing, self._held(np.array(words, np.int64)), ins.table, outs.table)

    @staticmethod
    def _buffer(node: Node, key: Any, length: int) -> np.ndarray[Any, Any]:
        held = node.queues.get(key)
        if held is None or len(held) != length + SPARE:
            held = node.queues[key] = shared(np.zeros(length + SPARE, np.float32))
        return held  # type: ignore[no-any-return]

    def _firing(self, node: Node, ins: list[Row], outs: list[Row], counts: list[tuple[int, int]]) -> Ints:
        """How a node is called; `counts` are the first row and the number of rows of each declared port."""
        pace = self._paces.of[node.row]
        table = self._held(np.array([*ins, *outs] or [(0,) * ROW_WORDS], np.int64))
        clock = node.queues.get("clock")
        if clock is None:
            clock = np.zeros(CLOCK_WORDS, np.int64)
            clock[CLOCK_NEXT] = LONG_AGO
            clock = node.queues["clock"] = shared(clock)
        header = [len(ins), len(outs), _address(clock), _address(self._score.now), pace.driven, ceil(pace.lead), max(int(pace.period), 1)]
        items = [word for first, count in counts for word in (_address(table) + 8 * ROW_WORDS * first, count)]
        return self._held(np.array([*header, _address(table), *items], np.int64))

    def _smooth_edited(self) -> None:
        """Streams behind what has been edited may have a step where the edit is heard: it is smoothed."""
        edited: set[int] = set()
        for node in self._streams.nodes:
            if not self._streams.is_called(node):
                continue
            wires = [self._streams.ends[e] for e in self._streams.into.get(node.row, ())]
            of_buffers = [ends.source in self._streams.lifted for ends in wires]
            signature = id(node.instance), node.row in self._streams.lifted, sorted(zip(wires, of_buffers, strict=True))
            before = node.queues.get("signature")
            node.queues["signature"] = signature
            if (before is not None and before != signature) or any(ends.source in edited for ends in wires):
                edited.add(node.row)
                pace = self._paces.of[node.row]
                frames = ceil(pace.lead + 2 * pace.period) + 2 * self._block
                for key, seam in node.queues.items():
                    if key[0] == "seam":
                        self.messages.append((STORE_8, _address(seam) + 8 * SEAM_UNTIL, -frames, 0))

    # -- rows

    def _rows(self, node: Node) -> list[list[Row]]:
        """The rows of each in port: one, or where buffers meet one for each."""
        pace, streams = self._paces.of[node.row], self._streams
        ports = list(enumerate(item for item, _ in node.items("inports")))
        if node.row not in streams.lifted:
            return [[self._in_row(node, k, item, pace)] for k, item in ports]
        rows = []
        for k, item in ports:
            wires = streams.wires_into(node, k)
            rows.append([self._ring_row(node, ("cursor", k, streams.ends[e]), e) for e in wires if not streams.kept[e]])
            blocks = [e for e in wires if streams.kept[e]]
            if blocks:
                rows[-1].append(self._in_row(node, k, item, pace, blocks))
        return rows

    def _in_row(self, node: Node, k: int, item: Declared, pace: Pace, blocks: Sequence[int] = ()) -> Row:
        """The row of an in port; or of the block signals that come to one that hears buffers too."""
        streams = self._streams
        wires = blocks or streams.wires_into(node, k)
        e = wires[-1] if wires else -1
        if item.frame is not None and e < 0:
            return self._open_row(node, k, item)
        if item.frame is not None and not streams.kept[e]:
            return self._ring_row(node, ("cursor", k), e)
        size, hop = (BUFFER, BUFFER) if item.frame else (number(node, item.size), number(node, item.hop))
        if blocks:
            size, hop = self._forms.length(node), max(int(pace.period), 1)
        before = number(node, item.before)
        rate, late = Fraction(1), 0
        if e < 0:
            key = ("silence", k)
            silence = node.queues.get(key)
            if silence is None or silence.room < size:
                silence = node.queues[key] = Line(size, (size, hop, before, 1, 1, 0, 0))
            self.messages += silence.change((size, hop, before, 1, 1, 0, 0))
            return NOTHING, silence.address, 0, 0, 1
        if streams.kept[e]:
            late = max(self._paces.latency(each) + self._paces.delays.get(each, 0) for each in wires)
            piece = self._block
        else:
            ends = streams.ends[e]
            source = self._paces.of[ends.source]
            piece = number(self._score.by_row[ends.source], streams.out_item(ends).hop)
            rate = source.period / piece
            piece *= source.burst
        waiting = ceil(max(pace.lead - (size - before + late), Fraction(0)) / rate)
        settings = (size, hop, before, rate.numerator, rate.denominator, 0, 0)
        line = self._line(node, ("in", k), settings, size + hop + piece + waiting)
        line.words[LINE_WAIT] = node.queues.get("wait", (0,))[0] if streams.kept[e] else 0
        if streams.kept[e]:
            self.collected.append(Collected(node.row, k, line, late))
        form = 0
        if item.frame is not None:
            form = self._open(node, k, item, self._forms.of_in_port(node, k)).address
        return LINE, line.address, 0, form, max(int(hop * rate), 1)

    def _open_row(self, node: Node, k: int, item: Declared) -> Row:
        ring = self._open(node, k, item, self._forms.of_in_port(node, k))
        return NOTHING, ring.address, _address(self._zero()), ring.address, 1

    def _ring_row(self, node: Node, key: Any, e: int) -> Row:
        source, out = self._streams.ends[e][:2]
        ring = self._score.by_row[source].queues["out", out]
        if self._paces.is_return(e):
            return self._return_row(node, e, ring)
        held = node.queues.get(key)
        if held is None or held[0] != (source, out, id(ring.lengths)):
            held = node.queues[key] = (source, out, id(ring.lengths)), shared(np.array([ring.written], np.int64)), ring.lengths
            if self._score.now[0]:  # by the time this plan is played there may be more
                self.messages.append((COPY, _address(held[1]), ring.address + 8 * RING_WRITTEN, 8))
        period = self._paces.of[source].period if source in self._paces.of else 0
        return RING, ring.address, _address(held[1]), ring.address, max(int(period), 1)

    def _return_row(self, node: Node, e: int, ring: Ring) -> Row:
        """The row of the wire that closes a cycle."""
        ends, own, source = self._streams.ends[e], self._paces.of[node.row], self._paces.of[self._streams.ends[e].source]
        key = ("return", ends)
        self._returns.add(key)
        slack = max(source.period - own.period, Fraction(0))
        if node.row in self.cycles.streamed:  # what it needs for an answer comes later
            slack += max(source.lead - own.lead, Fraction(0))
        patience = source.lead + PATIENCE * (max(source.period, own.period) + self._block)
        wanted = {RETURN_RING: ring.address, RETURN_SLACK: ceil(slack), RETURN_PATIENCE: ceil(patience)}
        held = node.queues.get(key)
        if held is None or held[0] is not ring.lengths:
            words = np.zeros(RETURN_WORDS, np.int64)
            words[RETURN_BASE], words[RETURN_CALLED], words[RETURN_SINCE] = ring.written, LONG_AGO, LONG_AGO
            for word, value in wanted.items():
                words[word] = value
            held = node.queues[key] = ring.lengths, shared(words), Ring(ring.spec, ring.lengths, 1)
        _, words, copy = held
        self.messages += [(STORE_8, _address(words) + 8 * word, value, 0) for word, value in wanted.items()]
        return RETURN, copy.address, _address(words), copy.address, max(int(source.period), 1)

    def _out_row(self, node: Node, k: int, item: Declared) -> Row:
        pace = self._paces.of[node.row]
        period = max(int(pace.period), 1)
        if self._streams.frame_of(node.row, item) is not None:
            ring = node.queues["out", k]
            if self._streams.puts_signal(node, k) or (node.row, k) in self._tapped:
                self._unroll(node, k, ring, period)
            return RING, ring.address, 0, ring.address, period
        return LINE, self._region(node, k, number(node, item.size), number(node, item.hop)), 0, 0, period

    def _unroll(self, node: Node, k: int, ring: Ring, period: int) -> None:
        """Buffers that are heard as a signal: of each the samples up to the next."""
        key = ("unrolled", k)
        held = node.queues.get(key)
        if held is None or held[0] is not ring.lengths:
            held = node.queues[key] = ring.lengths, shared(np.array([ring.written], np.int64))
            if self._score.now[0]:
                self.messages.append((COPY, _address(held[1]), ring.address + 8 * RING_WRITTEN, 8))
        self.unrolled.append(Unrolled(node.row, ring, held[1], self._region(node, k, period, period, unrolled=True)))

    # -- queues

    def _ring(self, node: Node, k: int, frame: FrameSpec) -> None:
        """The ring of an out port, with room for the reader that waits longest, and for Python, which reads the newest frame."""
        pace, lengths = self._paces.of[node.row], self._forms.of_out_port(node, k)
        wait = Fraction(self._block)
        for e in self._streams.wires_from(node, k):
            reader = self._paces.of.get(self._streams.ends[e].target)
            if reader is not None:
                wait = max(wait, self._block + reader.lead - pace.lead + reader.period)
        frames = ceil(wait / max(pace.period, Fraction(1))) + pace.burst + 2
        held = node.queues.get(("out", k))
        if held is not None and (held.lengths != lengths or held.spec != frame):
            held = None
        if held is not None and held.frames < frames:
            while frames % held.frames:
                frames += 1
            ring = Ring(frame, lengths, frames)
            ring.lengths = held.lengths  # the same object: readers keep their places
            self.messages += ring.follow(held)
            node.queues["out", k] = ring
        elif held is None:
            node.queues["out", k] = Ring(frame, lengths, frames)

    def _open(self, node: Node, k: int, item: Declared, form: Form) -> Ring:
        """A silent frame, which an unconnected in port reads; also the form of buffers cut out of a signal."""
        assert item.frame is not None
        key = ("open", k)
        held = node.queues.get(key)
        if held is None or held.lengths != form:
            held = node.queues[key] = Ring(item.frame, form, 1)
        return held  # type: ignore[no-any-return]

    def _line(self, node: Node, key: Any, settings: tuple[int, ...], needed: int, silent: int = 0) -> Line:
        """A line of a node, with room for at least so many samples."""
        room = 4 * needed + 2 * settings[-1] + LEAST_ROOM
        held = node.queues.get(key)
        if held is None or held.settings[3:6] != settings[3:6]:  # a stream of another rate has other places
            playing = bool(self._score.now[0])
            line = node.queues[key] = Line(room, settings, 0 if playing else silent)
            if playing:  # whatever begins while the network plays begins without a step
                line.words[LINE_PLAYED] = 0
            if playing and held is not None:  # and what went on at another rate ends without one
                line.words[LINE_PLAYED] = JOINED if settings[5] else 1
                self.messages.append((COPY, line.address + 8 * LINE_SEAM, held.address + 8 * LINE_SEAM, 8 * (LINE_WAIT - LINE_SEAM)))
        elif held.room < room:
            line = node.queues[key] = Line(2 * room, settings)
            self.messages += line.follow(held)
        elif held.settings != settings:
            self.messages += held.change(settings)
        return node.queues[key]  # type: ignore[no-any-return]

    def _region(self, node: Node, k: int, size: int, hop: int, unrolled: bool = False) -> int:
        """The address of the region that an out port of samples fills, with the lines that its samples go to."""
        streams, pace = self._streams, self._paces.of[node.row]
        wires = streams.wires_from(node, k)
        lines = []
        for e in wires:
            if not streams.kept[e] and not unrolled:
                ends = streams.ends[e]
                lines.append(self._score.by_row[ends.target].queues["in", ends.into])
        if any(streams.kept[e] for e in wires) or (node.row, k) in self._tapped:
            late, counted = self._paces.late(node, k), pace.period != hop and not unrolled
            settings = (1, 1, 0, 1, 1, int(counted), 0 if counted else 2 * (late + self._block))
            needed = MOST_WAITING if counted else late + self._block + pace.burst * hop + ceil(pace.period)
            line = self._line(node, ("emit", k), settings, needed, silent=late if counted else 0)
            self.emitted.append(Emitted(node.row, k, line, late))
            lines.append(line)
            if counted:
                self.uneven[node.row, k] = Fraction(hop) / max(pace.period, Fraction(1))
        samples = node.queues.get(("region", k))
        if samples is None or len(samples) != max(size, hop):
            samples = node.queues["region", k] = shared(np.zeros(max(size, hop), np.float32))
        seam = node.queues.get(("seam", k))
        if seam is None:
            seam = node.queues["seam", k] = shared(np.zeros(SEAM_WORDS, np.int64))
            seam[SEAM_UNTIL] = LONG_AGO
            seam[SEAM_DECAY : SEAM_DECAY + 1].view(np.float64)[0] = self._decay
        rate = Fraction(1) if unrolled else Fraction(hop) / max(pace.period, Fraction(1))
        words = [_address(samples), size, hop, rate.numerator, rate.denominator, _address(seam)]
        words += [len(lines), *(line.address for line in lines)]
        return _address(self._held(np.array(words, np.int64)))

    def _zero(self) -> Ints:
        """A reader's place in a ring of one frame."""
        return self._held(np.zeros(1, np.int64))

    def _held(self, array: Ints) -> Ints:
        kept = shared(array)
        self.keep.append(kept)
        return kept
