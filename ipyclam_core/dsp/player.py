"""The player: a network that sounds, edited while it does.

The front-end's thread turns changes into messages and programs; a service thread, which nobody waits for, ends fades, gives
memory back, feeds files and looks after the device. The audio thread sees neither: it reads the context.
"""

from __future__ import annotations

import atexit
import ctypes
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from ..declare import ProcessingType
from ..proxy import Change, ProcessingState, Status, Wire
from . import kernels
from .context import (
    ACKNOWLEDGED,
    BAD,
    BAD_SINK,
    BLOCK,
    BLOCKS,
    BUSY,
    FADE,
    FRAMES,
    HEAD,
    LEVEL,
    MESSAGE_WORDS,
    MODE,
    PROFILE,
    PROGRAM,
    QUEUE,
    QUEUE_LENGTH,
    RATE,
    TAIL,
    XRUNS,
)  # fmt: skip
from .devices import Device, DeviceUnavailable, open_device
from .instances import Instance, Message, Pools, bits_of, write
from .offline import new_context
from .plan import Planner, Program, Tap
from .recorder import Recorder
from .score import Node, Score, new_fade

FADE_SECONDS: Final = 0.005
SERVICE_SECONDS: Final = 0.02
STALLED_SECONDS: Final = 0.7
TAP_SECONDS: Final = 2.0
TAP_IDLE_SECONDS: Final = 30.0
PROFILE_EVERY: Final = 61  # blocks; a prime, so as not to keep time with what is measured

_FLOAT: Final = np.dtype(np.float64)
_playing: Final[weakref.WeakSet[Player]] = weakref.WeakSet()


