"""The arguments of ``net.render``, checked and converted for the engine: a number of frames, and an array for each source."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import NotSupported
from ..parameters import LARGEST_INT
from ..proxy import CanPlay, CanRender
from ..system import regular
from ..system.display import brief, warn
from ..system.sound_formats import says_no_samples
from .history import RecordingProxy
from .samples import floats

if TYPE_CHECKING:
    from ..proxy import Samples

DEFAULT_SAMPLE_RATE = 48000
MOST = (1 << 31) - 1  # of a rate and a block size


def render(
    proxy: RecordingProxy,
    seconds: float | None,
    frames: int | None,
    inputs: Any,
    block_size: int,
    sample_rate: int | None,
    progress: Callable[[int], bool | None] | None,
) -> Samples:
    """`Network.render`."""
    engine = proxy.inner
    if not isinstance(engine, CanRender):
        raise NotSupported(proxy.engine, "render")
    rate = _sample_rate(engine) if sample_rate is None else count("sample_rate", sample_rate, 1)
    arrays = _inputs(engine, inputs, rate)
    return engine.render(_frames(seconds, frames, rate, arrays), arrays, count("block_size", block_size, 1), rate, progress)


def _sample_rate(engine: object) -> int:
    playing = engine.status().sample_rate if isinstance(engine, CanPlay) else 0
    return int(playing) or DEFAULT_SAMPLE_RATE


def _frames(seconds: float | None, frames: int | None, rate: int, arrays: Mapping[str, Samples]) -> int:
    if seconds is not None and frames is not None:
        raise TypeError("render takes seconds or frames, not both")
    if frames is not None:
        return count("frames", frames, 0, LARGEST_INT)
    if seconds is not None:
        wanted = duration(seconds) * rate
        if not math.isfinite(wanted):
            raise ValueError(f"seconds is too large: {seconds!r}")
        return round(wanted)
    if not arrays:
        raise TypeError("without inputs, render needs seconds or frames")
    return max(len(array) for array in arrays.values())


def duration(seconds: object) -> float:
    """`seconds` as a float; an error if it is not a number, infinite or negative."""
    if isinstance(seconds, (bool, str, bytes)) or not hasattr(seconds, "__float__"):
        raise TypeError(f"seconds must be a number, not {seconds!r}")
    try:
        number = float(seconds)
    except OverflowError:  # an int that no float can hold
        number = math.inf
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"seconds must be a finite number, 0 or more, not {brief(seconds)}")
    return number


def count(what: str, value: object, least: int, most: int = MOST) -> int:
    """`value` as an int; an error if it is not an int, less than `least`, or more than `most`."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{what} must be an int, not {brief(value)}")
    number = int(value.__index__())
    if not least <= number <= most:
        bounds = f"{least} or more" if number < least else f"{most} or less"
        raise ValueError(f"{what} must be {bounds}, not {brief(number)}")
    return number


def _inputs(engine: CanRender, inputs: Any, rate: int) -> dict[str, Samples]:
    """The array of each source that has one."""
    if inputs is None:
        return {}
    sources = engine.sources()
    arrays = {}
    for name, given in _by_source(sources, inputs).items():
        if given is not None:
            arrays[name] = _array(given, name, sources[name], rate)
    return arrays


def _by_source(sources: Mapping[str, int], inputs: Any) -> dict[str, Any]:
    if isinstance(inputs, Mapping):
        named = {str(getattr(key, "name", key)): given for key, given in inputs.items()}
        for name in named:
            if name not in sources:
                raise ValueError(f"{name!r} is not a source of this network. {_there_is(sources)}")
        return named
    listed = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    if len(listed) > len(sources):
        raise ValueError(f"too many inputs: {len(listed)} for {_number(len(sources), 'source')}. {_there_is(sources)}")
    if listed is not inputs and len(sources) > 1:
        raise ValueError(f"one input for {len(sources)} sources. Give a list, or a mapping by name. {_there_is(sources)}")
    return dict(zip(sources, listed, strict=False))


def _there_is(sources: Mapping[str, int]) -> str:
    return f"Its sources are {', '.join(map(repr, sources))}" if sources else "It has no sources"


def _number(of: int, noun: str) -> str:
    return f"{of} {noun}{'' if of == 1 else 's'}"


def _array(given: Any, name: str, channels: int, rate: int) -> Samples:
    import numpy as np

    if isinstance(given, (str, os.PathLike)):
        array = _read(given, rate)
    else:
        array = np.asarray(given)
        if array.dtype.kind not in "fiub" or array.ndim not in (1, 2):
            raise TypeError(f"the input of {name} must be a float array (frames,) or (frames, channels), or a path, not {_brief(given)}")
        array = floats(array.reshape(-1, 1) if array.ndim == 1 else array, f"the input of {name}")
        array = np.ascontiguousarray(array)
    if array.shape[1] != channels:
        turned = ". It looks transposed" if array.shape[0] == channels and array.shape[1] > channels else ""
        raise ValueError(f"{name} has {_number(channels, 'channel')}, but its input has {array.shape[1]}{turned}")
    if not np.isfinite(array).all():
        raise ValueError(f"the input of {name} contains NaN or infinity")
    return array


def _read(path: str | os.PathLike[str], rate: int) -> Samples:
    """A sound file at that sample rate."""
    import numpy as np
    import soundfile
    import soxr

    try:
        descriptor = regular.open_to_read(path)
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {os.fspath(path)!r}") from None
    try:
        array, its_rate = soundfile.read(descriptor, dtype="float32", always_2d=True)  # which closes it
    except soundfile.LibsndfileError as error:
        raise ValueError(f"{os.fspath(path)} is not a readable sound file: {error.error_string}") from error
    if not len(array):
        raise ValueError(says_no_samples(path))
    if its_rate != rate:
        warn(f"{os.fspath(path)} is resampled from {its_rate} to {rate} Hz", stacklevel=6)
        array = soxr.resample(array, its_rate, rate)
    return np.ascontiguousarray(array, dtype=np.float32)


def _brief(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{type(given).__name__} {text[:50]}..."
