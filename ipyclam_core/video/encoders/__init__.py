"""Programs that make films of raw frames: one module each, all alike.

A module of this folder, or one offered by an entry point of the group ``ipyclam.encoders``, is an encoder when it has
what `Encoder` says. It only says how to call its program and how to read what that wrote: starting, feeding, ending and
checking are the sink's.
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
    """What a module has to be an encoder.

    Attributes
    ----------
    RANK : ``encoder="auto"`` takes the lowest that is installed and writes the container.
    SUFFIXES : the containers it writes well, as ``.avi``.
    INSTALL : what to type to have it.
    """

    RANK: int
    SUFFIXES: Sequence[str]
    INSTALL: str

    def find(self) -> str | None:
        """The program's path, None where it is not installed."""

    def encode(self, program: str, film: Film, target: Path) -> list[str]:
        """The command that reads raw frames from its standard input and writes them to `target`."""

    def join(self, program: str, film: Film, video: Path, sound: Path, target: Path) -> list[str]:
        """The command that puts the wav file `sound` beside the pictures of `video`, which it does not encode again."""

    def doubt(self, film: Film, frames: int, said: str, target: Path) -> str:
        """Why `target` is not all of `frames` frames, from what the program said and how large the file is; ``""`` if it is."""


def choose(name: str, suffix: str) -> tuple[str, Encoder, str]:
    """The name, the module and the program of the encoder called `name`, or for ``"auto"`` of the best one for a suffix.

    Raises
    ------
    ValueError : no encoder of that name; a container that it does not write.
    EncoderMissing : it is not installed, with what to type.
    """
    encoders = _ranked()
    if name != AUTO:
        if name not in encoders:
            raise ValueError(f"encoder is {AUTO!r} or one of {', '.join(map(repr, encoders))}, not {name!r}")
        encoders = {name: encoders[name]}
    able = {each: encoder for each, encoder in encoders.items() if suffix in encoder.SUFFIXES}
    if not able:
        suffixes = ", ".join(sorted({known for encoder in encoders.values() for known in encoder.SUFFIXES}))
        raise ValueError(f"{'no encoder' if name == AUTO else name + ' never'} writes {suffix} films; take a name that ends in {suffixes}")
    for each, encoder in able.items():
        program = encoder.find()
        if program:
            return each, encoder, program
    raise EncoderMissing(suffix, {each: encoder.INSTALL for each, encoder in able.items()})


def names() -> tuple[str, ...]:
    """What `choose` takes: ``"auto"``, then the encoders in the order in which that tries them."""
    return AUTO, *_ranked()


def _ranked() -> dict[str, Encoder]:
    found = {each: cast(Encoder, registry.load(each)) for each in registry.names()}
    return dict(sorted(found.items(), key=lambda item: item[1].RANK))
