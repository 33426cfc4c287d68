"""Ports as samples over time: as they play, or rendered from a copy of the network that has a sink at each of them."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NotSupported
from ..frontend.connectors import Connector, Connectors
from ..frontend.processing import Processing
from ..proxy import CanMonitor, CanPlay, CanRender, NetworkProxy, Wire
from ..registry import engines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

SINK = "AudioSink"
"""The type that a copy gets at each port; an engine that renders has it."""


def ports_of(source: object) -> tuple[Connector, ...]:
    """The audio out ports that `source` stands for: a port, several, or a processing with all of its own; none for anything else."""
    if isinstance(source, Processing):
        source = [port for port in source._outports if port.type == "Audio"]
        if not source:
            raise ValueError("a processing without an audio out port cannot be heard")
    if isinstance(source, Connector):
        source = [source]
    if not isinstance(source, (Connectors, list, tuple)) or not source or not all(isinstance(each, Connector) for each in source):
        return ()
    for port in source:
        if (port.kind, port.direction, port.type) != ("Port", "Out", "Audio"):
            raise ValueError(f"{port!r} is no audio out port: only those can be heard")
        if port._proxy is not source[0]._proxy:
            raise ValueError(f"{port!r} and {source[0]!r} are of two networks")
    return tuple(source)


def is_live(engine: NetworkProxy) -> bool:
    """Whether the ports of this engine are to be heard as they play."""
    playing = isinstance(engine, CanPlay) and engine.status().state == "playing"
    return playing or not isinstance(engine, CanRender)


def live(
    ports: Sequence[Connector], window: int, rate: float, seconds: float, wait: Callable[[float], bool]
) -> Iterator[tuple[list[Samples], int]]:
    """At each frame's moment the last `window` samples of every port, and for how many frames they are due.

    That is more than one frame where the taker was late. It ends with the time, when `wait` (which is given seconds to
    wait) says False, or when the network no longer plays.
    """
    engine = ports[0]._proxy.inner
    if not isinstance(engine, CanMonitor):
        raise NotSupported(engine.engine, "look at what plays")
    began, done, total = time.monotonic(), 0, round(seconds * rate)
    while done < total:
        late = time.monotonic() - began - (done + 1) / rate
        if (not wait(max(0.0, -late))) or (isinstance(engine, CanPlay) and engine.status().state != "playing"):
            return
        due = min(1 + max(0, int(late * rate)), total - done)
        yield [engine.samples(port._id, window) for port in ports], due
        done += due


def rendered(
    ports: Sequence[Connector], seconds: float, sample_rate: int, progress: Callable[[int], bool | None] | None
) -> tuple[list[Samples], Samples]:
    """What every port gives, ``(frames,)``, and what the network's sinks play, ``(frames, channels)``, faster than time."""
    engine = ports[0]._proxy.inner
    if not isinstance(engine, CanRender):
        raise NotSupported(engine.engine, "render")
    own = list(engine.sinks())
    copy = _copy(engine)
    try:
        names = [_tap(copy, port) for port in ports]
        assert isinstance(copy, CanRender)
        samples = copy.render(round(seconds * sample_rate), {}, 512, sample_rate, progress)
        columns: dict[str, slice] = {}
        at = 0
        for name, width in copy.sinks().items():
            columns[name] = slice(at, at + width)
            at += width
        sound = np.concatenate([samples[:, columns[name]] for name in own] or [np.zeros((len(samples), 1), np.float32)], axis=1)
        return [np.ascontiguousarray(samples[:, columns[name].start]) for name in names], sound
    finally:
        copy.close()


def stereo(sound: Samples) -> Samples:
    """At most two channels: odd ones left, even ones right."""
    if sound.shape[1] <= 2:
        return sound
    return np.stack([sound[:, ::2].sum(axis=1), sound[:, 1::2].sum(axis=1)], axis=1)


def _copy(engine: NetworkProxy) -> NetworkProxy:
    """A network like this one, of its own."""
    if engine.engine not in engines:
        raise NotSupported(engine.engine, "render a port", "net.play() first, and it is filmed as it plays")
    copy: NetworkProxy = engines.load(engine.engine).create()
    with warnings.catch_warnings(), copy.batch(lenient=True):
        warnings.simplefilter("ignore")  # what is not well with the network was said when it was made
        for state in engine.processings().values():
            copy.add(state.name, state.spec)
            copy.configure(state.name, state.config)
            copy.place(state.name, state.position, state.size)
            for control, value in state.controls.items():
                copy.set_control(state.name, control, value)
        for wire in engine.wires():
            copy.connect(wire)
    return copy


def _tap(copy: NetworkProxy, port: Connector) -> str:
    """Put a sink at a port; its name."""
    name = next(name for k in range(len(copy.processings()) + 1) if (name := f"tap {k}") not in copy.processings())
    copy.add(name, SINK)
    into = copy.processings()[name].connectors.inports[0].name
    copy.connect(Wire("Port", port._id.processing, port._id.name, name, into))
    return name
