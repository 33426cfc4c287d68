"""The compiled forms of `ipyclam_core.declare.fourier`: Stockham's transform of mixed radix, and Bluestein's algorithm.

The latter is for sizes with a large prime factor. Real and imaginary parts are apart, so that loops use vector instructions. The
transforms are kernels of their own, which types call by the addresses in their tables: a type that uses one compiles as fast as
any other.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from types import FunctionType
from typing import Any, Final

import numpy as np
from numba import njit, types
from numba.extending import intrinsic, overload

from ...declare import fourier
from ...declare.fourier import CHIRPED, COUNT, FACTORS, FORWARD, INVERSE, RADICES, SIZE
from .memory import caller, load_f32, load_f64, load_i64, store_f32, store_f64
from .state import STRICT, array_over

SIGNATURE: Final = types.void(*[types.int64] * 7)
"""``(table, workspace, samples, 1 if those are float32, real parts, imaginary parts, 1 if those are float32)``: addresses."""

CALLED: Final = (
    "_first",
    "_last_fours",
    "_last_eights",
    "_twos",
    "_threes",
    "_fours",
    "_fives",
    "_sevens",
    "_any",
    "_complex",
    "_chirped",
    "_odd",
    "_odd_back",
)
"""The functions that are not inlined."""

apart = njit(error_model="numpy", fastmath={"nsz", "contract"}, _nrt=False)
inline = njit(forceinline=True, error_model="numpy", fastmath={"nsz", "contract"})
HALF_ROOT: Final = sqrt(0.5)
SINE_3: Final = sin(2.0 * pi / 3.0)
COSINE_5, COSINE_5_2 = cos(0.4 * pi), cos(0.8 * pi)
SINE_5, SINE_5_2 = sin(0.4 * pi), sin(0.8 * pi)
C_7, C_7_2, C_7_3 = cos(2.0 * pi / 7.0), cos(4.0 * pi / 7.0), cos(6.0 * pi / 7.0)
S_7, S_7_2, S_7_3 = sin(2.0 * pi / 7.0), sin(4.0 * pi / 7.0), sin(6.0 * pi / 7.0)
_ROW: Final = types.Array(types.float64, 1, "C")


@intrinsic
def _row(typingctx: Any, address: Any, length: Any) -> Any:
    """An array over memory."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return array_over(context, builder, _ROW, args[0], args[1])

    return _ROW(types.int64, types.int64), codegen


@apart
def _first(m, xr, xi, yr, yi, wr, wi):  # type: ignore[no-untyped-def]
    """The first pass, of radix 4: four points at a time, a quarter apart."""
    for p in range(m):
        a, b, c, d = xr[p], xr[p + m], xr[p + 2 * m], xr[p + 3 * m]
        e, f, g, h = xi[p], xi[p + m], xi[p + 2 * m], xi[p + 3 * m]
        s0r, s0i, s1r, s1i = a + c, e + g, a - c, e - g
        t0r, t0i, t1r, t1i = b + d, f + h, b - d, f - h
        yr[4 * p], yi[4 * p] = s0r + t0r, s0i + t0i
        ur, ui = s1r + t1i, s1i - t1r
        yr[4 * p + 1], yi[4 * p + 1] = ur * wr[p] - ui * wi[p], ur * wi[p] + ui * wr[p]
        ur, ui = s0r - t0r, s0i - t0i
        yr[4 * p + 2], yi[4 * p + 2] = ur * wr[m + p] - ui * wi[m + p], ur * wi[m + p] + ui * wr[m + p]
        ur, ui = s1r - t1i, s1i + t1r
        yr[4 * p + 3], yi[4 * p + 3] = ur * wr[2 * m + p] - ui * wi[2 * m + p], ur * wi[2 * m + p] + ui * wr[2 * m + p]


