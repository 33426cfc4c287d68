"""Numba's own functions in C, which a few kernels call, such as those that reshape an array."""

from __future__ import annotations

from collections.abc import Iterable

import llvmlite.binding as llvm
from numba import _helperlib

from .symbols import NUMBA


def make_known(names: Iterable[str]) -> None:
    """Tell LLVM where functions are: ``numba_gamma``. Those that numba does not have are passed over."""
    for name in names:
        address = vars(_helperlib)["c_helpers"].get(name.removeprefix(NUMBA))
        if address is not None:
            llvm.add_symbol(name, address)
