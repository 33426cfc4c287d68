"""Edits during playback: changes of the network become changes of the score, messages, and sometimes a new program.

All effects of one operation take place between the same two blocks: they are posted with the program, if a new one is needed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Protocol

import numpy as np

from ...declare.declaration import Declaration
from ...proxy import Change, ProcessingState, Wire
from .. import kernels
from ..devices import Device
from ..memory.arenas import Arenas
from ..memory.context import CONTROL, GAIN, PROGRAM, RAMP, STORE_8
from ..memory.instances import Instance, Message, Pools, bits_of
from ..memory.queues import Ring
from ..memory.tables import emptied
from ..memory.taps import Tap
from ..planning.channels import Channels
from ..planning.forms import reformed
from ..planning.latency import Latencies
from ..planning.lifting import lifted
from ..planning.plan import Program
from ..planning.planner import Planner
from ..planning.score import Node, Score
from .blame import Blame
from .files import Files
from .mailbox import Mailbox
from .rounds import in_words

FADE_SECONDS: Final = 0.005
RAMP_SECONDS: Final = 0.04
"""From one volume to the next."""
DROP_SECONDS: Final = 0.00025
"""To a lower volume that comes with new processings: they would be heard at the volume before."""
LAZINESS: Final = 10.0  # after planning, the wait before planning again just to drop ended fades, as a multiple of the planning time
TABLES_STAY: Final = 5.0
"""Seconds for which tables stay that nobody puts into frames any more: long after everyone has gone on to others."""
_FLOAT: Final = np.dtype(np.float64)


class Compiling(Protocol):
    """Compiles the kernels of types in the background."""

    def is_ready(self, type_: Declaration) -> bool:
        """Whether a type can be played at once; if not, it is compiled."""

    def tend(self) -> bool:
        """Whether types may have become ready. Called regularly."""

    def end(self) -> None:
        """Compile no more."""


class _NotCompiled(Exception):
    """A processing whose kernel is being compiled."""


class Edits:
    """The score of the playing network, and the program made from it.

    Parameters
    ----------
    type_of : the declaration of a type, by its name.
    devices : the names of the sources and of the sinks, in the order of the channels.
    wires_at : the wires at a processing.
    states : the processings, by name.
    compiling : the kernels of types that are added.
    mailbox, address : the queue to the audio thread, and the address of its context.
    files : the service of companions.
    sample_rate, block_size : those of playback, in Hz and in frames.
    gain : the volume to begin with, as a factor.
    """

    def __init__(
        self,
        type_of: Callable[[str], Declaration],
        devices: Callable[[], tuple[list[str], list[str]]],
        wires_at: Callable[[str], Iterable[Wire]],
        states: Callable[[], Mapping[str, ProcessingState]],
        compiling: Compiling,
        mailbox: Mailbox,
        address: int,
        files: Files,
        sample_rate: int,
        block_size: int,
        gain: float,
    ) -> None:
        self._type_of, self._devices, self._wires_at = type_of, devices, wires_at
        self._states, self._compiling = states, compiling
        self._mailbox, self._address, self._files = mailbox, address, files
        self._rate, self._block = sample_rate, block_size
        self._fade_frames = 0  # nodes that exist from the beginning do not fade in
        self._kernels: dict[Declaration, int] = {}
        self._pools = Pools()
        self.score = Score(block_size)
        self.blame = Blame(self.score)
        self.planner = Planner(
            self.score, lambda: kernels.kernels_for(self.score.types, self._kernels), block_size, Arenas(3, touch=True), sample_rate, True
        )
        self.channels = Channels()
        self.program: Program | None = None
        self.taps: dict[tuple[int, int], Tap] = {}
        self.stale = True
        self._planned = (0.0, 0.0)  # when, and how long it took
        self._pending = False  # changes wait to become audible together with later ones
        self._device_rows: tuple[list[int], list[int]] = ([], [])  # the rows of sources and sinks, in order
        self._gone: list[Node] = []  # not used by the next program
        self._exchanged: list[Instance] = []  # likewise
        self._leaving: deque[tuple[float, Instance]] = deque()  # since when: their tables may be in frames that are still read
        self.unbuilt: dict[str, str] = {}  # processings that could not be built during playback, each with the reason
        self._gain_before = gain
        self._gain: float | None = None  # a new volume
        self._awaited: set[str] = set()  # those of them whose kernels are being compiled
        self._values: dict[int, list[Message]] = {}  # by the row of their node: they are dropped if the node is removed at once

    def begin(self, states: Mapping[str, ProcessingState], wires: Iterable[Wire], device: Device) -> None:
        """Take a whole network, and post its first program."""
        for state in states.values():
            self._add(state)
        for wire in wires:
            self._connect(wire)
        self.move(device)
        self.planner.reserve()
        self._fade_frames = max(1, int(FADE_SECONDS * self._rate))

    def move(self, device: Device) -> None:
        """Continue on another device, without fades."""
        self._find_devices()
        self._device = device
        self.score.dropped += [self.channels, *self.channels.dropped]
        self.channels = Channels(device.named, device.spread)
        if device.block_size != self._block:
            self.resize(device.block_size)
        before, self._fade_frames = self._fade_frames, 0
        try:
            self.publish()
        finally:
            self._fade_frames = before

    def resize(self, block_size: int) -> None:
        """Set the block size in frames, from the next program on."""
        self._block = self.score.block = self.planner.block = block_size
        self.stale = True

    # -- changes

    def heed(self, change: Change) -> None:
        """Take one change of the network; `settle` applies it."""
        handler = getattr(self, f"_{change.kind}", None)
        if handler is not None:
            self._pending = True
            handler(change)

    def settle(self) -> None:
        """Post the changes."""
        self._pending = False
        if self.stale:
            self._find_devices()
            self.publish()
        elif self._values or self._gain is not None:
            dropped, self.score.dropped = self.score.dropped, []
            self._mailbox.post([*self._take_values(), *self._take_volume(RAMP_SECONDS)], dropped.clear if dropped else None)

    def _find_devices(self) -> None:
        """Get the order of the sources and sinks; only in the thread that changes the network."""
        named = self.score.by_name
        sources, sinks = ([named[name].row for name in names if name in named] for names in self._devices())
        self._device_rows = (sources, sinks)

    def _take_values(self) -> list[Message]:
        values, self._values = self._values, {}
        return [message for messages in values.values() for message in messages]

    def _take_volume(self, falling: float) -> list[Message]:
        """The messages of a new volume, if there is one; `falling` are the seconds to reach a lower one."""
        gain, self._gain = self._gain, None
        if gain is None:
            return []
        seconds, self._gain_before = RAMP_SECONDS if gain > self._gain_before else falling, gain
        ramp = max(1, int(seconds * self._rate))
        return [(STORE_8, self._address + 8 * RAMP, ramp, 0), (STORE_8, self._address + 8 * GAIN, bits_of(gain, _FLOAT), 0)]

    def _tell(self, node: Node, messages: Iterable[Message]) -> None:
        self._values.setdefault(node.row, []).extend(messages)

    def _added(self, change: Change) -> None:
        self._built(change.after.name, self._add, change.after)
        self.stale = True

    def _removed(self, change: Change) -> None:
        self.unbuilt.pop(change.names[0], None)
        if change.names[0] in self.score.by_name:
            node = self.score.forget(change.names[0])
            self._values.pop(node.row, None)
            self.stale = True

    def _renamed(self, change: Change) -> None:
        old, new = change.names
        if old in self.unbuilt:
            self.unbuilt[new] = self.unbuilt.pop(old)
        if old in self._awaited:
            self._awaited.add(new)
        node = self.score.by_name.get(change.names[0])
        if node is not None:
            self.score.rename(*change.names)
            self.stale = self.stale or node.instance is None  # a channel may be named after it

    def _connected(self, change: Change) -> None:
        self._connect(change.after)
        self.stale = True

    def _disconnected(self, change: Change) -> None:
        wire: Wire = change.before
        if self._sounds(wire):
            self.score.disconnect(wire, self._fade_frames)
            self.stale = True

    def _placed(self, change: Change) -> None:
        node = self.score.by_name.get(change.names[0])
        self.stale = self.stale or (node is not None and node.instance is None)

    def _configured(self, change: Change) -> None:
        before, after = change.before, change.after
        node = self.score.by_name.get(change.names[0])
        self.unbuilt.pop(after.name, None)
        if node is None:
            self._mend(after)
        elif after.problem or not self._built(after.name, self._reconfigure, node, before, after):
            self._silence(node)

    def _reconfigure(self, node: Node, before: ProcessingState, after: ProcessingState) -> None:
        if after.spec is not before.spec:
            self._replace(node, before, after)
        elif node.instance is None:
            self.score.reshape(node.name, after)
            self.stale = self.stale or before.connectors != after.connectors
        else:
            held = dict(node.instance.tables)
            try:
                messages = node.instance.in_place(before, after)
            finally:
                self.score.dropped += [table for name, table in held.items() if node.instance.tables[name] is not table]
            if messages is None:
                self._replace(node, before, after)
                return
            self._tell(node, messages)
            node.state = after

    def _info(self, change: Change) -> None:
        if change.before.volume != change.after.volume:
            self._gain = change.after.gain

    def _control(self, change: Change) -> None:
        node = self.score.by_name.get(change.names[0])
        if change.after is None or node is None or node.instance is None:
            return
        item, k, _ = node.map.declared["incontrols", change.names[1]]
        address, count = node.instance.control(item, k)
        self._tell(node, [(CONTROL, address, bits_of(change.after, _FLOAT), count)])

    def _built(self, name: str, build: Callable[..., None], *arguments: Any) -> bool:
        """Build a processing; if that fails, for lack of memory or in a user-defined function, it is silent."""
        try:
            build(*arguments)
        except _NotCompiled as error:
            self.unbuilt[name] = str(error)
            self._awaited.add(name)
        except Exception as error:
            self.unbuilt[name] = "there is not enough memory for it" if isinstance(error, MemoryError) else in_words(error)
        return name not in self.unbuilt

    def _mend(self, state: ProcessingState) -> None:
        """Try again to build a processing that was silent."""
        self._built(state.name, self._add, state)
        for wire in self._wires_at(state.name):
            self._connect(wire)
        self.stale = True

    def _silence(self, node: Node) -> None:
        """Fade out the wires of a processing that cannot be computed any more."""
        for wire in list(self._wires_at(node.name)):
            if self._sounds(wire):
                self.score.disconnect(wire, self._fade_frames)
        self.score.forget(node.name)
        self.stale = True

    def _replace(self, node: Node, before: ProcessingState, after: ProcessingState) -> None:
        """Crossfade to another instance, which continues with the state of this one as far as possible."""
        type_ = self._type_of(after.spec.name)
        instance = None
        if type_.form != "device":
            forms = node.instance.forms if node.instance is not None and node.type is type_ else None
            instance = Instance(self._pools, type_, after, self._rate, self._block, forms)
            self._files.start(instance, after, node.instance)
        called = type_.framed or node.row in self.score.lifted
        if instance is not None and called and node.type is type_ and before.connectors == after.connectors:
            self._exchange(node, before, after, instance)
            return
        new = self.score.replace(node.name, type_, after, instance, self._fade_frames)
        if instance is not None and node.instance is not None:
            self._tell(new, instance.take_over(node.instance, before, after))
        self.stale = True

    def _exchange(self, node: Node, before: ProcessingState, after: ProcessingState, instance: Instance) -> None:
        """Give a processing that is called for each frame another instance, at once: a crossfade to a new node would be as late."""
        former = node.instance
        assert former is not None
        self._tell(node, instance.take_over(former, before, after))
        self.score.exchange(node, after, instance)
        self._exchanged.append(former)
        self.stale = True

    def _reform(self) -> None:
        """Exchange instances whose memory depends on the length of frames that come otherwise now."""
        for node, forms, block in reformed(self.score):
            if node.row not in self.score.ghosts:
                self._built(node.name, self._exchange_for, node, forms, block)

    def _exchange_for(self, node: Node, forms: Mapping[str, Any], block: int) -> None:
        instance = Instance(self._pools, node.type, node.state, self._rate, block, forms)
        self._files.start(instance, node.state, node.instance)
        self._exchange(node, node.state, node.state, instance)

    def _lift(self) -> None:
        """Crossfade where a processing computed blocks and is called for each buffer now, or the other way round."""
        changed = lifted(self.score) ^ self.score.lifted
        if changed and self.program is not None and self._fade_frames:
            for row in changed.intersection(self.program.rows.tolist()) - self.score.ghosts.keys():
                node = self.score.by_row[row]
                self._built(node.name, self._renew, node)

    def _renew(self, node: Node) -> None:
        former = node.instance
        assert former is not None
        instance = Instance(self._pools, node.type, node.state, self._rate, self._block, former.forms)
        self._files.start(instance, node.state, former)
        new = self.score.replace(node.name, node.type, node.state, instance, self._fade_frames)
        self._tell(new, instance.take_over(former, node.state, node.state))

    def _add(self, state: ProcessingState) -> None:
        if state.problem:
            return
        type_ = self._type_of(state.spec.name)
        if self._fade_frames and self._device.paced and type_ not in self._kernels and not self._compiling.is_ready(type_):
            raise _NotCompiled(f"{type_.name} is being compiled, once on this machine")
        instance = None
        if type_.form != "device":
            instance = Instance(self._pools, type_, state, self._rate, self._block)
            self._files.start(instance, state)
        self.score.add(state.name, type_, state, instance)

    def _connect(self, wire: Wire) -> None:
        if self._sounds(wire):
            self.score.connect(wire, self._fade_frames)

    def _sounds(self, wire: Wire) -> bool:
        """Whether both ends are computed: a placeholder is not, nor a reader without a file."""
        return wire.source in self.score.by_name and wire.target in self.score.by_name

    def take_compiled(self) -> None:
        """Build the processings whose kernels have been compiled; called about fifty times a second."""
        if not self._compiling.tend() or not self._awaited:
            return
        awaited, self._awaited = self._awaited, set()
        for name in awaited & self.unbuilt.keys():
            del self.unbuilt[name]
            self._mend(self._states()[name])

    # -- programs

    def publish(self) -> None:
        """Make a program of the current score, and post it with all changes."""
        score, channels = self.score, self.channels
        self.stale = True  # until the first program
        self._lift()
        self._reform()
        score.end_fades()  # ended fades are removed with any program, as `look_after` never runs during edits without a pause
        channels.end_fades()
        self._gone += score.drop_ghosts(channels.rows())  # kept here: if no program can be made they keep playing
        sources, sinks = (
            [score.by_row[row] for row in rows if row in score.by_row and row not in score.ghosts] for rows in self._device_rows
        )
        channels.update(sources, sinks, list(score.ghosts.values()), self._fade_frames)
        for names in channels.renamed:
            self._device.rename(*names)
        channels.renamed.clear()
        inputs, outputs = self._device.tables(_names(channels.inputs), _names(channels.outputs))
        self._device.patch(*map(_names, channels.in_order))
        forget = self._device.forget_later()
        taps = {key: tap for key, tap in self.taps.items() if key[0] in score.by_row}
        ended = [tap for key, tap in self.taps.items() if key not in taps]
        self.taps = taps
        began = time.monotonic()
        try:
            program = self.planner.plan(channels, taps, inputs, outputs)
        finally:
            self._planned = (time.monotonic(), time.monotonic() - began)
        self.blame.made(program, self._gone)
        before, self.program = self.program, program
        self.stale = False
        messages: list[Message] = [
            *self._take_values(),
            *self._take_volume(DROP_SECONDS),
            *score.outbox,
            *channels.outbox,
            (STORE_8, self._address + 8 * PROGRAM, program.address, 0),
        ]
        dropped, gone, exchanged = [score.dropped, channels.dropped, ended], self._gone, self._exchanged
        score.outbox, channels.outbox, score.dropped, channels.dropped, self._gone, self._exchanged = [], [], [], [], [], []

        def afterwards() -> None:
            dropped.clear()
            if before is not None:
                self.planner.retire(before)
                self.blame.retired(before)
            for node in gone:
                self._bury(node)
            for instance in exchanged:
                self._end(instance)
            forget()

        self._mailbox.post(messages, afterwards)

    def look_after(self) -> None:
        """End fades; called about fifty times a second.

        An ended fade costs little. In a large network, whose planning takes long, it is removed once editing pauses.
        """
        if self._pending or (self._device.paced and time.monotonic() - self._planned[0] < LAZINESS * self._planned[1]):
            return
        if self._leaving:
            self._empty_tables()
        over = self.score.end_fades()
        if self.channels.end_fades() or over or self.stale:
            self.publish()

    def _bury(self, node: Node) -> None:
        """Remove a node that nothing refers to any more."""
        self.score.nodes.free(node.row)
        if node.instance is not None:
            self._end(node.instance)

    def _end(self, instance: Instance) -> None:
        self._files.end(instance)
        if instance.handles:
            self._leaving.append((time.monotonic(), instance))

    def _empty_tables(self) -> None:
        """Free the tables of instances that ended a while ago."""
        ended: list[Instance] = []
        while self._leaving and time.monotonic() - self._leaving[0][0] > TABLES_STAY:
            ended.append(self._leaving.popleft()[1])
        if ended:  # the instances keep the tables until the audio thread has emptied the handles
            messages = [message for instance in ended for handle in instance.handles.values() for message in emptied(handle)]
            self._mailbox.post(messages, ended.clear)

    # -- queries

    @property
    def latencies(self) -> Latencies:
        """How late signals are."""
        return self.program.latencies if self.program is not None else {}

    @property
    def uneven(self) -> Mapping[tuple[int, int], Fraction]:
        """Streams that are faster or slower than they are played; see `Flow`."""
        return self.program.uneven if self.program is not None else {}

    def row_of(self, name: str, port: str) -> tuple[int, int] | None:
        """A processing's row in the score, and the number of one of its out ports; None if it is not computed."""
        node = self.score.by_name.get(name)
        found = node.map.declared.get(("outports", port)) if node is not None else None
        return (node.row, found[2]) if node is not None and found is not None else None

    def ring_of(self, name: str, port: str) -> Ring | None:
        """The ring of one of a processing's out ports; None if it is not computed, or holds no frames."""
        node = self.score.by_name.get(name)
        found = node.map.declared.get(("outports", port)) if node is not None else None
        if node is None or found is None or (found[0].frame is None and node.row not in self.score.lifted):
            return None
        return node.queues.get(("out", found[2]))


def _names(channels: Sequence[Any]) -> list[str]:
    return [str(channel) for channel in channels]