@apart
def _fours(m, s, xr, xi, yr, yi, wr, wi):  # type: ignore[no-untyped-def]
    """A pass of radix 4, for `s` transforms side by side."""
    for p in range(m):
        w1r, w1i, w2r, w2i, w3r, w3i = wr[p], wi[p], wr[m + p], wi[m + p], wr[2 * m + p], wi[2 * m + p]
        i, o = s * p, 4 * s * p
        for q in range(s):
            a, b, c, d = xr[i + q], xr[i + q + s * m], xr[i + q + 2 * s * m], xr[i + q + 3 * s * m]
            e, f, g, h = xi[i + q], xi[i + q + s * m], xi[i + q + 2 * s * m], xi[i + q + 3 * s * m]
            s0r, s0i, s1r, s1i = a + c, e + g, a - c, e - g
            t0r, t0i, t1r, t1i = b + d, f + h, b - d, f - h
            yr[o + q], yi[o + q] = s0r + t0r, s0i + t0i
            ur, ui = s1r + t1i, s1i - t1r
            yr[o + q + s], yi[o + q + s] = ur * w1r - ui * w1i, ur * w1i + ui * w1r
            ur, ui = s0r - t0r, s0i - t0i
            yr[o + q + 2 * s], yi[o + q + 2 * s] = ur * w2r - ui * w2i, ur * w2i + ui * w2r
            ur, ui = s1r - t1i, s1i + t1r
            yr[o + q + 3 * s], yi[o + q + 3 * s] = ur * w3r - ui * w3i, ur * w3i + ui * w3r


@apart
def _last_fours(s, xr, xi, yr, yi):  # type: ignore[no-untyped-def]
    """The last pass, of radix 4: its factors are 1."""
    for q in range(s):
        a, b, c, d = xr[q], xr[q + s], xr[q + 2 * s], xr[q + 3 * s]
        e, f, g, h = xi[q], xi[q + s], xi[q + 2 * s], xi[q + 3 * s]
        s0r, s0i, s1r, s1i = a + c, e + g, a - c, e - g
        t0r, t0i, t1r, t1i = b + d, f + h, b - d, f - h
        yr[q], yr[q + s], yr[q + 2 * s], yr[q + 3 * s] = s0r + t0r, s1r + t1i, s0r - t0r, s1r - t1i
        yi[q], yi[q + s], yi[q + 2 * s], yi[q + 3 * s] = s0i + t0i, s1i - t1r, s0i - t0i, s1i + t1r


@apart
def _last_eights(s, xr, xi, yr, yi):  # type: ignore[no-untyped-def]
    """The last pass, of radix 8: two of radix 4, for the even and for the odd points."""
    for q in range(s):
        a, b, c, d = xr[q], xr[q + 2 * s], xr[q + 4 * s], xr[q + 6 * s]
        e, f, g, h = xi[q], xi[q + 2 * s], xi[q + 4 * s], xi[q + 6 * s]
        s0r, s0i, s1r, s1i = a + c, e + g, a - c, e - g
        t0r, t0i, t1r, t1i = b + d, f + h, b - d, f - h
        e0r, e0i, e1r, e1i = s0r + t0r, s0i + t0i, s1r + t1i, s1i - t1r
        e2r, e2i, e3r, e3i = s0r - t0r, s0i - t0i, s1r - t1i, s1i + t1r
        a, b, c, d = xr[q + s], xr[q + 3 * s], xr[q + 5 * s], xr[q + 7 * s]
        e, f, g, h = xi[q + s], xi[q + 3 * s], xi[q + 5 * s], xi[q + 7 * s]
        s0r, s0i, s1r, s1i = a + c, e + g, a - c, e - g
        t0r, t0i, t1r, t1i = b + d, f + h, b - d, f - h
        o0r, o0i, o2r, o2i = s0r + t0r, s0i + t0i, s0i - t0i, t0r - s0r
        ur, ui = s1r + t1i, s1i - t1r
        o1r, o1i = HALF_ROOT * (ur + ui), HALF_ROOT * (ui - ur)
        ur, ui = s1r - t1i, s1i + t1r
        o3r, o3i = HALF_ROOT * (ui - ur), -HALF_ROOT * (ur + ui)
        yr[q], yr[q + s], yr[q + 2 * s], yr[q + 3 * s] = e0r + o0r, e1r + o1r, e2r + o2r, e3r + o3r
        yi[q], yi[q + s], yi[q + 2 * s], yi[q + 3 * s] = e0i + o0i, e1i + o1i, e2i + o2i, e3i + o3i
        yr[q + 4 * s], yr[q + 5 * s], yr[q + 6 * s], yr[q + 7 * s] = e0r - o0r, e1r - o1r, e2r - o2r, e3r - o3r
        yi[q + 4 * s], yi[q + 5 * s], yi[q + 6 * s], yi[q + 7 * s] = e0i - o0i, e1i - o1i, e2i - o2i, e3i - o3i


