"""Sound files that magics write."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ipyclam_core import in_use
from ipyclam_core.errors import WriteFailed
from ipyclam_core.system.obstacles import put, reason
from ipyclam_core.system.sound_formats import format_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def write(path: str, samples: NDArray[np.float32], sample_rate: int) -> None:
    """Write a whole file, or leave the one that is there."""
    import soundfile  # at the first use: it loads a library

    final = os.path.expanduser(path)
    in_use.check(final)
    folder, name = os.path.split(final)
    unfinished = os.path.join(folder, f".{os.getpid()}-{name}")
    kind = format_of(final)
    floats = soundfile.check_format(kind, "FLOAT")
    try:
        with soundfile.SoundFile(unfinished, "w", sample_rate, samples.shape[1], "FLOAT" if floats else None, format=kind) as file:
            put(file, samples)
        os.replace(unfinished, final)
    except (OSError, RuntimeError) as error:
        raise WriteFailed(f"{path} cannot be written: {reason(final, error)}. What was there before has not changed") from error
    finally:
        if os.path.exists(unfinished):
            os.unlink(unfinished)


def facts(path: str) -> str:
    """The facts of a file: ``3.00 s, 2 channels, 48000 Hz``."""
    import soundfile

    info = soundfile.info(os.path.expanduser(path))
    return f"{info.frames / info.samplerate:.2f} s, {info.channels} channel{'' if info.channels == 1 else 's'}, {info.samplerate} Hz"
