"""`make`: videos of arrays, iterables, functions of time, and ports of a network."""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..errors import NotSupported
from ..proxy import CanPlay, CanRecord, CanRender
from . import hearing, sound, views
from .film import size_of
from .sink import ByteOrder, VideoSink
from .views._grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..frontend.connectors import Connector
    from ..proxy import NetworkProxy

    Frame = NDArray[np.uint8]

Tell = Callable[[str, float], bool]
"""Called with ``"rendering"`` or ``"filming"`` and the seconds done; returning False ends the video there."""

SIZE = (480, 640)
SAMPLE_RATE = 48_000
SLICE = 0.05
"""Longest wait in seconds before `tell` is called again."""


def make(
    filename: str | os.PathLike[str],
    source: Any,
    seconds: float | None = None,
    *,
    view: str | Sequence[str] = "oscilloscope",
    options: Mapping[str, Any] | None = None,
    size: tuple[int, int] | None = None,
    rate: float = 25,
    audio: sound.Audio | bool = None,
    byteorder: ByteOrder | None = None,
    encoder: str = "auto",
    quality: float = 7,
    tell: Tell | None = None,
) -> VideoSink:
    """Make a video.

    Parameters
    ----------
    filename : the file to write, as in `VideoSink`.
    source : an array of shape ``(frames, height, width)`` or ``(frames, height, width, channels)``; an iterable of frames; a
        function ``f(t)`` of the time in seconds that returns a frame; or an audio out port of a network, several ports, or a
        processing. A network that is playing is filmed live. Otherwise it is rendered offline, faster than real time.
    seconds : the duration. Optional for arrays and iterables.
    view : how to draw ports: ``"oscilloscope"``, ``"spectrum"``, ``"spectrogram"``, ``"peaks"`` or ``"vumeter"``;
        several views are drawn side by side.
    options : further arguments of the views, such as ``ink``.
    size : (height, width) in pixels, the order of an array's shape; ``%video --size`` takes ``WIDTHxHEIGHT``. Arrays have their own size.
    rate : frames per second.
    audio : True for the output of the network of a port; else as in `VideoSink`.
    byteorder : of arrays; None selects ``"gray"``, ``"rgb24"`` or ``"bgra"`` by the number of channels.
    encoder, quality : as in `VideoSink`.
    tell : called with the progress; it may end the video.

    Returns
    -------
    VideoSink
        The closed sink, with the `frames` and `filename` of the video.

    Examples
    --------
    >>> import numpy as np
    >>> make("fade.avi", lambda t: np.full((48, 64), 255 * t, np.uint8), seconds=1).frames
    25
    """
    if seconds is not None and not 0 < seconds < math.inf:
        raise ValueError(f"seconds must be a number above 0, not {seconds!r}")
    size = None if size is None else size_of(size)
    tell = tell or (lambda what, done: True)
    audio = None if audio is False else audio
    ports = hearing.ports_of(source)
    if not ports:
        if audio is True:
            raise ValueError("audio=True works only for ports of a network. Give a path, samples or a network instead")
        frames = _frames(source, seconds, rate)
        return _write(filename, frames, size, rate, audio, byteorder, encoder, quality, tell)
    if seconds is None:
        raise ValueError("a video of a port needs a duration, such as seconds=10")
    film = _Ports(ports, seconds, (view,) if isinstance(view, str) else tuple(view), dict(options or {}), size or SIZE, rate, tell)
    return film.live(filename, audio, encoder, quality) if film.is_live else film.rendered(filename, audio, encoder, quality)


