"""The player: plays a network, which can be edited at the same time.

The editing thread turns changes into messages and programs (`edits`); a service thread, which no thread waits for,
ends fades, frees memory and monitors the device; another one reads and writes files. The audio thread does not depend on
them: it reads the context.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from ...declare.declaration import Declaration
from ...proxy import Change, Levels, NetworkInfo, ProcessingState, SinkLevel, Status, Wire
from .. import faults
from ..devices import Device, DeviceUnavailable, open_device
from ..memory.context import (
    ASKED,
    BLOCK,
    BLOCKS,
    FADE,
    FRAMES,
    LEVEL,
    LIMIT,
    LIMIT_LEAST,
    LIMIT_NOW,
    LIMITED,
    LIMITED_BLOCKS,
    LONGEST,
    MISSED,
    MODE,
    PROFILE,
    PROGRAM,
    RATE,
    RELEASE,
    STORE_8,
    XRUNS,
)
from ..memory.meters import Meter, reading, set_pace
from ..memory.shared import shared
from ..memory.taps import Tap
from ..offline import new_context, set_gain
from ..planning.latency import latency_of, latest_of
from ..watch import Watch
from . import leaving
from .edits import FADE_SECONDS, Compiling, Edits
from .files import Files
from .mailbox import Mailbox
from .recorder import Recorder
from .rounds import Rounds

SERVICE_SECONDS: Final = 0.02
HOLD_SECONDS: Final = 0.5  # longest wait for the fade-out
TAP_SECONDS: Final = 2.0
TAP_IDLE_SECONDS: Final = 30.0
MUTE_SECONDS: Final = 0.001
RELEASE_SECONDS: Final = 0.15  # in which the limiter recovers from 20 dB
PROFILE_EVERY: Final = 61  # blocks; a prime, so that it does not synchronise with periodic load

_numbers: Final = itertools.count(1)


class OtherRate(DeviceUnavailable):
    """The device runs at another sample rate: the network has to be restarted."""


class Player:
    """One network on one device.

    Parameters
    ----------
    type_of : the declaration of a type, by its name.
    devices : the names of the sources and of the sinks, in the order of the channels.
    wires_at : the wires at a processing.
    states : the processings, by name.
    compiling : the kernels of types that are added while it plays.
    lock : held while the network changes, and by the service thread.
    """

    def __init__(
        self,
        type_of: Callable[[str], Declaration],
        devices: Callable[[], tuple[list[str], list[str]]],
        wires_at: Callable[[str], Iterable[Wire]],
        states: Callable[[], Mapping[str, ProcessingState]],
        compiling: Compiling,
        lock: threading.RLock,  # type: ignore[valid-type]
    ) -> None:
        self._network = (type_of, devices, wires_at, states, compiling)
        self._compiling = compiling
        self._devices = devices
        self._lock: Any = lock
        self._device: Device | None = None
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()
        self._used: dict[tuple[int, int], float] = {}
        self.trouble = ""
        self.note = self._refused = ""
        self._abandoned = False
        self._files = Files()
        self._lost: tuple[str, ...] = ()
        self._recorder: Recorder | None = None
        self._limits = True
        self._number = next(_numbers)

    # -- beginning and ending

    def open(
        self,
        states: Mapping[str, ProcessingState],
        wires: Iterable[Wire],
        info: NetworkInfo,
        device: str,
        sample_rate: int | None,
        block_size: int | None,
    ) -> None:
        """Build everything, open the device and start. After `DeviceUnavailable` nothing has been started."""
        with self._lock:
            self._context = new_context(48000, 512)
            self._address = int(self._context.ctypes.data)
            set_gain(self._context, info.gain)
            self._context[LIMIT_LEAST : LIMIT_LEAST + 1].view(np.float64)[0] = 1.0
            self._files, self._rounds, self._editing = Files(), Rounds(), Rounds("an edit")
            self._mailbox = Mailbox(self._context)
            channels = self._widths(states)
            self._device, self.note = open_device(device, self._context, sample_rate, block_size, channels)
            self._asked = block_size
            try:
                self._rate = self._device.sample_rate
                self._adopt(self._device)
                self._context[PROFILE] = PROFILE_EVERY
                self.edits = Edits(
                    *self._network, self._mailbox, self._address, self._files, self._rate, self._device.block_size, info.gain
                )
                self.edits.begin(states, wires, self._device)
                self._watch = Watch(self._context, self.edits.blame.name, self._channel_of)
                if self._recorder is not None:
                    self._begin_recording(self._recorder)
                self._context[MODE] = 1
                self._device.start()
            except BaseException:
                self._tear_down()
                raise
            self._watch.restart(self._period)
            self._ended.clear()
            if self._device.paced:
                for serve, name in ((self._serve, "ipyclam service"), (self._serve_files, "ipyclam files")):
                    self._threads.append(threading.Thread(target=serve, name=name, daemon=True))
                    self._threads[-1].start()
            leaving.watch_over(self)

    def close(self) -> None:
        """Fade out, close the device, and release everything."""
        if self._device is None:
            return
        self.hold()
        self._ended.set()
        for thread in tuple(self._threads):
            if thread is not threading.current_thread():
                thread.join()
        self._threads.clear()
        self._compiling.end()
        with self._lock:
            self._tear_down()
        leaving.forget(self)

    def move(self, device: str, sample_rate: int | None, block_size: int | None) -> None:
        """Continue on another device, keeping the state.

        Raises `OtherRate` when that is not possible and `DeviceUnavailable` when there is none; in both cases the old device plays on.
        """
        held = self.device
        try:
            opened, note = open_device(device, self._context, sample_rate, block_size, self._widths())
        except DeviceUnavailable:
            if held.name.split(":")[0] != device.split(":")[0]:
                raise
            self._leave(held, f"{held.name} could not be reopened")  # a card may accept only one stream at a time
            opened, note = open_device(device, self._context, sample_rate, block_size, self._widths())
        if opened.sample_rate != self._rate:
            opened.stop()
            raise OtherRate(f"{opened.name} runs at {opened.sample_rate} Hz")
        self._leave(held, "")
        with self._lock:
            self._device, self.note, self._asked = opened, note, block_size
            self._adopt(opened)
            self.edits.move(opened)
            self.trouble = ""
            self._watch.restart(self._period)
            opened.start()

    def _leave(self, device: Device, trouble: str) -> None:
        """Stop a device."""
        self.hold()
        with self._lock:
            device.stop()
            self._mailbox.drain()
            self.trouble = trouble

    def abandon(self) -> None:
        """Let the service thread close it, for example when it is garbage collected. This only sets a flag: it may be called anywhere."""
        self._abandoned = True

    def go(self) -> None:
        """Start or resume the sound."""
        self._context[FADE] = self._fade
        self._context[MODE] = 1

    def hold(self) -> None:
        """Fade out and pause; returns when the device has played the silence."""
        self._context[MODE] = 0
        if self._device is None or not self._device.paced:
            return
        deadline = time.monotonic() + HOLD_SECONDS
        level = self._context[LEVEL : LEVEL + 1].view(np.float64)
        while level[0] > 0.0 and time.monotonic() < deadline and not self.trouble:
            time.sleep(0.001)
        block = int(self._context[BLOCKS])
        while self._context[BLOCKS] == block and time.monotonic() < deadline and not self.trouble:
            time.sleep(0.001)

    def mute(self) -> None:
        """Fade out within a block, and pause. It waits for nothing."""
        device = self._device
        if device is not None:
            self._context[FADE] = max(1, min(int(MUTE_SECONDS * self._rate), device.block_size))
            self._context[MODE] = 0

    def limit(self, on: bool) -> None:
        """Whether to limit the output, on devices that are to be limited."""
        self._limits = on
        if self._device is not None:
            self._context[LIMIT] = on and self._device.limits

    def plays_on(self, device: str, sample_rate: int | None, block_size: int | None) -> bool:
        """Whether it already plays with these settings; ``"auto"`` is any device."""
        if self._device is None or self.trouble:
            return False
        same = device in ("auto", self._device.name, self._device.name.split(":")[0])
        return same and sample_rate in (None, self._rate) and block_size in (None, self._asked, self._device.block_size)

    @property
    def device(self) -> Device:
        """The device."""
        assert self._device is not None
        return self._device

    # -- recording

    def record(self, recorder: Recorder) -> None:
        """Record the sinks, from the next block on; before `open`, from the first block. A recording before it ends."""
        with self._lock:
            if self._recorder is not None:
                self._recorder.finish()
            self._recorder = self._files.recorder = None
            if self._device is not None:
                self._begin_recording(recorder)
            self._recorder = recorder

    def _begin_recording(self, recorder: Recorder) -> None:
        recorder.begin(self._mailbox, self._rate, self._widths()[1])
        self._files.recorder = recorder

    # -- changes

    def heed(self, change: Change) -> None:
        """Take one change of the network; it becomes audible when `settle` is called.

        Neither raises, because the network has changed already. `status` shows errors.
        """
        with self._lock:
            self._editing.go(partial(self.edits.heed, change))

    def settle(self) -> None:
        """Make the changes audible, from the next block on."""
        with self._lock:
            self._editing.go(partial(self._unless_refused, self.edits.settle))
            self._catch_up()

    # -- queries

    def value(self, name: str, role: str, control: str) -> float | None:
        """The current value of a control; None if it stores no value."""
        with self._lock:
            node = self.edits.score.by_name.get(name)
            if node is None or node.instance is None:
                return None
            found = node.map.declared.get((role, control))
            if found is None:  # its type has been redefined, and it cannot be built
                return None
            address, _ = node.instance.control(*found[:2])
            return ctypes.c_double.from_address(address).value

    def latency(self, name: str, role: str, port: str) -> int:
        """How late the signal of a port is, in frames, besides the device's own latency."""
        with self._lock:
            return latency_of(self.edits.score, self.edits.latencies, name, role, port)

    @property
    def lost(self) -> tuple[str, ...]:
        """After `close`: the files that were not written completely."""
        return self._lost

    @property
    def up_to_date(self) -> bool:
        """Whether the audio thread has applied all changes."""
        return self._mailbox.taken

    def samples(self, name: str, port: str, frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The last frames of an out port. The first call for a port waits until that many have been played."""
        with self._lock:
            device = self._device
            key = self.edits.row_of(name, port)
            if device is None or key is None:
                return np.zeros(frames, np.float32)
            tap = self.edits.taps.get(key)
            block = max(device.block_size, int(self._context[ASKED]))
            size = 1 << (max(frames, int(TAP_SECONDS * self._rate)) + 2 * block).bit_length()
            fresh = tap is None or len(tap.ring) < frames + 2 * block
            if tap is None or fresh:
                tap = self.edits.taps[key] = Tap(shared(np.full(size, 0.0, np.float32)))
                self._unless_refused(self.edits.publish)
            self._used[key] = time.monotonic()
        if fresh and device.paced:
            deadline = time.monotonic() + frames / self._rate + HOLD_SECONDS
            while tap.count[0] < frames and time.monotonic() < deadline and self._context[MODE] == 1 and not self.trouble:
                time.sleep(0.002)
        return tap.last(frames)

    def frame(self, name: str, port: str) -> tuple[int, dict[str, Any]] | None:
        """The time and the fields of the newest frame of an out port; None if there is none yet. Takes no lock."""
        ring = self.edits.ring_of(name, port)
        return None if ring is None else ring.last()

    def levels(self) -> Levels:
        """The levels of the sinks, and what the limiter did."""
        device, sounds = self._device, self._context[MODE] == 1
        meters: dict[str, list[Meter]] = {}
        for (row, _), meter in self.edits.planner.meters.items():
            node = self.edits.score.by_row.get(row)
            if node is not None:
                meters.setdefault(node.name, []).append(meter)
        sinks = []
        for name, found in meters.items():
            now, peak, clipped = reading(found)
            sinks.append(SinkLevel(name, _decibels(now if sounds else 0.0), _decibels(peak), clipped))
        least = float(self._context[LIMIT_LEAST : LIMIT_LEAST + 1].view(np.float64)[0])
        limits = self._limits and (device is not None and device.limits)
        seconds = int(self._context[LIMITED]) / self._rate
        return Levels(tuple(sinks), limits, seconds, int(self._context[LIMITED_BLOCKS]), abs(_decibels(least)), self._number)

    @property
    def position(self) -> float:
        """The position in seconds."""
        return float(self._context[FRAMES]) / self._rate

    def _cycles(self) -> list[str]:
        """The wires that close a feedback loop: they delay the signal by one block, or by one frame."""
        program = self.edits.program
        if program is None:
            return []
        block = self.device.block_size
        late = f"the signal fed back is delayed by one block ({block} frames, {1000.0 * block / self._rate:.1f} ms)"
        kinds = (program.closing, late), (program.returning, "each spectrum or buffer meets what the loop made of the one before")
        return [f"{where}: {words}" for wires, words in kinds if (where := self._loops(wires))]

    def _loops(self, closing: Iterable[tuple[int, int]]) -> str:
        names = {node.row: name for name, node in list(self.edits.score.by_name.items())} if closing else {}
        wires = sorted({f"{names[a]} > {names[b]}" for a, b in closing if a in names and b in names})
        rest = f" and {len(wires) - 3} more" if len(wires) > 3 else ""
        return f"feedback loop{'s' if len(wires) > 1 else ''} at {', '.join(wires[:3])}{rest}" if wires else ""

    def status(self, state: Any) -> Status:
        """The status; a player that has lost its device is paused."""
        device, recorder = self._device, self._recorder
        if device is None:  # another thread has just stopped it
            return Status(messages=self._lost)
        said = [self.trouble, recorder.trouble if recorder is not None else "", self._files.trouble, self._watch.fault]
        score = self.edits.score
        said += [faults.message(faults.of_score(score)), faults.of_frames(score), self._mailbox.trouble, *self._cycles(), self.note]
        said += faults.of_streams(score, self.edits.uneven)
        said += [self._refused] if self.edits.stale else []  # a permission refused before may have been granted since
        said += list(self._files.notices)
        said += [f"{name} is silent: {reason}" for name, reason in list(self.edits.unbuilt.items())]
        said += [*self._editing.messages, *self._rounds.messages, *self._files.rounds.messages]
        state = "paused" if self.trouble and state == "playing" else state
        late = max(int(self._context[XRUNS]), int(self._context[MISSED]))
        watch, rate, size = self._watch, float(self._rate), device.block_size
        found = tuple(filter(None, said))
        return Status(state, device.name, rate, size, watch.load, late, self.position, found, watch.profile, watch.longest, self.latest)

    @property
    def latest(self) -> int:
        """The latency of the latest sink."""
        return latest_of(self.edits.score, self.edits.latencies, self._devices()[1])

    # -- inside

    @property
    def _fade(self) -> int:
        return max(1, int(FADE_SECONDS * self._rate))

    @property
    def _period(self) -> float:
        return self.device.block_size / self._rate

    def _adopt(self, device: Device) -> None:
        """Write the properties of a device to the context, before the device starts."""
        self._context[RATE], self._context[BLOCK] = self._rate, device.block_size
        self._context[FADE] = self._fade
        self._context[LEVEL] = 0
        self._context[LIMIT] = self._limits and device.limits
        factors = self._context.view(np.float64)
        factors[RELEASE] = 10.0 ** (1.0 / (RELEASE_SECONDS * self._rate))
        factors[LIMIT_NOW] = 1.0
        set_pace(self._context, self._rate)

    def _tear_down(self) -> None:
        if self._device is not None:
            self._device.stop()
            self._device = None
        self._files.recorder = None
        self._rounds.go(self._finish_recording, self._mailbox.drain)  # each, even if another fails
        self._context[PROGRAM] = 0  # in case a device that could not be closed still calls
        self._rounds.go(self._files.close)
        self._lost = tuple(filter(None, (*self._lost, self._files.trouble)))

    def _finish_recording(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.finish()
            self._lost = (recorder.trouble,)

    def _widths(self, states: Mapping[str, ProcessingState] | None = None) -> tuple[int, int]:
        """The numbers of channels of the sources and of the sinks."""
        if states is None:
            states = {name: node.state for name, node in self.edits.score.by_name.items()}
        sources, sinks = self._devices()
        return sum(len(states[n].connectors.outports) for n in sources), sum(len(states[n].connectors.inports) for n in sinks)

    def _channel_of(self, number: int) -> str:
        outputs = self.edits.channels.outputs
        if self.device.named and number < len(outputs):
            return str(outputs[number])
        return f"channel {number + 1}"

    # -- the service threads

    def serve(self) -> None:
        """One round of the service thread, about fifty per second."""
        if not self._lock.acquire(timeout=SERVICE_SECONDS):  # its holder may be waiting for this thread to end
            return
        try:
            if self._device is None:
                return
            self._rounds.go(
                self._mailbox.collect,
                self._files.bury,
                self.device.release,
                self._end_taps,
                self.edits.take_compiled,
                partial(self._unless_refused, self.edits.look_after),
                partial(self._unless_refused, self._follow_block_size),
                self._look,
                self._look_at_device,
                self._catch_up,
            )
        finally:
            self._lock.release()

    def _serve(self) -> None:
        while not self._ended.wait(SERVICE_SECONDS):
            if self._abandoned:
                self.close()
                return
            self.serve()

    def _serve_files(self) -> None:
        while not self._ended.wait(SERVICE_SECONDS):
            self._files.service()

    def _end_taps(self) -> None:
        now = time.monotonic()
        for key in [key for key, used in self._used.items() if now - used > TAP_IDLE_SECONDS]:
            del self._used[key]
            if self.edits.taps.pop(key, None) is not None:
                self.edits.stale = True

    def _follow_block_size(self) -> None:
        """Adopt a block size changed by the server."""
        asked = int(self._context[ASKED])
        if asked and asked != self.device.block_size and self._device is not None and self._device.paced:
            self._device.block_size = asked
            self._watch.restart(self._period)
            self.edits.resize(asked)
            self.edits.publish()

    def _unless_refused(self, edit: Callable[[], None]) -> None:
        """If the server has no more ports, or the machine no more memory, the old program plays on and the edit is tried again."""
        try:
            edit()
        except DeviceUnavailable as error:
            self._refused = str(error)
        except MemoryError:
            self._refused = "there is not enough memory to play the network as it is now: the last edits are not heard"

    def _look(self) -> None:
        if self._watch.look(self._times()):
            self._mailbox.post([(STORE_8, self._address + 8 * LONGEST, 0, 0)])
        self.edits.blame.forget()

    def _times(self) -> dict[str, int]:
        """The measured nanoseconds by type."""
        types = self.edits.score.types
        times: dict[str, int] = {}
        for key, spent in self.edits.planner.times.items():
            name = types[key].name if key >= 0 else "(wires)"
            times[name] = times.get(name, 0) + int(spent[0])
        return times

    def _look_at_device(self) -> None:
        assert self._device is not None
        said = self._device.trouble()
        if said and not self.trouble:
            self._device.stop()
        if said or self._watch.stalled:
            self.trouble = f"{said or f'the {self._device.name} device no longer requests audio'}. To continue on another device: play()"
        elif not self._watch.stalled:
            self.trouble = ""

    def _catch_up(self) -> None:
        """Take the messages here if there is no audio thread."""
        if self._device is not None and self._device.gone:
            self._mailbox.drain()


def _decibels(amplitude: float) -> float:
    """An amplitude in dBFS."""
    return 20.0 * math.log10(amplitude) if amplitude > 0.0 else -math.inf
