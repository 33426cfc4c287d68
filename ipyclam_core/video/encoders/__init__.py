"""Encoders: programs that turn raw frames into video files. One module each.

A module of this folder, or an entry point of the group ``ipyclam.encoders``, is an encoder if it has the members of
`Encoder`. It builds command lines and reads the output of its program. `VideoSink` runs the program and feeds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol, cast

from ...errors import EncoderMissing
from ...registry import Registry
from ..film import Film

registry = Registry("ipyclam_core.video.encoders", "ipyclam.encoders")

AUTO: Final = "auto"
"""The best encoder that is installed."""


class Encoder(Protocol):
    """The members of an encoder module.

    Attributes
    ----------
    RANK : ``encoder="auto"`` takes the installed encoder with the lowest rank that supports the container.
    SUFFIXES : the containers that it writes well, such as ``.avi``.
    INSTALL : the command that installs it.
    """

    RANK: int
    SUFFIXES: Sequence[str]
    INSTALL: str

    def find(self) -> str | None:
        """The path of the program; None if it is not installed."""

    def refuses(self, film: Film, channels: int) -> str:
        """Why it cannot write a film of that rate, or with that many channels of sound (0: none); ``""`` if it can. May be missing."""

    def encode(self, program: str, film: Film, target: Path) -> list[str]:
        """The command that encodes raw frames from standard input to `target`."""

    def join(self, program: str, film: Film, video: Path, sound: Path, target: Path) -> list[str]:
        """The command that adds the WAV file `sound` to `video`, without encoding the frames again."""

    def doubt(self, film: Film, frames: int, said: str, target: Path) -> str:
        """Why `target` is incomplete, judged by the output of the program and the size of the file; ``""`` if it is complete."""


def choose(name: str, film: Film, channels: int = 0) -> tuple[str, Encoder, str]:
    """Name, module and program of the encoder called `name`; ``"auto"`` selects the best one for a film and its channels of sound.

    Raises
    ------
    ValueError : there is no encoder of that name, or it does not support the container, the rate, or that many channels.
    EncoderMissing : it is not installed; the message says what to type.
    """
    encoders, suffix = _ranked(), film.suffix
    if name != AUTO:
        if name not in encoders:
            raise ValueError(f"encoder must be {AUTO!r} or one of {', '.join(map(repr, encoders))}, not {name!r}")
        encoders = {name: encoders[name]}
    able = {each: encoder for each, encoder in encoders.items() if suffix in encoder.SUFFIXES}
    if not able:
        suffixes = ", ".join(sorted({known for encoder in encoders.values() for known in encoder.SUFFIXES}))
        raise ValueError(
            f"{'no encoder' if name == AUTO else name + ' never'} writes {suffix} videos. Use a name that ends with {suffixes}"
        )
    refused = ""
    for each, encoder in able.items():
        program = encoder.find()
        if program:
            refused = encoder.refuses(film, channels) if hasattr(encoder, "refuses") else ""
            if not refused:
                return each, encoder, program
    if refused:
        others = [each for each, encoder in _ranked().items() if each not in able and _writes(encoder, film, channels)]
        raise ValueError(refused + (f". Use encoder={others[0]!r}" if others else ""))
    raise EncoderMissing(suffix, {each: encoder.INSTALL for each, encoder in able.items()})


def _writes(encoder: Encoder, film: Film, channels: int) -> bool:
    """Whether an encoder that may not be installed can write such a film."""
    return film.suffix in encoder.SUFFIXES and not (hasattr(encoder, "refuses") and encoder.refuses(film, channels))


def names() -> tuple[str, ...]:
    """The names that `choose` accepts: ``"auto"``, then the encoders in the order in which it tries them."""
    return AUTO, *_ranked()


def _ranked() -> dict[str, Encoder]:
    found = {each: cast(Encoder, registry.load(each)) for each in registry.names()}
    return dict(sorted(found.items(), key=lambda item: item[1].RANK))
