"""The functions outside of a kernel that it calls: which of them it may call, and where they are.

A linker that misses one ends the process, so a kernel's object file is read before it is linked.
"""

from __future__ import annotations

import struct
from typing import Final

import llvmlite.binding as llvm

_MEMORY: Final = "memset memcpy memmove memcmp bcmp"
_NUMBERS: Final = """
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs floor fma fmax fmin fmod frexp
    hypot ldexp lgamma log log10 log1p log2 modf nearbyint pow remainder rint round roundeven sin sincos sinh sqrt tan tanh tgamma trunc
"""
_OF_NUMBA: Final = "attempt_nocopy_reshape"
_NUMBERS_OF_NUMBA: Final = "cpow erf erfc frexp gamma ldexp lgamma nextafter fixed_fmod fptoui round sdiv srem udiv urem"
NUMBA: Final = "numba_"

HARMLESS: Final = frozenset(
    {*_MEMORY.split(), *_NUMBERS.split(), *(f"{name}f" for name in _NUMBERS.split())}
    | {f"{NUMBA}{name}{suffix}" for name in _NUMBERS_OF_NUMBA.split() for suffix in ("", "f")}
    | {f"{NUMBA}{name}" for name in _OF_NUMBA.split()}
)
"""They compute numbers from numbers, or fill memory. None of them waits, allocates or enters Python."""

_ELF64: Final = b"\x7fELF\x02"
_SYMBOLS: Final = 2  # the section type SHT_SYMTAB


def undefined(code: bytes) -> set[str]:
    """The names of the functions that an object file wants from others; empty if it is not a 64-bit ELF file."""
    if code[:5] != _ELF64:
        return set()
    (table,) = struct.unpack_from("<Q", code, 0x28)
    size, number = struct.unpack_from("<HH", code, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", code, table + k * size) for k in range(number)]
    names: set[str] = set()
    for _, kind, _, _, offset, length, link, _, _, entry in sections:
        if kind != _SYMBOLS:
            continue
        strings = sections[link][4]
        for place in range(offset, offset + length, entry):
            name, _, _, section, _, _ = struct.unpack_from("<IBBHQQ", code, place)
            if name and section == 0:
                end = code.index(b"\0", strings + name)
                names.add(code[strings + name : end].decode())
    return names


def missing(code: bytes) -> list[str]:
    """The functions wanted by an object file that it may not call, or that this process does not have; those of numba are made known."""
    wanted = undefined(code)
    absent = [name for name in wanted & HARMLESS if llvm.address_of_symbol(name) is None]
    if any(name.startswith(NUMBA) for name in absent):
        from .helpers import make_known  # numba, which most kernels do without

        make_known(name for name in absent if name.startswith(NUMBA))
        absent = [name for name in absent if llvm.address_of_symbol(name) is None]
    return sorted({*(wanted - HARMLESS), *absent})
