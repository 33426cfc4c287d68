"""The memory of this machine."""

from __future__ import annotations

import os
import sys
from functools import cache


@cache
def physical() -> int:
    """The bytes of memory that the machine has; more than any has where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return sys.maxsize