class Player:
    """One network on one device.

    Parameters
    ----------
    type_of : the declaration of a type, by its name.
    devices : the names of the sources and of the sinks, in the order of the channels.
    wires_at : the wires at a processing.
    """

    def __init__(
        self,
        type_of: Callable[[str], ProcessingType],
        devices: Callable[[], tuple[list[str], list[str]]],
        wires_at: Callable[[str], Iterable[Wire]],
    ) -> None:
        self._type_of = type_of
        self._devices = devices
        self._wires_at = wires_at
        self._lock = threading.RLock()
        self._known: dict[ProcessingType, int] = {}
        self._device: Device | None = None
        self._service: threading.Thread | None = None
        self._ended = threading.Event()
        self.trouble = ""
        self.note = ""
        self.recorder: Recorder | None = None

    # -- beginning and ending

    def open(
        self, states: Mapping[str, ProcessingState], wires: Iterable[Wire], device: str, sample_rate: int | None, block_size: int | None
    ) -> None:
        """Build everything, open the device and begin. Raises `DeviceUnavailable`, and has begun nothing then."""
        with self._lock:
            self._context = new_context(48000, 512)
            self._queue = np.zeros(QUEUE_LENGTH * MESSAGE_WORDS, np.int64)
            self._context[QUEUE] = self._queue.ctypes.data
            self._address = int(self._context.ctypes.data)
            self._score, self._pools = Score(), Pools()
            self._taps: dict[tuple[int, int], tuple[Tap, float]] = {}
            self._programs: list[tuple[Program, list[Node]]] = []
            self._retired: list[tuple[int, Any]] = []
            self._instances: list[Instance] = []
            self._moved = (0, time.monotonic())
            self._measured = (0, 0, time.monotonic())
            self._load = 0.0
            channels = self._channels(states)
            self._device, self.note = open_device(device, self._context, sample_rate, block_size, channels)
            try:
                self._set_up(states, wires)
                self._device.start()
            except BaseException:
                self._tear_down()
                raise
            self._ended.clear()
            self._service = threading.Thread(target=self._serve, name="ipyclam service", daemon=True)
            self._service.start()
            _playing.add(self)

    def close(self) -> None:
        """Fade out, end the device, and give everything back."""
        if self._device is None:
            return
        self.hold()
        self._ended.set()
        if self._service is not None and self._service is not threading.current_thread():
            self._service.join()
        with self._lock:
            self._tear_down()
        _playing.discard(self)

    def move(self, device: str, sample_rate: int | None, block_size: int | None) -> None:
        """Go on playing on another device, with everything as it is."""
        with self._lock:
            assert self._device is not None
            self._device.stop()
            before = self._device
            opened, self.note = open_device(device, self._context, sample_rate or before.sample_rate, before.block_size, self._widths())
            self._device = opened
            self._moved, self.trouble = (int(self._context[BLOCKS]), time.monotonic()), ""
            self._replan()
            opened.start()

    def go(self) -> None:
        """Sound."""
        self._context[MODE] = 1

    def hold(self) -> None:
        """Fade out, and stand still; returns when silent."""
        self._context[MODE] = 0
        deadline = time.monotonic() + 0.5
        level = self._context[LEVEL : LEVEL + 1].view(np.float64)
        while level[0] > 0.0 and time.monotonic() < deadline and not self.trouble:
            time.sleep(0.002)

    def plays_on(self, device: str) -> bool:
        """Whether this is the device it plays on already; ``"auto"`` is any."""
        return self._device is not None and device in ("auto", self._device.name, self._device.name.split(":")[0])

    def record(self, path: str, seconds: float | None) -> Recorder:
        """Record what the sinks play, from the next block on; before `open`, from the first."""
        recorder = Recorder(path, seconds)
        with self._lock:
            if self.recorder is not None:
                self.recorder.end()
            self.recorder = recorder
            if self._device is not None:
                recorder.begin(self._context, self._rate, sum(1 for _ in self._sink_ports()))
        return recorder

    def end_recording(self) -> int:
        """End the recording, if there is one; the number of frames in its file."""
        with self._lock:
            recorder, self.recorder = self.recorder, None
        return recorder.end() if recorder is not None else 0

    # -- changes

    def heed(self, change: Change) -> None:
        """Take in one change of the network; what needs a new program waits for `settle`."""
        with self._lock:
            handler = getattr(self, f"_{change.kind}", None)
            if handler is not None:
                handler(change)

    def settle(self) -> None:
        """Publish a program of the network as it is now, if anything asks for one."""
        with self._lock:
            if self._stale:
                self._replan()

    def _added(self, change: Change) -> None:
        self._add(change.after)
        self._stale = True

    def _removed(self, change: Change) -> None:
        if change.names[0] not in self._score.by_name:
            return
        self._score.forget(change.names[0])
        self._stale = True

    def _renamed(self, change: Change) -> None:
        if change.names[0] not in self._score.by_name:
            return
        self._score.rename(*change.names)
        self._stale = True

    def _connected(self, change: Change) -> None:
        self._connect(change.after)

    def _disconnected(self, change: Change) -> None:
        wire: Wire = change.before
        if not self._sounds(wire):
            return
        self._score.disconnect(wire, new_fade(False, self._fade_frames) if wire.kind == "Port" else None)
        self._stale = True

    def _placed(self, change: Change) -> None:
        self._stale = True

    def _connect(self, wire: Wire) -> None:
        if self._sounds(wire):
            self._score.connect(wire, new_fade(True, self._fade_frames) if wire.kind == "Port" else None)
            self._stale = True

    def _sounds(self, wire: Wire) -> bool:
        """Whether both ends sound: a placeholder does not, nor a reader without a file."""
        return wire.source in self._score.by_name and wire.target in self._score.by_name

    def _configured(self, change: Change) -> None:
        before, after = change.before, change.after
        if change.names[0] not in self._score.by_name:
            self._add(after)
            for wire in self._wires_at(change.names[0]):
                self._connect(wire)
            self._stale = True
            return
        node = self._score.by_name[change.names[0]]
        if after.spec is not before.spec:
            self._retype(node, after)
            return
        instance = node.instance
        if instance is not None:
            old = list(instance.tables.values())
            self._send(instance.changes(before, after), old)
        self._score.reshape(change.names[0], after)
        if instance is not None and instance.companion is not None and before.config != after.config:
            self._await_messages()
            instance.companion.close()
            instance.companion = None
            instance.start(after)
        self._stale = self._stale or before.connectors != after.connectors

    def _retype(self, node: Node, after: ProcessingState) -> None:
        """A processing's type has been defined anew: new memory, with what the old one held where it fits."""
        type_ = self._type_of(after.spec.name)
        instance = None
        if type_.form != "device":
            instance = Instance(self._pools, type_, after, self._rate, self._block)
            self._instances.append(instance)
            if node.instance is not None:
                instance.inherit(node.instance)
            instance.start(after)
        self._replaced.append(self._score.retype(after.name, type_, after, instance))
        self._stale = True

    def _control(self, change: Change) -> None:
        if change.after is None or change.names[0] not in self._score.by_name:
            return
        node = self._score.by_name[change.names[0]]
        if node.instance is None:
            return
        item, k, _ = node.places.place["incontrols", change.names[1]]
        address, count = node.instance.control(item, k)
        self._send([(3, address, bits_of(change.after, _FLOAT), count)], [])

    # -- looking

    def value(self, name: str, role: str, control: str) -> float | None:
        """What a control holds at this moment; None for one that has no memory."""
        node = self._score.by_name.get(name)
        if node is None or node.instance is None:
            return None
        item, k, _ = node.places.place[role, control]
        address, _ = node.instance.control(item, k)
        return ctypes.c_double.from_address(address).value

    def samples(self, name: str, port: str, frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The last frames of an out port. The first call for a port waits until so many have gone by."""
        with self._lock:
            node = self._score.by_name[name]
            out = node.places.place["outports", port][2]
            held = self._taps.get((node.place, out))
            size = 1 << max(12, (max(frames, int(TAP_SECONDS * self._rate)) + 2 * self._block).bit_length())
            fresh = held is None or len(held[0].ring) < frames + 2 * self._block
            tap = Tap(np.zeros(size, np.float32)) if held is None or fresh else held[0]
            self._taps[node.place, out] = (tap, time.monotonic())
            if fresh:
                self._replan()
        if fresh:
            deadline = time.monotonic() + frames / self._rate + 0.5
            while tap.count[0] < frames and time.monotonic() < deadline and self._context[MODE] == 1 and not self.trouble:
                time.sleep(0.002)
        end = int(tap.count[0])
        result = np.zeros(frames, np.float32)
        wanted = min(frames, end)
        places = np.arange(end - wanted, end) & (len(tap.ring) - 1)
        result[frames - wanted :] = tap.ring[places]
        return result

    @property
    def position(self) -> float:
        """Seconds played."""
        return float(self._context[FRAMES]) / self._rate

    @property
    def feedback(self) -> int:
        """How many wires close a cycle, and so come one block late."""
        return self._programs[-1][0].feedback if self._programs else 0

    def status(self, state: str) -> Status:
        """How it goes."""
        assert self._device is not None
        messages = [text for text in (self.trouble, self._fault(), self.note) if text]
        if self.recorder is not None and self.recorder.trouble:
            messages.insert(0, self.recorder.trouble)
        return Status(
            state, self._device.name, float(self._rate), self._block, self._load, int(self._context[XRUNS]), self.position,  # type: ignore[arg-type]
            tuple(messages), self._profile(),
        )  # fmt: skip

    def _profile(self) -> tuple[tuple[str, float], ...]:
        """The share of the block's time by type."""
        with self._lock:
            spent = [(type_.name, int(self._planner.times[k][0])) for k, type_ in enumerate(self._score.types) if k in self._planner.times]
        total = sum(time_ for _, time_ in spent)
        if not total:
            return ()
        busy = float(self._context[BUSY]) / 1e9
        played = max(self.position, 1e-9)
        shares = [(name, time_ / total * busy / played) for name, time_ in spent if time_]
        return tuple(sorted(shares, key=lambda entry: -entry[1]))

    def _fault(self) -> str:
        """Which processing puts out what is not a number, if any does."""
        count = int(self._context[BAD])
        if not count:
            return ""
        culprit = self._culprit or "a processing"
        return f"{culprit} put out {count} samples that are not finite: silenced at the sink"

    # -- inside

    def _set_up(self, states: Mapping[str, ProcessingState], wires: Iterable[Wire]) -> None:
        assert self._device is not None
        self._rate, self._block = self._device.sample_rate, self._device.block_size
        self._fade_frames = max(1, int(FADE_SECONDS * self._rate))
        self._context[RATE], self._context[BLOCK] = self._rate, self._block
        self._context[FADE], self._context[PROFILE] = self._fade_frames, PROFILE_EVERY
        self._culprit, self._stale = "", False
        self._replaced: list[Node] = []
        self._planner = Planner(self._score, lambda: kernels.kernels_for(self._score.types, self._known), self._block)
        for state in states.values():
            self._add(state)
        for wire in wires:
            self._score.connect(wire)
        if self.recorder is not None:
            self.recorder.begin(self._context, self._rate, sum(1 for _ in self._sink_ports()))
        self._replan()
        self._context[MODE] = 1
        # what begins with the network begins at once: a fade would not be the network's own sound
        self._context[LEVEL : LEVEL + 1].view(np.float64)[0] = 0.0

    def _tear_down(self) -> None:
        if self._device is not None:
            self._device.stop()
            self._device = None
        if self.recorder is not None:
            self.recorder.end()
            self.recorder = None
        for instance in self._instances:
            if instance.companion is not None:
                instance.companion.service()
            instance.close()
        self._instances.clear()

    def _add(self, state: ProcessingState) -> None:
        if state.problem:
            return
        type_ = self._type_of(state.spec.name)
        instance = None
        if type_.form != "device":
            instance = Instance(self._pools, type_, state, self._rate, self._block)
            self._instances.append(instance)
            instance.start(state)
        self._score.add(state.name, type_, state, instance)

    def _channels(self, states: Mapping[str, ProcessingState]) -> tuple[int, int]:
        sources, sinks = self._devices()
        return sum(len(states[n].connectors.outports) for n in sources), sum(len(states[n].connectors.inports) for n in sinks)

    def _widths(self) -> tuple[int, int]:
        return self._channels({name: node.state for name, node in self._score.by_name.items()})

    def _sink_ports(self) -> Iterable[str]:
        for name in self._devices()[1]:
            ports = self._score.by_name[name].state.connectors.inports
            yield from (name if len(ports) == 1 else f"{name}_{port.name}" for port in ports)

    def _source_ports(self) -> Iterable[str]:
        for name in self._devices()[0]:
            ports = self._score.by_name[name].state.connectors.outports
            yield from (name if len(ports) == 1 else f"{name}_{port.name}" for port in ports)

    def _replan(self) -> None:
        """Make and publish a program of the score as it is."""
        assert self._device is not None
        self._stale = False
        dropped = self._score.orphans()
        for node in dropped:
            self._score.nodes.table["alive"][node.place] = False
            del self._score.by_place[node.place]
        sources, sinks = self._devices()
        inputs, outputs = self._device.tables(list(self._source_ports()), list(self._sink_ports()))
        taps = {key: tap for key, (tap, _) in self._taps.items() if key[0] in self._score.by_place}
        nodes = [[self._score.by_name[name] for name in names] for names in (sources, sinks)]
        spread = self._device.name.startswith("portaudio")
        program = self._planner.plan(nodes[0], nodes[1], taps, inputs, outputs, spread)
        self._programs.append((program, dropped + self._replaced))
        self._replaced = []
        kernels.publish()(self._address + 8 * PROGRAM, program.address)

    def _send(self, messages: list[Message], replaced: list[Any]) -> None:
        """Have the audio thread write something between two blocks, all of it between the same two."""
        if not messages:
            return
        if self.trouble:
            for message in messages:
                write(*message)
            return
        deadline = time.monotonic() + 0.5
        tail = int(self._context[TAIL])
        while tail + len(messages) - int(self._context[HEAD]) > QUEUE_LENGTH:
            if time.monotonic() > deadline:
                raise DeviceUnavailable(f"{tail - int(self._context[HEAD])} changes of controls wait, and the device takes none of them")
            time.sleep(0.001)
        for k, message in enumerate(messages):
            place = (tail + k) % QUEUE_LENGTH * MESSAGE_WORDS
            self._queue[place : place + MESSAGE_WORDS] = message
        kernels.publish()(self._address + 8 * TAIL, tail + len(messages))
        if replaced:
            self._retired.append((tail + len(messages), replaced))

    def _await_messages(self) -> None:
        deadline = time.monotonic() + 0.2
        while self._context[HEAD] < self._context[TAIL] and time.monotonic() < deadline and not self.trouble:
            time.sleep(0.001)

    # -- the service thread

    def _serve(self) -> None:
        while not self._ended.wait(SERVICE_SECONDS):
            with self._lock:
                if self._device is None:
                    return
                self._collect()
                self._feed()
                self._watch()

    def _collect(self) -> None:
        """End fades, and let go of what the audio thread has done with."""
        seen = int(self._context[ACKNOWLEDGED])
        place = next((k for k, (program, _) in enumerate(self._programs) if program.address == seen), None)
        if place is not None:
            for program, _ in self._programs[:place]:
                self._planner.retire(program)
            for _, dropped in self._programs[: place + 1]:
                for node in dropped:
                    self._bury(node)
                dropped.clear()
            del self._programs[:place]
            if place == len(self._programs) - 1 == 0:
                assert self._device is not None
                self._device.forget_old()
        head = int(self._context[HEAD])
        self._retired = [entry for entry in self._retired if entry[0] > head]
        now = time.monotonic()
        idle = [key for key, (_, used) in self._taps.items() if now - used > TAP_IDLE_SECONDS]
        for key in idle:
            del self._taps[key]
        if self._score.end_fades() or idle:
            self._replan()

    def _bury(self, node: Node) -> None:
        if node.place >= 0:
            self._score.nodes.remove(node.place)
        if node.instance is not None:
            self._instances.remove(node.instance)
            node.instance.close()

    def _feed(self) -> None:
        for instance in self._instances:
            if instance.companion is not None:
                instance.companion.service()
        if self.recorder is not None:
            self.recorder.service()

    def _watch(self) -> None:
        """Measure the load, and notice a device that has gone."""
        assert self._device is not None
        now = time.monotonic()
        blocks, busy = int(self._context[BLOCKS]), int(self._context[BUSY])
        before, busy_before, then = self._measured
        if now - then > 0.5:
            share = (busy - busy_before) / 1e9 / (now - then)
            self._load = share if before == 0 else 0.5 * self._load + 0.5 * share
            self._measured = (blocks, busy, now)
        if blocks != self._moved[0]:
            self._moved = (blocks, now)
            if self.trouble:
                self.trouble = ""
        said = self._device.trouble()
        if said or now - self._moved[1] > STALLED_SECONDS:
            self.trouble = f"{said or f'the {self._device.name} device asks for no more sound'}; net.play() goes on on another"
        if self._context[BAD] and not self._culprit:
            self._culprit = self._find_culprit(int(self._context[BAD_SINK]) - 1)

    def _find_culprit(self, sink: int) -> str:
        """The first processing upstream whose memory holds something that is not finite."""
        for name, node in self._score.by_name.items():
            instance = node.instance
            if instance is None:
                continue
            values = [
                instance.chunk.cells[f"s.{f.name}"][instance.lane] for f in instance.type.fields if not f.array and f.dtype.kind == "f"
            ]
            values += [table for key, table in instance.tables.items() if key.startswith("s.") and table.dtype.kind == "f"]
            if any(not np.all(np.isfinite(value)) for value in values):
                return name
        return ""


def _close_all() -> None:
    """No callback may run when the interpreter has gone."""
    for player in list(_playing):
        player.close()


atexit.register(_close_all)
