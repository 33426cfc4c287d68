"""The loudness of a network: its volume, the peaks of its sinks, and the warning of a render that is beyond full scale."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..errors import NotSupported
from ..proxy import FULL_SCALE, CanLimit, CanRender, CanSetVolume, NetworkProxy
from ..system import given
from ..system.display import brief, warn

if TYPE_CHECKING:
    from ..proxy import Samples

LOUDEST: Final = 24.0
"""The largest volume, in dB."""

_SAID: Final = 3
"""Sinks that a warning names."""


def checked_volume(value: Any) -> float:
    """A volume in dB as a float. 0.0 is never negative, and anything that is not a volume is an error."""
    volume = given.real(value)
    if volume is None or type(value).__name__ in ("bool", "bool_"):
        raise TypeError(f"the volume must be a number of decibels such as -6, not {brief(value)}")
    if math.isnan(volume):
        raise ValueError(f'the volume must be a number of decibels such as -6, not {brief(value)}. For silence: float("-inf")')
    if volume > LOUDEST:
        raise ValueError(f"the volume must be {LOUDEST:g} dB or less, not {brief(value)}. Unchanged is 0; -6 is half the amplitude")
    return volume + 0.0


def check_can_set_volume(engine: NetworkProxy) -> None:
    """`NotSupported` if the engine does not apply a volume."""
    if not isinstance(engine, CanSetVolume):
        raise NotSupported(engine.engine, "set a volume", "Set the levels of its processings, or the volume of the sound card")


def decibels(amplitude: float) -> float:
    """An amplitude in dBFS: 1 is 0 dB, 0 is minus infinity."""
    return 20.0 * math.log10(amplitude) if amplitude > 0.0 else -math.inf


def warn_of_clipping(samples: Samples, engine: CanRender, volume: float, stacklevel: int) -> None:
    """Warn of a render that is beyond full scale: which sinks, by how much, and the volume at which it is not.

    Parameters
    ----------
    samples : the render, which is clipped nowhere.
    engine : what has rendered it.
    volume : the volume of the render, in dB.
    """
    if not samples.size or max(samples.max(), -samples.min()) <= FULL_SCALE:
        return
    peaks, first = {}, 0
    for name, width in engine.sinks().items():
        part = samples[:, first : first + width]
        peak = max(part.max(), -part.min()) if part.size else 0.0
        if peak > FULL_SCALE:
            peaks[name] = decibels(float(peak))
        first += width
    if not peaks:  # another thread has changed the sinks meanwhile
        return
    loudest = sorted(peaks, key=lambda name: -peaks[name])
    said = ", ".join(f"{name} by {_above(peaks[name])} dB" for name in loudest[:_SAID])
    rest = f" and {len(loudest) - _SAID} more" if len(loudest) > _SAID else ""
    where = "Arrays and files of floats keep it; sound cards and files of integers (FLAC, 16-bit WAV) clip it"
    quiet = math.floor(volume - peaks[loudest[0]] + decibels(FULL_SCALE))
    remedy = f". To avoid that: net.volume = {quiet}" if isinstance(engine, CanSetVolume) else ""
    warn(f"the render is above full scale: {said}{rest}. {where}{remedy}", stacklevel=stacklevel + 1)


def _above(peak: float) -> str:
    """A level above full scale; never as 0.0."""
    return f"{max(peak, 0.1):.1f}"


def volume_in_words(volume: float, before: str = ", ") -> str:
    """``", volume -6 dB"``, to add to a row of facts; ``""`` where it is 0."""
    return f"{before}volume {volume:g} dB" if volume else ""


@contextmanager
def limiting(engine: object, on: bool) -> Iterator[None]:
    """Limit the output of an engine, or do not, while and after it begins to play; if that fails, it limits as before."""
    if not isinstance(engine, CanLimit):
        yield
        return
    before, engine.limiter = engine.limiter, on
    try:
        yield
    except BaseException:
        engine.limiter = before
        raise
