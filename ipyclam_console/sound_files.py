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
    floats = soundfile.check_format(os.path.splitext(name)[1][1:], "FLOAT")
    try:
        soundfile.write(unfinished, samples, sample_rate, subtype="FLOAT" if floats else None)
        os.replace(unfinished, final)
    except RuntimeError as error:  # the library's own, which knows no more than that the system refused
        raise OSError(f"{path} cannot be written: {error} Is there room on the disk?") from error
    finally:
        if os.path.exists(unfinished):
            os.unlink(unfinished)


def facts(path: str) -> str:
    """The facts of a file: ``3.00 s, 2 channels, 48000 Hz``."""
    import soundfile

    info = soundfile.info(os.path.expanduser(path))
    return f"{info.frames / info.samplerate:.2f} s, {info.channels} channel{'' if info.channels == 1 else 's'}, {info.samplerate} Hz"
