"""Arrays of samples that users give, as the floats that engines take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_INTEGERS: Final = {"int8": (0.0, 128.0), "int16": (0.0, 32768.0), "int32": (0.0, 2147483648.0), "uint8": (128.0, 128.0)}
"""The value of silence and the scale of the integer samples that sound files hold."""


def floats(samples: NDArray[Any], what: str) -> NDArray[np.float32]:
    """Samples as float32. Integers of a type that sound files hold are scaled to -1 to 1, as when such a file is read.

    Raises
    ------
    TypeError
        They are no numbers, or integers of another type, whose full scale is not known.
    """
    import numpy as np

    kind = samples.dtype.name
    if samples.dtype.kind == "f":
        return samples.astype(np.float32, copy=False)
    if kind in _INTEGERS:
        silence, scale = _INTEGERS[kind]
        return ((samples.astype(np.float64) - silence) / scale).astype(np.float32)
    raise TypeError(f"{what} must be floats from -1 to 1, or int16, int32, int8 or uint8 samples, not {kind}")
