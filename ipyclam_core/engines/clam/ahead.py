"""Compiling with a second process: the first sound on a machine comes sooner.

``python -P -m ipyclam_core.engines.clam.ahead type:Saw wiring:mix runtime:compute`` puts these kernels into the cache; without
arguments it is all that come with ipyclam.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from ...system.interrupts import safe_point
from .types import declaration, filled_catalog

if TYPE_CHECKING:
    from ...declare.declaration import Declaration

SHARED: Final = ("runtime:compute", "wiring:mix", "runtime:clock_thread", "wiring:levels", "wiring:hold", "wiring:tap", "wiring:carry")
"""What every network needs, besides its types."""

AS_LONG_AS: Final = 2
"""So many types take as long to compile as `SHARED`."""


def prepare(types: Iterable[Declaration]) -> None:
    """Compile the kernels of these types, and what every network needs, in two processes if that pays. Ctrl-C ends it."""
    from ...dsp import kernels

    wanted = list(types)
    missing = [type_ for type_ in wanted if not type_.spec.origin and not kernels.is_there(type_)]
    if missing and (os.cpu_count() or 1) > 1 and kernels.can_be_kept():
        given = missing[: max(0, (len(missing) - AS_LONG_AS) // 2)]
        _in_two(missing[len(given) :], [*SHARED, *(f"type:{type_.name}" for type_ in given)])
    kernels.prepare(wanted)


def _in_two(here: Iterable[Declaration], there: Sequence[str]) -> None:
    """Compile some kernels here, and others in a second process meanwhile; what that one does not manage, nobody misses yet."""
    from ...dsp import kernels

    try:
        other = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, *there],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return
    try:
        kernels.prepare(here)
        while other.poll() is None:
            safe_point()
            time.sleep(0.01)
    finally:
        other.kill()
        other.wait()


def main(jobs: Sequence[str]) -> None:
    """Compile what `jobs` name, or all that comes with ipyclam."""
    from ...dsp import kernels

    for job in jobs or [*SHARED, *(f"type:{name}" for name in filled_catalog())]:
        kind, _, name = job.partition(":")
        if kind == "type":
            kernels.of_type(declaration(name))
        else:
            {"wiring": kernels.between, "runtime": kernels.runtime}[kind](name)


if __name__ == "__main__":
    main(sys.argv[1:])
