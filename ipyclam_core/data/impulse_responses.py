"""Impulse responses, cut into pieces and transformed, for convolution."""

from __future__ import annotations

from ..declare.frames import frame, number, table


@frame("ImpulseResponse", seconds=1, bins=513)
class ImpulseResponse:
    """The spectra of the pieces of an impulse response, held by address: a change costs nothing, whatever its length.

    Each piece has `bins` - 1 samples, and as many zeros behind them. Its spectrum is `bins` real parts, then `bins` imaginary parts.
    """

    spectra = table("seconds", "bins", doc="the spectra of all pieces, one after the other, of one response or of several")
    first = number(doc="where in `spectra` this response begins, in numbers")
    partitions = number(doc="the number of pieces")
    bins = number(doc="the number of bins of each spectrum")
