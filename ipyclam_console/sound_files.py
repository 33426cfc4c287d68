"""Sound files that magics write."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def write(path: str, samples: NDArray[np.float32], sample_rate: int) -> None:
    """Write a whole file, or leave the one that is there."""
    import soundfile  # at the first use: it loads a library

    final = os.path.expanduser(path)
    folder, name = os.path.split(final)
    unfinished = os.path.join(folder, f".{os.getpid()}-{name}")
    floats = name.lower().endswith((".wav", ".w64", ".aiff", ".aif", ".caf"))
    try:
        soundfile.write(unfinished, samples, sample_rate, subtype="FLOAT" if floats else None)
        os.replace(unfinished, final)
    finally:
        if os.path.exists(unfinished):
            os.unlink(unfinished)


def cut(path: str, seconds: float | None) -> tuple[int, int, int]:
    """Shorten a file to so many seconds; its frames, sample rate and channels then."""
    import soundfile

    with soundfile.SoundFile(path, "r+") as file:
        wanted = file.frames if seconds is None else round(seconds * file.samplerate)
        if wanted < file.frames:
            file.truncate(wanted)
        return min(wanted, file.frames), file.samplerate, file.channels