class _Ports:
    """A video of ports."""

    def __init__(
        self,
        ports: tuple[Connector, ...],
        seconds: float,
        names: tuple[str, ...],
        options: dict[str, Any],
        size: tuple[int, int],
        rate: float,
        tell: Tell,
    ) -> None:
        self._ports, self._seconds, self._rate, self._size, self._tell = ports, seconds, rate, size, tell
        self._engine: NetworkProxy = ports[0]._proxy.inner
        self.is_live = hearing.is_live(self._engine)
        heard = self._engine.status().sample_rate if isinstance(self._engine, CanPlay) else 0
        self._sample_rate = round(heard) or SAMPLE_RATE
        many = len(names) > 1
        makers = [_maker(name, port, many, self._sample_rate, rate, options) for port in ports for name in names]
        self._grid = Grid(makers, size)
        self._places = [k for k in range(len(ports)) for _ in names]

    def rendered(self, filename: str | os.PathLike[str], audio: Any, encoder: str, quality: float) -> VideoSink:
        def progress(frames: int) -> bool:
            return self._tell("rendering", frames / self._sample_rate)

        heard, own = hearing.rendered(self._ports, self._seconds, self._sample_rate, progress)
        frames = self._drawn(heard)
        if audio is True:
            audio = hearing.stereo(own)
        return _write(
            filename, frames, self._size, self._rate, audio, "bgra", encoder, quality, self._tell, self._sample_rate
        )  # fmt: skip

    def live(self, filename: str | os.PathLike[str], audio: Any, encoder: str, quality: float) -> VideoSink:
        given = None if audio is True else audio
        sink = VideoSink(self._size, filename, self._rate, "bgra", encoder, quality=quality, audio=given)
        # the recording must end before the sink closes, which adds its sound
        with tempfile.TemporaryDirectory() as folder, sink, self._recorded(sink, Path(folder)) if audio is True else nullcontext():
            for heard, due in hearing.live(self._ports, self._grid.window, self._rate, self._seconds, self._wait(sink)):
                frame = self._draw(heard)
                for _ in range(due):
                    sink.run(frame)
        return sink

    @contextmanager
    def _recorded(self, sink: VideoSink, folder: Path) -> Iterator[None]:
        """Record the output of the network, for the sound of the video."""
        if not isinstance(self._engine, CanRecord):
            raise NotSupported(self._engine.engine, "record its output")
        if isinstance(self._engine, CanRender):
            sink.expect_sound(sum(self._engine.sinks().values()))
        path = folder / "sound.wav"
        end = self._engine.record(str(path))
        try:
            yield
        finally:
            if end():
                sink.audio = path

    def _wait(self, sink: VideoSink) -> Callable[[float], bool]:
        """A function that sleeps in slices and reports the progress."""

        def wait(seconds: float) -> bool:
            until = time.monotonic() + seconds
            while self._tell("filming", sink.frames / self._rate):
                left = until - time.monotonic()
                if left <= 0:
                    return True
                time.sleep(min(left, SLICE))
            return False

        return wait

    def _draw(self, heard: Sequence[NDArray[np.float32]]) -> Frame:
        return self._grid.draw([heard[place] for place in self._places])

    def _drawn(self, heard: Sequence[NDArray[np.float32]]) -> Iterator[Frame]:
        samples = len(heard[0])
        for k in range(round(samples / self._sample_rate * self._rate)):
            end = round((k + 1) * self._sample_rate / self._rate)
            yield self._draw([one[max(0, end - self._grid.window) : end] for one in heard])


def _maker(
    name: str, port: Connector, many: bool, sample_rate: int, rate: float, options: dict[str, Any]
) -> Callable[[tuple[int, int]], views.View]:
    title = f"{port.fullname} {name}" if many else port.fullname
    return lambda size: views.create(name, size=size, sample_rate=sample_rate, rate=rate, **{"title": title, **options})


def _write(
    filename: str | os.PathLike[str], frames: Iterable[Any], size: tuple[int, int] | None, rate: float,
    audio: sound.Audio, byteorder: ByteOrder | None, encoder: str, quality: float, tell: Tell, audio_rate: int = SAMPLE_RATE,
) -> VideoSink:  # fmt: skip
    """Write frames to a video; the first one gives the size, unless `size` does."""
    sink: VideoSink | None = None
    with ExitStack() as stack:
        for k, given in enumerate(frames):
            if not tell("filming", k / rate):
                break
            frame = np.asarray(given)
            if sink is None:
                height, width, order = _kind(frame, size, byteorder)
                sink = VideoSink((height, width), filename, rate, order, encoder, quality=quality, audio=audio, audio_rate=audio_rate)
                stack.enter_context(sink)
            sink.run(frame)
        if sink is None:
            sink = VideoSink(size or SIZE, filename, rate, encoder=encoder)  # raises the error for a video without frames
            stack.enter_context(sink)
    return sink


def _kind(frame: Frame, size: tuple[int, int] | None, byteorder: ByteOrder | None) -> tuple[int, int, ByteOrder]:
    """Size and byte order of a video, from its first frame."""
    channels = frame.shape[2] if frame.ndim == 3 else 1
    orders: dict[int, ByteOrder] = {1: "gray", 3: "rgb24", 4: "bgra"}
    if frame.ndim not in (2, 3) or channels not in orders:
        raise ValueError(f"a frame must have the shape (height, width) or (height, width, 1, 3 or 4), not {frame.shape}")
    height, width = size or frame.shape[:2]
    return height, width, byteorder or orders[channels]


def _frames(source: Any, seconds: float | None, rate: float) -> Iterator[Any]:
    """The frames of an array, an iterable or a function."""
    count = None if seconds is None else max(1, round(seconds * rate))
    if isinstance(source, np.ndarray):
        if source.ndim not in (3, 4):
            raise ValueError(f"an array of frames must have the shape (frames, height, width[, channels]), not {source.shape}")
        return iter(source[:count])
    if callable(source):
        if count is None:
            raise ValueError("a video of a function needs a duration, such as seconds=10")
        return (cast(Callable[[float], Any], source)(k / rate) for k in range(count))
    if isinstance(source, Iterable) and not isinstance(source, (str, bytes)):
        return _first(iter(source), count)
    raise TypeError(f"the source of a video must be an array, an iterable of frames, a function f(t) or a port, not {source!r}")


def _first(frames: Iterator[Any], count: int | None) -> Iterator[Any]:
    """Like `itertools.islice`, but never asks for the frame after the last."""
    k = 0
    while count is None or k < count:
        try:
            frame = next(frames)
        except StopIteration:
            return
        yield frame
        k += 1
