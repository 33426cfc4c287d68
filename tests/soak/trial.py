"""What these programs share: options, a seed that is printed, the strict mode they run in, and how they report.

Each program runs itself again with debugging hooks in Python's allocator, with `faulthandler`, and with memory that the audio
thread uses on pages of its own (see `ipyclam_core.dsp.memory.shared`). So whatever is wrong ends it at once, with a traceback.
"""

from __future__ import annotations

import argparse
import collections
import faulthandler
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

PATIENCE = 120.0
"""Seconds after which something that does not end is an error: all threads are printed then."""

SHOWN = 10


class Trial:
    """One run of a program.

    Parameters
    ----------
    what : the program's description.
    options : more options of the command line, name and default.
    """

    def __init__(self, what: str, **options: str) -> None:
        parser = argparse.ArgumentParser(description=what)
        parser.add_argument("--minutes", type=float, default=1.0, help="how long it runs")
        parser.add_argument("--seed", type=int, default=None, help="to repeat a run; else a new one")
        parser.add_argument("--plain", action="store_true", help="with memory as users have it")
        for name, default in options.items():
            parser.add_argument(f"--{name}", default=default, help=f"{default} by default")
        self.options = parser.parse_args()
        if self.options.seed is None:
            self.options.seed = random.SystemRandom().randrange(1 << 30)
        if "IPYCLAM_TRIAL" not in os.environ:
            self._run_again()
        self.random = random.Random(self.options.seed)
        self.counts: collections.Counter[str] = collections.Counter()
        self.faults: collections.Counter[str] = collections.Counter()
        self._end = 0.0  # not known before all is prepared
        self.folder = Path(tempfile.mkdtemp(prefix="ipyclam-trial-"))
        os.chdir(self.folder)
        print(f"{Path(sys.argv[0]).stem}: seed {self.options.seed}, {self.options.minutes:g} minutes, in {self.folder}", flush=True)

    def _run_again(self) -> None:
        environment = {**os.environ, "IPYCLAM_TRIAL": "1", "PYTHONMALLOC": "debug", "LADSPA_PATH": "/no/plugins"}
        if not self.options.plain:
            environment["IPYCLAM_POISON"] = "1"
        arguments = [*sys.argv, "--seed", str(self.options.seed)]
        os.execve(sys.executable, [sys.executable, "-X", "faulthandler", *arguments], environment)

    @property
    def goes_on(self) -> bool:
        """Whether there is time left; called more often than every `PATIENCE`."""
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        self._end = self._end or time.monotonic() + 60.0 * self.options.minutes
        return time.monotonic() < self._end

    def check(self, right: object, fault: str) -> bool:
        """Note a fault where something is not right."""
        if not right:
            self._note(fault)
        return bool(right)

    def error(self, doing: str) -> None:
        """Note the error that is being handled as a fault."""
        kind, error, trace = sys.exc_info()
        steps = traceback.extract_tb(trace)
        where = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else ""
        text = f"{doing}: {kind.__name__ if kind else ''}: {str(error)[:100]} @ {where}"
        if text not in self.faults:
            traceback.print_exception(kind, error, trace)
        self._note(text)

    def _note(self, fault: str) -> None:
        self.faults[fault] += 1
        if self.faults[fault] == 1:
            print(f"FAULT {fault}", flush=True)

    def attempt(self, doing: str, do: Callable[[], object], allowed: tuple[type[BaseException], ...]) -> None:
        """Do something that may be refused, and count it."""
        self.counts[doing] += 1
        try:
            do()
        except allowed as error:
            self.counts[f"refused {doing}: {type(error).__name__}"] += 1
        except Exception:
            self.error(doing)

    def end(self) -> None:
        """Print the result, and end the program: with 1 after a fault."""
        faulthandler.cancel_dump_traceback_later()
        print(", ".join(f"{count} {what}" for what, count in sorted(self.counts.items())))
        for fault, count in self.faults.most_common(SHOWN):
            print(f"{count} x {fault}")
        print(f"{sum(self.faults.values())} faults, seed {self.options.seed}", flush=True)
        if not self.faults:
            os.chdir("/")
            shutil.rmtree(self.folder)
        sys.exit(1 if self.faults else 0)


def resident() -> int:
    """The memory of this process, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
