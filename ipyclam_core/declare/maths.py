"""Functions for the compiled functions of processing types: phases that never drift, a fast sine, tables, and counters for
companions.

They are plain Python here, so you can try them at the prompt. `ipyclam_core.dsp.native.maths` has their compiled forms,
which replace these in ``step``, ``process``, ``receive`` and ``block``.

A phase is a uint32; one cycle is 2**32. It wraps around by itself, and after hours it is as exact as at the start, which a
float32 is not.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

TURN: Final = 4294967296.0
SMALLEST: Final = 2.0**-126


def to_phase(cycles: float) -> int:
    """The phase at a number of cycles; or what to add to a phase in each frame, from cycles per frame.

    Parameters
    ----------
    cycles : float, finite, of any size and sign: frequency in Hz / sample rate in Hz gives cycles per frame. Negative cycles
        go backwards.

    Returns
    -------
    int
        0 to 2**32 - 1; uint32 in compiled code.

    Examples
    --------
    >>> to_phase(0.25) == 2**30
    True
    >>> to_phase(-0.25) == to_phase(1.75)
    True
    """
    return round((cycles - math.floor(cycles)) * TURN) % 4294967296


def sine(phase: int) -> Any:
    """The sine of a phase, many times faster than ``math.sin`` in compiled code.

    Parameters
    ----------
    phase : uint32; 2**32 is one cycle.

    Returns
    -------
    float32
        -1 to 1; the error is below 2e-7 (-134 dB).

    Examples
    --------
    >>> print(sine(to_phase(1 / 12)))
    0.5
    """
    return np.float32(math.sin(phase * (2.0 * math.pi / TURN)))


def sine_of(radians: float) -> Any:
    """The sine of an angle, as fast as `sine`.

    Parameters
    ----------
    radians : float, converted to float32, which is inexact far from zero. Keep the angle small, or use a phase.

    Returns
    -------
    float32
        -1 to 1; from -4 pi to 4 pi the error is below 1e-6 (-120 dB).

    Examples
    --------
    >>> print(sine_of(math.pi / 6))
    0.5
    """
    return np.float32(math.sin(radians))


def cycles(phase: int) -> Any:
    """The phase as a number of cycles around zero: a sawtooth.

    Parameters
    ----------
    phase : uint32; 2**32 is one cycle.

    Returns
    -------
    float32
        -0.5 to 0.5.

    Examples
    --------
    >>> print(cycles(to_phase(0.25)), cycles(to_phase(0.75)))
    0.25 -0.25
    """
    return np.float32(((int(phase) + 2147483648) % 4294967296 - 2147483648) / TURN)


def exp2(x: float) -> Any:
    """2 to the power of a number, many times faster than ``2.0 ** x`` in compiled code: ``exp2(decibels / 6.0206)`` is a gain.

    Parameters
    ----------
    x : float, converted to float32, and limited to -126 to 127.

    Returns
    -------
    float32
        The relative error is below 3e-7.

    Examples
    --------
    >>> print(exp2(-1.0))
    0.5
    """
    return np.float32(2.0 ** min(max(float(np.float32(x)), -126.0), 127.0)) if x == x else np.float32(x)


def log2(x: float) -> Any:
    """The logarithm of a number to the base of 2, many times faster than ``math.log2`` in compiled code.

    Parameters
    ----------
    x : float, converted to float32. Below 1.2e-38, and at NaN, the result is -126.

    Returns
    -------
    float32
        The error is below 3e-7, relative or absolute, whichever is larger.

    Examples
    --------
    >>> print(log2(8.0))
    3.0
    """
    return np.float32(math.log2(min(float(np.float32(x)), 3.4e38)) if x > SMALLEST else -126.0)


def tanh(x: float) -> Any:
    """The hyperbolic tangent of a number, many times faster than ``math.tanh`` in compiled code.

    Parameters
    ----------
    x : float, converted to float32.

    Returns
    -------
    float32
        -1 to 1; the relative error is below 4e-7 (-128 dB).

    Examples
    --------
    >>> print(tanh(0.5))
    0.46211717
    """
    return np.float32(math.tanh(np.float32(x)))


def multiply_add(a: float, b: float, c: float) -> Any:
    """``a * b + c``, in one instruction and with one rounding if the machine supports it.

    Parameters
    ----------
    a, b, c : float32 or float64, finite.

    Returns
    -------
    float32 or float64
        float32 if all three are float32, else float64.

    Examples
    --------
    >>> multiply_add(2.0, 3.0, 1.0)
    7.0
    """
    return a * b + c


def table_value(table: Any, k: int) -> Any:
    """The value at index `k` of a table that no function of the type writes to, limited to the table's ends.

    In ``step`` it is faster than ``table[k]``: as nothing writes to the table, it is read for several processings at once.

    Parameters
    ----------
    table : an array of ``Prepared``, or an array outside the class.
    k : int, fastest as a uint32; below 0 it reads the first value, beyond the end the last one. An empty table gives 0.

    Returns
    -------
    the type of the table's values

    Examples
    --------
    >>> table = np.array([1.0, 2.0, 4.0])
    >>> print(table_value(table, 1), table_value(table, 5))
    2.0 4.0
    """
    return table[min(max(int(k), 0), len(table) - 1)] if len(table) else table.dtype.type(0)


def table_pair(table: Any, k: int) -> tuple[Any, Any]:
    """The values at the indices `k` and `k + 1` of a table, for linear interpolation; see `table_value`.

    In ``step`` both are read at once, if the table is float32 and `k` a uint32, which is twice as fast as reading one after the
    other.

    Parameters
    ----------
    table : as for `table_value`.
    k : int; both indices are limited to the table's ends.

    Returns
    -------
    tuple of two numbers, of the type of the table's values

    Examples
    --------
    >>> a, b = table_pair(np.array([1.0, 2.0, 4.0]), 1)
    >>> print(a + (b - a) * 0.25)
    2.5
    """
    return table_value(table, k), table_value(table, k + 1)


def published(counters: Any, k: int) -> Any:
    """The value of a counter that another thread set with `publish`. All that it wrote before can then be read.

    A processing and its companion share the arrays of ``State``: one writes to an array and publishes how much, the other
    reads the counter and that much of the array. Only one side sets a counter.

    Parameters
    ----------
    counters : int64 array, an ``Array[int64]`` of ``State``.
    k : the counter's index, within the array.

    Returns
    -------
    int64
    """
    return counters[k]


def publish(counters: Any, k: int, value: int) -> None:
    """Set a counter for another thread, after everything that was written before; see `published`.

    Parameters
    ----------
    counters : int64 array, an ``Array[int64]`` of ``State``.
    k : the counter's index, within the array.
    value : int64, its new value.
    """
    counters[k] = value
