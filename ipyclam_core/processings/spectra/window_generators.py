"""Windows as a signal."""

from __future__ import annotations

from numpy import float32

from ...declare import Array, config, in_control, out_port, processing
from .._limits import limited
from ._windows import NORMALS, WINDOWS, window

LONGEST = 1 << 20
BY_SUM = NORMALS.index("NormalizationForAnalysis")


@processing(category="Generators", source="CLAM WindowGenerator", synonyms=("hann", "hamming", "blackman", "kaiser", "grain envelope"))
class WindowGenerator:
    """The samples of a window function, over and over. A new `Size` stretches it from its next repetition on."""

    Type = config("Hamming", choices=WINDOWS)
    Size = config(4097, minimum=1, maximum=LONGEST, unit="frames")
    MaxSize = config(0, minimum=0, unit="frames", doc="Kept for CLAM's files.")
    UseTable = config(True, doc="Kept for CLAM's files.")
    Normalize = config("NormalizationForAnalysis", choices=NORMALS)
    Invert = config(False, doc="1 divided by the window.")
    size = in_control("Size", from_config="Size", unit="frames")
    audio = out_port("Generated window function samples")

    class State:
        place: int
        length: int

    class Prepared:
        table: Array[float32]

    def prepare(Type, Size, Normalize, Invert):
        return {"table": window(Type, Size, Normalize, Invert)}

    def step(state, size, Normalize, Invert):
        if state.place >= state.length:
            state.place, state.length = 0, int(limited(size, 1.0, float(LONGEST)))
        table = state.table
        last = len(table) - 1
        place = state.place * last / max(state.length - 1, 1)
        whole = min(int(place), last)
        value = table[whole] + (table[min(whole + 1, last)] - table[whole]) * (place - whole)
        state.place += 1
        if Normalize == BY_SUM:
            stretched = len(table) / state.length
            value = value / stretched if Invert else value * stretched
        return float32(value)