@apart
def _twos(s, xr, xi, yr, yi):  # type: ignore[no-untyped-def]
    """The last pass of a size that has a two left."""
    for q in range(s):
        a, b, c, d = xr[q], xr[q + s], xi[q], xi[q + s]
        yr[q], yr[q + s], yi[q], yi[q + s] = a + b, a - b, c + d, c - d


@apart
def _threes(m, s, xr, xi, yr, yi, wr, wi):  # type: ignore[no-untyped-def]
    """A pass of radix 3."""
    for p in range(m):
        w1r, w1i, w2r, w2i = wr[p], wi[p], wr[m + p], wi[m + p]
        i, o = s * p, 3 * s * p
        for q in range(s):
            a, b, c = xr[i + q], xr[i + q + s * m], xr[i + q + 2 * s * m]
            e, f, g = xi[i + q], xi[i + q + s * m], xi[i + q + 2 * s * m]
            tr, ti, vr, vi = b + c, f + g, SINE_3 * (b - c), SINE_3 * (f - g)
            mr, mi = a - 0.5 * tr, e - 0.5 * ti
            yr[o + q], yi[o + q] = a + tr, e + ti
            ur, ui = mr + vi, mi - vr
            yr[o + q + s], yi[o + q + s] = ur * w1r - ui * w1i, ur * w1i + ui * w1r
            ur, ui = mr - vi, mi + vr
            yr[o + q + 2 * s], yi[o + q + 2 * s] = ur * w2r - ui * w2i, ur * w2i + ui * w2r


@apart
def _fives(m, s, xr, xi, yr, yi, wr, wi):  # type: ignore[no-untyped-def]
    """A pass of radix 5."""
    for p in range(m):
        w1r, w1i, w2r, w2i = wr[p], wi[p], wr[m + p], wi[m + p]
        w3r, w3i, w4r, w4i = wr[2 * m + p], wi[2 * m + p], wr[3 * m + p], wi[3 * m + p]
        i, o = s * p, 5 * s * p
        for q in range(s):
            a, b, c = xr[i + q], xr[i + q + s * m], xr[i + q + 2 * s * m]
            d, e = xr[i + q + 3 * s * m], xr[i + q + 4 * s * m]
            t1r, t2r, t3r, t4r = b + e, c + d, b - e, c - d
            f, b, c = xi[i + q], xi[i + q + s * m], xi[i + q + 2 * s * m]
            d, e = xi[i + q + 3 * s * m], xi[i + q + 4 * s * m]
            t1i, t2i, t3i, t4i = b + e, c + d, b - e, c - d
            yr[o + q], yi[o + q] = a + t1r + t2r, f + t1i + t2i
            m1r, m1i = a + COSINE_5 * t1r + COSINE_5_2 * t2r, f + COSINE_5 * t1i + COSINE_5_2 * t2i
            m2r, m2i = a + COSINE_5_2 * t1r + COSINE_5 * t2r, f + COSINE_5_2 * t1i + COSINE_5 * t2i
            n1r, n1i = SINE_5 * t3r + SINE_5_2 * t4r, SINE_5 * t3i + SINE_5_2 * t4i
            n2r, n2i = SINE_5_2 * t3r - SINE_5 * t4r, SINE_5_2 * t3i - SINE_5 * t4i
            ur, ui = m1r + n1i, m1i - n1r
            yr[o + q + s], yi[o + q + s] = ur * w1r - ui * w1i, ur * w1i + ui * w1r
            ur, ui = m2r + n2i, m2i - n2r
            yr[o + q + 2 * s], yi[o + q + 2 * s] = ur * w2r - ui * w2i, ur * w2i + ui * w2r
            ur, ui = m2r - n2i, m2i + n2r
            yr[o + q + 3 * s], yi[o + q + 3 * s] = ur * w3r - ui * w3i, ur * w3i + ui * w3r
            ur, ui = m1r - n1i, m1i + n1r
            yr[o + q + 4 * s], yi[o + q + 4 * s] = ur * w4r - ui * w4i, ur * w4i + ui * w4r


