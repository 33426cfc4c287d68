"""Waiting for what comes in its own time: what another program, a thread or a device does."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE = 60.0
"""Seconds after which something counts as never coming, on a machine however busy."""


def eventually(read: Callable[[], Seen], *expected: object) -> Seen:
    """Wait until `read()` is true, or equals `expected` where that is given; returns what was read.

    It takes the place of every sleep before an assertion: a busy machine makes it slower, never wrong.
    """
    until = time.monotonic() + PATIENCE
    while True:
        seen = read()
        if seen == expected[0] if expected else seen:
            return seen
        if time.monotonic() > until:
            break
        time.sleep(0.01)
    raise AssertionError(f"still {seen!r} after {PATIENCE:g} s" + (f", not {expected[0]!r}" if expected else ""))


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits only for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
