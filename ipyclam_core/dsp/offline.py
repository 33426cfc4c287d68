"""Offline rendering: a network computed from its initial state, as fast as possible. Playback is not affected."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ..declare.declaration import Declaration
from ..proxy import ProcessingState, Wire
from ..system.display import warn
from ..system.interrupts import safe_point
from . import faults, kernels
from .memory.arenas import Arenas
from .memory.context import BAD, BLOCK, CLOCK, COMPUTE, FADE, GAIN, GAIN_LEFT, GAIN_NOW, GAIN_TO, LEVEL, MODE, PROGRAM, RATE, WORDS
from .memory.instances import Instance, Pools
from .memory.queues import Ring
from .memory.shared import shared
from .planning.channels import Channels
from .planning.forms import reformed
from .planning.latency import ahead_of
from .planning.plan import Program
from .planning.planner import Planner
from .planning.score import Node, Score
from .watch import Watch

CHUNK = 32  # blocks computed between two calls of `progress`

_arenas = Arenas(2, largest=1 << 22, touch=False)


@dataclass
class Kept:
    """The frames of a rendering.

    Attributes
    ----------
    port : processing and out port whose frames are all kept; None for none.
    newest : by processing and port, the ring with the newest frame.
    all : the time and the fields of each frame of `port`.
    """

    port: tuple[str, str] | None = None
    newest: dict[tuple[str, str], Ring] = field(default_factory=dict)
    all: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def ring_in(self, score: Score) -> Ring | None:
        """The ring of the port whose frames are kept."""
        if self.port is None or self.port[0] not in score.by_name:
            return None
        return dict(rings_of(score.by_name[self.port[0]])).get(self.port[1])

    def take(self, ring: Ring) -> None:
        """Keep the frames that have been written since the last call."""
        while len(self.all) < ring.written:
            self.all.append(ring.frame(len(self.all)))


def rings_of(node: Node) -> Iterator[tuple[str, Ring]]:
    """The rings of a node's out ports that hold frames, by their names."""
    for (role, name), (_, _, k) in node.map.declared.items():
        ring = node.queues.get(("out", k)) if role == "outports" else None
        if ring is not None:
            yield name, ring


def function_address(library: ctypes.CDLL, name: str) -> int:
    """The address of a C function."""
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


@cache
def _clock() -> int:
    return function_address(ctypes.CDLL(None), "clock_gettime")


