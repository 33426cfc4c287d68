"""How often processings are called that work on frames, and how late their sound is.

A processing has a `lead`: so many frames of the network must have come before its first call. It has a `period`: so many come from
call to call, a fraction where rates differ. The latency of a stream that it puts out is the least with which no block finds the
stream empty, which is CLAM's own latency at CLAM's block size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, gcd
from typing import Final

from .forms import BUFFER, LENGTH, Forms
from .score import Node, number
from .streams import Streams

ROUNDS: Final = 6
"""How often the paces of cycles are looked at, at most."""
NOMINAL: Final = 512
"""The period of what makes frames of nothing, when nothing that it meets says how often."""

AT_ONCE: Final = 8
"""So many analyses of one hop are computed in the same block; more take turns where blocks are shorter than the hop."""


@dataclass
class Pace:
    """How a node is called.

    Attributes
    ----------
    lead, period : in frames of the network.
    late : by out port, the latency of its signal in frames; of a processing of blocks, that of all of them, under -1.
    burst : the most calls in one block, where its input comes in blocks or in large pieces.
    driven : whether only time makes it fire.
    follows : whether nothing but the frames of a cycle comes to it, so that it is called with what these meet.
    """

    lead: Fraction = Fraction(0)
    period: Fraction = Fraction(0)
    late: dict[int, int] = field(default_factory=dict)
    burst: int = 1
    driven: bool = False
    follows: bool = False

    def wait_for(self, lead: Fraction, period: Fraction) -> None:
        """It is not called before this, nor more often."""
        self.lead, self.period = max(self.lead, lead), max(self.period, period)

    def latency(self, out: int) -> int:
        """The latency of the signal of an out port."""
        return self.late.get(out, self.late.get(-1, 0))


class Paces:
    """The paces of all nodes of some streams, by row; and by edge, how long its signal is held back for others."""

    def __init__(self, streams: Streams, forms: Forms, block: int, spreads: bool = False) -> None:
        self._streams, self._forms, self._block, self._spreads = streams, forms, block, spreads
        waits = [node.queues["wait"] for node in streams.nodes if "wait" in node.queues]
        self._due = Counter((hop, turn) for _, hop, turn in waits)
        self.of: dict[int, Pace] = {}
        self.delays: dict[int, int] = {}
        self._before: dict[int, Pace] = {}  # as far as they are known of cycles
        self._final = False
        self._closing = bool(streams.order.closes.any())
        if self._closing and any(self.is_return(e) for e in streams.ends):
            for _ in range(ROUNDS):
                self._find()
                if self._before == self.of:
                    break
                self._before, self.of = self.of, {}
        self._final = True
        self._find()

    def _find(self) -> None:
        """One pass over all nodes, in order."""
        for node in self._streams.nodes:
            if not self._streams.is_called(node):
                self.of[node.row] = self._passing(node)
                continue
            self.of[node.row] = self._called(node)
            for k, (item, _) in enumerate(node.items("outports")):
                if item.size or self._streams.puts_signal(node, k):
                    self.late(node, k)

    def is_return(self, e: int) -> bool:
        """Whether an edge closes a cycle of frames."""
        return self._closing and bool(self._streams.order.closes[e]) and not self._streams.kept[e]

    def latency(self, e: int) -> int:
        """How late the signal of an edge is."""
        ends = self._streams.ends[e]
        pace = self.of.get(ends.source)
        return 0 if pace is None or self._streams.order.closes[e] else pace.latency(ends.out)

    def _passing(self, node: Node) -> Pace:
        """A processing of blocks is as late as the latest signal that it hears."""
        return Pace(late={-1: self._meet(node, self._streams.into.get(node.row, ()))})

    def _meet(self, node: Node, wires: Iterable[int]) -> int:
        """How late the latest of some signals is; the others are held back for it.

        A signal that has been held back stays so while the network plays: to let it go would leave a part of it out.
        """
        wires = [e for e in wires if not self._streams.order.closes[e]]
        held = {e: int(node.queues.get(("held", self._streams.ends[e]), 0)) for e in wires}
        late = max((self.latency(e) + held[e] for e in wires), default=0)
        for e in wires if self._final else ():
            self.delays[e] = node.queues["held", self._streams.ends[e]] = late - self.latency(e)
            if self.delays[e]:
                self._streams.score.holding.add(node.row)
        return late

    def _called(self, node: Node) -> Pace:
        pace = Pace()
        ports = node.items("inports")
        connected, lifted = False, node.row in self._streams.lifted
        pieces, returns = [], []
        for k, (item, _) in enumerate(ports):
            mixed = self._meet(node, [e for e in self._streams.wires_into(node, k) if self._streams.kept[e]])
            for e in self._streams.wires_into(node, k):
                if self.is_return(e):  # the frame of the call before
                    returns.append(self._before.get(self._streams.ends[e].source, Pace()))
                    continue
                connected = True
                if lifted and self._streams.kept[e]:
                    pieces.append(mixed)
                elif self._streams.kept[e]:
                    size = BUFFER if item.frame else number(node, item.size)
                    hop = BUFFER if item.frame else number(node, item.hop)
                    late = size - number(node, item.before) + mixed
                    pace.wait_for(Fraction(late + self._wait(node, late, hop)), Fraction(hop))
                elif lifted or item.frame is not None:
                    source = self.of[self._streams.ends[e].source]
                    pace.wait_for(source.lead, source.period)
                    pace.burst = max(pace.burst, source.burst)
                else:
                    self._read_stream(pace, e, number(node, item.size), number(node, item.hop))
        for mixed in pieces:  # as long as the buffers, and as often as these come
            pace.wait_for(Fraction(self._forms.length(node) + mixed), pace.period or Fraction(BUFFER))
        for back in returns:
            pace.wait_for(back.lead - (back.period if connected else 0), Fraction(0) if connected else back.period)
        pace.follows = bool(returns) and not connected
        if not ports:
            pace.lead, pace.period, pace.driven = Fraction(1), self._wish(node), True
        elif returns and not self._before and not self._final and not pace.period:
            return pace  # not known yet
        elif pace.period:
            pace.driven = pace.follows
            node.queues["pace"] = pace.lead, pace.period
        else:  # nothing comes at the moment: it goes on as before, so that tails end as they should
            pace.driven = "pace" in node.queues and not connected
            pace.lead, pace.period = node.queues.get("pace", (Fraction(1), Fraction(NOMINAL)))
        pace.burst = max(pace.burst, ceil(self._block / max(pace.period, Fraction(1))) + 1)
        return pace

    def _wait(self, node: Node, late: int, hop: int) -> int:
        """How many frames later than it could be a processing is called, so that not too many are called in one block.

        It stays the same for as long as the network plays.
        """
        turns = hop // self._block
        if not self._spreads or turns < 2:
            return int(node.queues.get("wait", (0,))[0])
        if "wait" not in node.queues:
            free = [(max(self._due[hop, (late // self._block + n) % turns] - AT_ONCE + 1, 0), n) for n in range(turns)]
            n = min(free)[1]
            turn = (late // self._block + n) % turns
            node.queues["wait"] = n * self._block, hop, turn
            self._due[hop, turn] += 1
        return int(node.queues["wait"][0])

    def late(self, node: Node, k: int) -> int:
        """The latency of a stream. While the network plays it never becomes less, which would make a gap."""
        pace = self.of[node.row]
        lead, period = ceil(pace.lead), pace.period
        step = gcd(self._block, int(period)) if period.denominator == 1 and period else 1
        late = max((lead - 1) - (lead - 1) % step, int(node.queues.get(("late", k), 0)))
        pace.late[k] = late
        if self._final:
            node.queues["late", k] = late
        return late

    def _read_stream(self, pace: Pace, e: int, size: int, hop: int) -> None:
        """The pace of the reader of another one's stream.

        It reads `size` samples, `hop` after the last ones; they come `put` at a time. Of its calls that one waits longest whose samples
        begin as shortly as possible before the piece that has the last of them.
        """
        ends = self._streams.ends[e]
        source, writer = self.of[ends.source], self._streams.score.by_row[ends.source]
        put = number(writer, self._streams.out_item(ends).hop)
        pieces, over = divmod(size - 1, put)
        step = gcd(put, hop)
        begin = -(-(put - over) // step) * step
        waits = max(Fraction(pieces), pieces + 1 - Fraction(begin, put))
        pace.wait_for(source.lead + source.period * waits, Fraction(hop) * source.period / put)
        pace.burst = max(pace.burst, ceil(Fraction(source.burst * put, hop)))

    def _wish(self, node: Node) -> Fraction:
        """How often a processing without in ports is called.

        As often as the frames come that its own meet somewhere; or so often that the stream made of them is as fast as the network.
        """
        streams = self._streams
        near, seen = [(node, Fraction(1))], {node.row}  # each with its period, as a multiple of the first's
        for each, times in near:
            for e in streams.out_of.get(each.row, ()):
                ends = streams.ends[e]
                reader, asked = streams.score.by_row[ends.target], streams.in_item(ends)
                put = number(each, streams.out_item(ends).hop)
                if streams.kept[e]:
                    return Fraction(put or self._forms.of_out_port(each, ends.out)[LENGTH]) / times
                factor = times * number(reader, asked.hop) / put if asked.hop else times
                for other in streams.into[ends.target]:
                    comes = self._comes(streams.score.by_row[streams.ends[other].source])
                    if other != e and comes:
                        return comes / factor
                if reader.row not in seen:
                    seen.add(reader.row)
                    near.append((reader, factor))
        return Fraction(NOMINAL)

    def _comes(self, node: Node) -> Fraction:
        """How often a processing is called, as far as its in ports of samples say; 0 if they do not."""
        for k, (item, _) in enumerate(node.items("inports")):
            if item.hop and any(self._streams.kept[e] for e in self._streams.wires_into(node, k)):
                return Fraction(number(node, item.hop))
        pace = self.of.get(node.row)
        return pace.period if pace is not None and not pace.driven and pace.period else Fraction(0)