@apart
def _sevens(m, s, xr, xi, yr, yi, wr, wi):  # type: ignore[no-untyped-def]
    """A pass of radix 7."""
    step = s * m
    for p in range(m):
        i, o = s * p, 7 * s * p
        for q in range(s):
            x = i + q
            ar, ai = xr[x], xi[x]
            b, c, d = xr[x + step], xr[x + 2 * step], xr[x + 3 * step]
            e, f, g = xr[x + 4 * step], xr[x + 5 * step], xr[x + 6 * step]
            s1r, s2r, s3r, d1r, d2r, d3r = b + g, c + f, d + e, b - g, c - f, d - e
            b, c, d = xi[x + step], xi[x + 2 * step], xi[x + 3 * step]
            e, f, g = xi[x + 4 * step], xi[x + 5 * step], xi[x + 6 * step]
            s1i, s2i, s3i, d1i, d2i, d3i = b + g, c + f, d + e, b - g, c - f, d - e
            yr[o + q], yi[o + q] = ar + s1r + s2r + s3r, ai + s1i + s2i + s3i
            mr, mi = ar + C_7 * s1r + C_7_2 * s2r + C_7_3 * s3r, ai + C_7 * s1i + C_7_2 * s2i + C_7_3 * s3i
            nr, ni = S_7 * d1r + S_7_2 * d2r + S_7_3 * d3r, S_7 * d1i + S_7_2 * d2i + S_7_3 * d3i
            ur, ui, vr, vi = mr + ni, mi - nr, mr - ni, mi + nr
            yr[o + q + s], yi[o + q + s] = ur * wr[p] - ui * wi[p], ur * wi[p] + ui * wr[p]
            yr[o + q + 6 * s], yi[o + q + 6 * s] = vr * wr[5 * m + p] - vi * wi[5 * m + p], vr * wi[5 * m + p] + vi * wr[5 * m + p]
            mr, mi = ar + C_7_2 * s1r + C_7_3 * s2r + C_7 * s3r, ai + C_7_2 * s1i + C_7_3 * s2i + C_7 * s3i
            nr, ni = S_7_2 * d1r - S_7_3 * d2r - S_7 * d3r, S_7_2 * d1i - S_7_3 * d2i - S_7 * d3i
            ur, ui, vr, vi = mr + ni, mi - nr, mr - ni, mi + nr
            yr[o + q + 2 * s], yi[o + q + 2 * s] = ur * wr[m + p] - ui * wi[m + p], ur * wi[m + p] + ui * wr[m + p]
            yr[o + q + 5 * s], yi[o + q + 5 * s] = vr * wr[4 * m + p] - vi * wi[4 * m + p], vr * wi[4 * m + p] + vi * wr[4 * m + p]
            mr, mi = ar + C_7_3 * s1r + C_7 * s2r + C_7_2 * s3r, ai + C_7_3 * s1i + C_7 * s2i + C_7_2 * s3i
            nr, ni = S_7_3 * d1r - S_7 * d2r + S_7_2 * d3r, S_7_3 * d1i - S_7 * d2i + S_7_2 * d3i
            ur, ui, vr, vi = mr + ni, mi - nr, mr - ni, mi + nr
            yr[o + q + 3 * s], yi[o + q + 3 * s] = ur * wr[2 * m + p] - ui * wi[2 * m + p], ur * wi[2 * m + p] + ui * wr[2 * m + p]
            yr[o + q + 4 * s], yi[o + q + 4 * s] = vr * wr[3 * m + p] - vi * wi[3 * m + p], vr * wi[3 * m + p] + vi * wr[3 * m + p]


