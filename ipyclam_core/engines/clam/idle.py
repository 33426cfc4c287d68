"""Compiling all that comes with ipyclam while nobody needs the processors, so that no type has to be waited for later.

``python -P -m ipyclam_core.engines.clam.idle PARENT`` does it, in one process that ends with its parent.
"""

from __future__ import annotations

import hashlib
import os
import sys
import weakref
from importlib import metadata
from pathlib import Path
from typing import Final

from ...system.cache import Cache
from ...system.turns import stand_back
from . import ahead
from .compilers import begin, end

PACKAGE: Final = Path(__file__).parents[2]
complete: Final = Cache("complete", ".mark")
"""A file for each environment in which all has been compiled."""


class Idle:
    """The process that compiles; it ends with the program at the latest."""

    def begin(self) -> None:
        """Begin, where something may be missing and can be kept."""
        if complete.can_write() and not complete.has(_environment()):
            process = begin(__name__, [str(os.getpid())])
            if process is not None:
                weakref.finalize(self, end, process)


idle: Final = Idle()


def _environment() -> str:
    """A digest of what decides which kernels there are, without looking at each: that takes longer than this may."""
    files = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(PACKAGE.rglob("*.py"))]
    versions = [metadata.version(name) for name in ("numba", "llvmlite", "numpy")]
    return hashlib.sha256(repr((files, versions, sys.version, os.uname())).encode()).hexdigest()[:40]


def main(parent: int) -> None:
    """Compile everything, unless the parent ends before."""
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    stand_back()
    environment = _environment()
    ahead.get_ready()
    for job in ahead.everything():
        if os.getppid() != parent:
            return
        ahead.compile_job(job)
    complete.write(environment, b"")


if __name__ == "__main__":
    main(int(sys.argv[1]))
