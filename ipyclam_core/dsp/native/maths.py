"""The compiled forms of `ipyclam_core.declare.maths`; without annotations, which numba compares with the originals'."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from ...declare import maths
from .memory import F32, I32, I64, load_acquire, store_release
from .state import STRICT, TABLES

F = np.float32

# sin(2 pi x) for x in [0, 0.25]: an odd polynomial fitted on Chebyshev nodes for least relative error
C1, C3, C5, C7, C9 = F(6.2831855), F(-41.34168), F(81.602226), F(-76.57486), F(39.709885)


@intrinsic
def _fused(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    if not (a == b == c and isinstance(a, types.Float)):
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return a(a, a, a), codegen


@overload(maths.multiply_add)
def _multiply_add(a, b, c):  # type: ignore[no-untyped-def]
    if a == b == c and isinstance(a, types.Float):
        return lambda a, b, c: _fused(a, b, c)
    return lambda a, b, c: _fused(np.float64(a), np.float64(b), np.float64(c))


@intrinsic
def _signed(typingctx: Any, phase: Any) -> Any:
    """The bits of a phase as int32."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = args[0]
        return builder.trunc(value, context.get_data_type(types.int32)) if phase.bitwidth > 32 else value

    return types.int32(phase), codegen


@overload(maths.cycles)
def _cycles(phase):  # type: ignore[no-untyped-def]
    return lambda phase: F(_signed(phase)) * F(1.0 / maths.TURN)


@njit(forceinline=True, error_model="numpy", fastmath=STRICT)
def _sine_of_cycles(t):  # type: ignore[no-untyped-def]
    """The sine of float32 cycles from -0.5 to 0.5."""
    u = F(0.25) - abs(abs(t) - F(0.25))
    q = u * u
    r = _fused(C9, q, C7)
    r = _fused(r, q, C5)
    r = _fused(r, q, C3)
    r = _fused(r, q, C1)
    r = r * u
    return r if t >= F(0.0) else -r


@overload(maths.sine)
def _sine(phase):  # type: ignore[no-untyped-def]
    return lambda phase: _sine_of_cycles(F(_signed(phase)) * F(1.0 / maths.TURN))


@overload(maths.sine_of)
def _sine_of(radians):  # type: ignore[no-untyped-def]
    def sine_of(radians):  # type: ignore[no-untyped-def]
        t = F(radians) * F(0.15915494)
        return _sine_of_cycles(t - np.floor(t + F(0.5)))

    return sine_of


@intrinsic
def _bits(typingctx: Any, value: Any) -> Any:
    """The bits of a float32 as int32."""
    return types.int32(types.float32), lambda context, builder, signature, args: builder.bitcast(args[0], I32)


@intrinsic
def _of_bits(typingctx: Any, bits: Any) -> Any:
    """The float32 of these bits, in the lower half of an integer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(builder.trunc(args[0], I32) if bits.bitwidth > 32 else args[0], F32)

    return types.float32(bits), codegen


@intrinsic
def _within(typingctx: Any, x: Any, low: Any, high: Any) -> Any:
    """A float32 limited to a range, without a branch; a NaN remains."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[1], args[0])
        return builder.select(builder.fcmp_ordered(">", value, args[2]), args[2], value)

    return types.float32(types.float32, types.float32, types.float32), codegen


# 2**f for f in [-0.5, 0.5], and log2(1 + t) / t for 1 + t in [sqrt(0.5), sqrt(2)]: polynomials fitted as that of the sine
E0, E1, E2, E3, E4, E5, E6 = F(1.0), F(0.6931472), F(0.24022646), F(0.05550329), F(0.00961852), F(0.001339986), F(0.00015337578)
L0, L1, L2, L3, L4 = F(1.442695), F(-0.7213475), F(0.48091078), F(-0.3606921), F(0.28790176)
L5, L6, L7, L8 = F(-0.2391949), F(0.21611913), F(-0.20570561), F(0.12280529)
# tanh(x) / x for x in [-9, 9], with q = x * x: the quotient of two polynomials
P1, P2, P3, P4 = F(0.13381037), F(0.0034956015), F(2.0609288e-05), F(1.3354919e-08)
Q1, Q2, Q3, Q4 = F(0.46714354), F(0.025877034), F(0.00032856563), F(7.7766697e-07)
ROUND = F(12582912.0)  # added to a float32, it rounds that to a whole number, in its lowest bits
HALF_OCTAVE_DOWN = np.int32(0x3F3504F3)  # the bits of sqrt(0.5)


@njit(forceinline=True, error_model="numpy", fastmath=STRICT)
def _exp2_of(x):  # type: ignore[no-untyped-def]
    x = _within(x, F(-126.0), F(127.0))
    whole = x + ROUND
    f = x - (whole - ROUND)
    r = _fused(E6, f, E5)
    r = _fused(r, f, E4)
    r = _fused(r, f, E3)
    r = _fused(r, f, E2)
    r = _fused(r, f, E1)
    r = _fused(r, f, E0)
    return r * _of_bits((_bits(whole) + 127) << 23)


