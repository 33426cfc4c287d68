"""The arguments of ``net.render``, checked and converted for the engine: a number of frames, and an array for each source."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import NotSupported
from ..parameters import LARGEST_INT, plain_text
from ..proxy import CanPlay, CanRender, ConnectorId
from ..system import given, regular
from ..system.display import LONGEST, brief, warn
from ..system.memory import physical
from ..system.sound_formats import says_no_samples
from ..variables import variable_of
from .frames import Frames, rendered
from .history import RecordingProxy
from .levels import warn_of_clipping
from .samples import floats

if TYPE_CHECKING:
    from ..proxy import Samples

DEFAULT_SAMPLE_RATE = 48000
DEFAULT_BLOCK = 512
LARGEST_BLOCK = 1 << 20  # frames
_FLOAT = 4  # bytes of a sample


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
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be a function that takes the number of frames done, not {brief(progress)}")
    rate = _sample_rate(engine) if sample_rate is None else given.count("sample_rate", sample_rate, 1)
    block = given.count("block_size", block_size, 1, LARGEST_BLOCK)
    arrays = _inputs(engine, inputs, rate)
    wanted = _frames(seconds, frames, rate, arrays)
    _check_fits(engine, wanted, rate)
    volume = proxy.info().volume
    try:
        samples = engine.render(wanted, arrays, block, rate, progress)
    except MemoryError:
        raise MemoryError(
            f"there is not enough memory to render {wanted:,} frames in blocks of {block:,} at {rate:,} Hz. Use smaller numbers"
        ) from None
    warn_of_clipping(samples, engine, volume, stacklevel=3)
    return samples


def render_frames(
    proxy: RecordingProxy,
    port: ConnectorId,
    text: str,
    seconds: float | None,
    frames: int | None,
    inputs: Any,
    block_size: int | None,
    sample_rate: int | None,
) -> Frames:
    """`Connector.render`."""
    engine = proxy.inner
    if not isinstance(engine, CanRender):
        raise NotSupported(proxy.engine, "render")
    rate = _sample_rate(engine) if sample_rate is None else given.count("sample_rate", sample_rate, 1)
    block = DEFAULT_BLOCK if block_size is None else given.count("block_size", block_size, 1, LARGEST_BLOCK)
    arrays = _inputs(engine, inputs, rate)
    return rendered(proxy, port, text, _frames(seconds, frames, rate, arrays), arrays, block, rate)


def _sample_rate(engine: object) -> int:
    playing = engine.status().sample_rate if isinstance(engine, CanPlay) else 0
    return int(playing) or DEFAULT_SAMPLE_RATE


def _frames(seconds: float | None, frames: int | None, rate: int, arrays: Mapping[str, Samples]) -> int:
    if seconds is not None and frames is not None:
        raise TypeError("render takes seconds or frames, not both")
    if frames is not None:
        return given.count("frames", frames, 0, LARGEST_INT)
    if isinstance(seconds, (str, os.PathLike)):
        raise TypeError(f"seconds must be a number, not {brief(seconds)}. To render a file: inputs={brief(seconds)}")
    if isinstance(seconds, (list, tuple)) or getattr(seconds, "ndim", False):
        raise TypeError(f"seconds must be a number, not {brief(seconds)}. To render samples: inputs=...")
    if seconds is not None:
        return round(min(given.duration(seconds) * rate, 1e300))
    if not arrays:
        raise TypeError("without inputs, render needs seconds or frames, such as net.render(5)")
    return max(len(array) for array in arrays.values())


def _check_fits(engine: CanRender, frames: int, rate: int) -> None:
    """Refuse a result that is larger than the memory of this machine."""
    channels, memory = sum(engine.sinks().values()), physical()
    longest = memory // (channels * _FLOAT) if channels else LARGEST_INT
    if frames > longest:
        raise ValueError(
            f"{frames / rate:.9g} seconds of {_number(channels, 'channel')} do not fit into the memory of this machine, "
            f"{memory / (1 << 30):,.1f} GiB. The longest render is seconds={longest // rate}. "
            f'For a longer one, record it as it plays: {variable_of(engine)}.record("out.wav", seconds)'
        )


def _inputs(engine: CanRender, inputs: Any, rate: int) -> dict[str, Samples]:
    """The array of each source that has one."""
    if inputs is None:
        return {}
    sources = engine.sources()
    arrays = {}
    for name, signal in _by_source(sources, inputs).items():
        if signal is not None:
            arrays[name] = _array(signal, name, sources[name], rate)
    return arrays


def _by_source(sources: Mapping[str, int], inputs: Any) -> dict[str, Any]:
    if isinstance(inputs, Mapping):
        named = {_source(key): signal for key, signal in inputs.items()}
        for name in named:
            if name not in sources:
                raise ValueError(f"{name!r} is not a source of this network. {_there_is(sources)}")
        return named
    listed = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    if len(listed) > len(sources):
        raise ValueError(
            f"too many inputs: {len(listed)} for {_number(len(sources), 'source')}. {_there_is(sources)}. "
            "A list has one array or path for each source. For one array of samples: inputs=numpy.array([...])"
        )
    if listed is not inputs and len(sources) > 1:
        raise ValueError(f"one input for {len(sources)} sources. Give a list, or a mapping by name. {_there_is(sources)}")
    return dict(zip(sources, listed, strict=False))


def _source(key: object) -> str:
    name = getattr(key, "name", key)
    if not isinstance(name, str):
        raise TypeError(f"inputs are given by the name of a source, not by {brief(key)} ({type(key).__name__})")
    return plain_text(name)


def _there_is(sources: Mapping[str, int]) -> str:
    return f"Its sources are {', '.join(map(repr, sources))}" if sources else "It has no sources"


def _number(of: int, noun: str) -> str:
    return f"{of} {noun}{'' if of == 1 else 's'}"


def _array(signal: Any, name: str, channels: int, rate: int) -> Samples:
    import numpy as np

    if isinstance(signal, (str, bytes, os.PathLike)):
        array = _read(given.path(signal, f"the input of {name}"), rate)
    else:
        array = _samples(signal)
        if array.dtype.kind not in "fiub" or array.ndim not in (1, 2):
            raise TypeError(f"the input of {name} must be a float array (frames,) or (frames, channels), or a path, not {_brief(signal)}")
        array = floats(array.reshape(-1, 1) if array.ndim == 1 else array, f"the input of {name}")
        array = np.ascontiguousarray(array)
    if array.shape[1] != channels:
        turned = ". It looks transposed" if array.shape[0] == channels and array.shape[1] > channels else ""
        raise ValueError(f"{name} has {_number(channels, 'channel')}, but its input has {array.shape[1]}{turned}")
    if not np.isfinite(array).all():
        raise ValueError(f"the input of {name} contains NaN or infinity")
    return array


def _samples(signal: Any) -> Any:
    """An array of whatever was given; of objects where it is nothing like an array."""
    import numpy as np

    try:
        return np.asarray(signal)
    except ValueError:  # rows of different lengths
        return np.empty(0, object)


def _read(path: str, rate: int) -> Samples:
    """A sound file at that sample rate."""
    import numpy as np
    import soundfile
    import soxr

    try:
        descriptor = regular.open_to_read(path)
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path!r}") from None
    try:
        array, its_rate = soundfile.read(descriptor, dtype="float32", always_2d=True)  # which closes it
    except soundfile.LibsndfileError as error:
        raise ValueError(f"{path} is not a readable sound file: {error.error_string}") from error
    if not len(array):
        raise ValueError(says_no_samples(path))
    if its_rate != rate:
        warn(f"{path} is resampled from {its_rate} to {rate} Hz", stacklevel=6)
        array = soxr.resample(array, its_rate, rate)
    return np.ascontiguousarray(array, dtype=np.float32)


def _brief(signal: object) -> str:
    text = brief(signal)
    return text if len(text) < LONGEST else f"{type(signal).__name__} {text[:50]}..."