@apart
def _any(radix, m, s, xr, xi, yr, yi, wr, wi, cosines, sines):  # type: ignore[no-untyped-def]
    """A pass of any odd radix: sums and differences of the points that are symmetrical."""
    step = s * m
    for p in range(m):
        i, o = s * p, radix * s * p
        for q in range(s):
            yr[o + q], yi[o + q] = xr[i + q], xi[i + q]
        for k in range(1, radix):
            for q in range(s):
                yr[o + q] += xr[i + q + k * step]
                yi[o + q] += xi[i + q + k * step]
        for j in range(1, radix // 2 + 1):
            one, other = o + j * s, o + (radix - j) * s
            for q in range(s):
                yr[one + q], yi[one + q], yr[other + q], yi[other + q] = xr[i + q], xi[i + q], 0.0, 0.0
            for k in range(1, radix // 2 + 1):
                c, d = cosines[j * k % radix], -sines[j * k % radix]
                near, far = i + k * step, i + (radix - k) * step
                for q in range(s):
                    a, b, e, f = xr[near + q], xr[far + q], xi[near + q], xi[far + q]
                    yr[one + q] += c * (a + b)
                    yi[one + q] += c * (e + f)
                    yr[other + q] += d * (a - b)
                    yi[other + q] += d * (e - f)
            w1r, w1i, w2r, w2i = wr[(j - 1) * m + p], wi[(j - 1) * m + p], wr[(radix - j - 1) * m + p], wi[(radix - j - 1) * m + p]
            for q in range(s):
                mr, mi, nr, ni = yr[one + q], yi[one + q], yr[other + q], yi[other + q]
                ur, ui = mr + ni, mi - nr
                yr[one + q], yi[one + q] = ur * w1r - ui * w1i, ur * w1i + ui * w1r
                ur, ui = mr - ni, mi + nr
                yr[other + q], yi[other + q] = ur * w2r - ui * w2i, ur * w2i + ui * w2r


@apart
def _complex(n, s, table, first, t, factors, work):  # type: ignore[no-untyped-def]
    """Transform the first `n` numbers of `work`, real parts, then imaginary parts: `s` transforms side by side.

    `first` is the first of the radices, `t` where its factors begin. Returns where the result begins.
    """
    at, to, m = 0, 2 * n, n // s
    for k in range(first, FACTORS):
        radix = int(load_f64(table, k))
        if radix == 0:
            break
        m //= radix
        count = (radix - 1) * m
        xr, xi, yr, yi = work[at : at + n], work[at + n : at + 2 * n], work[to : to + n], work[to + n : to + 2 * n]
        wr, wi = factors[t : t + count], factors[t + count : t + 2 * count]
        t += 2 * count
        if radix == 4 and m == 1:
            _last_fours(s, xr, xi, yr, yi)
        elif radix == 4 and s == 1:
            _first(m, xr, xi, yr, yi, wr, wi)
        elif radix == 4:
            _fours(m, s, xr, xi, yr, yi, wr, wi)
        elif radix == 8:
            _last_eights(s, xr, xi, yr, yi)
        elif radix == 2:
            _twos(s, xr, xi, yr, yi)
        elif radix == 3:
            _threes(m, s, xr, xi, yr, yi, wr, wi)
        elif radix == 5:
            _fives(m, s, xr, xi, yr, yi, wr, wi)
        elif radix == 7:
            _sevens(m, s, xr, xi, yr, yi, wr, wi)
        else:
            _any(radix, m, s, xr, xi, yr, yi, wr, wi, factors[t : t + radix], factors[t + radix : t + 2 * radix])
            t += 2 * radix
        s *= radix
        at, to = to, at
    return at


@inline
def _load(address, k, single):  # type: ignore[no-untyped-def]
    return float(load_f32(address, k)) if single != 0 else load_f64(address, k)


@inline
def _store(address, k, value, single):  # type: ignore[no-untyped-def]
    if single != 0:
        store_f32(address, k, value)
    else:
        store_f64(address, k, value)


@inline
def _unfold(zr, zi, w, n, real, imaginary, single):  # type: ignore[no-untyped-def]
    """The spectrum of real samples, from the transform of their pairs taken as complex numbers."""
    _store(real, 0, zr[0] + zi[0], single)
    _store(imaginary, 0, 0.0, single)
    _store(real, n, zr[0] - zi[0], single)
    _store(imaginary, n, 0.0, single)
    for k in range(1, n // 2 + 1):
        er, ei = 0.5 * (zr[k] + zr[n - k]), 0.5 * (zi[k] - zi[n - k])
        dr, di = 0.5 * (zi[k] + zi[n - k]), 0.5 * (zr[n - k] - zr[k])
        tr, ti = dr * w[k] - di * w[n + k], dr * w[n + k] + di * w[k]
        _store(real, k, er + tr, single)
        _store(imaginary, k, ei + ti, single)
        _store(real, n - k, er - tr, single)
        _store(imaginary, n - k, ti - ei, single)


@inline
def _pair_up(audio, work, n, apart, single):  # type: ignore[no-untyped-def]
    for k in range(n):
        work[k], work[apart + k] = _load(audio, 2 * k, single), _load(audio, 2 * k + 1, single)


@apart
def _chirped(size, m, table, factors, work):  # type: ignore[no-untyped-def]
    """Bluestein's algorithm: the transform of `size` complex numbers, as a convolution. Returns where the result begins."""
    passes = int(load_f64(table, COUNT))
    cr, ci = factors[passes : passes + size], factors[passes + size : passes + 2 * size]
    br, bi = factors[passes + 2 * size : passes + 2 * size + m], factors[passes + 2 * size + m : passes + 2 * size + 2 * m]
    for k in range(size):
        x, y = work[k], work[m + k]
        work[k], work[m + k] = x * cr[k] - y * ci[k], x * ci[k] + y * cr[k]
    for k in range(size, m):
        work[k], work[m + k] = 0.0, 0.0
    at = _complex(m, 1, table, RADICES, 0, factors, work)
    for k in range(m):  # the parts change places: the transform is then the inverse one
        x, y = work[at + k], work[at + m + k]
        real, imaginary = x * br[k] - y * bi[k], x * bi[k] + y * br[k]
        work[k], work[m + k] = imaginary, real
    at = _complex(m, 1, table, RADICES, 0, factors, work)
    for k in range(size):
        x, y = work[at + m + k], work[at + k]
        work[at + k], work[at + m + k] = x * cr[k] - y * ci[k], x * ci[k] + y * cr[k]
    return at


@apart
def _odd(p, m, size, table, factors, work):  # type: ignore[no-untyped-def]
    """Transform the samples of an odd size: `p` times `m`. They are behind the first 4 n numbers of `work`, n = (p // 2 + 1) m.

    Of the `p` transforms that a pass of that radix leaves, those of the second half are mirror images, and left out.
    """
    half, rows = p // 2, p // 2 + 1
    n, t = rows * m, 2 * (p // 2) * m
    wr, wi, cosines, sines = factors[: half * m], factors[half * m : t], factors[t : t + p], factors[t + p : t + 2 * p]
    x, zr, zi = work[4 * n : 4 * n + size], work[2 * n : 3 * n], work[3 * n : 4 * n]
    for b in range(1, rows):
        near, far = x[b * m : b * m + m], x[(p - b) * m : (p - b) * m + m]
        for a in range(m):
            near[a], far[a] = near[a] + far[a], near[a] - far[a]
    for q in range(rows):
        yr, yi = zr[q * m : q * m + m], zi[q * m : q * m + m]
        for a in range(m):
            yr[a], yi[a] = x[a], 0.0
        for b in range(1, rows):
            c, d = cosines[b * q % p], sines[b * q % p]
            near, far = x[b * m : b * m + m], x[(p - b) * m : (p - b) * m + m]
            for a in range(m):
                yr[a] += c * near[a]
                yi[a] -= d * far[a]
        for a in range(m):
            r, i = (wr[(q - 1) * m + a], wi[(q - 1) * m + a]) if q > 0 else (1.0, 0.0)
            work[a * rows + q], work[n + a * rows + q] = yr[a] * r - yi[a] * i, yr[a] * i + yi[a] * r
    return _complex(n, rows, table, RADICES + 1, t + 2 * p, factors, work)


@apart
def _odd_back(p, m, size, table, factors, work):  # type: ignore[no-untyped-def]
    """The inverse of `_odd`, times `size`: from the conjugates of half of the spectrum to samples behind the first 4 n numbers."""
    half, rows = p // 2, p // 2 + 1
    n, t = rows * m, 2 * (p // 2) * m
    wr, wi, cosines, sines = factors[: half * m], factors[half * m : t], factors[t : t + p], factors[t + p : t + 2 * p]
    at = _complex(n, rows, table, RADICES + 1, t + 2 * p, factors, work)
    to = 2 * n - at
    x, zr, zi = work[4 * n : 4 * n + size], work[to : to + n], work[to + n : to + 2 * n]
    for q in range(rows):
        for a in range(m):
            r, i = (2.0 * wr[(q - 1) * m + a], 2.0 * wi[(q - 1) * m + a]) if q > 0 else (1.0, 0.0)
            yr, yi = work[at + a * rows + q], work[at + n + a * rows + q]
            zr[q * m + a], zi[q * m + a] = yr * r - yi * i, yr * i + yi * r
    for a in range(m):
        x[a] = zr[a]
    for q in range(1, rows):
        for a in range(m):
            x[a] += zr[q * m + a]
    for b in range(1, rows):
        near, far = x[b * m : b * m + m], x[(p - b) * m : (p - b) * m + m]
        for a in range(m):
            near[a], far[a] = zr[a], 0.0
        for q in range(1, rows):
            c, d = cosines[b * q % p], sines[b * q % p]
            ur, ui = zr[q * m : q * m + m], zi[q * m : q * m + m]
            for a in range(m):
                near[a] += c * ur[a]
                far[a] += d * ui[a]
        for a in range(m):
            near[a], far[a] = near[a] + far[a], near[a] - far[a]


def forward(table: int, room: int, audio: int, single: int, real: int, imaginary: int, narrow: int) -> None:
    """The kernel of `fourier.forward`."""
    size, m, passes = int(load_f64(table, SIZE)), int(load_f64(table, CHIRPED)), int(load_f64(table, COUNT))
    n = size // 2
    if size % 2 == 0:
        apart = m if m != 0 else n  # where the imaginary parts begin
        last = passes + (2 * n + 2 * m if m != 0 else 0)
        work, factors = _row(room, 4 * apart), _row(table + 8 * FACTORS, last + 2 * n)
        if single != 0:
            _pair_up(audio, work, n, apart, 1)
        else:
            _pair_up(audio, work, n, apart, 0)
        at = _chirped(n, m, table, factors, work) if m != 0 else _complex(n, 1, table, RADICES, 0, factors, work)
        zr, zi, w = work[at : at + n], work[at + apart : at + apart + n], factors[last:]
        if narrow != 0:
            _unfold(zr, zi, w, n, real, imaginary, 1)
        else:
            _unfold(zr, zi, w, n, real, imaginary, 0)
        return
    if m == 0:
        p = int(load_f64(table, RADICES))
        rows, length = p // 2 + 1, size // p
        n = rows * length
        work, factors = _row(room, 4 * n + size), _row(table + 8 * FACTORS, passes)
        for k in range(size):
            work[4 * n + k] = _load(audio, k, single)
        at = _odd(p, length, size, table, factors, work)
        for a in range(length):
            for q in range(rows):
                k = a * p + q
                mirrored = k > size // 2
                _store(real, size - k if mirrored else k, work[at + a * rows + q], narrow)
                y = work[at + n + a * rows + q]
                _store(imaginary, size - k if mirrored else k, -y if mirrored else y, narrow)
        _store(imaginary, 0, 0.0, narrow)
        return
    work, factors = _row(room, 4 * m), _row(table + 8 * FACTORS, passes + 2 * size + 2 * m)
    for k in range(size):
        work[k], work[m + k] = _load(audio, k, single), 0.0
    at = _chirped(size, m, table, factors, work)
    for k in range(size // 2 + 1):
        _store(real, k, work[at + k], narrow)
        _store(imaginary, k, work[at + m + k], narrow)


@inline
def _fold(real, imaginary, w, n, apart, work, single):  # type: ignore[no-untyped-def]
    scale = 0.5 / n
    first, last = _load(real, 0, single), _load(real, n, single)
    work[apart], work[0] = (first + last) * scale, (first - last) * scale  # the parts change places
    for k in range(1, n // 2 + 1):
        xr, xi = _load(real, k, single) * scale, _load(imaginary, k, single) * scale
        zr, zi = _load(real, n - k, single) * scale, _load(imaginary, n - k, single) * scale
        er, ei, dr, di = xr + zr, xi - zi, xr - zr, xi + zi
        pr, pi = dr * w[k] + di * w[n + k], di * w[k] - dr * w[n + k]
        work[apart + k], work[k] = er - pi, ei + pr
        work[apart + n - k], work[n - k] = er + pi, pr - ei


def inverse(table: int, room: int, audio: int, single: int, real: int, imaginary: int, narrow: int) -> None:
    """The kernel of `fourier.inverse`."""
    size, m, passes = int(load_f64(table, SIZE)), int(load_f64(table, CHIRPED)), int(load_f64(table, COUNT))
    n = size // 2
    if size % 2 == 0:
        apart = m if m != 0 else n
        last = passes + (2 * n + 2 * m if m != 0 else 0)
        work, factors = _row(room, 4 * apart), _row(table + 8 * FACTORS, last + 2 * n)
        w = factors[last:]
        if narrow != 0:
            _fold(real, imaginary, w, n, apart, work, 1)
        else:
            _fold(real, imaginary, w, n, apart, work, 0)
        at = _chirped(n, m, table, factors, work) if m != 0 else _complex(n, 1, table, RADICES, 0, factors, work)
        for k in range(n):
            _store(audio, 2 * k, work[at + apart + k], single)
            _store(audio, 2 * k + 1, work[at + k], single)
        return
    if m == 0:
        p = int(load_f64(table, RADICES))
        rows, length = p // 2 + 1, size // p
        n = rows * length
        work, factors = _row(room, 4 * n + size), _row(table + 8 * FACTORS, passes)
        for a in range(length):
            for q in range(rows):
                k = a * p + q
                mirrored = k > size // 2
                y = _load(imaginary, size - k if mirrored else k, narrow) if k > 0 else 0.0
                work[a * rows + q] = _load(real, size - k if mirrored else k, narrow)
                work[n + a * rows + q] = y if mirrored else -y
        _odd_back(p, length, size, table, factors, work)
        for k in range(size):
            _store(audio, k, work[4 * n + k] / size, single)
        return
    work, factors = _row(room, 4 * m), _row(table + 8 * FACTORS, passes + 2 * size + 2 * m)
    for k in range(size):  # of the conjugate, whose transform is the conjugate of the inverse
        mirrored = k > size // 2
        y = _load(imaginary, size - k if mirrored else k, narrow) if k > 0 else 0.0
        work[k], work[m + k] = _load(real, size - k if mirrored else k, narrow), y if mirrored else -y
    at = _chirped(size, m, table, factors, work)
    for k in range(size):
        _store(audio, k, work[at + k] / size, single)


_call: Final = caller(types.void, *[types.int64] * 7)


@inline
def _place(array):  # type: ignore[no-untyped-def]
    return np.int64(array.ctypes.data)


def _single(array: Any) -> int:
    return int(array.dtype == types.float32)


def _is_row(value: Any) -> bool:
    return isinstance(value, types.Array) and value.ndim == 1 and value.layout == "C" and value.dtype in (types.float32, types.float64)


def _compiled(which: int, samples: Any, real: Any) -> Any:
    single, narrow = _single(samples), _single(real)

    def transform(factors, work, samples, real, imaginary):  # type: ignore[no-untyped-def]
        bins = len(samples) // 2 + 1
        fits = len(factors) > FACTORS and factors[SIZE] == len(samples) and len(real) >= bins and len(imaginary) >= bins
        if fits and len(work) >= max(max(8, 2 * len(samples)), max(4 * int(factors[CHIRPED]), 4 * (len(samples) % 2) * len(samples))):
            address = load_i64(_place(factors), which)
            _call(address, _place(factors), _place(work), _place(samples), single, _place(real), _place(imaginary), narrow)

    return transform


@overload(fourier.forward)
def _forward(factors, work, audio, real, imaginary):  # type: ignore[no-untyped-def]
    if not all(map(_is_row, (factors, work, audio, real, imaginary))) or real != imaginary:
        return None
    transform = inline(_compiled(FORWARD, audio, real))
    return lambda factors, work, audio, real, imaginary: transform(factors, work, audio, real, imaginary)


@overload(fourier.inverse)
def _inverse(factors, work, real, imaginary, audio):  # type: ignore[no-untyped-def]
    if not all(map(_is_row, (factors, work, audio, real, imaginary))) or real != imaginary:
        return None
    transform = inline(_compiled(INVERSE, audio, real))
    return lambda factors, work, real, imaginary, audio: transform(factors, work, audio, real, imaginary)


def _as_written(function: Any) -> FunctionType:
    """A function without its annotations, which numba would compare."""
    return FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)


_OPTIONS: Final = {"error_model": "numpy", "fastmath": STRICT}
_TO_POLAR: Final = _as_written(fourier.to_polar)
_TO_COMPLEX: Final = _as_written(fourier.to_complex)
_SINE_OF_CYCLES: Final = _as_written(fourier.sine_of_cycles)


@overload(fourier.to_polar, jit_options=_OPTIONS)
def _to_polar(real, imaginary, magnitude, phase):  # type: ignore[no-untyped-def]
    return _TO_POLAR


@overload(fourier.to_complex, jit_options=_OPTIONS)
def _to_complex(magnitude, phase, real, imaginary):  # type: ignore[no-untyped-def]
    return _TO_COMPLEX


@overload(fourier.sine_of_cycles, jit_options=_OPTIONS)
def _sine_of_cycles(cycles):  # type: ignore[no-untyped-def]
    return _SINE_OF_CYCLES
