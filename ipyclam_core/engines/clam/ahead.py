"""Compiling in other processes: the first sound on a machine comes sooner, and nobody waits for a kernel while a network plays.

``python -P -m ipyclam_core.engines.clam.ahead type:Saw wiring:mix runtime:compute`` puts these kernels into the cache; without
arguments it is all that come with ipyclam.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
import traceback
import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from ...system.interrupts import safe_point
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


def prepare(types: Iterable[Declaration], device: str, told: Callable[[str], None] = lambda name: None) -> None:
    """Compile the kernels of these types, and what every network needs on a device, with all processors if that pays.

    `told` is called with the names of what is compiled. Ctrl-C ends it.
    """
    from ...dsp import kernels

    wanted = list(types)
    if _processors() > 1 and kernels.can_be_kept():
        missing = [type_ for type_ in wanted if not type_.spec.origin and not kernels.is_there(type_)]
        first, *others = (*SHARED, *_callbacks(device))
        jobs = [*_missing(first), *_of_types(missing), *_missing(*others)]
        if len(jobs) > 1:
            told(_in_words([type_.name for type_ in missing]) or "the audio engine")
            _wait_for(begin(jobs))
    kernels.prepare(wanted)


def _of_types(types: Iterable[Declaration]) -> list[str]:
    """Jobs, the longest first."""
    return [f"type:{type_.name}" for type_ in sorted(types, key=lambda type_: type_.form != "step")]


def _callbacks(device: str) -> list[str]:
    one = CALLBACKS.get(device.partition(":")[0])
    names = one if one is not None else [name for several in CALLBACKS.values() for name in several if name != "offline"]
    return [f"runtime:{name}" for name in (*names, *HANDLING)]


def _in_words(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def begin(arguments: Sequence[str], module: str = __name__) -> subprocess.Popen[bytes] | None:
    """Begin a process that compiles; what it does not manage, nobody misses yet. None if there can be none."""
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None


def _wait_for(process: subprocess.Popen[bytes] | None) -> None:
    try:
        while process is not None and process.poll() is None:
            safe_point()
            time.sleep(0.01)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes] | None) -> None:
    """End a process and those it has begun, if it is this one's: a copy of this one by `os.fork` may end, too."""
    if process is not None and process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Background:
    """Compiles kernels in other processes while the network plays without them."""

    def __init__(self) -> None:
        self._wanted: dict[str, Declaration] = {}
        self._given: dict[str, Declaration] = {}
        self._ready: set[str] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._finish: Callable[[], object] = lambda: None

    def is_ready(self, type_: Declaration) -> bool:
        """Whether a type can be played at once. If not, ask again when `tend` has said so."""
        from ...dsp import kernels

        if type_.spec.origin or type_.name in self._ready:
            return True
        if type_.name not in self._given:
            if kernels.is_there(type_) or not kernels.can_be_kept():
                self._ready.add(type_.name)
                return True
            self._wanted[type_.name] = type_
        return False

    def tend(self) -> bool:
        """Begin with what is wanted; true when a process has ended, whether or not it could compile what it was given."""
        ended = bool(self._given) and (self._process is None or self._process.poll() is not None)
        if ended:
            self._finish()
            self._ready.update(self._given)
            self._given = {}
        if self._wanted and not self._given:
            self._given, self._wanted = self._wanted, {}
            self._process = begin(_of_types(self._given.values()))
            self._finish = weakref.finalize(self, end, self._process)
        return ended

    def end(self) -> None:
        """End the process."""
        self._finish()


def main(jobs: Sequence[str]) -> None:
    """Compile what the jobs name, or all that comes with ipyclam."""
    get_ready()
    _share(jobs or everything())


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


def _share(jobs: Sequence[str]) -> None:
    """Compile in as many processes as there are processors; each takes the next kernel when it has done one."""
    reader, writer = os.pipe()
    os.write(writer, b"".join(number.to_bytes(2) for number in range(len(jobs))))
    os.close(writer)
    for _ in range(min(_processors(), len(jobs)) - 1):
        if os.fork() == 0:
            break
    while number := os.read(reader, 2):
        compile_job(jobs[int.from_bytes(number)])
    with contextlib.suppress(ChildProcessError):  # there are none left
        while True:
            os.wait()


def _missing(*jobs: str) -> list[str]:
    """The jobs of ``wiring`` and ``runtime`` that have not been done."""
    from ...dsp import kernels

    return [job for job in jobs if not kernels.is_shared_there(*job.split(":"))]


def compile_job(job: str) -> None:
    """Put what a job names into the cache; an error is printed."""
    from ...dsp import kernels

    kind, name = job.split(":")
    try:
        if kind == "type":
            kernels.prepare_for(declaration(name))
        else:
            {"wiring": kernels.between, "runtime": kernels.runtime}[kind](name)
    except Exception:
        traceback.print_exc()


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(0)  # giving back the memory of what was compiled would take as long as a kernel
