"""Films of anything: arrays, iterables, functions of time, and ports of a network, playing or not."""

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
from ..proxy import CanPlay, CanRecord
from . import hearing, sound, views
from .sink import ByteOrder, VideoSink
from .views._grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..frontend.connectors import Connector
    from ..proxy import NetworkProxy

    Frame = NDArray[np.uint8]

Tell = Callable[[str, float], bool]
"""Called with what is being done and the seconds of the film that are done; False ends the film there."""

SIZE = (480, 640)
SAMPLE_RATE = 48_000
SLICE = 0.05
"""Seconds between questions whether to go on, while waiting for the next frame."""


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
    """Make a film.

    Parameters
    ----------
    filename : where to write, as `VideoSink` takes it.
    source : an array of frames ``(frames, height, width)`` or with channels after that; an iterable of frames; a
        function of the time in seconds that gives a frame; an audio out port of a network, several, or a processing. A network
        that plays is filmed as it plays; one that does not is rendered, faster than time.
    seconds : how long; an array or an iterable may also end by itself.
    view : how ports are drawn: ``"oscilloscope"``, ``"spectrum"``, ``"spectrogram"``, ``"peaks"`` or ``"vumeter"``;
        several are drawn side by side.
    options : more arguments for the views, as ``ink``.
    size : (height, width) in pixels; of arrays it is their own.
    rate : frames per second.
    audio : True for what the network of a port plays; else as `VideoSink` takes it.
    byteorder : of arrays; None takes ``"gray"``, ``"rgb24"`` or ``"bgra"`` by their channels.
    encoder, quality : as `VideoSink` takes them.
    tell : hears how far it is, and may end the film.

    Returns
    -------
    VideoSink
        Closed; its `frames` and `filename` are those of the film.

    Examples
    --------
    >>> import numpy as np
    >>> make("fade.avi", lambda t: np.full((48, 64), 255 * t, np.uint8), seconds=1).frames
    25
    """
    if seconds is not None and not 0 < seconds < math.inf:
        raise ValueError(f"seconds is a number above 0, not {seconds!r}")
    tell = tell or (lambda what, done: True)
    audio = None if audio is False else audio
    ports = hearing.ports_of(source)
    if not ports:
        if audio is True:
            raise ValueError("audio=True is the sound of a port's network; give a path, samples or a network here")
        frames = _frames(source, seconds, rate)
        return _write(filename, frames, size, rate, audio, byteorder, encoder, quality, tell)
    if seconds is None:
        raise ValueError("a film of a port takes its seconds: how long")
    film = _Ports(ports, seconds, (view,) if isinstance(view, str) else tuple(view), dict(options or {}), size or SIZE, rate, tell)
    return film.live(filename, audio, encoder, quality) if film.is_live else film.rendered(filename, audio, encoder, quality)


class _Ports:
    """A film of ports."""

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
        # the recording ends before the film does, which then takes its sound from there
        with tempfile.TemporaryDirectory() as folder, sink, self._recorded(sink, Path(folder)) if audio is True else nullcontext():
            for heard, due in hearing.live(self._ports, self._grid.window, self._rate, self._seconds, self._wait(sink)):
                frame = self._draw(heard)
                for _ in range(due):
                    sink.run(frame)
        return sink

    @contextmanager
    def _recorded(self, sink: VideoSink, folder: Path) -> Iterator[None]:
        """Record what plays, for the sound of a film."""
        if not isinstance(self._engine, CanRecord):
            raise NotSupported(self._engine.engine, "record what it plays")
        path = folder / "sound.wav"
        end = self._engine.record(str(path))
        try:
            yield
        finally:
            if end():
                sink.audio = path

    def _wait(self, sink: VideoSink) -> Callable[[float], bool]:
        """Sleep in slices, telling how far the film is."""

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
    """A film of frames, as large as the first of them."""
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
            sink = VideoSink(size or SIZE, filename, rate, encoder=encoder)  # says what is wrong with a film of no frames
            stack.enter_context(sink)
    return sink


def _kind(frame: Frame, size: tuple[int, int] | None, byteorder: ByteOrder | None) -> tuple[int, int, ByteOrder]:
    """Size and byte order of a film that begins with this frame."""
    channels = frame.shape[2] if frame.ndim == 3 else 1
    orders: dict[int, ByteOrder] = {1: "gray", 3: "rgb24", 4: "bgra"}
    if frame.ndim not in (2, 3) or channels not in orders:
        raise ValueError(f"a frame has the shape (height, width) or (height, width, 1, 3 or 4), not {frame.shape}")
    height, width = size or frame.shape[:2]
    return height, width, byteorder or orders[channels]


def _frames(source: Any, seconds: float | None, rate: float) -> Iterator[Any]:
    """The frames of what is no port."""
    count = None if seconds is None else max(1, round(seconds * rate))
    if isinstance(source, np.ndarray):
        if source.ndim not in (3, 4):
            raise ValueError(f"an array of frames has the shape (frames, height, width) or with channels after that, not {source.shape}")
        return iter(source[:count])
    if callable(source):
        if count is None:
            raise ValueError("a film of a function of time takes its seconds: how long")
        return (cast(Callable[[float], Any], source)(k / rate) for k in range(count))
    if isinstance(source, Iterable) and not isinstance(source, (str, bytes)):
        return _first(iter(source), count)
    raise TypeError(f"a film is made of an array of frames, an iterable of them, a function of time or a port, not of {source!r}")


def _first(frames: Iterator[Any], count: int | None) -> Iterator[Any]:
    """As islice, without asking for the frame after the last."""
    k = 0
    while count is None or k < count:
        try:
            frame = next(frames)
        except StopIteration:
            return
        yield frame
        k += 1