@njit(forceinline=True, error_model="numpy", fastmath=STRICT)
def _log2_of(x):  # type: ignore[no-untyped-def]
    x = x if x > F(maths.SMALLEST) else F(maths.SMALLEST)
    bits = _bits(x)
    octaves = (bits - HALF_OCTAVE_DOWN) >> 23
    t = _of_bits(bits - (octaves << 23)) - F(1.0)
    r = _fused(L8, t, L7)
    r = _fused(r, t, L6)
    r = _fused(r, t, L5)
    r = _fused(r, t, L4)
    r = _fused(r, t, L3)
    r = _fused(r, t, L2)
    r = _fused(r, t, L1)
    r = _fused(r, t, L0)
    return _fused(r, t, F(np.int32(octaves)))


@njit(forceinline=True, error_model="numpy", fastmath=STRICT)
def _tanh_of(x):  # type: ignore[no-untyped-def]
    x = _within(x, F(-9.0), F(9.0))
    q = x * x
    p = _fused(P4, q, P3)
    p = _fused(p, q, P2)
    p = _fused(p, q, P1)
    p = _fused(p, q, F(1.0))
    r = _fused(Q4, q, Q3)
    r = _fused(r, q, Q2)
    r = _fused(r, q, Q1)
    r = _fused(r, q, F(1.0))
    return _within(x * p / r, F(-1.0), F(1.0))


@overload(maths.exp2)
def _exp2(x):  # type: ignore[no-untyped-def]
    return lambda x: _exp2_of(F(x))


@overload(maths.log2)
def _log2(x):  # type: ignore[no-untyped-def]
    return lambda x: _log2_of(F(x))


@overload(maths.tanh)
def _tanh(x):  # type: ignore[no-untyped-def]
    return lambda x: _tanh_of(F(x))


@overload(maths.to_phase)
def _to_phase(cycles):  # type: ignore[no-untyped-def]
    def to_phase(cycles):  # type: ignore[no-untyped-def]
        return np.uint32(np.int64(np.floor((cycles - np.floor(cycles)) * maths.TURN + 0.5)))

    return to_phase


@overload(maths.published)
def _published(counters, k):  # type: ignore[no-untyped-def]
    return lambda counters, k: load_acquire(counters.ctypes.data + 8 * k)


@overload(maths.publish)
def _publish(counters, k, value):  # type: ignore[no-untyped-def]
    return lambda counters, k, value: store_release(counters.ctypes.data + 8 * k, np.int64(value))


def _of_tables(builder: Any, load: Any) -> Any:
    """Say that a load is from a table that nothing writes to, so that the compiler may load for several lanes at once."""
    domain = builder.module.add_metadata(["ipyclam"])
    scope = builder.module.add_metadata([f"ipyclam.{TABLES}", domain])
    load.set_metadata("alias.scope", builder.module.add_metadata([scope]))
    return load


@intrinsic
def _read(typingctx: Any, table: Any, k: Any) -> Any:
    """An entry of a table."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = make_array(table)(context, builder, args[0]).data
        return _of_tables(builder, builder.load(builder.gep(data, [args[1]])))

    return table.dtype(table, k), codegen


@intrinsic
def _read_both(typingctx: Any, table: Any, k: Any) -> Any:
    """Two entries of a float32 table, by one load of 64 bits."""
    pair = types.UniTuple(types.float32, 2)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = builder.gep(make_array(table)(context, builder, args[0]).data, [args[1]])
        both = _of_tables(builder, builder.load(builder.bitcast(data, I64.as_pointer()), align=4))
        halves = [both, builder.lshr(both, I64(32))]
        values = [builder.bitcast(builder.trunc(half, I32), F32) for half in (halves if sys.byteorder == "little" else reversed(halves))]
        return context.make_tuple(builder, pair, values)

    return pair(table, k), codegen


def _is_table(table: Any, k: Any) -> bool:
    numbers = isinstance(table, types.Array) and (table.ndim, table.layout) == (1, "C") and isinstance(table.dtype, types.Number)
    return numbers and isinstance(k, types.Integer)


@overload(maths.table_value)
def _table_value(table, k):  # type: ignore[no-untyped-def]
    if not _is_table(table, k):
        return None
    zero = table.dtype(0)

    def table_value(table, k):  # type: ignore[no-untyped-def]
        return _read(table, min(max(np.int64(k), 0), len(table) - 1)) if len(table) > 0 else zero

    def of_short(table, k):  # type: ignore[no-untyped-def]
        last = np.uint32(min(len(table) - 1, 0x7FFFFFFF))  # an index of 32 bits is twice as fast
        return _read(table, np.int64(np.int32(min(k, last)))) if len(table) > 0 else zero

    return of_short if k == types.uint32 else table_value


@overload(maths.table_pair)
def _table_pair(table, k):  # type: ignore[no-untyped-def]
    if not _is_table(table, k):
        return None

    def table_pair(table, k):  # type: ignore[no-untyped-def]
        return maths.table_value(table, k), maths.table_value(table, int(k) + 1)

    def at_once(table, k):  # type: ignore[no-untyped-def]
        if len(table) < 2:
            return maths.table_value(table, k), maths.table_value(table, k)
        last = np.uint32(min(len(table) - 2, 0x7FFFFFFF))
        low, high = _read_both(table, np.int64(np.int32(min(k, last))))
        return (low if k <= last else high), high

    return at_once if k == types.uint32 and table.dtype == types.float32 else table_pair
