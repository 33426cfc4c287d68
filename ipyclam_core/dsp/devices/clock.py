"""The clock device: a native thread that computes blocks in real time and discards them, for machines without sound."""

from __future__ import annotations

import ctypes

from .. import kernels
from ..memory.arrays import Ints
from ..memory.context import DONE, PERIOD, QUIT, SLEEP
from ..offline import function_address
from . import DeviceUnavailable, Nameless


class ClockDevice(Nameless):
    """Blocks paced by ``clock_nanosleep``; with the scheduler's real-time class where the system grants it."""

    name = "clock"
    spread = limits = gone = False
    paced = True

    def __init__(self, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> None:
        self.sample_rate = sample_rate or 48000
        self.block_size = block_size or 512
        self._context = context
        self._libc = ctypes.CDLL(None)
        self._thread = ctypes.c_ulong(0)

    def start(self) -> None:
        self._context[SLEEP] = function_address(self._libc, "clock_nanosleep")
        self._context[PERIOD] = self.block_size * 10**9 // self.sample_rate
        self._context[QUIT] = self._context[DONE] = 0
        main = ctypes.c_void_p(kernels.runtime("clock_thread"))
        context = ctypes.c_void_p(self._context.ctypes.data)
        error = self._libc.pthread_create(ctypes.byref(self._thread), None, main, context)
        if error:
            raise DeviceUnavailable(f"the clock device could not start its thread (error {error})")
        priority = ctypes.c_int(60)
        fifo = 1
        self._libc.pthread_setschedparam(self._thread, fifo, ctypes.byref(priority))  # refused to most users: no matter

    def stop(self) -> None:
        if self._thread.value:
            self._context[QUIT] = 1
            self._libc.pthread_join(self._thread, None)
            self._thread = ctypes.c_ulong(0)

    def trouble(self) -> str:
        return ""


create = ClockDevice
