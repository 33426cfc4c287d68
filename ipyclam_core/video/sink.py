"""The sink: frames in, a film out."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

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
    """Write arrays to a film, one frame at a time.

    Frames go raw to an encoder's standard input, without being copied where they are contiguous. Until the film is whole
    its file is called ``NAME.partial.SUFFIX``: a file without that word is a film from its first frame to its last.

    Parameters
    ----------
    size : (height, width) of the frames, in pixels.
    filename : where to write. The suffix picks the container:
        ``.avi``, ``.mp4``, ``.mkv``, ``.webm`` or ``.gif``; without one it is ``.avi``.
    rate : frames per second.
    byteorder : what the channels of a pixel are: ``"bgra"``, ``"rgba"``, ``"bgr24"``, ``"rgb24"`` or ``"gray"``.
    encoder : ``"mencoder"``, ``"ffmpeg"``, ``"bundled"`` (the ffmpeg of the wheel imageio-ffmpeg), or ``"auto"``: the first
        of these that is installed and writes the container.
    quality : 0 (smallest file) to 10 (best picture).
    codec : another one than the container's usual, by the encoder's name for it.
    audio : the sound: the path of a sound file, samples ``(frames,)`` or ``(frames, channels)``, or a network, which is
        rendered for as long as the film lasts. It is cut, or silent, where the pictures end. May be assigned until `close`.
    audio_rate : samples per second of an array or a network; files have their own.

    Raises
    ------
    EncoderMissing : no encoder for this film is installed; the message says what to type.
    OSError : the file cannot be written.
    ValueError, TypeError : an argument that cannot be.

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
        if audio is not None and film.suffix == ".gif":
            raise ValueError("a .gif film has no sound; take .mp4 or .mkv")
        sound.check(audio)
        self.audio = audio
        self.audio_rate = audio_rate
        self._encoder_name, self._encoder, self._program = encoders.choose(encoder, film.suffix)
        self._shapes = _shapes(film)
        self._copy: NDArray[np.uint8] | None = None
        self._feed: Feed | None = None
        self._closed = False
        _check_writable(film)

    # -- what it is

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the frames, in pixels."""
        return self._film.height, self._film.width

    @property
    def filename(self) -> str:
        """Where the whole film will be."""
        return str(self._shown[0])

    @property
    def rate(self) -> float | Fraction:
        """Frames per second."""
        return self._shown[1]

    @property
    def byteorder(self) -> str:
        """What the channels of a pixel are."""
        return self._film.byteorder

    @property
    def encoder(self) -> str:
        """The encoder in use."""
        return self._encoder_name

    @property
    def frames(self) -> int:
        """How many frames were given."""
        return self._feed.writes if self._feed else 0

    @property
    def closed(self) -> bool:
        """Whether it takes no more frames."""
        return self._closed

    def __repr__(self) -> str:
        return f"VideoSink({self.size}, {self.filename!r}, rate={self.rate}, byteorder={self.byteorder!r}, encoder={self.encoder!r})"

    # -- what it does

    def run(self, image: NDArray[np.uint8]) -> None:
        """Append a frame.

        Parameters
        ----------
        image : uint8, of shape ``size + (channels,)``; for ``"gray"`` also ``size``. Any strides.

        Raises
        ------
        BadFrame : another shape (a ``ValueError``) or type (a ``TypeError`` too), or a frame after the film was closed.
        EncoderFailed : the encoder is gone, with its own words.
        """
        frame = self._checked(image)
        if self._feed is None:
            self._feed = Feed(self._encoder.encode(self._program, self._film, self._film.partial))
        try:
            self._feed.write(frame.data.cast("B"))
        except ConnectionError:
            raise self._failure(self._feed, "") from None

    def close(self) -> None:
        """End the film: wait for the encoder, add the sound, see that all of it is in the file. Twice is no error.

        Raises
        ------
        NoFrames : no frame was given; nothing is left behind.
        EncoderFailed : not all of the film is in the file, which then keeps its partial name.
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
        """End without a film: the encoder is stopped and what it wrote is removed."""
        self._closed = True
        if self._feed is not None:
            self._feed.kill()
            self._feed.release()
        self._film.partial.unlink(missing_ok=True)

    def __enter__(self) -> VideoSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Close. After an error in the block the frames so far are kept, under the partial name; Ctrl-C is no error but the end."""
        if error is None or isinstance(error, KeyboardInterrupt):
            with contextlib.suppress(NoFrames) if error else contextlib.nullcontext():
                self.close()
        elif not self._closed:
            self._keep_partial(error)

    # -- inside

    def _checked(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The frame as bytes in a row, or why it is none."""
        if self._closed:
            raise BadFrame(f"{self.filename} is closed; a new VideoSink takes more frames")
        if self._feed is not None and self._feed.torn:
            raise BadFrame(f"{self.filename} was broken off within a frame and takes no more; close() keeps the {self.frames} before")
        image = np.asarray(image)
        if image.dtype != np.uint8:
            advice = "; multiply by 255 and use .astype(np.uint8)" if image.dtype.kind == "f" else "; use .astype(np.uint8)"
            raise BadFrameType(f"a frame is an array of uint8, not of {image.dtype}{advice}")
        if image.shape not in self._shapes:
            raise BadFrame(_wrong_shape(self._film, image.shape))
        if image.flags.c_contiguous:
            return image
        if self._copy is None:
            self._copy = np.empty(self._shapes[0], np.uint8)
        np.copyto(self._copy, image.reshape(self._shapes[0]) if image.ndim == 2 else image)
        return self._copy

    def _finish(self, feed: Feed, target: Path) -> None:
        """Wait for a program, and believe the file."""
        try:
            status = feed.finish()
        except BaseException:
            feed.kill()
            raise
        doubt = "" if status else self._encoder.doubt(self._film, self.frames, feed.said, target)
        if not status and not doubt and not is_whole(target, self._film.suffix):
            doubt = "the end of the file is missing; is the disk full?"
        if status or doubt:
            raise self._failure(feed, doubt)
        feed.release()

    def _failure(self, feed: Feed, doubt: str) -> EncoderFailed:
        """The error for a program that did not do its work; the film is over."""
        self._closed = True
        status = feed.finish()
        words = feed.words
        feed.release()
        partial = self._film.partial
        if partial.exists() and not partial.stat().st_size:
            partial.unlink()
        left = partial.name if partial.exists() else None
        how = f"{ended(status)}, but {doubt}" if doubt else f"{ended(status)} before the film was whole"
        return EncoderFailed(self._encoder_name, how, words, left)

    def _add_sound(self) -> None:
        film = self._film
        wav, joined = film.beside("sound", ".wav"), film.beside("joined")
        try:
            sound.write(self.audio, self.audio_rate, film.seconds(self.frames), wav)
            self._finish(Feed(self._encoder.join(self._program, film, film.partial, wav, joined)), joined)
            os.replace(joined, film.path)
            film.partial.unlink()
        except (OSError, RuntimeError, ValueError) as exc:
            if not isinstance(exc, VideoError):
                exc = VideoError(f"the sound could not be added: {exc}")
            exc.add_note(f"the pictures without sound are in {film.partial.name}")
            raise exc from None
        finally:
            wav.unlink(missing_ok=True)
            joined.unlink(missing_ok=True)

    def _keep_partial(self, error: BaseException) -> None:
        self._closed = True
        if self._feed is None:
            self._film.partial.unlink(missing_ok=True)
            return
        with contextlib.suppress(EncoderFailed):  # the user's error is the one to see
            self._finish(self._feed, self._film.partial)
            error.add_note(f"the {self.frames} frames before that are in {self._film.partial}")


def _shapes(film: Film) -> tuple[tuple[int, ...], ...]:
    full = (film.height, film.width, film.channels)
    return (full, full[:2]) if film.channels == 1 else (full,)


def _wrong_shape(film: Film, shape: tuple[int, ...]) -> str:
    expected = _shapes(film)[0]
    text = f"a frame of this film has the shape {expected}, not {shape}"
    if shape[:2] == (film.width, film.height) != (film.height, film.width):
        return f"{text}; size is (height, width)"
    if shape[:2] == (film.height, film.width):
        fitting = [order for order, channels in CHANNELS.items() if (*shape, 1)[2] == channels]
        return f"{text}; byteorder={film.byteorder!r} has {film.channels} channels" + (
            f", {' and '.join(map(repr, fitting))} {'have' if len(fitting) > 1 else 'has'} {(*shape, 1)[2]}" if fitting else ""
        )
    return text


def _check_writable(film: Film) -> None:
    """Find out now, not after an hour of frames, that a file cannot be there."""
    if film.path.is_dir():
        raise IsADirectoryError(f"{film.path} is a directory")
    if film.path.exists() and not os.access(film.path, os.W_OK):
        raise PermissionError(f"{film.path} may not be written")
    with film.partial.open("ab"):
        pass
