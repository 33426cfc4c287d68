"""The format of a video: frame size, frame rate, byte order, container, codec and quality."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from pathlib import Path
from typing import Final

from ..system import given

CHANNELS: Final = {"bgra": 4, "rgba": 4, "bgr24": 3, "rgb24": 3, "gray": 1}
"""Bytes per pixel, by byte order."""

SLOWEST: Final = Fraction(1, 3600)
FASTEST: Final = 10_000
"""Frames per second; an encoder may have a smaller range for a container."""

_DENOMINATORS: Final = (1001, 65_535)  # 29.97 stays 2997/100; mpeg4 has 16 bits for it
_NEAR: Final = Fraction(1, 1_000_000)  # of the rate: less than a frame in a film of nine hours at 30 frames per second


@dataclass(frozen=True, slots=True)
class Film:
    """The video to write.

    Attributes
    ----------
    path : the absolute path of the finished video.
    height, width : of every frame, in pixels.
    rate : frames per second.
    byteorder : a key of `CHANNELS`.
    codec : the encoder's name of the codec; ``""`` for the default of the container.
    quality : 0 (smallest file) to 10 (best picture).
    """

    path: Path
    height: int
    width: int
    rate: Fraction
    byteorder: str
    codec: str
    quality: float

    @property
    def channels(self) -> int:
        """Bytes per pixel."""
        return CHANNELS[self.byteorder]

    @property
    def suffix(self) -> str:
        """The container: the suffix of the path, in lower case."""
        return self.path.suffix.lower()

    @property
    def partial(self) -> Path:
        """The path while the video is incomplete."""
        return self.path.with_suffix(f".partial{self.path.suffix}")

    def beside(self, word: str, suffix: str = "") -> Path:
        """The path of a temporary file of this video."""
        return self.path.with_suffix(f".{word}.partial{suffix or self.path.suffix}")

    def seconds(self, frames: int) -> Fraction:
        """The duration of a number of frames."""
        return frames / self.rate

    def scaled(self, worst: float, best: float) -> float:
        """The quality on the scale of an encoder, from `worst` to `best`."""
        return worst + (best - worst) * self.quality / 10

    @staticmethod
    def of(size: Sequence[int], filename: object, rate: float | Fraction, byteorder: str, codec: str | None, quality: float) -> Film:
        """Check the arguments of `VideoSink`; raises ``TypeError`` or ``ValueError``."""
        if byteorder not in CHANNELS:
            raise ValueError(f"byteorder must be one of {', '.join(map(repr, CHANNELS))}, not {byteorder!r}")
        if not isinstance(quality, Real) or not 0 <= quality <= 10:
            raise ValueError(f"quality must be a number from 0 (smallest file) to 10 (best picture), not {quality!r}")
        height, width = size_of(size)
        return Film(_path(filename), height, width, _rate(rate), byteorder, codec or "", float(quality))


def _path(filename: object) -> Path:
    named = Path(given.path(filename, "the file name"))
    if not named.name:
        raise ValueError(f"{str(filename)!r} is not a file name")
    path = named.absolute()
    return path if path.suffix else path.with_name(path.name + ".avi")


def size_of(size: Sequence[int]) -> tuple[int, int]:
    """(height, width) as plain ints; raises ``ValueError``."""
    try:
        height, width = size
    except (TypeError, ValueError):
        raise ValueError(f"size must be (height, width) in pixels, not {size!r}{_turned(size)}") from None
    for side in (height, width):
        if not isinstance(side, Integral) or side < 1:
            raise ValueError(f"size must be (height, width) in pixels, not {size!r}")
    return int(height), int(width)


def _turned(size: object) -> str:
    """What to type for a size as `%video` takes it, ``"640x480"``."""
    found = re.fullmatch(r"(\d+) *[xX×] *(\d+)", size) if isinstance(size, str) else None
    return f". Type size=({found[2]}, {found[1]})" if found else ""


def _rate(rate: float | Fraction) -> Fraction:
    if isinstance(rate, bool) or not isinstance(rate, Real) or not SLOWEST * (1 - _NEAR) <= rate <= FASTEST:
        raise ValueError(f"rate must be a number of frames per second, from {SLOWEST} to {FASTEST}, not {rate!r}")
    exact = Fraction(rate)
    for largest in _DENOMINATORS:
        near = exact.limit_denominator(largest)
        if abs(near - exact) <= exact * _NEAR:
            return near
    raise ValueError(f"rate {rate!r} cannot be stored in a video. Use Fraction({near.numerator}, {near.denominator}), {float(near):g}")
