"""The samples of ports, live during playback, or rendered from a copy of the network with a sink at each port."""

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
from ..variables import variable_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

SINK = "AudioSink"
"""The type of these sinks. Every engine that renders has it."""


def ports_of(source: object) -> tuple[Connector, ...]:
    """The audio out ports in `source`: a port, several ports, or all of a processing; empty for any other object."""
    if isinstance(source, Processing):
        audio = [port for port in source._outports if port.type == "Audio"]
        if not audio:
            raise ValueError(f"{source!r} has no audio out port")
        source = audio
    if isinstance(source, Connector):
        source = [source]
    if not isinstance(source, (Connectors, list, tuple)) or not source or not all(isinstance(each, Connector) for each in source):
        return ()
    for port in source:
        if (port.kind, port.direction, port.type) != ("Port", "Out", "Audio"):
            raise ValueError(f"{port!r} is not an audio out port")
        if port._proxy is not source[0]._proxy:
            raise ValueError(f"{port!r} and {source[0]!r} belong to different networks")
    return tuple(source)


def is_live(engine: NetworkProxy) -> bool:
    """Whether to take the ports of this engine live: it is playing, or cannot render."""
    playing = isinstance(engine, CanPlay) and engine.status().state == "playing"
    return playing or not isinstance(engine, CanRender)


def live(
    ports: Sequence[Connector], window: int, rate: float, seconds: float, wait: Callable[[float], bool]
) -> Iterator[tuple[list[Samples], int]]:
    """At the time of each frame: the last `window` samples of every port, and how many frames to draw from them.

    If the caller is late, that is more than one frame. It ends after `seconds`, when `wait(seconds to wait)` returns False, or
    when playback stops.
    """
    engine = ports[0]._proxy.inner
    if not isinstance(engine, CanMonitor):
        raise NotSupported(engine.engine, "monitor its ports during playback")
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
    """Render offline: the samples of every port, ``(frames,)``, and of the sinks of the network, ``(frames, channels)``."""
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
        if engine.info().volume:
            sound = sound * np.float32(engine.info().gain)  # the copy has none, so that the ports are shown as they are
        return [np.ascontiguousarray(samples[:, columns[name].start]) for name in names], sound
    finally:
        copy.close()


def stereo(sound: Samples) -> Samples:
    """Mix down to at most two channels: odd ones left, even ones right."""
    if sound.shape[1] <= 2:
        return sound
    return np.stack([sound[:, ::2].sum(axis=1), sound[:, 1::2].sum(axis=1)], axis=1)


def _copy(engine: NetworkProxy) -> NetworkProxy:
    """A copy of the network, in a separate engine."""
    if engine.engine not in engines:
        raise NotSupported(engine.engine, "render a port", f"Start playback first, to film it live: {variable_of(engine)}.play()")
    copy: NetworkProxy = engines.load(engine.engine).create()
    with warnings.catch_warnings(), copy.batch(lenient=True):
        warnings.simplefilter("ignore")  # problems of the network were reported when they arose
        for state in list(engine.processings().values()):
            copy.add(state.name, state.spec)
            copy.configure(state.name, state.config)
            copy.place(state.name, state.position, state.size)
            for control, value in state.controls.items():
                copy.set_control(state.name, control, value)
        for wire in tuple(engine.wires()):
            copy.connect(wire)
    return copy


def _tap(copy: NetworkProxy, port: Connector) -> str:
    """Connect a new sink to a port; returns its name."""
    name = next(name for k in range(len(copy.processings()) + 1) if (name := f"tap {k}") not in copy.processings())
    copy.add(name, SINK)
    into = copy.processings()[name].connectors.inports[0].name
    copy.connect(Wire("Port", port._id.processing, port._id.name, name, into))
    return name
