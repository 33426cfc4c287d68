"""`VideoSink`: writes frames to a video file."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from ..errors import BadFrame, BadFrameType, EncoderFailed, NoFrames, VideoError
from . import encoders, sound
from .containers import is_whole
from .feed import Feed, ended
from .film import CHANNELS, Film

if TYPE_CHECKING:
    from numpy.typing import NDArray

ByteOrder = Literal["bgra", "rgba", "bgr24", "rgb24", "gray"]


class VideoSink:
    """Write arrays to a video file, one frame at a time.

    Raw frames are piped to an encoder; contiguous frames are not copied. While the video is incomplete, its file is called
    ``NAME.partial.SUFFIX``. A file called ``NAME.SUFFIX`` is always complete.

    Parameters
    ----------
    size : (height, width) of the frames, in pixels: the order of an array's shape.
    filename : the file to write. Its suffix selects the container:
        ``.avi``, ``.mp4``, ``.mkv``, ``.webm`` or ``.gif``. Without a suffix, ``.avi`` is appended.
    rate : frames per second, from 1/3600 to 10,000; ``.avi``, ``.mkv`` and ``.webm`` have at most 1000, ``.gif`` 1/600 to 50.
    byteorder : the order of the channels of a pixel: ``"bgra"``, ``"rgba"``, ``"bgr24"``, ``"rgb24"`` or ``"gray"``.
    encoder : ``"mencoder"``, ``"ffmpeg"``, ``"bundled"`` (the ffmpeg of the package imageio-ffmpeg), or ``"auto"``: the first
        of these that is installed and supports the container.
    quality : 0 (smallest file) to 10 (best picture).
    codec : the encoder's name of a codec, to replace the default of the container.
    audio : the sound: the path of a sound file, samples ``(frames,)`` or ``(frames, channels)``, or a network, which is
        rendered for the duration of the video. Longer sound is cut, shorter sound is followed by silence. It may be assigned
        until `close`. ``.mp4`` has at most 8 channels, the others 64; mencoder writes 1 or 2.
    audio_rate : sample rate of an array or a network, in Hz. Sound files have their own.

    Raises
    ------
    EncoderMissing : no encoder for this container is installed; the message says what to type.
    OSError : the file cannot be written.
    ValueError, TypeError : an argument is not valid.

    Examples
    --------
    >>> import numpy as np
    >>> with VideoSink((120, 160), "ramp", rate=25, byteorder="gray") as sink:
    ...     for level in range(50):
    ...         sink.run(np.full((120, 160), level * 5, np.uint8))
    >>> sink
    VideoSink((120, 160), 'ramp.avi', rate=25, byteorder='gray', encoder='mencoder')
    """

    def __init__(
        self,
        size: Sequence[int],
        filename: str | os.PathLike[str] = "output",
        rate: float | Fraction = 10,
        byteorder: ByteOrder = "bgra",
        encoder: str = "auto",
        *,
        quality: float = 7,
        codec: str | None = None,
        audio: sound.Audio = None,
        audio_rate: int = 48_000,
    ) -> None:
        self._film = film = Film.of(size, filename, rate, byteorder, codec, quality)
        self._shown = (Path(filename).with_suffix(film.path.suffix), rate)
        _check_sound(film, audio)
        self._audio = audio
        self._asked = encoder
        self.audio_rate = audio_rate
        self._encoder_name, self._encoder, self._program = encoders.choose(encoder, film, sound.channels_of(audio))
        self._shapes = _shapes(film)
        self._copy: NDArray[np.uint8] | None = None
        self._feed: Feed | None = None
        self._closed = self._forsaken = False
        _open.add(self)
        _check_writable(film)

    # -- properties

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the frames, in pixels."""
        return self._film.height, self._film.width

    @property
    def filename(self) -> str:
        """The path of the finished video."""
        return str(self._shown[0])

    @property
    def rate(self) -> float | Fraction:
        """Frames per second."""
        return self._shown[1]

    @property
    def byteorder(self) -> str:
        """The order of the channels of a pixel."""
        return self._film.byteorder

    @property
    def encoder(self) -> str:
        """The encoder in use."""
        return self._encoder_name

    @property
    def audio(self) -> sound.Audio:
        """The sound; None for none. It may be assigned until `close`."""
        return self._audio

    @audio.setter
    def audio(self, audio: sound.Audio) -> None:
        _check_sound(self._film, audio)
        self.expect_sound(sound.channels_of(audio))
        self._audio = audio

    def expect_sound(self, channels: int) -> None:
        """Sound of so many channels will be assigned to `audio`. ``ValueError`` if no encoder here can write it to this container."""
        encoders.choose(self._asked, self._film, channels)

    @property
    def frames(self) -> int:
        """The number of frames written."""
        return self._feed.writes if self._feed else 0

    @property
    def closed(self) -> bool:
        """Whether the video is closed and takes no more frames."""
        return self._closed

    def __repr__(self) -> str:
        return f"VideoSink({self.size}, {self.filename!r}, rate={self.rate}, byteorder={self.byteorder!r}, encoder={self.encoder!r})"

    # -- writing

    def run(self, image: NDArray[np.uint8]) -> None:
        """Append a frame.

        Parameters
        ----------
        image : uint8, of shape ``size + (channels,)``; for ``"gray"`` also ``size``. Any strides.

        Raises
        ------
        BadFrame : the array has a wrong shape (a ``ValueError``) or type (also a ``TypeError``), or the video is closed.
        EncoderFailed : the encoder has ended; the message quotes its output.
        """
        frame = self._checked(image)
        if self._feed is None:
            self._feed = Feed(self._encoder.encode(self._program, self._film, self._film.partial))
        try:
            self._feed.write(frame.data.cast("B"))
        except ConnectionError:
            raise self._failure(self._feed, "") from None

    def close(self) -> None:
        """Finish the video: wait for the encoder, add the sound, and check that the file is complete. May be called twice.

        Raises
        ------
        NoFrames : there were no frames; no file is written.
        EncoderFailed : the file is incomplete; it keeps its partial name.
        """
        if self._closed:
            return
        self._closed = True
        if self._feed is None:
            self._film.partial.unlink(missing_ok=True)
            raise NoFrames(self.filename)
        self._finish(self._feed, self._film.partial)
        if self.audio is None:
            os.replace(self._film.partial, self._film.path)
        else:
            self._add_sound()

    def discard(self) -> None:
        """Stop the encoder and delete its file."""
        if self._forsaken:
            return
        self._closed = True
        if self._feed is not None:
            self._feed.kill()
            self._feed.release()
        self._film.partial.unlink(missing_ok=True)

    def __enter__(self) -> VideoSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Close. After an error in the block, the frames so far are kept under the partial name. Ctrl-C closes normally."""
        if error is None or isinstance(error, KeyboardInterrupt):
            with contextlib.suppress(NoFrames) if error else contextlib.nullcontext():
                self.close()
        elif not self._closed:
            self._keep_partial(error)

    # -- inside

    def _forsake(self) -> None:
        """In a child process: the video is the parent's."""
        self._closed = self._forsaken = True
        if self._feed is not None:
            self._feed.forsake()
            self._feed = None

    def _checked(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The frame as a contiguous array; raises `BadFrame` if it does not fit this video."""
        if self._closed:
            raise BadFrame(f"{self.filename} is closed. Write further frames to a new VideoSink")
        if self._feed is not None and self._feed.torn:
            raise BadFrame(f"{self.filename} was interrupted within a frame. close() keeps the first {self.frames} frames")
        image = np.asarray(image)
        if image.dtype != np.uint8:
            advice = "For values from 0 to 1: (255 * frame).astype(np.uint8)" if image.dtype.kind == "f" else "Use frame.astype(np.uint8)"
            raise BadFrameType(f"a frame must be an array of uint8, not {image.dtype}. {advice}")
        if image.shape not in self._shapes:
            raise BadFrame(_wrong_shape(self._film, image.shape))
        if image.flags.c_contiguous:
            return image
        if self._copy is None:
            self._copy = np.empty(self._shapes[0], np.uint8)
        np.copyto(self._copy, image.reshape(self._shapes[0]) if image.ndim == 2 else image)
        return self._copy

    def _finish(self, feed: Feed, target: Path, encoder: encoders.Encoder | None = None) -> None:
        """Wait for the encoder to exit, and check its file: the exit status alone proves nothing."""
        try:
            status = feed.finish()
        except BaseException:
            feed.kill()
            raise
        doubt = "" if status else (encoder or self._encoder).doubt(self._film, self.frames, feed.said, target)
        if not status and not doubt and not is_whole(target, self._film.suffix):
            doubt = "the end of the file is missing. Is the disk full?"
        if status or doubt:
            raise self._failure(feed, doubt)
        feed.release()

    def _failure(self, feed: Feed, doubt: str) -> EncoderFailed:
        """The error for an encoder that failed. It closes the video."""
        self._closed = True
        status = feed.finish()
        words = feed.words
        feed.release()
        partial = self._film.partial
        if partial.exists() and not partial.stat().st_size:
            partial.unlink()
        left = partial.name if partial.exists() else None
        how = f"{ended(status)}, but {doubt}" if doubt else f"{ended(status)} before the video was complete"
        return EncoderFailed(self._encoder_name, how, words, left)

    def _add_sound(self) -> None:
        film = self._film
        wav, joined = film.beside("sound", ".wav"), film.beside("joined")
        try:
            channels = sound.write(self.audio, self.audio_rate, film.seconds(self.frames), wav)
            _, encoder, program = encoders.choose(self._asked, film, channels)  # another one, where that of the pictures has too few
            self._finish(Feed(encoder.join(program, film, film.partial, wav, joined)), joined, encoder)
            os.replace(joined, film.path)
            film.partial.unlink()
        except (OSError, RuntimeError, ValueError) as exc:
            if not isinstance(exc, VideoError):
                exc = VideoError(f"the sound could not be added: {exc}")
            exc.add_note(f"the video without sound is {film.partial.name}")
            raise exc from None
        finally:
            wav.unlink(missing_ok=True)
            joined.unlink(missing_ok=True)

    def _keep_partial(self, error: BaseException) -> None:
        self._closed = True
        if self._feed is None:
            self._film.partial.unlink(missing_ok=True)
            return
        with contextlib.suppress(EncoderFailed):  # the error of the user must be shown instead
            self._finish(self._feed, self._film.partial)
            error.add_note(f"the first {self.frames} frames are in {self._film.partial}")


def _shapes(film: Film) -> tuple[tuple[int, ...], ...]:
    full = (film.height, film.width, film.channels)
    return (full, full[:2]) if film.channels == 1 else (full,)


def _wrong_shape(film: Film, shape: tuple[int, ...]) -> str:
    expected = _shapes(film)[0]
    text = f"a frame of this video must have the shape {expected}, not {shape}"
    if shape[:2] == (film.width, film.height) != (film.height, film.width):
        return f"{text}. size is (height, width): use VideoSink(size={shape[:2]}, ...)"
    if shape[:2] == (film.height, film.width):
        fitting = [order for order, channels in CHANNELS.items() if (*shape, 1)[2] == channels]
        order = f"byteorder={film.byteorder!r} has {film.channels} channels"
        return f"{text}: {order}" + (f". For this frame use byteorder={' or '.join(map(repr, fitting))}" if fitting else "")
    return text


def _check_sound(film: Film, audio: sound.Audio) -> None:
    if audio is not None and film.suffix == ".gif":
        raise ValueError("a .gif file cannot have sound. Use .mp4 or .mkv")
    sound.check(audio)


def _check_writable(film: Film) -> None:
    """Raise ``OSError`` before the first frame, not after the last, if the file cannot be written."""
    if film.path.is_dir():
        raise IsADirectoryError(f"{film.path} is a directory")
    if film.path.exists() and not os.access(film.path, os.W_OK):
        raise PermissionError(f"{film.path} is write-protected")
    with film.partial.open("ab"):
        pass


_open: Final[weakref.WeakSet[VideoSink]] = weakref.WeakSet()


def _forsake_all() -> None:
    for sink in list(_open):
        sink._forsake()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forsake_all)