def new_context(sample_rate: float, block_size: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A new context, with the addresses of the system functions that the runtime calls."""
    context = shared(np.zeros(WORDS, np.int64))
    context[CLOCK] = _clock()
    context[COMPUTE] = kernels.runtime("compute")
    context[RATE], context[BLOCK] = int(sample_rate), block_size
    set_gain(context, 1.0)
    return context


def set_gain(context: np.ndarray[Any, np.dtype[np.int64]], gain: float) -> None:
    """Begin with a volume, given as a factor."""
    factors = context.view(np.float64)
    factors[GAIN] = factors[GAIN_NOW] = factors[GAIN_TO] = gain
    context[GAIN_LEFT] = 0


def render(
    processings: Iterable[ProcessingState],
    wires: Iterable[Wire],
    type_of: Callable[[str], Declaration],
    sources: Iterable[str],
    sinks: Iterable[str],
    frames: int,
    inputs: Mapping[str, np.ndarray[Any, np.dtype[np.float32]]],
    block_size: int,
    sample_rate: int,
    progress: Callable[[int], bool | None] | None = None,
    keep: Kept | None = None,
    gain: float = 1.0,
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Render a network.

    Parameters
    ----------
    processings, wires : the network, in the order it was made.
    type_of : the declaration of a type, by its name.
    sources, sinks : names, in the order of the channels.
    frames, block_size, sample_rate : the length, the frames per block, and the rate in Hz.
    inputs : float32 ``(frames, channels)`` by source; silence for sources without samples and after their end.
    progress : called with the number of frames done; returning False stops rendering.
    keep : takes the frames that ports hold.
    gain : the volume, as a factor.

    Returns
    -------
    float32 ``(frames, channels)``, the sinks side by side. Sound that comes from files and generators alone begins without its latency.
    NaN and infinity are replaced by 0, with a warning that names the processing.
    """
    processings = list(processings)
    kernels.prepare(dict.fromkeys(type_of(state.spec.name) for state in processings))
    score, pools = Score(block_size), Pools()
    instances: list[Instance] = []
    known: dict[Declaration, int] = {}
    planner = Planner(score, lambda: kernels.kernels_for(score.types, known), block_size, _arenas, sample_rate)
    program: Program | None = None
    try:
        for entry in processings:
            safe_point()
            type_ = type_of(entry.spec.name)
            instance = None if type_.form == "device" else Instance(pools, type_, entry, sample_rate, block_size)
            if instance is not None:
                instances.append(instance)
                instance.start(entry)
                if notice := getattr(instance.companion, "notice", ""):
                    warn(notice, stacklevel=5)
            score.add(entry.name, type_, entry, instance)
        for wire in wires:
            score.connect(wire)
        for node, forms, block in reformed(score):
            instance = Instance(pools, node.type, node.state, sample_rate, block, forms)
            instances.append(instance)
            score.exchange(node, node.state, instance)
        channels = Channels()
        channels.update([score.by_name[n] for n in sources], [score.by_name[n] for n in sinks], (), 0)
        program = planner.plan(channels, {})
        rows, first = program.rows, program.first
        context = new_context(sample_rate, block_size)
        context[PROGRAM], context[MODE], context[FADE] = program.address, 1, 0
        context[LEVEL : LEVEL + 1].view(np.float64)[0] = 1.0
        set_gain(context, gain)

        def name_of(_: int, run: int, lane: int) -> str:
            return score.by_row[int(rows[first[run] + lane])].name

        watch = Watch(context, name_of, lambda channel: f"channel {channel + 1}")
        whole = program.emits and (keep is None or keep.port is None)
        ahead = ahead_of(score, program.latencies, sources, sinks) if whole else 0
        for instance in instances if ahead else ():
            if hasattr(instance.companion, "leave_out_first"):
                instance.companion.leave_out_first(ahead)
        result = _run(
            context, score, list(sources), list(sinks), frames + ahead, inputs, block_size, instances, progress, watch, keep, whole
        )[ahead:]
        if keep is not None:
            keep.newest = {(name, port): ring for name, node in score.by_name.items() for port, ring in rings_of(node)}
        astray = faults.message(faults.of_score(score))
        for fault in filter(None, (watch.fault, astray, faults.of_frames(score), *faults.of_streams(score, program.uneven))):
            warn(fault, stacklevel=5)
        return result
    finally:
        if program is not None:
            planner.retire(program)
        for instance in instances:
            _close(instance)


def _close(instance: Instance) -> None:
    """Close an instance; a companion that fails at its end loses nothing that was rendered."""
    try:
        instance.close()
    except Exception as error:  # a companion may be user code
        warn(f"the companion of a {instance.type.name} could not be closed: {type(error).__name__}: {error}", stacklevel=6)


def _run(
    context: np.ndarray[Any, np.dtype[np.int64]],
    score: Score,
    sources: list[str],
    sinks: list[str],
    frames: int,
    inputs: Mapping[str, np.ndarray[Any, np.dtype[np.float32]]],
    block_size: int,
    instances: list[Instance],
    progress: Callable[[int], bool | None] | None,
    watch: Watch,
    keep: Kept | None,
    whole: bool,
) -> np.ndarray[Any, np.dtype[np.float32]]:
    served = [instance.companion for instance in instances if instance.companion is not None]
    in_channels = sum(len(score.by_name[name].state.connectors.outports) for name in sources)
    out_channels = sum(len(score.by_name[name].state.connectors.inports) for name in sinks)
    kept = keep.ring_in(score) if keep is not None else None
    step = block_size * (1 if served or kept is not None else CHUNK)
    fed = shared(np.zeros((max(in_channels, 1), step), np.float32))
    made = shared(np.zeros((max(out_channels, 1), step), np.float32))
    result = np.zeros((frames, out_channels), np.float32)
    run = kernels.offline()
    done, blamed = 0, False
    while done < frames:
        safe_point()
        for companion in served:
            companion.service()
        channel = 0
        for name in sources:
            wide = len(score.by_name[name].state.connectors.outports)
            part = inputs[name][done : done + step, :wide] if name in inputs else fed[:0].T[:0]
            fed[channel : channel + wide] = 0.0
            if len(part):
                fed[channel : channel + part.shape[1], : len(part)] = part.T
            channel += wide
        ins = np.array([row.ctypes.data for row in fed], np.int64)
        outs = np.array([row.ctypes.data for row in made], np.int64)
        wanted = min(step, frames - done)
        blocks, rest = divmod(wanted, block_size)
        run(context.ctypes.data, ins.ctypes.data, in_channels, outs.ctypes.data, out_channels, block_size, blocks)
        if rest:
            # The last block is shorter, so that processings that count or record frames are exact; but streams come as their latency
            # says only in whole blocks. `run` has advanced the tables.
            last = block_size if whole else rest
            run(context.ctypes.data, ins.ctypes.data, in_channels, outs.ctypes.data, out_channels, last, 1)
            for companion in served if whole else ():
                if hasattr(companion, "leave_out"):
                    companion.leave_out(block_size - rest)
        result[done : done + wanted] = made[:out_channels, :wanted].T
        done += wanted
        if kept is not None and keep is not None:
            keep.take(kept)
        if context[BAD] and not blamed:  # only the first culprit: processings after it may never recover
            watch.look({})
            blamed = True
        if progress is not None and progress(done) is False:
            return result[:done]
    for companion in served:
        companion.service()
    return result
