"""The sound of a video: a file, samples or a network, written as a WAV file exactly as long as the video."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from ..errors import NotPlayable
from ..frontend.network import Network
from ..frontend.samples import floats
from ..proxy import CanRender
from ..system import given
from ..system.sound_formats import says_no_samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from numpy.typing import NDArray

_CHUNK = 1 << 16


@runtime_checkable
class CanBeRendered(Protocol):
    """A network, or any object with such a method `render`."""

    def render(self, seconds: float) -> Any:
        """Float samples ``(frames, channels)``."""


Audio = str | os.PathLike[str] | CanBeRendered | Any
"""The path of a sound file; samples ``(frames,)`` or ``(frames, channels)``; a network, rendered for the duration of the video."""


def check(audio: Audio) -> None:
    """Check the argument `audio` before the first frame."""
    if audio is None or isinstance(audio, CanBeRendered):
        return
    if isinstance(audio, (str, os.PathLike)):
        import soundfile

        path = Path(given.path(audio, "audio"))
        if not path.exists():
            raise FileNotFoundError(f"there is no sound file {str(path)!r}")
        try:
            info = soundfile.info(path)
        except soundfile.SoundFileError as exc:
            raise ValueError(f"{str(path)!r} is not a sound file: {exc}") from exc
        if not info.frames:
            raise ValueError(says_no_samples(path))
        return
    samples = np.asarray(audio)
    if samples.ndim not in (1, 2) or samples.dtype.kind not in "fiub" or samples.size == 0:
        raise ValueError(
            f"audio must be a path, a network, or samples (frames,) or (frames, channels), not an array {samples.shape} of {samples.dtype}"
        )
    floats(samples[:1], "audio")  # refuses types of samples


def channels_of(audio: Audio) -> int:
    """Its number of channels; 0 without sound, or if it is unknown before rendering."""
    if audio is None:
        return 0
    if isinstance(audio, Network):
        engine = audio.proxy.inner
        with contextlib.suppress(NotPlayable):
            return sum(engine.sinks().values()) if isinstance(engine, CanRender) else 0
        return 0
    if isinstance(audio, CanBeRendered):
        return 0
    if isinstance(audio, (str, os.PathLike)):
        import soundfile

        return int(soundfile.info(audio).channels)
    samples = np.asarray(audio)
    return 1 if samples.ndim == 1 else int(samples.shape[1])


def write(audio: Audio, rate: int, seconds: Fraction, target: Path) -> int:
    """Write `seconds` of `audio` to the WAV file `target`; longer audio is cut, shorter audio is followed by silence.

    Returns the number of channels.
    """
    import soundfile

    if isinstance(audio, CanBeRendered):
        audio = audio.render(float(seconds))
    if isinstance(audio, (str, os.PathLike)):
        with soundfile.SoundFile(audio) as file:
            rate, channels = file.samplerate, file.channels
            blocks = file.blocks(_CHUNK, dtype="float32", always_2d=True)
            _write(blocks, rate, channels, seconds, target)
    else:
        given = np.asarray(audio)
        samples = floats(given.reshape(len(given), -1), "audio")
        channels = samples.shape[1]
        _write((samples[k : k + _CHUNK] for k in range(0, len(samples), _CHUNK)), rate, channels, seconds, target)
    return int(channels)


def _write(blocks: Iterator[NDArray[np.float32]], rate: int, channels: int, seconds: Fraction, target: Path) -> None:
    import soundfile

    left = round(seconds * rate)
    with soundfile.SoundFile(target, "w", rate, channels, "PCM_16", format="WAV") as file:
        for block in blocks:
            block = np.nan_to_num(block[:left], nan=0.0, posinf=1.0, neginf=-1.0)
            file.write(np.clip(block, -1.0, 1.0))
            left -= len(block)
            if not left:
                return
        while left:
            length = min(left, _CHUNK)
            file.write(np.zeros((length, channels), np.float32))
            left -= length
