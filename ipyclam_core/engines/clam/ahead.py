"""Compiling in other processes: the first sound on a machine comes sooner, and nobody waits for a kernel while a network plays.

``python -P -m ipyclam_core.engines.clam.ahead type:Saw wiring:mix runtime:compute`` puts these kernels into the cache. Without
arguments it compiles all kernels that come with ipyclam. With ``- 2`` it reads their names from its standard input, and compiles
in two processes (see `compilers`).
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
import traceback
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Final

from ...system.interrupts import safe_point
from .compilers import RECORD, Compilers, Order, processors
from .types import declaration, filled_catalog

if TYPE_CHECKING:
    from ...declare.declaration import Declaration

SHARED: Final = ("runtime:compute", "wiring:mix", "wiring:levels", "wiring:hold", "wiring:tap", "wiring:carry")
"""What every network needs besides its types. The first takes longer than any type, the others less: the last jobs are the short ones,
so that all processors end at the same time."""

CALLBACKS: Final = {
    "jack": ("jack_process", "jack_xrun", "jack_gone"),
    "portaudio": ("portaudio_callback",),
    "clock": ("clock_thread",),
    "step": ("offline",),
}
"""What each device needs besides."""
HANDLING: Final = ("drain", "publish")
"""What hands messages to the audio thread, on every device."""

UNUSED: Final = ("scipy", "cffi", "yaml")
"""Packages that numba imports if they are there, which takes as long as the rest of it; none of our kernels needs them."""

SHOWN: Final = 3

compilers: Final = Compilers(__name__)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=compilers.forget)


def prepare(types: Iterable[Declaration], device: str, told: Callable[[str], None] = lambda name: None) -> None:
    """Compile the kernels of these types, and what every network needs on a device, with all processors if that pays.

    `told` is called with the names of what is compiled. Ctrl-C ends it.
    """
    from ...dsp import kernels

    wanted = list(types)
    if processors() > 1 and kernels.can_be_kept():
        missing = [type_ for type_ in wanted if not type_.spec.origin and not kernels.is_there(type_)]
        first, *others = (*SHARED, *_callbacks(device))
        jobs = _missing(first, *_of_types(missing), *others)
        if len(jobs) > 1:
            told(_in_words([type_.name for type_ in missing]) or "the audio engine")
            _wait_for(jobs)
    kernels.prepare(wanted)


def _of_types(types: Iterable[Declaration]) -> list[str]:
    """Jobs, the longest first."""
    from ...dsp import kernels

    ordered = sorted(types, key=lambda type_: type_.form != "step")
    return [
        *(f"{kind}:{name}" for kind, name in kernels.needed_by(ordered)),
        *(f"type:{type_.name}" for type_ in ordered if not type_.kernel),
    ]


def _callbacks(device: str) -> list[str]:
    one = CALLBACKS.get(device.partition(":")[0])
    names = one if one is not None else [name for several in CALLBACKS.values() for name in several if name != "offline"]
    return [f"runtime:{name}" for name in (*names, *HANDLING)]


def _in_words(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _wait_for(jobs: Iterable[str]) -> None:
    order = compilers.order(jobs)
    try:
        while not compilers.tend(order):
            safe_point()
            time.sleep(0.01)
    finally:
        compilers.withdraw(order)


class Background:
    """Compiles kernels in other processes while the network plays without them."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._ready: set[str] = set()
        weakref.finalize(self, _withdraw, self._orders)

    def is_ready(self, type_: Declaration) -> bool:
        """Whether a type can be played at once. If not, ask again when `tend` has said so."""
        from ...dsp import kernels

        if type_.spec.origin or type_.name in self._ready:
            return True
        if type_.name not in self._orders:
            if kernels.is_there(type_) or not kernels.can_be_kept():
                self._ready.add(type_.name)
                return True
            self._orders[type_.name] = compilers.order(_missing(*_of_types([type_])))
        return False

    def tend(self) -> bool:
        """Go on; true when there is a type that was wanted, or it could not be compiled."""
        ready = [name for name, order in list(self._orders.items()) if compilers.tend(order)]
        for name in ready:
            self._ready.add(name)
            del self._orders[name]
        return bool(ready)

    def end(self) -> None:
        """Nothing is wanted any more."""
        _withdraw(self._orders)


def _withdraw(orders: dict[str, Order]) -> None:
    compilers.withdraw(*orders.values())
    orders.clear()


def main(jobs: Sequence[str]) -> None:
    """Compile what the jobs name, or all that comes with ipyclam."""
    get_ready()
    if jobs and jobs[0] == "-":
        _share(sys.stdin.fileno(), int(jobs[1]))
    else:
        wanted = list(jobs) or everything()
        reader, writer = os.pipe()
        os.write(writer, b"".join(job.encode().ljust(RECORD) for job in wanted))
        os.close(writer)
        _share(reader, min(processors(), len(wanted)))


def get_ready() -> None:
    """Load what compiling needs, in a process that does nothing else."""
    sys.modules.update(dict.fromkeys(UNUSED))  # type: ignore[arg-type]
    gc.disable()
    from ...dsp.native import whole

    whole.warm_up()


def everything() -> list[str]:
    """Jobs for all kernels that come with ipyclam."""
    callbacks = [f"runtime:{name}" for names in (*CALLBACKS.values(), HANDLING) for name in names]
    return [*SHARED, *callbacks, *_of_types(declaration(name) for name in filled_catalog())]


def _share(jobs: int, count: int) -> None:
    """Compile in several processes; each takes the next kernel when it has done one, and says so."""
    signal.signal(signal.SIGCHLD, _look_at_child)
    for _ in range(count - 1):
        if os.fork() == 0:
            break
    while job := os.read(jobs, RECORD):
        name = job.decode().rstrip()
        compile_job(name)
        os.write(sys.stdout.fileno(), f"{name}\n".encode())
    with contextlib.suppress(ChildProcessError):  # there are none left
        while True:
            os.wait()


def _look_at_child(number: int, frame: FrameType | None) -> None:
    """End where one of the others was ended: nobody would do the job it had."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[1]:
                os._exit(1)


def _missing(*jobs: str) -> list[str]:
    """The jobs that have not been done."""
    from ...dsp import kernels

    return [job for job in jobs if job.startswith("type:") or not kernels.is_shared_there(*job.split(":"))]


def compile_job(job: str) -> None:
    """Put what a job names into the cache; an error is printed."""
    from ...dsp import kernels

    kind, name = job.split(":")
    try:
        if kind == "type":
            kernels.of_type(declaration(name))
        else:
            kernels.shared(kind, name)
    except Exception:
        traceback.print_exc()


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(0)  # giving back the memory of what was compiled would take as long as a kernel
